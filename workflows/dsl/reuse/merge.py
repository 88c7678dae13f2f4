"""Carry an overlay from one version of its base to another: a three-way merge, line by line, comments kept."""

from dataclasses import dataclass

from workflows.domain.definition import Location
from workflows.dsl.findings import DefinitionInvalid, Finding, Findings
from workflows.dsl.reuse.expand import expand_base
from workflows.dsl.reuse.library import Library, Reference, parse_reference
from workflows.dsl.reuse.overlay import ABSENT
from workflows.dsl.reuse.paths import find, has_room, is_covered, marks_of
from workflows.dsl.source import Entry, Node, Record, Scalar, load


@dataclass(frozen=True, slots=True)
class Conflict:
    """Hold one override that both sides changed, or that the new base no longer allows.

    Attributes:
        at: where the override stands in the overlay.
        path: what it overrides.
        reason: why it cannot be carried over without a human.
    """

    at: Location
    path: str
    reason: str

    def __str__(self) -> str:
        """Return the line that ``gov items merge`` prints."""
        return f"{self.at}: {self.path}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Merged:
    """Hold the overlay for the new base.

    Attributes:
        text: the overlay as it was, with the new version, a comment above every conflict, without needless overrides.
        conflicts: what a human has to look at.
        dropped: overrides that say what the new base says itself.
    """

    text: str
    conflicts: tuple[Conflict, ...]
    dropped: tuple[str, ...]


def merge_overlay(text: str, *, file: str, library: Library, version: int | None = None) -> Merged:
    """Return the overlay carried to ``version`` of its base, by default to the newest.

    Raises:
        DefinitionInvalid: the overlay names no base, or a base cannot be read.
    """
    findings = Findings()
    record = load(text, file=file, findings=findings)
    name = record.get("extends") if record is not None else None
    if record is None or not isinstance(name, Scalar) or (old := parse_reference(name.text)) is None:
        at = record.at if record is not None else Location(file, 1, 1)
        fault = Finding(at, "E820", "this file extends no base item", "write `extends: gd/name@3`")
        raise DefinitionInvalid(findings.sorted() or (fault,))
    new = Reference(old.name, version or max(library.versions(old.name), default=old.version))
    bases = [expand_base(Scalar(str(one), str(one), is_plain=True, at=name.at), library) for one in (old, new)]
    settled = _settle(record, *bases)
    lines = text.split("\n")
    line = lines[name.at.line - 1]
    lines[name.at.line - 1] = line.replace(str(old), str(new), 1)
    return Merged("\n".join(_edited(lines, record, settled)), settled.conflicts, settled.dropped)


@dataclass(frozen=True, slots=True)
class _Settled:
    conflicts: tuple[Conflict, ...]
    dropped: tuple[str, ...]


def _settle(overlay: Record, old: Record, new: Record) -> _Settled:
    conflicts: list[Conflict] = []
    dropped: list[str] = []
    marks = tuple(mark.text for mark in marks_of(new))
    for entry in _overrides(overlay):
        path = entry.key.text
        before, after = find(old, path), find(new, path)
        if _same(_wanted(entry.value), after):
            dropped.append(path)
        elif not is_covered(path, marks):
            reason = (
                "the new base no longer has it" if after is None else "the new base no longer lets it be overridden"
            )
            conflicts.append(Conflict(entry.key.at, path, reason))
        elif after is None and not has_room(new, path):
            conflicts.append(Conflict(entry.key.at, path, "the new base no longer has it"))
        elif not _same(before, after):
            conflicts.append(Conflict(entry.key.at, path, f"the base said {_shown(before)}, now says {_shown(after)}"))
    return _Settled(tuple(conflicts), tuple(dropped))


def _overrides(overlay: Record) -> tuple[Entry, ...]:
    node = overlay.get("set")
    return node.entries if isinstance(node, Record) else ()


def _wanted(node: Node) -> Node | None:
    return None if isinstance(node, Scalar) and node.text == ABSENT else node


def _same(one: Node | None, other: Node | None) -> bool:
    if one is None or other is None:
        return one is other
    return one.meaning == other.meaning


def _shown(node: Node | None) -> str:
    if node is None:
        return "nothing"
    return node.text if isinstance(node, Scalar) else "something longer"


def _edited(lines: list[str], overlay: Record, settled: _Settled) -> list[str]:
    """Return the lines with a comment above every conflict and without needless overrides, from the end upwards."""
    entries = _overrides(overlay)
    reasons = {conflict.path: conflict.reason for conflict in settled.conflicts}
    edited = list(lines)
    for entry in reversed(entries):
        path, start, indent = entry.key.text, entry.key.at.line - 1, entry.key.at.column - 1
        own = len(lines[start]) - len(lines[start].lstrip())
        if path in reasons:
            edited.insert(start, f"{' ' * own}# conflict: {path}: {reasons[path]}")
        elif path in settled.dropped and own == indent:
            del edited[start : _end(edited, start, indent)]
    head = overlay.entry("set")
    if head is not None and len(settled.dropped) == len(entries) and head.key.at.line < entries[0].key.at.line:
        del edited[head.key.at.line - 1]
    return edited


def _end(lines: list[str], start: int, indent: int) -> int:
    """Return the line behind an entry: the next one that is indented as little."""
    end = start + 1
    while end < len(lines) and lines[end].strip() and len(lines[end]) - len(lines[end].lstrip()) > indent:
        end += 1
    return end
