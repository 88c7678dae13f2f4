"""Name parts of an item by path: ``item.limit.promised``, ``step.inspect.limit``, ``labels.step.apply``."""

from fnmatch import fnmatchcase

from workflows.dsl.reuse.trees import map_steps, put, steps_below
from workflows.dsl.source import Entry, Listing, Node, Record, Scalar

STEP = "step."
"""Begins a path that names a step by its id, wherever it stands in the flow."""

Keys = tuple[str, ...]


def find(record: Record, path: str) -> Node | None:
    """Return the part of an item that a path names, or ``None``."""
    holder, rest = _holder(record, path)
    if holder is None or not rest:
        return holder
    keys = _keys(holder, rest)
    return _value(holder, keys) if keys else None


def has_room(record: Record, path: str) -> bool:
    """Return whether something new may be put at a path: what would hold it is there."""
    holder, rest = _holder(record, path)
    return holder is not None and bool(rest) and len(_keys_of_new(holder, rest)) > (0 if path.startswith(STEP) else 1)


def replace(record: Record, path: str, value: Node | None) -> Record:
    """Return the item with another value at a path, or without what stands there."""
    if not path.startswith(STEP):
        return _put(record, _keys(record, path) or _keys_of_new(record, path), value)
    step, _, rest = path.removeprefix(STEP).partition(".")

    def change(entry: Entry) -> tuple[Node, ...] | None:
        if entry.key.text != step or not isinstance(entry.value, Record):
            return None
        body = _put(entry.value, _keys(entry.value, rest) or _keys_of_new(entry.value, rest), value) if rest else value
        return () if body is None else (Record((Entry(entry.key, body),), entry.key.at),)

    flow = record.get("flow")
    return record if flow is None else put(record, "flow", map_steps(flow, change))


def _holder(record: Record, path: str) -> tuple[Record | None, str]:
    """Return the mapping in which a path begins, the item or one of its steps, and the path within it."""
    if not path.startswith(STEP):
        return record, path
    step, _, rest = path.removeprefix(STEP).partition(".")
    flow = record.get("flow")
    bodies = (body for key, body in steps_below(flow) if key.text == step) if flow is not None else ()
    return next(iter(bodies), None), rest


def _keys(record: Record, path: str) -> Keys | None:
    """Return the keys that lead to what a path names; keys hold dots themselves, ``maybe guardian`` is ``guardian``."""
    for entry in record.entries:
        key = entry.key.text.rpartition(" ")[2]
        if path == key:
            return (entry.key.text,)
        if path.startswith(f"{key}.") and isinstance(entry.value, Record):
            below = _keys(entry.value, path[len(key) + 1 :])
            if below is not None:
                return (entry.key.text, *below)
    return None


def _keys_of_new(record: Record, path: str) -> Keys:
    """Return the keys that lead to the nearest mapping that is there, and what is left of the path as one new key."""
    for entry in record.entries:
        key = entry.key.text.rpartition(" ")[2]
        if path.startswith(f"{key}.") and isinstance(entry.value, Record):
            return (entry.key.text, *_keys_of_new(entry.value, path[len(key) + 1 :]))
    return (path,)


def _value(record: Record, keys: Keys) -> Node | None:
    value = record.get(keys[0])
    return _value(value, keys[1:]) if len(keys) > 1 and isinstance(value, Record) else value


def _put(record: Record, keys: Keys, value: Node | None) -> Record:
    first, *rest = keys
    inner = record.get(first)
    return put(record, first, _put(inner, tuple(rest), value) if rest and isinstance(inner, Record) else value)


def is_covered(path: str, marks: tuple[str, ...]) -> bool:
    """Return whether a mark, or a mark of what holds it, covers a path; ``*`` stands for any text."""
    return any(fnmatchcase(path, mark) or fnmatchcase(path, f"{mark}.*") for mark in marks)


def marks_of(record: Record) -> tuple[Scalar, ...]:
    """Return what an item marks as overridable."""
    node = record.get("overridable")
    return tuple(item for item in node.items if isinstance(item, Scalar)) if isinstance(node, Listing) else ()
