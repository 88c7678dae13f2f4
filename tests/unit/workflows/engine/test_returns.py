"""A return (退回) cancels what is open, undoes what was issued, and gives counting steps what remains."""

from datetime import date

import pytest

from tests.factories.cases import ASSESSED, CALENDAR, Story, item_from, officer_id
from workflows.domain.definition import Definition, Phase
from workflows.domain.state import Status
from workflows.engine.clock import explain

GIVEN = {
    "applicant.name": "样例",
    "applicant.id_no": "470101198005010017",
    "applicant.photo": "9d9f1d4e-8b39-4d58-9b5c-111111111111",
    "claim.kind": "limb",
}


@pytest.fixture(scope="module")
def recall() -> Definition:
    return item_from("recall.yaml")


def to_proof(recall: Definition) -> Story:
    story = Story(recall).apply_with(GIVEN)
    story.act("accept", "ok")
    story.act("review", fields={"verdict.grade": "g1"}, on="2026-03-04 10:00")
    story.act("approve", "ok", on="2026-03-05 10:00")
    story.result("issue")
    story.result("second")
    return story


def test_a_vote_returns_the_case_to_the_whole_block() -> None:
    story = Story().to_review()
    story.vote("redo", "redo")
    assert {active.step: active.visit for active in story.state.active} == {"joint": 2, "assess": 2, "verify": 2}
    assert story.state.is_returned
    assert story.state.phase is Phase.REVIEW
    assert story.happening("returned").detail["to"] == "joint"


def test_the_case_is_no_longer_returned_once_it_is_where_it_was() -> None:
    story = Story().to_approval()
    story.act("approve", "redo")
    assert (story.state.phase, story.state.is_returned) == (Phase.DECISION, True)
    story.vote("ok", "ok")
    assert (story.state.phase, story.state.is_returned) == (Phase.DECISION, False)


def test_a_return_voids_the_votes_and_keeps_the_electorate() -> None:
    story = Story().to_review()
    electors = story.state.electors["review"]
    story.vote("ok", "redo", "redo")
    story.result("verify", "found")
    story.voters = tuple(officer_id(f"other.{n}") for n in (1, 2, 3))
    story.act("assess", fields=ASSESSED, on="2026-03-11 09:00")
    story.due("2026-03-20 09:00")
    assert story.state.electors["review"] == electors
    assert {task.officer for task in story.state.tasks.values()} == set(electors)
    assert {active.step: dict(active.votes) for active in story.state.active} == {"review": {}}


def test_a_counting_step_gets_what_remains_of_the_promise() -> None:
    story = Story().to_approval()
    # Accepted on 2 March, publicity until 9 March: on 10 March 2 of 15 days are used, on 25 March 13.
    story.act("approve", "redo", on="2026-03-25 10:00")
    assert explain(story.definition, story.state, now=story.now, calendar=CALENDAR).used_working_days == 13
    (limit,) = {task.limit for task in story.state.tasks.values()}
    assert str(limit) == "2wd"
    assert next(iter(story.state.tasks.values())).due_at == CALENDAR.end_of_day(date(2026, 3, 27))


def test_a_counting_step_gets_at_least_one_day() -> None:
    story = Story().to_approval()
    story.act("approve", "redo", on="2026-04-20 10:00")
    (limit,) = {task.limit for task in story.state.tasks.values()}
    assert str(limit) == "1wd"


def test_a_paused_step_keeps_its_limit() -> None:
    story = Story().to_review()
    story.vote("redo", "redo", on="2026-03-12 10:00")
    assert str(story.task("assess").limit) == "10wd"


def test_a_return_inside_the_time_keeps_the_full_limit() -> None:
    story = Story().to_approval()
    story.act("approve", "redo", on="2026-03-11 10:00")
    assert {str(task.limit) for task in story.state.tasks.values()} == {"3wd"}


