"""Find templates and base items by name and version: ``std/promise-review@2``, ``market/food-permit@1``."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.resources import files
from pathlib import Path

from workflows.domain.definition import Location
from workflows.dsl.findings import Finding, Findings
from workflows.dsl.source import Record, load

_REFERENCE = re.compile(r"([a-z][a-z0-9]*/[a-z][a-z0-9]*(?:[-.][a-z0-9]+)*)@([1-9][0-9]{0,3})\Z")
ITEMS = "items"
"""Folder of the items that the package ships."""
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
    """Look into folders, the first one first; a file is ``<folder>/<space>/<name>@<version>.yaml``.

    An item of ``items``, folders of item files, is found as well, by id and version: ``market/food-permit@1`` is the
    item ``market.food-permit`` while its version is 1. Earlier versions that are still needed lie among the templates.
    """

    folders: tuple[Path, ...]
    items: tuple[Path, ...] = ()

    @cached_property
    def _paths(self) -> dict[Reference, Path]:
        return {reference: path for folder in reversed(self.folders) for reference, path in _below(folder)}

    @property
    def references(self) -> tuple[Reference, ...]:
        """Return every version of every template, by name and version."""
        return tuple(sorted(self._paths, key=lambda one: (one.name, one.version)))

    def versions(self, name: str) -> tuple[int, ...]:
        """Return the versions that a name has, the oldest first."""
        kept = {one.version for one in self._paths if one.name == name}
        return tuple(sorted(kept | {one.version for one in self._items if one.name == name}))

    def find(self, reference: Reference) -> Shelved | None:
        """Return one version, or ``None`` where there is none."""
        path = self._paths.get(reference) or self._items.get(reference)
        return None if path is None else _read(path, path.stat().st_mtime_ns, reference)

    @cached_property
    def _items(self) -> dict[Reference, Path]:
        return {reference: path for folder in reversed(self.items) for reference, path in _items_in(folder)}


_HEAD = re.compile(r"^item:(?:\s*\n(?:[ ].*\n|\s*\n|#.*\n)*|.*\n)", re.MULTILINE)
_ID = re.compile(r"(?:^|[\s{,])id:\s*([a-z][a-z0-9]*)\.([a-z0-9.-]+)")
_VERSION = re.compile(r"(?:^|[\s{,])version:\s*([1-9][0-9]*)")


def _items_in(folder: Path) -> Iterator[tuple[Reference, Path]]:
    """Yield the items of a folder that may be a base, by what can be seen without reading all of them."""
    for path in sorted(folder.glob("*.yaml")):
        text = _read_text(path)
        head = _HEAD.search(text)
        named, version = (one.search(head.group()) if head else None for one in (_ID, _VERSION))
        if named and version and not re.search(r"^(?:extends|family|template):", text, re.MULTILINE):
            yield Reference(f"{named[1]}/{named[2]}", int(version[1])), path


def _read_text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""


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
    package = Path(str(files("workflows")))
    return Library((package / FOLDER,), (package / ITEMS,))


def library_beside(path: Path) -> Library:
    """Return what a file may use: templates of ``templates/`` beside it and items beside it, then the shipped ones."""
    own, here, shipped = path.parent / FOLDER, path.parent, shipped_library()
    folders = (own, *shipped.folders) if own.is_dir() and own not in shipped.folders else shipped.folders
    items = shipped.items if here.resolve() in shipped.items else (here, *shipped.items)
    return Library(folders, items)
