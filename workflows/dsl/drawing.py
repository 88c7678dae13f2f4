"""Find a place for everything in the picture of a flow.

Boxes stand below each other; branches stand side by side or, where they would be too narrow, below each other in one
block. Arrows run straight down between neighbours, so none crosses a box.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

WIDTH = 360
MARGIN = 10
GAP = 18
LINE = 20
CHARACTER = 15
SMALL = 13
PADDING = 12
NARROWEST = 100
BETWEEN = 8

_PIECES = re.compile(r"[^\s\u2e80-\uffff]+ ?|\s|.")
"""Where a line may break: behind a word, or behind any wide character."""


@dataclass(frozen=True, slots=True)
class Words:
    """Say what stands in a box: its name, and notes below it."""

    label: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Node:
    """Hold one thing to be drawn: a box, or a block with branches, each a list of nodes.

    Attributes:
        id: name of the step, or of the end.
        kind: ``step optional end block other-end``.
        is_joined: of a block: whether its branches run at the same time; alternatives do not.
    """

    id: str
    kind: str
    words: Words
    branches: tuple[tuple["Node", ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """Hold one line of text in a box, by its baseline."""

    x: int
    y: int
    text: str
    size: int


@dataclass(frozen=True, slots=True)
class Box:
    """Hold a box with its lines; a block lies around the boxes of its branches."""

    id: str
    kind: str
    x: int
    y: int
    width: int
    height: int
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Arrow:
    """Hold an arrow straight down."""

    x: int
    top: int
    bottom: int


@dataclass(frozen=True, slots=True)
class Area:
    """Hold a column of the picture."""

    x: int
    width: int

    @property
    def middle(self) -> int:
        """Return where arrows run."""
        return self.x + self.width // 2

    def column(self, index: int, count: int) -> "Area":
        """Return one of ``count`` columns side by side."""
        inner = (self.width - (count - 1) * BETWEEN) // count
        return Area(self.x + index * (inner + BETWEEN), inner)

    def inside(self) -> "Area":
        """Return the area of what stands in a block here."""
        return Area(self.x + BETWEEN, self.width - 2 * BETWEEN)


@dataclass
class Layout:
    """Gather boxes, arrows and headings in the order in which they are read; a block stands before its content."""

    things: list[Box | Arrow | Line] = field(default_factory=list)

    @property
    def boxes(self) -> list[Box]:
        """Return the boxes and blocks."""
        return [thing for thing in self.things if isinstance(thing, Box)]

    @property
    def arrows(self) -> list[Arrow]:
        """Return the arrows."""
        return [thing for thing in self.things if isinstance(thing, Arrow)]

    @property
    def headings(self) -> list[Line]:
        """Return the lines that stand in no box."""
        return [thing for thing in self.things if isinstance(thing, Line)]

    def heading(self, area: Area, y: int, text: str) -> int:
        """Place a heading; return where what follows begins."""
        for line in wrapped(text, area.width // CHARACTER):
            self.things.append(Line(area.x, y + LINE - 4, line, CHARACTER))
            y += LINE
        return y + 4

    def arrow(self, area: Area, y: int) -> int:
        """Place an arrow; return where what it leads to begins."""
        self.things.append(Arrow(area.middle, y, y + GAP))
        return y + GAP

    def sequence(self, nodes: Sequence[Node], area: Area, y: int) -> int:
        """Place nodes below each other; return where the last one ends."""
        for index, node in enumerate(nodes):
            if index:
                y = self.arrow(area, y)
            y = self.node(node, area, y)
        return y

    def node(self, node: Node, area: Area, y: int) -> int:
        """Place one node; return where it ends."""
        lines = list(_lines(node.words, area, y))
        bottom = y + len(lines) * LINE + PADDING
        place = len(self.things)
        if node.kind == "block":
            bottom = self._branches(node, area.inside(), bottom - PADDING // 2) + BETWEEN
        self.things.insert(place, Box(node.id, node.kind, area.x, y, area.width, bottom - y, tuple(lines)))
        return bottom

    def _branches(self, node: Node, area: Area, y: int) -> int:
        count = len(node.branches)
        if not count:
            return y
        if breadth(node) - 2 * BETWEEN <= area.width:
            return max(self.sequence(branch, area.column(at, count), y) for at, branch in enumerate(node.branches))
        for at, branch in enumerate(node.branches):
            y = self.sequence(branch, area, y + (BETWEEN if at else 0))
        return y


def breadth(node: Node) -> int:
    """Return how wide a node must be for its branches to stand side by side."""
    if not node.branches:
        return NARROWEST
    widest = max((breadth(inner) for branch in node.branches for inner in branch), default=NARROWEST)
    return len(node.branches) * widest + (len(node.branches) - 1) * BETWEEN + 2 * BETWEEN


def _lines(words: Words, area: Area, y: int) -> Iterator[Line]:
    room = area.width - PADDING
    told = [(part, CHARACTER) for part in wrapped(words.label, room // CHARACTER)]
    told += [(part, SMALL) for note in words.notes for part in wrapped(note, room // SMALL)]
    for number, (text, size) in enumerate(told):
        yield Line(area.middle, y + LINE + number * LINE, text, size)


def wrapped(words: str, width: int) -> Iterator[str]:
    """Yield a text in lines of ``width`` wide characters; a word that is longer than a line is cut."""
    line, used, room = "", 0.0, max(width, 4)
    for piece in _cut(_PIECES.findall(words), room):
        size = extent(piece)
        if used + size > room and line:
            yield line.rstrip()
            line, used = "", 0.0
        line += piece
        used += size
    if line.strip():
        yield line.rstrip()


def _cut(pieces: list[str], room: float) -> Iterator[str]:
    for piece in pieces:
        while extent(piece) > room:
            count = max(1, int(room / 0.6))
            yield piece[:count]
            piece = piece[count:]
        yield piece


def extent(text: str) -> float:
    """Return how wide a text is, in wide characters; narrow ones count a little more than half."""
    return sum(1.0 if character > "\u2e7f" else 0.55 for character in text)
