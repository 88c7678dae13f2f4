"""The parts of a bundle: opened when those before are over, left out, refused, recalled; twice changes nothing."""

from datetime import date

import pytest

from tests.factories.bundles import WHOLE, bundle_item, lint_bundle
from tests.factories.cases import APPLICANT, Story
from workflows.domain.commands import Begin, Result, ResultKind, Submit, WithdrawCase
from workflows.domain.definition import Definition
from workflows.domain.state import Status
from workflows.dsl.samples import Samples
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
