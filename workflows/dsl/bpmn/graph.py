"""Turn the flow of a file into a graph as BPMN knows it: events, tasks, gateways, and arrows between them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from workflows.domain.definition import Location
from workflows.dsl.bpmn.yaml_text import flow_text
from workflows.dsl.source import Entry, Listing, Node, Record, Scalar

START, JOIN = "start", "_join"
BLOCKS: Mapping[str, tuple[str, ...]] = {
    "all": ("all",),
    "any": ("any",),
    "if": ("then", "else"),
}
"""Words that make a step a block, and the keys that hold its branches."""

ELEMENTS: Mapping[str, str] = {
    "by": "userTask",
    "call": "serviceTask",
    "decide": "businessRuleTask",
    "wait": "intermediateCatchEvent",
    "issue": "serviceTask",
    "send": "sendTask",
    "open": "callActivity",
    "end": "endEvent",
    "all": "parallelGateway",
    "any": "inclusiveGateway",
    "each": "userTask",
    "pay": "userTask",
    "if": "exclusiveGateway",
}
"""BPMN's element for each kind of step; any other kind is a plain task."""

ONE, SEVERAL = "step", "steps"
"""Stand in a block's own text where its branches were: a branch that is one step, and one that is a list."""

NOWHERE = Location("", 1, 1)


@dataclass(frozen=True, slots=True)
class Element:
    """Hold one element: ``own`` is its step's text without what stands inside its branches."""

    id: str
    tag: str
    name: str = ""
    own: str | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """Hold an element with its branches; a gateway's ``join`` is where they come together again."""

    element: Element
    branches: tuple[tuple["Part", ...], ...] = ()
    join: Element | None = None


@dataclass(frozen=True, slots=True)
class Graph:
    """Hold the parts of each phase, and the arrows between all elements."""

    phases: tuple[tuple[str, tuple[Part, ...]], ...]
    arrows: tuple[tuple[str, str], ...] = field(default=())


class NotDrawable(Exception):
    """Tell that the flow of a file has no steps of its own that could be drawn."""

    def __init__(self, at: Location, reason: str) -> None:
        """Keep the place and the reason."""
        self.at = at
        self.reason = reason
        super().__init__(reason)


def graph_of(record: Record, labels: Mapping[str, str]) -> Graph:
    """Return the graph of a file's flow.

    Args:
        record: the whole file.
        labels: of steps and phases, by key.

    Raises:
        NotDrawable: the flow is no mapping of phases to lists of steps.
    """
    flow = record.get("flow")
    if not isinstance(flow, Record) or not all(isinstance(entry.value, Listing) for entry in flow.entries):
        at = flow.at if flow is not None else record.at
        raise NotDrawable(at, "the flow is no mapping of phases to lists of steps")
    phases = tuple(
        (entry.key.text, tuple(_part(item, labels) for item in entry.value.items))
        for entry in flow.entries
        if isinstance(entry.value, Listing)
    )
    top = [part for _, parts in phases for part in parts]
    return Graph(phases, tuple(_arrows(top, START, "")))


def _part(item: Node, labels: Mapping[str, str]) -> Part:
    if not isinstance(item, Record) or len(item.entries) != 1 or not isinstance(item.entries[0].value, Record):
        raise NotDrawable(item.at, "this is no step `id: {…}`")
    name, body = item.entries[0].key.text, item.entries[0].value
    kind = next((word for word in ELEMENTS if word in body), "")
    label = labels.get(f"step.{name}", name)
    if kind not in BLOCKS or not any(key in body for key in BLOCKS[kind]):
        return Part(Element(name, ELEMENTS.get(kind, "task"), label, flow_text(body)))
    branches: list[tuple[Part, ...]] = []
    entries = []
    for entry in body.entries:
        value = entry.value
        if entry.key.text in BLOCKS[kind] and isinstance(value, Listing):
            groups = [value] if kind == "if" else list(value.items)
            branches += [_branch(group, labels) for group in groups]
            marks = tuple(_word(SEVERAL if isinstance(group, Listing) else ONE) for group in groups)
            value = Listing(marks, value.at)
        entries.append(entry._replace(value=value))
    if kind == "if" and "else" not in body:
        branches.append(())
    own = flow_text(Record(tuple(entries), body.at))
    tag = ELEMENTS[kind]
    return Part(Element(name, tag, label, own), tuple(branches), Element(name + JOIN, tag))


def _branch(group: Node, labels: Mapping[str, str]) -> tuple[Part, ...]:
    items = group.items if isinstance(group, Listing) else (group,)
    return tuple(_part(item, labels) for item in items)


def _word(text: str) -> Scalar:
    return Scalar(text, text, is_plain=True, at=NOWHERE)


def _arrows(parts: list[Part], before: str, after: str) -> Iterator[tuple[str, str]]:
    """Yield the arrows of a sequence, from what stands before it to what comes after it."""
    for part in parts:
        yield before, part.element.id
        before = part.element.id
        if part.join is not None:
            for branch in part.branches:
                yield from _arrows(list(branch), part.element.id, part.join.id)
            if not part.branches:
                yield part.element.id, part.join.id
            before = part.join.id
    if after and not (parts and parts[-1].element.tag == "endEvent"):
        yield before, after


def elements_of(parts: tuple[Part, ...]) -> Iterator[Element]:
    """Yield every element of some parts, each gateway before its branches and its join behind them."""
    for part in parts:
        yield part.element
        for branch in part.branches:
            yield from elements_of(branch)
        if part.join is not None:
            yield part.join


def entry(name: str, value: Node) -> Entry:
    """Return an entry that stands nowhere in a file yet."""
    return Entry(_word(name), value)