def test_what_was_issued_is_undone_latest_first_before_the_target_is_entered(recall: Definition) -> None:
    story = to_proof(recall)
    assert story.state.issued == (("issue", 1), ("second", 1))
    transition = story.act("proof", "redo", on="2026-03-10 10:00")
    assert [(effect.kind, effect.step, effect.visit) for effect in transition.effects] == [("undo", "second", 1)]
    assert (story.state.pending_undos, story.state.pending_entries) == ((("second", 1), ("issue", 1)), ("review",))
    assert not story.state.active and not story.state.tasks
    transition = story.result("second", is_undo=True, visit=1)
    assert [(effect.kind, effect.step) for effect in transition.effects] == [("undo", "issue")]
    assert not story.state.active
    story.result("issue", is_undo=True, visit=1)
    assert [active.step for active in story.state.active] == ["review"]
    assert story.state.issued == ()


def test_a_return_over_the_decision_resumes_the_clock_where_it_stood(recall: Definition) -> None:
    story = to_proof(recall)
    assert explain(recall, story.state, now=story.now, calendar=CALENDAR).used_working_days == 3
    story.act("proof", "redo", on="2026-03-10 10:00")
    story.result("second", is_undo=True, visit=1)
    story.result("issue", is_undo=True, visit=1)
    explanation = explain(recall, story.state, now=story.now, calendar=CALENDAR)
    assert (explanation.phase, explanation.used_working_days) == ("running", 3)
    # 6, 9 and 10 March lie between: 7 days remain after 10 March.
    assert explanation.due_on == date(2026, 3, 19)
    assert [(line.kind, line.working_days) for line in explanation.lines] == [("running", 3), ("returned", 3)]
    story.act("review", fields={"verdict.grade": "g1"}, on="2026-03-11 10:00")
    assert explain(recall, story.state, now=story.now, calendar=CALENDAR).used_working_days == 4


def test_a_failed_undo_is_tried_again_then_becomes_a_task(recall: Definition) -> None:
    story = to_proof(recall)
    story.act("proof", "redo", on="2026-03-10 10:00")
    delays = []
    for _ in range(5):
        transition = story.result("second", "failed", is_undo=True, visit=1)
        delays += [effect.delay_s for effect in transition.effects if effect.kind == "undo"]
    assert delays == [2, 10, 60, 300, 900]
    story.result("second", "failed", is_undo=True, visit=1)
    assert story.happening("undo-failed").step == "second"
    assert story.task("second").role == "leader"
    story.act("second", "confirm")
    assert story.state.pending_undos == (("issue", 1),)
    story.result("issue", is_undo=True, visit=1)
    assert [active.step for active in story.state.active] == ["review"]


def test_only_what_lies_behind_the_target_is_undone(recall: Definition) -> None:
    story = to_proof(recall)
    story.act("proof", "again")
    assert story.state.pending_undos == (("second", 1),)
    story.result("second", is_undo=True, visit=1)
    assert story.state.issued == (("issue", 1),)
    assert [(active.step, active.visit) for active in story.state.active] == [("second", 2)]
    assert story.state.is_past_withdrawal


def test_an_end_by_act_closes_at_once(recall: Definition) -> None:
    story = to_proof(recall)
    story.act("proof", "drop")
    assert (story.state.status, story.state.outcome) == (Status.CLOSED, "dropped")


def test_withdrawal_is_possible_again_after_a_return_over_the_issue(recall: Definition) -> None:
    story = to_proof(recall)
    assert story.state.is_past_withdrawal
    story.act("proof", "redo")
    assert not story.state.is_past_withdrawal


def test_a_result_of_a_cancelled_visit_is_dropped() -> None:
    story = Story().to_joint()
    story.result("verify", "found")
    story.act("assess", fields=ASSESSED)
    story.due("2026-03-10 09:00")
    story.vote("redo", "redo")
    story.result("verify", "found", visit=1)
    assert story.kinds() == ["dropped"]
    assert {active.step for active in story.state.active} == {"joint", "assess", "verify"}
