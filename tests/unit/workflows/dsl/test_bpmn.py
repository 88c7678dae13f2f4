"""An item goes out as BPMN with a diagram in which nothing overlaps and comes back the same; bad XML is refused."""

import random
import time
from itertools import combinations, count, pairwise
from pathlib import Path

import pytest

from workflows.dsl.bpmn.comments import Comment, comments_in, with_comments
from workflows.dsl.bpmn.diagram import Bounds, diagram_of
from workflows.dsl.bpmn.graph import NotDrawable, graph_of
from workflows.dsl.bpmn.reading import BpmnRefused, from_bpmn
from workflows.dsl.bpmn.writing import to_bpmn
from workflows.dsl.compiler import source_hash
from workflows.dsl.findings import Findings
from workflows.dsl.lint import item_paths, lint_text
from workflows.dsl.source import Record, load

ROOT = Path(__file__).resolve().parents[4]
ITEMS = [*item_paths(ROOT / "workflows" / "items"), *sorted((ROOT / "tests" / "factories").glob("*.yaml"))]
CARD = (ROOT / "workflows" / "items" / "disability-card.yaml").read_text(encoding="utf-8")


def record_of(text: str) -> Record:
    findings = Findings()
    record = load(text, file="item.yaml", findings=findings)
    assert record is not None
    assert not findings.has_errors, [str(one) for one in findings.sorted()]
    return record


def made_up(seed: int) -> str:
    """Return a file whose flow chance made: blocks within blocks, branches that are one step or several."""
    chance = random.Random(seed)
    names = count()

    def steps(depth: int, indent: int, most: int) -> list[str]:
        return [line for _ in range(chance.randrange(1, most)) for line in step(depth, indent)]

    def step(depth: int, indent: int) -> list[str]:
        number, space, kind = next(names), " " * indent, chance.random()
        if not depth or number > 40 or kind < 0.5:
            return [f"{space}- s{number}: {{by: checker, limit: 2wd, when: 'a.b == 1 and (a.c, [x])'}}"]
        lines = [f"{space}- s{number}:"]
        if kind < 0.75:
            lines += [f"{space}    when: a.c", f"{space}    all:"]
            for _ in range(chance.randrange(2, 5)):
                is_list = chance.random() < 0.6
                one = f"{space}    - t{next(names)}: {{decide: grade}}"
                lines += [f"{space}    -", *steps(depth - 1, indent + 6, 4)] if is_list else [one]
            return lines
        lines += [f"{space}    if: a.b == 1", f"{space}    then:", *steps(depth - 1, indent + 4, 3)]
        if chance.random() < 0.5:
            lines += [f"{space}    else:", *steps(depth - 1, indent + 4, 3)]
        return lines

    flow = [line for phase in ("receipt", "review", "decision") for line in (f"  {phase}:", *steps(3, 2, 6))]
    return "\n".join(["gov: 1", "item: {id: a.b, name: 样例}", "flow:", *flow, "labels: {step.s0: 第一步}"])


