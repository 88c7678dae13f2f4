"""Lay a region's overlay over the base item: only what the base marks as overridable may differ."""

from workflows.dsl import words
from workflows.dsl.findings import Findings
from workflows.dsl.reuse.paths import find, has_room, is_covered, marks_of, replace
from workflows.dsl.shape import Reader
from workflows.dsl.source import Entry, Record, Scalar

ABSENT = "missing"
"""Value of an override that takes something away."""


def check_marks(item: Record, findings: Findings) -> None:
    """Report marks of a base that mark nothing."""
    for mark in marks_of(item):
        plain = mark.text.partition("*")[0].rstrip(".")
        if plain and find(item, plain) is None:
            message = f"`{mark.text}` marks nothing that this item has"
            findings.report("E833", at=mark.at, message=message, remedy="name a part of the item, or take the mark out")


def apply_overlay(base: Record, overlay: Reader, name: str) -> Record:
    """Return the base item with the region's own version, perhaps its own id, and its overrides; faults are reported.

    Under the base's own id it is that item as it holds in one region, so the region must be named.
    """
    marks = tuple(mark.text for mark in marks_of(base))
    item = overlay.sub("item", words.OVERLAY_ITEM)
    result = base
    for key in ("id", "version", "region"):
        own = item.scalar(key) if item is not None and item.has(key) else None
        if own is not None:
            if key == "id" and _text(base, "item.id") == own.text and not (item and item.has("region")):
                remedy = "name its region (`region: 470200`), or give it an id of its own"
                overlay.report("E834", own.at, f"`{own.text}` is the id of {name} itself", remedy)
            result = replace(result, f"item.{key}", own)
    overrides = overlay.mapping("set")
    for entry in overrides.entries if overrides else ():
        if _is_allowed(entry, base, marks, overlay=overlay, name=name):
            absent = isinstance(entry.value, Scalar) and entry.value.text == ABSENT
            result = replace(result, entry.key.text, None if absent else entry.value)
    return result


def _is_allowed(entry: Entry, base: Record, marks: tuple[str, ...], *, overlay: Reader, name: str) -> bool:
    path = entry.key.text
    is_there = find(base, path) is not None
    if is_covered(path, marks) and (is_there or has_room(base, path)):
        return True
    listed = ", ".join(f"`{mark}`" for mark in marks) or "nothing"
    if is_there:
        overlay.report("E832", entry.key.at, f"{name} lets nobody override `{path}`", f"it allows {listed}")
    else:
        overlay.report("E831", entry.key.at, f"{name} has nothing at `{path}` to override", f"it allows {listed}")
    return False


def _text(record: Record, path: str) -> str:
    node = find(record, path)
    return node.text if isinstance(node, Scalar) else ""
