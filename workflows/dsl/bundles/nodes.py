"""Build nodes that stand in no file, for what is written out before it is compiled; each points to what caused it."""

from collections.abc import Iterable, Mapping

from workflows.domain.definition import Location
from workflows.dsl.source import Entry, Listing, Node, Record, Scalar

Plain = bool | int | str | list["Plain"] | dict[str, "Plain"] | Node
"""What a node can be built of; nodes stay as they are, with their own places."""


def node_of(value: Plain, at: Location) -> Node:
    """Return a value as a node; all that is no node yet points to ``at``."""
    match value:
        case Scalar() | Listing() | Record():
            return value
        case bool():
            return Scalar(str(value).lower(), value, is_plain=True, at=at)
        case int():
            return Scalar(str(value), value, is_plain=True, at=at)
        case str():
            return Scalar(value, value, is_plain=False, at=at)
        case list():
            return Listing(tuple(node_of(item, at) for item in value), at)
        case dict():
            return record_of({key: node_of(inner, at) for key, inner in value.items()}, at)


def record_of(entries: Mapping[str, Node], at: Location) -> Record:
    """Return a mapping; a key stands where its value stands."""
    return Record(tuple(Entry(key_at(key, node.at), node) for key, node in entries.items()), at)


def key_at(text: str, at: Location) -> Scalar:
    """Return a key."""
    return Scalar(text, text, is_plain=True, at=at)


def with_entries(record: Record, changed: Mapping[str, Node]) -> Record:
    """Return a mapping with some values put in place of its own, the new keys behind the others."""
    kept = tuple(Entry(one.key, changed.get(one.key.text, one.value)) for one in record.entries)
    known = {one.key.text for one in record.entries}
    new = tuple(Entry(key_at(key, node.at), node) for key, node in changed.items() if key not in known)
    return Record((*kept, *new), record.at)


def without(record: Record, keys: Iterable[str]) -> Record:
    """Return a mapping without some keys."""
    left_out = set(keys)
    return Record(tuple(one for one in record.entries if one.key.text not in left_out), record.at)