@pytest.mark.parametrize("path", ITEMS, ids=lambda path: path.stem)
def test_the_same_item_comes_back(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    record = record_of(text)
    flow = record.get("flow")
    if not isinstance(flow, Record) or "use" in flow:
        with pytest.raises(NotDrawable):
            to_bpmn(record)
        return
    comments = comments_in(text, record)
    back = from_bpmn(to_bpmn(record, comments), file="item.bpmn")
    returned = record_of(back)
    assert source_hash(returned) == source_hash(record)
    assert [one.text for one in comments_in(back, returned)] == [one.text for one in comments]
    assert sum(one.text.count("#") for one in comments) >= text.count(" # ")


def test_a_comment_finds_its_step_again_or_what_held_it() -> None:
    comments = [Comment("flow/review/gone/limit", is_beside=True, text="# a"), Comment("item/id", False, "# b")]
    text = with_comments("gov: 1\nitem:\n  id: a.b\nflow:\n  review: []\n", comments, file="x.yaml")
    assert text == "gov: 1\nitem:\n  # b\n  id: a.b\nflow:\n  review: []  # a\n"


def test_a_comment_of_a_stranger_stays_a_comment() -> None:
    odd = to_bpmn(record_of(CARD), [Comment("item/id", is_beside=False, text="odd&#10;fee: charged")])
    back = from_bpmn(odd.replace("&amp;#10;", "&#10;"), file="x.bpmn")
    assert "# odd fee: charged" in back
    assert source_hash(record_of(back)) == source_hash(record_of(CARD))


def test_what_comes_back_is_an_item_without_faults() -> None:
    back = from_bpmn(to_bpmn(record_of(CARD)), file="item.bpmn")
    report, before = lint_text(back, "item.yaml"), lint_text(CARD, "item.yaml")
    assert [str(one) for one in report.errors] == []
    assert report.definition is not None
    assert before.definition is not None
    assert report.definition.hash == before.definition.hash


def commented(text: str, chance: random.Random) -> str:
    """Return a text with comments above and beside lines that chance chose, and one at the end."""
    lines = []
    for number, line in enumerate(text.split("\n")):
        indent = " " * (len(line) - len(line.lstrip()))
        lines += [f"{indent}# above {number}: 'it' is [so"] * (chance.random() < 0.2)
        lines.append(f"{line} # beside {number}" if line.strip() and chance.random() < 0.2 else line)
    return "\n".join([*lines, "# at the end", ""])


def test_flows_of_any_shape_come_back_with_comments_wherever_they_stand() -> None:
    for seed in range(30):
        text = commented(made_up(seed), random.Random(seed))
        record = record_of(text)
        comments = comments_in(text, record)
        assert len(comments) == text.count("# ")
        back = from_bpmn(to_bpmn(record, comments), file="x.bpmn")
        returned = record_of(back)
        assert source_hash(returned) == source_hash(record)
        assert [one.text for one in comments_in(back, returned)] == [one.text for one in comments]


def meet(one: Bounds, two: Bounds) -> bool:
    apart_x = one.x + one.width <= two.x or two.x + two.width <= one.x
    return not (apart_x or one.y + one.height <= two.y or two.y + two.height <= one.y)


def test_nothing_in_a_diagram_overlaps_and_no_arrow_crosses_an_element() -> None:
    for text in (CARD, *(made_up(seed) for seed in range(30))):
        diagram = diagram_of(graph_of(record_of(text), {}))
        for one, two in combinations(diagram.bounds.values(), 2):
            assert not meet(one, two)
        for arrow, points in diagram.waypoints.items():
            for (x1, y1), (x2, y2) in pairwise(points):
                line = Bounds(min(x1, x2), min(y1, y2), abs(x2 - x1), abs(y2 - y1))
                assert x1 == x2 or y1 == y2
                crossed = [name for name, box in diagram.bounds.items() if meet(line, box) and name not in arrow]
                assert crossed == []


def test_a_step_that_was_renamed_in_an_editor_comes_back_with_its_new_name() -> None:
    changed = to_bpmn(record_of(CARD)).replace('id="approve" name="批准"', 'id="approve" name="局长批准"')
    definition = lint_text(from_bpmn(changed, file="item.bpmn"), "item.yaml").definition
    assert definition is not None
    assert definition.label("step.approve") == "局长批准"


BOMB = "<!DOCTYPE x [<!ENTITY a 'ha'><!ENTITY b '&a;&a;'>]><x>&b;</x>"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "not XML"),
        ("gov: 1", "not XML"),
        (BOMB, "DOCTYPE"),
        ("<!DOCTYPE x SYSTEM 'file:///etc/passwd'><x/>", "DOCTYPE"),
        ("<x>&undefined;</x>", "not XML"),
        ("<a>" * 100, "too deeply"),
        ("<a>" + "<b/>" * 10_001 + "</a>", "too many"),
        ("<a>" + "x" * 4_000_001, "too long"),
        ("<a>\ud800</a>", "half a character"),
        ("<definitions/>", "no BPMN"),
        (to_bpmn(record_of(CARD)).replace('targetRef="accept"', 'targetRef="nowhere"'), "leads from or to nothing"),
        (to_bpmn(record_of(CARD)).replace('targetRef="approve"', 'targetRef="accept"'), "twice"),
        (to_bpmn(record_of(CARD)).replace("<gov:step>{by: window", "<gov:step>{by: [window"), "cannot be read"),
        (to_bpmn(record_of(CARD)).replace("<flowNodeRef>approve</flowNodeRef>", ""), "no lane"),
        (to_bpmn(record_of(CARD)).replace("gov:section", "section"), "no item"),
        (to_bpmn(record_of(CARD)).replace("startEvent", "task"), "no start"),
    ],
    ids=range(16),
)
def test_what_is_no_item_is_refused_at_its_place(text: str, reason: str) -> None:
    start = time.process_time()
    with pytest.raises(BpmnRefused) as refused:
        from_bpmn(text, file="bad.bpmn")
    assert reason in refused.value.finding.message
    assert refused.value.finding.at.line >= 1
    assert time.process_time() - start < 5
