"""Sentences of the rules of meaning (design DSL) that the shipped items touch, each with days counted by hand."""

from datetime import date

import pytest

from tests.factories.cases import APPEAL, APPLICANT, CALENDAR, Story, at, item_from, review_item
from workflows.domain.commands import Result, ResultKind, ResumeCase, SuspendCase, WithdrawCase
from workflows.domain.state import Status
from workflows.engine.clock import explain
from workflows.engine.refusals import WithdrawalTooLate

SMALL = {
    "applicant.name": "样例",
    "applicant.id_no": "470101198005010017",
    "applicant.photo": "9d9f1d4e-8b39-4d58-9b5c-111111111111",
    "claim.kind": "limb",
}


def suspended(story: Story, on: str) -> Story:
    story.give(SuspendCase("听证", "听证会"), story.officer("leader"), on=on)
    return story


def undos(story: Story) -> list[tuple[str, int]]:
    assert story.last is not None
    return [(effect.step, effect.delay_s) for effect in story.last.effects if effect.kind == "undo"]


# Withdraw: `before: X` holds until X's result is applied; a late result is undone.
def test_a_licence_held_by_a_suspension_is_undone_when_the_case_is_withdrawn() -> None:
    story = suspended(Story().to_issue(), on="2026-03-11 10:00")
    story.result("issue")
    assert story.kinds() == ["held"]
    story.give(WithdrawCase(), APPLICANT)
    assert (story.state.status, story.state.outcome) == (Status.CLOSED, "withdrawn")
    assert undos(story) == [("issue", 0)]
    assert story.state.held_results == ()
    story.give(Result("issue", 1, ResultKind.DONE, is_undo=True))
    assert story.state.pending_undos == ()


@pytest.mark.parametrize("act", ["revoke", "uphold"])
def test_an_appeal_is_withdrawn_before_the_decision_and_never_after(act: str) -> None:
    story = Story(review_item()).apply_with(APPEAL)
    story.act("accept", "ok")
    if act == "uphold":
        story.give(WithdrawCase(), APPLICANT)
        assert story.state.outcome == "withdrawn"
        return
    story.act("decide", act, fields={"findings.facts": "事实不清"}, by="leader.2")
    with pytest.raises(WithdrawalTooLate):
        story.give(WithdrawCase(), APPLICANT)


# Late results: a failed undo is an incident for operators; nothing else takes the licence back.
def test_an_undo_of_a_closed_case_is_tried_until_it_is_done() -> None:
    story = Story().to_issue()
    story.give(WithdrawCase(), APPLICANT)
    story.give(Result("issue", 1, ResultKind.DONE))
    delays = []
    for _ in range(8):
        story.give(Result("issue", 1, ResultKind.UNAVAILABLE, is_undo=True))
        delays += [delay_s for _, delay_s in undos(story)]
    assert delays == [2, 10, 60, 300, 900, 900, 900, 900]
    assert [happening.kind for happening in story.happenings].count("undo-failed") == 1
    story.give(Result("issue", 1, ResultKind.DONE, is_undo=True))
    assert story.happenings[-1].kind == "undone"


def test_an_undo_that_waits_for_a_person_is_asked_again_when_the_case_ends_meanwhile() -> None:
    story = Story(item_from("recall.yaml")).apply_with(SMALL)
    story.act("accept", "ok")
    story.act("review", fields={"verdict.grade": "g1"})
    story.act("approve", "ok")
    story.result("issue")
    story.result("second")
    story.act("proof", "redo")
    for _ in range(6):
        story.result("second", "failed", is_undo=True, visit=1)
    assert story.task("second").reason == "undo-failed"
    story.give(WithdrawCase(), APPLICANT)
    assert undos(story) == [("second", 0)]
    story.result("second", is_undo=True, visit=1)
    assert undos(story) == [("issue", 0)]


# Suspend: limits and waits stop. Deemed acts: takes effect from the day of receipt, those days count.
def test_days_of_a_suspension_before_a_deemed_acceptance_do_not_count() -> None:
    story = Story().apply(on="2026-03-02 09:00")
    suspended(story, on="2026-03-04 10:00")
    story.give(ResumeCase(), story.officer("leader"), on="2026-03-11 10:00")
    # 3 March is day 1; 4, 5, 6, 9 and 10 March stand; 11, 12, 13 and 16 March are days 2 to 5.
    assert story.task("accept").due_at == CALENDAR.end_of_day(date(2026, 3, 16))
    story.due("2026-03-17 09:00")
    assert story.happening("deemed").at == at("2026-03-17 00:00")
    assert story.state.clock.started_on == date(2026, 3, 2)
    # Five of fifteen days are used on 16 March: ten more, from 17 to 30 March.
    assert story.state.due_at == CALENDAR.end_of_day(date(2026, 3, 30))
    explanation = explain(story.definition, story.state, now=at("2026-03-16 12:00"), calendar=CALENDAR)
    assert explanation.used_working_days == 5
    assert [(line.kind, line.first_on, line.working_days) for line in explanation.lines] == [
        ("running", date(2026, 3, 3), 1),
        ("suspended", date(2026, 3, 4), 5),
        ("running", date(2026, 3, 11), 4),
    ]
