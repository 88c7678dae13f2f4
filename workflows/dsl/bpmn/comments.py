"""Carry the comments of an item file along: each knows what it stands at, and finds that again in another layout."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import yaml  # type: ignore[import-untyped]

from workflows.dsl.findings import Findings
from workflows.dsl.source import Listing, Node, Record, load

_MARK = re.compile(r"(?:^|(?<=\s))#")
_BREAKS = re.compile("[\n\r\x85\u2028\u2029]+")
Place = tuple[int, int]
"""Line and column, from 1."""


@dataclass(frozen=True, slots=True)
class Comment:
    """Hold one comment.

    Attributes:
        at: path of the key or entry that it is about, such as ``flow/review/joint``; empty behind all of them.
        is_beside: it stands behind that on the same line, not on a line of its own before it.
        text: all of it, from ``#`` on.
    """

    at: str
    is_beside: bool
    text: str


def comments_in(text: str, record: Record) -> tuple[Comment, ...]:
    """Return the comments of a sound file in their order; ``record`` is what it holds."""
    text = text.replace("\r\n", "\n")
    nodes = list(_places(record))
    starts = [place for place, _ in nodes]
    found = []
    for number, column, line in _comment_lines(text):
        is_beside = bool(line[:column].strip())
        following = bisect_left(starts, (number, column + 1))
        index = following - 1 if is_beside else following
        at = nodes[index][1] if index < len(nodes) else ""
        found.append(Comment(at, is_beside, line[column:].rstrip()))
    return tuple(found)


def with_comments(text: str, comments: Iterable[Comment], *, file: str) -> str:
    """Return a file with comments at what they are about; where that is gone, at what held it."""
    record = load(text, file=file, findings=Findings())
    lines = text.splitlines()
    places: dict[str, int] = {}
    for (line, _), path in _places(record) if record is not None else ():
        places.setdefault(path, line)
    by_line: dict[int, list[Comment]] = {}
    for one in comments:
        by_line.setdefault(_line_of(one.at, places, last=len(lines) + 1), []).append(one)
    return "\n".join([*_merged(lines, by_line), ""])


def _merged(lines: list[str], by_line: dict[int, list[Comment]]) -> Iterator[str]:
    """Yield the lines with their comments: beside them where only the last one stands there, else above."""
    for number, line in enumerate([*lines, ""], start=1):
        above = by_line.get(number, [])
        beside = above[-1:] if line and sum(one.is_beside for one in above) == 1 and above[-1].is_beside else []
        indent = line[: len(line) - len(line.lstrip())]
        yield from (indent + _one_line(one.text) for one in above[: len(above) - len(beside)])
        if line:
            yield "  ".join([line, *(_one_line(one.text) for one in beside)])


def _line_of(path: str, places: dict[str, int], *, last: int) -> int:
    """Return the line on which a path begins, or the nearest of those that it lies in."""
    if not path:
        return last
    while path not in places and "/" in path:
        path = path.rpartition("/")[0]
    return places.get(path, 1)


def _one_line(text: str) -> str:
    """Return a comment that surely ends with its line, whoever wrote it."""
    plain = _BREAKS.sub(" ", text).strip()
    return plain if plain.startswith("#") else f"# {plain}"


def _places(node: Node, path: str = "") -> Iterator[tuple[Place, str]]:
    """Yield where every key and every entry of a list begins, with its path; steps go by their names."""
    inside = f"{path}/" if path else ""
    if isinstance(node, Record):
        for entry in node.entries:
            own = inside + entry.key.text
            yield (entry.key.at.line, entry.key.at.column), own
            yield from _places(entry.value, own)
    elif isinstance(node, Listing):
        for number, item in enumerate(node.items, start=1):
            if isinstance(item, Record) and len(item.entries) == 1:
                yield from _places(item, path)
            else:
                own = f"{inside}{number}"
                yield (item.at.line, item.at.column), own
                yield from _places(item, own)


def _comment_lines(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield line number and line of every comment, and how many characters stand before it."""
    ends: list[Place] = []
    starts: list[Place] = []
    for token in yaml.scan(text, Loader=yaml.CSafeLoader):
        if isinstance(token, yaml.ScalarToken):
            starts.append((token.start_mark.line + 1, token.start_mark.column))
            ends.append((token.end_mark.line + 1, token.end_mark.column))
    for number, line in enumerate(text.split("\n"), start=1):
        for mark in _MARK.finditer(line):
            place = (number, mark.start())
            before = bisect_left(starts, place) - 1
            if before < 0 or ends[before] <= place:
                yield number, mark.start(), line
                break
