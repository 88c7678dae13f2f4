"""Write nodes as YAML of the language: what was plain stays plain where it can, everything else is quoted."""

import json
import re
from collections.abc import Iterator

from workflows.dsl.source import Listing, Node, Record, Scalar

WIDEST = 120
_SAFE = re.compile(r"[^\s\-?:,\[\]{}#&*!|>'\"%@`][^,\[\]{}#:\"'\n]*(?<!\s)\Z|[0-9-][0-9.]*[0-9]?\Z")


def flow_text(node: Node) -> str:
    """Return a node on one line."""
    match node:
        case Scalar():
            return _scalar(node)
        case Listing():
            return f"[{', '.join(flow_text(item) for item in node.items)}]"
        case Record():
            return f"{{{', '.join(f'{_scalar(one.key)}: {flow_text(one.value)}' for one in node.entries)}}}"


def block_lines(record: Record, indent: int = 0) -> Iterator[str]:
    """Yield the lines of a mapping; what is short stands on one line, lists of steps and long mappings on several."""
    space = " " * indent
    for entry in record.entries:
        key, value = _scalar(entry.key), entry.value
        line = f"{space}{key}: {flow_text(value)}"
        if isinstance(value, Scalar) or (len(line) <= WIDEST and indent and not _is_steps(value)):
            yield line
        elif isinstance(value, Record) and value.entries:
            yield f"{space}{key}:"
            yield from block_lines(value, indent + 2)
        elif isinstance(value, Listing) and value.items and any(isinstance(item, Record) for item in value.items):
            yield f"{space}{key}:"
            yield from _items(value, indent)
        else:
            yield line


def _items(listing: Listing, indent: int) -> Iterator[str]:
    for item in listing.items:
        line = f"{' ' * indent}- {_entry(item)}"
        if len(line) <= WIDEST or not isinstance(item, Record):
            yield line
            continue
        inner = list(block_lines(item, indent + 2))
        yield f"{' ' * indent}- {inner[0].lstrip()}"
        yield from inner[1:]


def _entry(item: Node) -> str:
    """Return an entry of a list on one line; a step is written as ``id: {…}``."""
    if isinstance(item, Record) and len(item.entries) == 1:
        return f"{_scalar(item.entries[0].key)}: {flow_text(item.entries[0].value)}"
    return flow_text(item)


def _is_steps(node: Node) -> bool:
    return isinstance(node, Listing) and any(isinstance(item, Record) for item in node.items)


def _scalar(scalar: Scalar) -> str:
    is_text = isinstance(scalar.value, str)
    if scalar.is_plain and (not is_text or _SAFE.match(scalar.text)):
        return scalar.text
    return json.dumps(scalar.text, ensure_ascii=False)
