"""Rebuild mappings: put, merge and find parts of a definition that is still a tree of nodes."""

from collections.abc import Callable, Iterator, Sequence
from operator import is_
from typing import TypeVar, cast

from workflows.domain.definition import Location
from workflows.dsl.source import Entry, Listing, Node, Record, Scalar

_BLOCKS = ("all", "any", "each", "then", "else")
"""Keys of a step that hold steps."""


def copy(record: Record, move: Callable[[Location], Location]) -> Record:
    """Return the same mapping at other places."""
    entries = (Entry(copy_node(entry.key, move), copy_node(entry.value, move)) for entry in record.entries)
    return Record(tuple(entries), move(record.at))


N = TypeVar("N", bound=Node)


def copy_node(node: N, move: Callable[[Location], Location]) -> N:
    """Return the same node at other places."""
    moved: Node
    if isinstance(node, Scalar):
        moved = Scalar(node.text, node.value, is_plain=node.is_plain, at=move(node.at))
    elif isinstance(node, Listing):
        moved = Listing(tuple(copy_node(item, move) for item in node.items), move(node.at))
    else:
        moved = copy(node, move)
    return cast(N, moved)


def without(record: Record, *keys: str) -> Record:
    """Return a mapping without some keys."""
    return Record(tuple(entry for entry in record.entries if entry.key.text not in keys), record.at)


def put(record: Record, key: str, value: Node | None) -> Record:
    """Return a mapping with another value under a key, in its place or at the end; ``None`` takes it away."""
    if value is None:
        return without(record, key)
    if key not in [entry.key.text for entry in record.entries]:
        scalar = Scalar(key, key, is_plain=True, at=value.at)
        return Record((*record.entries, Entry(scalar, value)), record.at)
    changed = (Entry(one.key, value) if one.key.text == key else one for one in record.entries)
    return Record(tuple(changed), record.at)


def merge(own: Record, given: Record) -> Record:
    """Return an item with the sections of a template: what the item says itself under the same key wins."""
    merged = {entry.key.text: entry for entry in own.entries}
    for entry in given.entries:
        name, value = entry.key.text, entry.value
        here = merged.get(name)
        key = here.key if here is not None else Scalar(name, name, is_plain=True, at=value.at)
        merged[name] = Entry(key, value if here is None else _both(name, here.value, value))
    return Record(tuple(merged.values()), own.at)


def _both(section: str, own: Node, given: Node) -> Node:
    if isinstance(own, Listing) and isinstance(given, Listing):
        if section == "distinct":
            own, given = _groups(own), _groups(given)
        return Listing((*given.items, *own.items), own.at)
    if not isinstance(own, Record) or not isinstance(given, Record):
        return own
    merged = own
    for entry in given.entries:
        here = own.get(entry.key.text)
        if here is None:
            merged = Record((*merged.entries, entry), merged.at)
        elif section == "data" and isinstance(here, Record) and isinstance(entry.value, Record):
            merged = put(merged, entry.key.text, _both("", here, entry.value))
    return merged


def _groups(listing: Listing) -> Listing:
    is_flat = listing.items and all(isinstance(item, Scalar) for item in listing.items)
    return Listing((listing,), listing.at) if is_flat else listing


def steps_below(node: Node) -> Iterator[tuple[Scalar, Record]]:
    """Yield key and body of every step inside a flow or list of steps, blocks before their content."""
    for item in node.items if isinstance(node, Listing) else ():
        if isinstance(item, Listing):
            yield from steps_below(item)
        for entry in item.entries if isinstance(item, Record) else ():
            if isinstance(entry.value, Record):
                yield entry.key, entry.value
                for inner in entry.value.entries:
                    if inner.key.text in _BLOCKS:
                        yield from steps_below(inner.value)
    for phase in node.entries if isinstance(node, Record) else ():
        yield from steps_below(phase.value)


def relisted(listing: Listing, items: Sequence[Node]) -> Listing:
    """Return a list with other items; itself where they are its own, so that what is known of it stays known."""
    is_same = len(items) == len(listing.items) and all(map(is_, items, listing.items))
    return listing if is_same else Listing(tuple(items), listing.at)


def refilled(record: Record, values: Sequence[Node]) -> Record:
    """Return a mapping with other values under the same keys; itself where they are its own."""
    entries = record.entries
    if all(value is entry.value for value, entry in zip(values, entries, strict=True)):
        return record
    pairs = zip(entries, values, strict=True)
    return Record(tuple(Entry(entry.key, value) for entry, value in pairs), record.at, record.aliases)


def map_steps(node: Node, change: Callable[[Entry], tuple[Node, ...] | None]) -> Node:
    """Return a flow or list of steps in which ``change`` has replaced some by others; ``None`` keeps a step."""
    if isinstance(node, Record):
        return refilled(node, [map_steps(entry.value, change) for entry in node.entries])
    if not isinstance(node, Listing):
        return node
    return relisted(node, [step for item in node.items for step in _mapped(item, change)])


def _mapped(item: Node, change: Callable[[Entry], tuple[Node, ...] | None]) -> tuple[Node, ...]:
    if isinstance(item, Listing):
        return (map_steps(item, change),)
    if not isinstance(item, Record) or not item.entries:
        return (item,)
    first, *others = item.entries
    changed = change(first)
    if changed is not None:
        return changed
    body = first.value
    if not isinstance(body, Record):
        return (item,)
    inner = refilled(body, [map_steps(e.value, change) if e.key.text in _BLOCKS else e.value for e in body.entries])
    return (refilled(item, [inner, *(entry.value for entry in others)]),)
