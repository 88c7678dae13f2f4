"""Read YAML as a stream of events: libyaml reads what is sound in milliseconds, the other parser says what is not.

The two agree on what a sound file holds (a property test compares them); where libyaml finds a fault, ruamel.yaml reads
the text again, because its faults name the place where a bracket or quote opens.
"""

from collections.abc import Iterator
from itertools import islice
from typing import Any, NamedTuple

import yaml  # type: ignore[import-untyped]
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

LONGEST_TO_EXPLAIN = 40_000
"""A faulty text longer than this is not read a second time: that would take seconds."""

MOST_EVENTS = 12_000
DEEPEST = 60

_KINDS = {
    "DocumentStartEvent": "document",
    "MappingStartEvent": "mapping",
    "SequenceStartEvent": "sequence",
    "MappingEndEvent": "end",
    "SequenceEndEvent": "end",
    "ScalarEvent": "scalar",
    "AliasEvent": "alias",
}


class Event(NamedTuple):
    """Hold one event.

    Attributes:
        kind: ``document``, ``mapping``, ``sequence``, ``end``, ``scalar`` or ``alias``.
        line, column: where it begins, from 0.
        end_line: line on which it ends.
        text: of a scalar, without quotes.
        style: sign of a quoted or block scalar, empty where it is plain.
        anchor: name behind ``&`` or ``*``.
        has_tag: ``!…`` stands before it.
        has_directives: ``%…`` stands before the document.
    """

    kind: str
    line: int
    column: int
    end_line: int
    text: str = ""
    style: str = ""
    anchor: str | None = None
    has_tag: bool = False
    has_directives: bool = False


class NotYaml(Exception):
    """Tell that a text is not YAML; ``marked`` is the fault with its place, where the parser names one."""

    def __init__(self, reason: str, *, line: int = 0, column: int = 0, marked: MarkedYAMLError | None = None) -> None:
        """Keep reason and place; lines and columns count from 0."""
        self.reason = reason
        self.line = line
        self.column = column
        self.marked = marked
        super().__init__(reason)


def events_of(text: str) -> Iterator[Event]:
    """Return the events of a text; where it has a fault, those before the fault come first.

    Raises:
        NotYaml: it is no YAML, or too much of it.
    """
    try:
        # What ``yaml.parse`` does, without a function of its own around every event.
        parsed = iter(yaml.CSafeLoader(text).get_event, None)
        found = list(islice(_read(parsed), MOST_EVENTS + 1))
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        if len(text) > LONGEST_TO_EXPLAIN:
            raise _unmarked(error) from None
        return explained(text)
    if len(found) > MOST_EVENTS:
        raise NotYaml("it holds too much to be one service item", line=found[-1].line, column=found[-1].column)
    return iter(found)


def explained(text: str) -> Iterator[Event]:
    """Yield the events of a text by the slower parser, whose faults say more.

    Raises:
        NotYaml: after the events before the fault.
    """
    try:
        yield from _read(YAML(typ="safe", pure=True).parse(text))
    except MarkedYAMLError as error:
        raise NotYaml(_one_line(error), marked=error) from None
    except (YAMLError, RecursionError, ValueError, IndexError, KeyError) as error:
        raise NotYaml(_one_line(error)) from None


def _unmarked(error: Exception) -> NotYaml:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    problem = getattr(error, "problem", None) or error
    return NotYaml(_one_line(problem), line=getattr(mark, "line", 0), column=getattr(mark, "column", 0))


def _read(events: Iterator[Any]) -> Iterator[Event]:
    depth = 0
    for event in events:
        kind = _KINDS.get(type(event).__name__)
        if kind is None:
            continue
        start, end_line = event.start_mark, event.end_mark.line
        line, column = start.line, start.column
        if kind == "scalar":
            tag = event.tag is not None and _is_tagged(event.tag)
            yield Event(kind, line, column, end_line, str(event.value), event.style or "", event.anchor, tag)
        elif kind == "end":
            depth -= 1
            yield Event(kind, line, column, end_line)
        elif kind == "document":
            is_directed = bool(event.version or event.tags)
            yield Event(kind, line, column, end_line, has_directives=is_directed)
        elif kind == "alias":
            yield Event(kind, line, column, end_line, anchor=event.anchor)
        else:
            depth += 1
            if depth > DEEPEST:
                raise NotYaml("it is nested too deeply", line=line, column=column)
            yield Event(kind, line, column, end_line, anchor=event.anchor, has_tag=_is_tagged(event.tag))


def _is_tagged(tag: object) -> bool:
    return tag is not None and str(tag) not in ("", "None")


def _one_line(error: object) -> str:
    return " ".join(str(error).split())[:160]
