"""Lint and compile service items: the entry points of the language."""

from pathlib import Path

from workflows.domain.definition import Definition, Location
from workflows.dsl.bundles.nodes import spelled
from workflows.dsl.bundles.shelf import Shelf, default_shelf, shelf_around
from workflows.dsl.compiler import World, compile_source, expanded
from workflows.dsl.directory import Directory, default_directory
from workflows.dsl.findings import DefinitionInvalid, Finding, Findings, LintReport
from workflows.dsl.source import load

__all__ = [
    "DefinitionInvalid",
    "Finding",
    "LintReport",
    "compile_text",
    "item_paths",
    "lint_file",
    "lint_text",
    "whole_text",
]

NOT_ITEMS = frozenset({"directory.yaml"})


def lint_text(text: str, file: str, *, directory: Directory | None = None, shelf: Shelf | None = None) -> LintReport:
    """Return every fault of a source text, and its definition where none is an error.

    Items that it opens are looked for on ``shelf``, by default among those of the package.
    """
    findings = Findings()
    world = World(directory or default_directory(), shelf or default_shelf())
    definition = compile_source(text, file=file, findings=findings, world=world)
    return LintReport(findings.sorted(), definition)


def lint_file(path: Path, *, directory: Directory | None = None) -> LintReport:
    """Return every fault of a file; one that cannot be read is a finding as well."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        finding = Finding(Location(str(path), line, 1), "E001", "the file is not UTF-8", "save it as UTF-8")
        return LintReport((finding,), None)
    except OSError as error:
        reason = error.strerror or "it cannot be opened"
        finding = Finding(Location(str(path), 1, 1), "E001", f"the file cannot be read: {reason}", "check the path")
        return LintReport((finding,), None)
    return lint_text(text, str(path), directory=directory, shelf=shelf_around(path))


def compile_text(text: str, file: str, *, directory: Directory | None = None, shelf: Shelf | None = None) -> Definition:
    """Return the definition of a source text.

    Raises:
        DefinitionInvalid: with every finding, where one is an error.
    """
    report = lint_text(text, file, directory=directory, shelf=shelf)
    if report.definition is None:
        raise DefinitionInvalid(report.findings)
    return report.definition


def whole_text(text: str, file: str, *, shelf: Shelf | None = None) -> str:
    """Return a source as the registry keeps it: what it is made of written out, so that it stands for itself.

    Raises:
        DefinitionInvalid: what it opens is not there or has errors.
    """
    findings = Findings()
    record = load(text, file=file, findings=findings)
    world = World(default_directory(), shelf or default_shelf())
    whole = expanded(record, findings=findings, world=world) if record is not None else None
    if whole is None or findings.has_errors:
        raise DefinitionInvalid(findings.sorted())
    return text if whole is record else spelled(whole)


def item_paths(path: Path) -> list[Path]:
    """Return the item files that a path names: the file itself, or every ``*.yaml`` below a folder."""
    if path.is_dir():
        return sorted(found for found in path.rglob("*.yaml") if found.name not in NOT_ITEMS)
    return [path]
