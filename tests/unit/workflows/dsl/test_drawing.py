"""Nothing in a picture overlaps, leaves its box or runs through one: for every item, and for flows of forty steps."""

import random
import xml.etree.ElementTree as ET
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import pytest

from tests.factories.cases import card_item
from workflows.domain.definition import (
    AllStep,
    Definition,
    Duration,
    EndStep,
    HumanStep,
    IfStep,
    Location,
    Phase,
    Step,
    Unit,
    WaitStep,
)
from workflows.dsl.drawing import WIDTH, Arrow, Box, Layout, extent, wrapped
from workflows.dsl.lint import item_paths, lint_file
from workflows.dsl.picture import Marking, flow_layout, flow_picture

ITEMS = Path(__file__).resolve().parents[4] / "workflows" / "items"
AT = Location("t", 1, 1)
LIMIT = Duration(5, Unit.WORKING_DAY)


def flow_of(seed: int, count: int = 40) -> Definition:
    """Return an item whose flow chance made: ``count`` steps, blocks within blocks, long and short names."""
    chance = random.Random(seed)
    item = card_item()
    labels = dict(item.labels)
    names = (f"s{number}" for number in range(count))

    def step(depth: int, phase: Phase) -> Step | None:
        name = next(names, None)
        if name is None:
            return None
        labels[f"step.{name}"] = chance.choice(["核验", "现场核查与技术评审", "Inspection of a site", "联合会签" * 4])
        kind = chance.random()
        if depth and kind < 0.35:
            count = chance.randrange(2, 8) if kind < 0.25 else 2
            branches = tuple(sequence(depth - 1, phase, chance.randrange(1, 4)) for _ in range(count))
            if kind < 0.25:
                return AllStep(id=name, phase=phase, at=AT, branches=branches)
            condition = item.lets["guarded"]
            return IfStep(id=name, phase=phase, at=AT, condition=condition, then=branches[0], otherwise=branches[1])
        if kind > 0.9:
            return WaitStep(id=name, phase=phase, at=AT, span=LIMIT, when=item.lets["minor"])
        return HumanStep(id=name, phase=phase, at=AT, by="checker", limit=LIMIT)

    def sequence(depth: int, phase: Phase, most: int) -> tuple[Step, ...]:
        return tuple(one for _ in range(most) if (one := step(depth, phase)) is not None)

    flow = [(phase, sequence(3, phase, 6)) for phase in list(Phase)[:-1]]
    rest = sequence(0, Phase.DELIVERY, count)
    end = EndStep(id="done", phase=Phase.DELIVERY, at=AT, outcome="granted")
    return replace(item, flow=(*flow, (Phase.DELIVERY, (*rest, end))), labels=labels)


def contains(outer: Box, inner: Box) -> bool:
    return (
        outer.x <= inner.x
        and outer.y <= inner.y
        and inner.x + inner.width <= outer.x + outer.width
        and inner.y + inner.height <= outer.y + outer.height
    )


def meet(one: Box, two: Box) -> bool:
    apart_x = one.x + one.width <= two.x or two.x + two.width <= one.x
    apart_y = one.y + one.height <= two.y or two.y + two.height <= one.y
    return not (apart_x or apart_y)


def runs_through(arrow: Arrow, box: Box) -> bool:
    is_beside = not box.x < arrow.x < box.x + box.width
    is_within = box.kind == "block" and box.y <= arrow.top and arrow.bottom <= box.y + box.height
    return not (is_beside or is_within) and arrow.top < box.y + box.height and box.y < arrow.bottom


def faults_of(layout: Layout) -> list[str]:
    found = []
    for one, two in combinations(layout.boxes, 2):
        is_nested = (one.kind == "block" and contains(one, two)) or (two.kind == "block" and contains(two, one))
        if meet(one, two) and not is_nested:
            found.append(f"{one.id} and {two.id} overlap")
    for arrow in layout.arrows:
        found += [f"an arrow runs through {box.id}" for box in layout.boxes if runs_through(arrow, box)]
    for box in layout.boxes:
        if not 0 <= box.x <= box.x + box.width <= WIDTH:
            found.append(f"{box.id} leaves the picture")
        for line in box.lines:
            half = extent(line.text) * line.size / 2
            is_inside = box.x <= line.x - half and line.x + half <= box.x + box.width
            if not (is_inside and box.y < line.y - line.size / 2 and line.y < box.y + box.height):
                found.append(f"`{line.text}` leaves {box.id}")
    blocks = [box for box in layout.boxes if box.kind == "block"]
    for block in blocks:
        low = max((line.y for line in block.lines), default=block.y)
        inner = [box for box in layout.boxes if box is not block and contains(block, box)]
        found += [f"{box.id} covers the name of {block.id}" for box in inner if box.y <= low]
    for line in layout.headings:
        found += [f"{box.id} covers {line.text}" for box in layout.boxes if box.y < line.y < box.y + box.height]
    return found


@pytest.mark.parametrize("path", item_paths(ITEMS), ids=lambda path: path.stem)
def test_everything_of_an_item_has_its_own_place(path: Path) -> None:
    definition = lint_file(path).definition
    assert definition is not None
    assert faults_of(flow_layout(definition)) == []


@pytest.mark.parametrize("seed", range(25))
def test_everything_of_forty_steps_has_its_own_place(seed: int) -> None:
    definition = flow_of(seed)
    layout = flow_layout(definition)
    assert len([box for box in layout.boxes if box.id.startswith("s")]) == 40
    assert faults_of(layout) == []


def test_six_departments_stand_below_each_other_and_stay_readable() -> None:
    item = card_item()
    steps = [HumanStep(id=f"s{n}", phase=Phase.REVIEW, at=AT, by="checker", limit=LIMIT) for n in range(6)]
    block = AllStep(id="joint", phase=Phase.REVIEW, at=AT, branches=tuple((step,) for step in steps))
    boxes = flow_layout(replace(item, flow=((Phase.REVIEW, (block,)),))).boxes
    widths = {box.width for box in boxes if box.id.startswith("s")}
    assert min(widths) > 300


def test_a_case_shows_where_it_is() -> None:
    picture = flow_picture(card_item(), marking=Marking(frozenset({"apply"}), frozenset({"accept"})))
    root = ET.fromstring(picture)
    states = {node.get("data-step"): node.get("data-state") for node in root.iter() if node.get("data-step")}
    assert (states["apply"], states["accept"], states["approve"]) == ("done", "current", None)
    assert "● 现在" in picture
    assert "现在：受理" in picture


def test_a_long_word_is_cut_and_no_line_is_lost() -> None:
    lines = list(wrapped("Donaudampfschifffahrtsgesellschaft 之审查", 6))
    assert all(extent(line) <= 6 for line in lines)
    assert "".join(lines).replace(" ", "") == "Donaudampfschifffahrtsgesellschaft之审查"
