"""Find templates and base items by name and version: ``std/promise-review@2``."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.resources import files
from pathlib import Path

from workflows.domain.definition import Location
from workflows.dsl.findings import Finding, Findings
from workflows.dsl.source import Record, load

_REFERENCE = re.compile(r"([a-z][a-z0-9]*/[a-z][a-z0-9]*(?:-[a-z0-9]+)*)@([1-9][0-9]{0,3})\Z")
FOLDER = "templates"
"""Folder of templates: that of the package, or one beside the item files."""


@dataclass(frozen=True, slots=True)
class Reference:
    """Name one version of a template or base item."""

    name: str
    version: int

    def __str__(self) -> str:
        """Return the reference as it is written."""
        return f"{self.name}@{self.version}"


def parse_reference(text: str) -> Reference | None:
    """Return the reference that a text spells, or ``None``."""
    found = _REFERENCE.match(text)
    return Reference(found.group(1), int(found.group(2))) if found else None


@dataclass(frozen=True)
class Shelved:
    """Hold one file of the library: its mapping, empty where it is no YAML, and its own faults."""

    reference: Reference
    file: str
    record: Record
    faults: tuple[Finding, ...]


@dataclass(frozen=True)
class Library:
    """Look into folders, the first one first; a file is ``<folder>/<space>/<name>@<version>.yaml``."""

    folders: tuple[Path, ...]

    @cached_property
    def _paths(self) -> dict[Reference, Path]:
        return {reference: path for folder in reversed(self.folders) for reference, path in _below(folder)}

    @property
    def references(self) -> tuple[Reference, ...]:
        """Return every version of every template, by name and version."""
        return tuple(sorted(self._paths, key=lambda one: (one.name, one.version)))

    def versions(self, name: str) -> tuple[int, ...]:
        """Return the versions that a name has, the oldest first."""
        return tuple(one.version for one in self.references if one.name == name)

    def find(self, reference: Reference) -> Shelved | None:
        """Return one version, or ``None`` where there is none."""
        path = self._paths.get(reference)
        return None if path is None else _read(path, path.stat().st_mtime_ns, reference)


def _below(folder: Path) -> Iterator[tuple[Reference, Path]]:
    for path in sorted(folder.glob("*/*.yaml")):
        reference = parse_reference(f"{path.parent.name}/{path.stem}")
        if reference is not None:
            yield reference, path


@lru_cache(maxsize=256)
def _read(path: Path, changed_ns: int, reference: Reference) -> Shelved:
    del changed_ns  # part of the key: an edited file is read again
    findings = Findings()
    name = f"{path.parent.name}/{path.name}"
    empty = Record((), Location(name, 1, 1))
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        findings.report("E001", at=Location(name, 1, 1), message="the file cannot be read", remedy="save it as UTF-8")
        return Shelved(reference, name, empty, findings.sorted())
    return Shelved(reference, name, load(text, file=name, findings=findings) or empty, findings.sorted())


@lru_cache(maxsize=1)
def shipped_library() -> Library:
    """Return the templates that the package ships."""
    return Library((Path(str(files("workflows") / FOLDER)),))


def library_beside(path: Path) -> Library:
    """Return the templates that a file may use: those of ``templates/`` beside it, then the shipped ones."""
    own = path.parent / FOLDER
    shipped = shipped_library()
    return Library((own, *shipped.folders)) if own.is_dir() and own not in shipped.folders else shipped
