"""A vote closes when its result cannot change; a tie or silence takes the ``else`` act."""

from datetime import date

import pytest

from tests.factories.cases import ASSESSED, CALENDAR, Story, officer_id
from workflows.domain.commands import ActOn
from workflows.domain.definition import Vote
from workflows.domain.state import TaskKind
from workflows.engine.electorate import may_vote
from workflows.engine.refusals import ElectorateShort, FieldNotHere, NotYourTask, StaleTask
from workflows.engine.votes import decided_act


@pytest.mark.parametrize(
    ("votes", "decided"),
    [
        pytest.param(["ok"], None, id="one of three"),
        pytest.param(["ok", "ok"], "ok", id="need reached"),
        pytest.param(["redo", "ok"], None, id="open"),
        pytest.param(["redo", "redo"], "redo", id="the other way"),
        pytest.param(["ok", "redo", "ok"], "ok", id="last voice decides"),
    ],
)
def test_two_of_three_decide(votes: list[str], decided: str | None) -> None:
    cast = {str(number): act for number, act in enumerate(votes)}
    assert decided_act(cast, Vote(3, 2, "redo"), acts=("ok", "redo")) == decided


@pytest.mark.parametrize(
    ("votes", "decided"),
    [
        pytest.param(["a", "b"], None, id="still possible"),
        pytest.param(["a", "b", "c"], None, id="two more could agree"),
        pytest.param(["a", "b", "c", "a"], "else", id="nobody can reach four any more"),
        pytest.param(["a", "a", "b", "b"], "else", id="a tie"),
    ],
)
def test_an_impossible_result_takes_else(votes: list[str], decided: str | None) -> None:
    cast = {str(number): act for number, act in enumerate(votes)}
    need = 4 if len(votes) == 4 else 3
    assert decided_act(cast, Vote(5 if need == 3 else 5, need, "else"), acts=("a", "b", "c")) == decided


def test_each_elector_has_a_task_of_their_own() -> None:
    story = Story().to_review()
    tasks = list(story.state.tasks.values())
    assert [task.key for task in tasks] == ["review.1.1", "review.1.2", "review.1.3"]
    assert {task.kind for task in tasks} == {TaskKind.VOTE}
    assert [task.officer for task in tasks] == [officer_id(f"checker.{n}") for n in (1, 2, 3)]
    assert sorted(key for key in story.state.timers if "review" in key) == ["due:review.1", "red:review.1"]


def test_nobody_votes_twice_or_for_another() -> None:
    story = Story().to_review()
    story.vote("ok")
    with pytest.raises(StaleTask):
        story.give(ActOn("review.1.1", "redo"), story.officer("checker", "checker.1"))
    with pytest.raises(NotYourTask):
        story.give(ActOn("review.1.2", "ok"), story.officer("checker", "checker.1"))
    with pytest.raises(NotYourTask):
        story.give(ActOn("review.1.2", "ok"), story.officer("checker", "checker.4"))
    with pytest.raises(FieldNotHere):
        story.give(ActOn("review.1.2", "ok", {"verdict.grade": "g1"}), story.officer("checker", "checker.2"))


def test_a_decided_vote_closes_at_once() -> None:
    story = Story().to_review()
    story.vote("ok", "ok")
    assert [active.step for active in story.state.active] == ["approve"]
    assert story.values["review.act"] == "ok"
    assert story.state.actors["review"] == (officer_id("checker.1"), officer_id("checker.2"))


def test_silence_at_the_limit_is_no_vote() -> None:
    story = Story().to_review()
    story.vote("ok")
    # Entered on 9 March: three working days end on 12 March.
    story.due("2026-03-13 09:00")
    assert story.happening("elapsed").at == CALENDAR.end_of_day(date(2026, 3, 12))
    assert story.happening("returned").detail["to"] == "joint"
    assert "red-card" not in [happening.kind for happening in story.happenings]


def test_a_used_up_return_goes_on_to_the_next_step() -> None:
    story = Story().to_review()
    story.vote("redo", "redo")
    story.result("verify", "found")
    story.act("assess", fields=ASSESSED, on="2026-03-11 09:00")
    story.due("2026-03-19 09:00")
    story.act("review", "redo", by="checker.1")
    story.act("review", "redo", by="checker.2")
    assert [active.step for active in story.state.active] == ["approve"]
    assert story.happening("acted").detail["over"] == "next"


def test_a_vote_without_enough_voters_waits_for_a_human() -> None:
    story = Story(voters=(officer_id("checker.1"),)).to_review()
    task = story.task("review")
    assert (task.key, task.kind, task.reason) == ("review.1", TaskKind.RAISED, "unstaffed")
    with pytest.raises(ElectorateShort):
        story.act("review", "confirm")
    story.voters = tuple(officer_id(f"checker.{n}") for n in (1, 2, 3))
    story.act("review", "confirm")
    assert [task.key for task in story.state.tasks.values()] == ["review.1.1", "review.1.2", "review.1.3"]
    story.vote("ok", "ok")
    assert [active.step for active in story.state.active] == ["approve"]


def test_who_may_vote_is_known_beforehand() -> None:
    assert may_vote(Story().definition) == (("checker", "applicant.region"),)
