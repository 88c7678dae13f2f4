"""The parts of a bundle: opened when those before are over, left out, refused, recalled; twice changes nothing."""

from datetime import date

import pytest

from tests.factories.bundles import WHOLE, bundle_item, lint_bundle
from tests.factories.cases import APPLICANT, CALENDAR, Story, at
from workflows.domain.commands import Begin, Result, ResultKind, Submit, WithdrawCase
from workflows.domain.definition import Definition
from workflows.domain.state import Status
from workflows.dsl.samples import Samples
from workflows.engine.clock import ClockExplanation, explain
from workflows.engine.codec import dump, load


def submitted(item: Definition | None = None, *, second: bool = True, staff: int = 5) -> Story:
    item = item or bundle_item()
    story = Story(item)
    samples = Samples(item, {"chosen.second": second, "firm.staff": staff})
    prefilled, typed = samples.application(today=date(2026, 3, 2))
    story.give(Begin(prefilled), APPLICANT)
    story.give(Submit(typed), APPLICANT)
    return story


def ended(story: Story, step: str, kind: ResultKind, **fields: object) -> list[str]:
    """Let a part end; return what is opened or recalled because of it."""
    story.state = load(dump(story.state))
    transition = story.give(Result(step, 1, kind, fields))
    return [f"{effect.kind} {effect.step}" for effect in transition.effects if effect.kind in ("child", "recall")]


def test_only_the_part_that_nothing_precedes_is_opened_at_first() -> None:
    story = submitted()
    assert story.last is not None
    assert [effect.step for effect in story.last.effects if effect.kind == "child"] == ["first"]
    assert {active.step: active.attempts for active in story.state.active} == {
        "parts": 0, "first": 1, "second": 0, "third": 0,
    }  # fmt: skip


def test_an_output_comes_back_and_the_next_parts_are_opened() -> None:
    story = submitted()
    assert ended(story, "first", ResultKind.DONE, **{"company.code": "A1", "firm.title": "stray"}) == [
        "child second",
        "child third",
    ]
    assert (story.values["company.code"], story.values["firm.title"]) == ("A1", "样例文字")
    assert ended(story, "second", ResultKind.DONE) == []
    assert ended(story, "third", ResultKind.DONE) == []
    assert (story.state.status, story.state.outcome) == (Status.CLOSED, "whole")


@pytest.mark.parametrize("kind", [ResultKind.REFUSED, ResultKind.WITHDRAWN, ResultKind.LAPSED])
def test_what_follows_a_part_that_was_not_done_is_left_out(kind: ResultKind) -> None:
    story = submitted()
    assert ended(story, "first", kind, **{"company.code": "A1"}) == []
    assert story.values.get("company.code") is None
    assert story.values["second.result"] == "left_out"
    assert story.state.outcome == "partly"


def test_a_refusal_stops_only_what_follows_it_where_the_bundle_goes_on() -> None:
    story = submitted()
    ended(story, "first", ResultKind.DONE)
    assert ended(story, "second", ResultKind.REFUSED) == []
    assert story.state.status is Status.OPEN
    ended(story, "third", ResultKind.DONE)
    assert story.state.outcome == "partly"


def test_a_part_that_is_not_wanted_is_passed_over() -> None:
    story = submitted(second=False, staff=0)
    ended(story, "first", ResultKind.DONE)
    assert story.state.outcome == "whole"
    assert "second" not in story.state.visits


def test_the_same_result_twice_changes_nothing() -> None:
    story = submitted()
    ended(story, "first", ResultKind.DONE, **{"company.code": "A1"})
    before = story.state
    assert ended(story, "first", ResultKind.REFUSED) == []
    assert (story.state, story.values["company.code"]) == (before, "A1")
    assert ended(story, "second", ResultKind.FAILED) == []
    assert story.state == before


def test_a_withdrawal_of_the_whole_recalls_what_is_open_and_opens_nothing_more() -> None:
    story = submitted()
    transition = story.give(WithdrawCase(), APPLICANT)
    assert [(one.kind, one.step) for one in transition.effects if one.kind in ("child", "recall")] == [
        ("recall", "first")
    ]
    assert story.state.outcome == "withdrawn"
    assert ended(story, "first", ResultKind.DONE) == []
    assert story.state.outcome == "withdrawn"


