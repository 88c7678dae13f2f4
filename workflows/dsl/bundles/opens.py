"""Compile a step that opens a case of another item, once it is written out."""

from collections.abc import Mapping
from typing import Any

from gov_portal.kernel.ids import ItemId
from workflows.domain.definition import OpenStep
from workflows.domain.opening import RESULT, RESULTS, WHOLE
from workflows.dsl import words
from workflows.dsl.data import Placed
from workflows.dsl.notes import FlowNotes, StepSource
from workflows.dsl.scope import Scope
from workflows.dsl.shape import Reader
from workflows.dsl.source import Listing, Record, Scalar
from workflows.dsl.statics import BOOL, Static


def compile_open(
    source: StepSource, reader: Reader, base: dict[str, Any], *, scope: Scope, notes: FlowNotes
) -> OpenStep:
    """Return the compiled step; fields that it hands over are read by it, those that come back are written by it."""
    name = source.key.text
    opened = reader.sub("open", words.OPENED)
    takes = _pairs(opened, "takes")
    gives = _pairs(opened, "gives")
    for theirs, path in takes.items():
        own = scope.field_path(path, what=f"`{theirs}`")
        if own is not None:
            notes.taken.setdefault(own, path.at)
    written = {path: theirs.at for path, theirs in gives.items() if path in scope.fields}
    notes.write(name, Placed(f"the part `{name}`", written, (), {}, reader.at))
    return OpenStep(
        **base,
        item=ItemId(opened.text("item") if opened else ""),
        version=opened.text("version") if opened else "",
        name=opened.text("name") if opened else "",
        authority=opened.text("authority") if opened else "",
        takes={theirs: path.text for theirs, path in takes.items()},
        papers={theirs: own.text for theirs, own in _pairs(opened, "papers").items()},
        gives={path: theirs.text for path, theirs in gives.items()},
        after=tuple(one.text for one in opened.scalars("after")) if opened and opened.has("after") else (),
        waits=reader.flag("wait") if reader.has("wait") else True,
        stops=bool(opened and opened.has("on_refused")),
        is_optional=bool(opened and opened.has("optional")),
        is_charged=bool(opened and opened.has("fee")),
        near=(opened.text("near") or None) if opened and opened.has("near") else None,
    )


def left_behind(name: str, body: Record) -> Mapping[str, Static]:
    """Return what is readable after a step that opens another item, or after a block of such steps."""
    if "open" in body:
        return {RESULT: Static("enum", members=RESULTS, origin=f"{name}.{RESULT}")}
    branches = body.get("all")
    items = branches.items if isinstance(branches, Listing) else ()
    inner = [one for item in items if isinstance(item, Record) for one in item.entries]
    is_bundle = bool(inner) and all(isinstance(one.value, Record) and "open" in one.value for one in inner)
    return {WHOLE: BOOL} if is_bundle else {}


def _pairs(reader: Reader | None, key: str) -> Mapping[str, Scalar]:
    node = reader.record.get(key) if reader else None
    entries = node.entries if isinstance(node, Record) else ()
    return {entry.key.text: entry.value for entry in entries if isinstance(entry.value, Scalar)}
