"""Find a place for every element of a BPMN diagram.

Time runs to the right, each phase is a lane, branches lie below each other. Every column belongs to one element of a
branch, so arrows turn in the gaps and cross no element.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from workflows.dsl.bpmn.graph import START, Element, Graph, Part

TASK, GATEWAY, EVENT = (110, 80), (50, 50), (36, 36)
GAP, ROW, LANE_PADDING, LANE_LABEL = 50, 30, 30, 30
_SIZES = {"startEvent": EVENT, "endEvent": EVENT, "intermediateCatchEvent": EVENT}

Point = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Bounds:
    """Hold where an element or lane stands."""

    x: int
    y: int
    width: int
    height: int

    @property
    def left(self) -> Point:
        """Return where arrows come in."""
        return self.x, self.y + self.height // 2

    @property
    def right(self) -> Point:
        """Return where arrows go out."""
        return self.x + self.width, self.y + self.height // 2


@dataclass
class Diagram:
    """Gather bounds of elements and lanes, and the points of arrows."""

    bounds: dict[str, Bounds] = field(default_factory=dict)
    lanes: dict[str, Bounds] = field(default_factory=dict)
    waypoints: dict[tuple[str, str], tuple[Point, ...]] = field(default_factory=dict)
    width: int = 0
    height: int = 0

    def sequence(self, parts: tuple[Part, ...], x: int, middle: int) -> int:
        """Place parts behind each other around a middle line; return where the next may begin."""
        for part in parts:
            x = self.element(part.element, x, middle) + GAP
            if part.join is None:
                continue
            top = middle - _height_of(part) // 2
            end = x
            for branch in part.branches:
                height = _height(branch)
                end = max(end, self.sequence(branch, x, top + height // 2))
                top += height + ROW
            x = self.element(part.join, end, middle) + GAP
        return x

    def element(self, element: Element, x: int, middle: int) -> int:
        """Place one element; return where it ends."""
        width, height = size_of(element.tag)
        self.bounds[element.id] = Bounds(x, middle - height // 2, width, height)
        return x + width


def size_of(tag: str) -> tuple[int, int]:
    """Return width and height of an element."""
    return _SIZES.get(tag, GATEWAY if tag.endswith("Gateway") else TASK)


def diagram_of(graph: Graph) -> Diagram:
    """Return where everything of a graph stands."""
    diagram = Diagram()
    x, y = LANE_LABEL + GAP, 0
    for number, (phase, parts) in enumerate(graph.phases):
        height = max(_height(parts), TASK[1]) + 2 * LANE_PADDING
        middle = y + height // 2
        if number == 0:
            x = diagram.element(Element(START, "startEvent"), x, middle) + GAP
        x = diagram.sequence(parts, x, middle)
        diagram.lanes[phase] = Bounds(LANE_LABEL, y, 0, height)
        y += height
    diagram.width, diagram.height = x, y
    diagram.lanes = {
        phase: Bounds(one.x, one.y, diagram.width - LANE_LABEL, one.height) for phase, one in diagram.lanes.items()
    }
    rows = dict(_empty_rows(graph, diagram))
    for source, target in graph.arrows:
        diagram.waypoints[source, target] = _route(diagram, source, target, rows.get((source, target)))
    return diagram


def _route(diagram: Diagram, source: str, target: str, row: int | None) -> tuple[Point, ...]:
    """Return the points of an arrow: it turns in the gap behind its source, or before a join that it leads into."""
    start, end = diagram.bounds[source].right, diagram.bounds[target].left
    if row is not None:
        out, back = start[0] + GAP // 2, end[0] - GAP // 2
        return start, (out, start[1]), (out, row), (back, row), (back, end[1]), end
    if start[1] == end[1]:
        return start, end
    turn = end[0] - GAP // 2
    return start, (turn, start[1]), (turn, end[1]), end


def _empty_rows(graph: Graph, diagram: Diagram) -> Iterator[tuple[tuple[str, str], int]]:
    """Yield the line on which an arrow runs that stands for a branch without steps."""
    for _, parts in graph.phases:
        yield from _rows_in(parts, diagram)


def _rows_in(parts: tuple[Part, ...], diagram: Diagram) -> Iterator[tuple[tuple[str, str], int]]:
    for part in parts:
        if part.join is None:
            continue
        top = diagram.bounds[part.element.id].left[1] - _height_of(part) // 2
        for branch in part.branches:
            if not branch:
                yield (part.element.id, part.join.id), top + _height(branch) // 2
            top += _height(branch) + ROW
            yield from _rows_in(branch, diagram)


def _height(parts: tuple[Part, ...]) -> int:
    return max((_height_of(part) for part in parts), default=ROW)


def _height_of(part: Part) -> int:
    own = size_of(part.element.tag)[1]
    if not part.branches:
        return own
    return max(own, sum(_height(branch) for branch in part.branches) + ROW * (len(part.branches) - 1))