def test_a_bundle_that_stops_opens_nothing_after_any_refusal() -> None:
    text = WHOLE.replace("on_refused: go_on", "on_refused: stop").replace("promised: 9wd", "promised: 12wd")
    report = lint_bundle(text.replace("third:  {item: t.third, after: first", "third:  {item: t.third, after: second"))
    assert report.definition is not None
    story = submitted(report.definition, second=True)
    ended(story, "first", ResultKind.DONE)
    ended(story, "second", ResultKind.REFUSED)
    assert story.values["third.result"] == "left_out"
    assert story.state.outcome == "partly"


def heard(story: Story, step: str, kind: ResultKind, on: str, ground: str = "", basis: str = "") -> None:
    """Hear at noon that a part stands or goes on."""
    story.state = load(dump(story.state))
    story.give(Result(step, 1, kind, {f"{step}.ground": ground, f"{step}.basis": basis}), on=f"{on} 12:00")


def clock(story: Story, on: str) -> ClockExplanation:
    return explain(story.definition, story.state, now=at(f"{on} 12:00"), calendar=story.calendar)


def test_the_clock_of_a_bundle_stands_while_every_open_part_stands_and_says_why_day_by_day() -> None:
    # Nine working days from Monday 2 March 2026 end on the 13th; the 4th, 5th and 6th do not count.
    story = submitted()
    assert story.state.due_at == CALENDAR.end_of_day(date(2026, 3, 13))
    heard(story, "first", ResultKind.STANDS, "2026-03-04", "检验", "样例检验办法")
    assert story.state.due_at is None
    assert clock(story, "2026-03-06").phase == "standing"
    heard(story, "first", ResultKind.RUNS, "2026-03-09")
    assert story.state.due_at == CALENDAR.end_of_day(date(2026, 3, 18))
    explained = clock(story, "2026-03-10")
    assert [
        (line.first_on.day, line.last_on.day, line.kind, line.working_days, line.is_counted, line.step, line.ground)
        for line in explained.lines
    ] == [
        (3, 3, "running", 1, True, "", ""),
        (4, 8, "part", 3, False, "first", "检验"),
        (9, 10, "running", 2, True, "", ""),
    ]
    assert (explained.used_working_days, explained.due_on, explained.lines[1].basis) == (
        3, date(2026, 3, 18), "样例检验办法",
    )  # fmt: skip


def test_while_one_part_goes_on_the_promise_runs_and_stands_when_only_the_standing_one_is_left() -> None:
    story = submitted()
    ended(story, "first", ResultKind.DONE, **{"company.code": "A1"})
    heard(story, "second", ResultKind.STANDS, "2026-03-03", "等申请人办理")
    assert clock(story, "2026-03-04").phase == "running"
    story.now = at("2026-03-05 12:00")
    ended(story, "third", ResultKind.DONE)
    assert clock(story, "2026-03-06").phase == "standing"
    heard(story, "second", ResultKind.RUNS, "2026-03-09")
    # Only the 5th and the 6th are taken out: two working days more than the 13th.
    assert clock(story, "2026-03-09").due_on == date(2026, 3, 17)


def test_that_a_part_stands_is_told_once_however_often_it_is_heard() -> None:
    story = submitted()
    for kind in (ResultKind.STANDS, ResultKind.STANDS, ResultKind.RUNS, ResultKind.RUNS):
        heard(story, "first", kind, "2026-03-04", "检验")
    heard(story, "second", ResultKind.STANDS, "2026-03-04", "检验")
    kinds = [one.kind for one in story.happenings if one.kind.startswith("part-") and one.kind != "part-opened"]
    assert kinds == ["part-stands", "part-goes-on"]
    assert story.state.clock.standing is None


def test_a_part_that_ends_while_it_stands_lets_the_clock_go_on_with_the_next() -> None:
    story = submitted()
    heard(story, "first", ResultKind.STANDS, "2026-03-04", "检验")
    story.now = at("2026-03-09 12:00")
    ended(story, "first", ResultKind.DONE, **{"company.code": "A1"})
    assert clock(story, "2026-03-09").phase == "running"
    assert story.state.due_at == CALENDAR.end_of_day(date(2026, 3, 18))
