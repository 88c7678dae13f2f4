"""Lint and compile service items: the entry points of the language."""

from dataclasses import dataclass
from pathlib import Path

from workflows.domain.definition import Definition, Location
from workflows.dsl.bundles.shelf import Shelf, default_shelf, shelf_around
from workflows.dsl.compiler import OPENS, Compilation, World, compile_source
from workflows.dsl.directory import Directory, default_directory
from workflows.dsl.findings import DefinitionInvalid, Finding, LintReport
from workflows.dsl.reuse.emit import emit
from workflows.dsl.reuse.library import FOLDER, Library, library_beside, shipped_library
from workflows.dsl.source import LONGEST_SOURCE

__all__ = [
    "DefinitionInvalid",
    "Finding",
    "LintReport",
    "Whole",
    "compile_file",
    "compile_text",
    "compile_whole",
    "expand_file",
    "expand_text",
    "item_paths",
    "lint_as",
    "lint_file",
    "lint_text",
    "opens_others",
]

NOT_ITEMS = frozenset({"directory.yaml"})
MOST_BYTES = 4 * LONGEST_SOURCE
"""More is not even read: no character takes more than four."""


@dataclass(frozen=True)
class Whole:
    """Hold one definition with its source as it stands after expansion: what the registry keeps."""

    definition: Definition
    source: str


def lint_text(
    text: str,
    file: str,
    *,
    directory: Directory | None = None,
    shelf: Shelf | None = None,
    library: Library | None = None,
) -> LintReport:
    """Return every fault of a source text, and its definitions where none is an error.

    Items that it opens are looked for on ``shelf``, templates in ``library``; by default those of the package.
    """
    return _report(_compile(text, file, directory=directory, shelf=shelf, library=library))


def _compile(
    text: str,
    file: str,
    *,
    directory: Directory | None = None,
    shelf: Shelf | None = None,
    library: Library | None = None,
) -> Compilation:
    world = World(directory or default_directory(), shelf or default_shelf(), library or shipped_library())
    return compile_source(text, file=file, world=world)


def _report(compiled: Compilation) -> LintReport:
    first, *further = compiled.definitions or (None,)
    return LintReport(compiled.findings, first, tuple(one for one in further if one is not None))


def lint_file(path: Path, *, directory: Directory | None = None) -> LintReport:
    """Return every fault of a file; one that cannot be read is a finding as well."""
    text = _read(path)
    if isinstance(text, Finding):
        return LintReport((text,), None)
    return lint_as(path, text, directory=directory)


def lint_as(path: Path, text: str, *, directory: Directory | None = None) -> LintReport:
    """Return every fault of a text as if it stood in a file: among the items and templates beside it."""
    return _report(_compile_at(path, text, directory))


def _compile_at(path: Path, text: str, directory: Directory | None = None, shelf: Shelf | None = None) -> Compilation:
    shelf, library = shelf or shelf_around(path), library_beside(path)
    return _compile(text, str(path), directory=directory, shelf=shelf, library=library)


def _read(path: Path) -> str | Finding:
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        return Finding(Location(str(path), line, 1), "E001", "the file is not UTF-8", "save it as UTF-8")
    except OSError as error:
        reason = error.strerror or "it cannot be opened"
        return Finding(Location(str(path), 1, 1), "E001", f"the file cannot be read: {reason}", "check the path")


def _text_of(path: Path) -> str:
    text = _read(path)
    if isinstance(text, Finding):
        raise DefinitionInvalid((text,))
    return text


def compile_text(text: str, file: str, *, directory: Directory | None = None, shelf: Shelf | None = None) -> Definition:
    """Return the definition of a source text.

    Raises:
        DefinitionInvalid: with every finding, where one is an error.
    """
    report = lint_text(text, file, directory=directory, shelf=shelf)
    if report.definition is None:
        raise DefinitionInvalid(report.findings)
    return report.definition


def compile_whole(text: str, file: str, *, directory: Directory | None = None, shelf: Shelf | None = None) -> Whole:
    """Return the one definition of a source text with its expanded source.

    Raises:
        DefinitionInvalid: with every finding, where one is an error, or the text is a family.
    """
    first, *further = _wholes(_compile(text, file, directory=directory, shelf=shelf), text)
    if further:
        at = Location(file, 1, 1)
        fault = Finding(at, "E829", "this is a family of several items", "give one member, as `expand` prints it")
        raise DefinitionInvalid((fault,))
    return first


def compile_file(path: Path, *, directory: Directory | None = None, shelf: Shelf | None = None) -> tuple[Whole, ...]:
    """Return every definition of a file with its expanded source; what it opens is looked for around it by default.

    Raises:
        DefinitionInvalid: with every finding, where one is an error.
    """
    text = _text_of(path)
    return _wholes(_compile_at(path, text, directory, shelf), text)


def _wholes(compiled: Compilation, text: str) -> tuple[Whole, ...]:
    if not compiled.definitions:
        raise DefinitionInvalid(compiled.findings)
    pairs = zip(compiled.definitions, _sources(compiled, text), strict=True)
    return tuple(Whole(definition, source) for definition, source in pairs)


def _sources(compiled: Compilation, text: str) -> tuple[str, ...]:
    return tuple(emit(record) for record in compiled.records) if compiled.is_changed else (text,)


def expand_text(text: str, file: str, *, library: Library | None = None) -> tuple[str, ...]:
    """Return the sources of the definitions that a text stands for; a text without reuse as it is.

    Raises:
        DefinitionInvalid: it is no YAML, or what it reuses has errors.
    """
    return _expanded(_compile(text, file, library=library), text)


def expand_file(path: Path) -> tuple[str, ...]:
    """Return the sources of the definitions that a file stands for.

    Raises:
        DefinitionInvalid: it cannot be read, is no YAML, or what it reuses has errors.
    """
    text = _text_of(path)
    return _expanded(_compile_at(path, text), text)


def _expanded(compiled: Compilation, text: str) -> tuple[str, ...]:
    if not compiled.records:
        raise DefinitionInvalid(compiled.findings)
    return _sources(compiled, text)


def item_paths(path: Path) -> list[Path]:
    """Return the item files that a path names: the file itself, or every ``*.yaml`` below a folder but templates."""
    if path.is_dir():
        found = (one for one in path.rglob("*.yaml") if one.name not in NOT_ITEMS)
        return sorted(one for one in found if FOLDER not in one.relative_to(path).parts)
    return [path]


def opens_others(path: Path) -> bool:
    """Return whether a file seems to open other items, so that it is best read after them."""
    text = _read(path)
    return isinstance(text, str) and OPENS.search(text) is not None
