"""Write a mapping as YAML that reads back as the same: the expanded source of a definition."""

import re

from workflows.dsl.scalars import ambiguity, resolve
from workflows.dsl.source import Listing, Node, Record, Scalar

WIDTH = 120
_PLAIN = re.compile(r"[^\s\-?:,\[\]{}#&*!|>'\"%@`][^\[\]{},#:'\"\\\n\r]*\Z")
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_ODD = re.compile("[\x00-\x1f\x7f-\x9f\u00a0\u00ad\u1680\u2000-\u200f\u2028-\u202f\u205f-\u206f\ufeff\ufff9-\uffff]")


def emit(record: Record) -> str:
    """Return the mapping as a file: short parts on one line, longer ones in blocks; order is kept."""
    return "\n".join(_block(record, depth=0)) + "\n"


def _block(node: Record | Listing, *, depth: int) -> list[str]:
    pad = "  " * depth
    lines: list[str] = []
    if isinstance(node, Record):
        for entry in node.entries:
            lines.extend(_hung(f"{pad}{_scalar(entry.key)}:", entry.value, depth=depth + 1))
        return lines
    for item in node.items:
        inner = _hung(f"{pad}-", item, depth=depth + 1)
        if inner[0] == f"{pad}-":
            inner = [f"{pad}- {inner[1].lstrip()}", *inner[2:]]
        lines.extend(inner)
    return lines


def _hung(head: str, value: Node, *, depth: int) -> list[str]:
    """Return a value behind its head, where it fits, or in the lines below."""
    line = f"{head} {_flow(value)}"
    if isinstance(value, Scalar):
        return [line]
    inner = value.items if isinstance(value, Listing) else tuple(entry.value for entry in value.entries)
    is_plain = isinstance(value, Listing) and all(isinstance(item, Scalar) for item in inner)
    if not inner or ((depth > 1 or is_plain) and len(line) <= WIDTH):
        return [line]
    return [head, *_block(value, depth=depth)]


def _flow(node: Node) -> str:
    if isinstance(node, Scalar):
        return _scalar(node)
    if isinstance(node, Listing):
        return f"[{', '.join(_flow(item) for item in node.items)}]"
    return f"{{{', '.join(f'{_scalar(entry.key)}: {_flow(entry.value)}' for entry in node.entries)}}}"


def _scalar(scalar: Scalar) -> str:
    text = scalar.text
    if not isinstance(scalar.value, str):
        return text
    if _PLAIN.match(text) and text == text.strip() and ambiguity(text) is None and isinstance(resolve(text), str):
        return text
    escaped = "".join(_ESCAPES.get(character, character) for character in text)
    return '"' + _ODD.sub(lambda found: f"\\u{ord(found.group()):04x}", escaped) + '"'
