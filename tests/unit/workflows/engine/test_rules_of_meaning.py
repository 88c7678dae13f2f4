"""Sentences of the rules of meaning (design DSL) that the shipped items touch, each with days counted by hand."""

from datetime import date

import pytest

from tests.factories.cases import APPEAL, APPLICANT, ASSESSED, CALENDAR, Story, at, item_from, review_item
from workflows.domain.commands import ExtendLimit, Object, Result, ResultKind, ResumeCase, SuspendCase, WithdrawCase
from workflows.domain.state import Status
from workflows.engine.clock import explain
from workflows.engine.refusals import FourEyes, WithdrawalTooLate

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


# Time: every command first fires all timers due, in order; the legal time of an effect is its due time.
def test_a_month_without_a_tick_is_made_up_in_order() -> None:
    story = Story().to_publicity()
    story.due("2026-03-20 09:00")
    told = [(one.kind, one.step, one.at) for one in story.happenings if one.kind in ("elapsed", "returned")]
    assert told == [
        # 公示 3 to 9 March; the vote 10 to 12 March, in which nobody voted.
        ("elapsed", "publicise", at("2026-03-10 00:00")),
        ("elapsed", "review", at("2026-03-13 00:00")),
        ("returned", "review", at("2026-03-13 00:00")),
    ]
    task = story.task("assess")
    # Ten working days after 12 March: 13, 16 to 20, 23 to 26 March.
    assert (task.key, task.opened_on, task.due_at) == ("assess.2", date(2026, 3, 12), at("2026-03-27 00:00"))


def test_a_command_that_comes_late_finds_the_case_as_the_law_left_it() -> None:
    story = Story().apply()
    story.give(WithdrawCase(), APPLICANT, on="2026-03-11 10:00")
    kinds = [one.kind for one in story.happenings]
    assert kinds.index("deemed") < kinds.index("withdrawn")
    assert story.state.clock.started_on == date(2026, 3, 2)


# Clock: a pause excludes the working days in [date(start), date(end)); calendar of 2024: 1 to 7 October off,
# Sunday 29 September and Saturday 12 October worked.
def test_pauses_over_national_day_exclude_only_working_days() -> None:
    story = Story().apply(on="2024-09-25 09:00")
    story.act("accept", "ok")
    story.result("verify", "found", on="2024-09-26 10:00")
    story.act("assess", fields=ASSESSED, on="2024-10-10 10:00")
    # 鉴定: 26, 27, 29, 30 September, 8 and 9 October. 公示 of 11, 12, 14, 15, 16 October: 10, 11, 12, 14, 15 October.
    story.due("2024-10-17 00:00")
    explanation = explain(story.definition, story.state, now=at("2024-10-16 23:00"), calendar=CALENDAR)
    assert [(line.kind, line.working_days) for line in explanation.lines] == [
        ("paused", 6),
        ("paused", 5),
        ("running", 1),
    ]
    # One of fifteen is used on 16 October; fourteen more end on 5 November.
    assert story.state.due_at == CALENDAR.end_of_day(date(2024, 11, 5))


# Clock: an extension is granted before the deadline or not at all; it adds to both limits.
def test_an_extension_while_the_clock_stands_counts_when_it_goes_on() -> None:
    story = Story().to_publicity()
    story.give(ExtendLimit("情况复杂"), story.officer("leader"), on="2026-03-04 10:00")
    assert story.state.due_at is None
    story.due("2026-03-10 00:00")
    # Day 1 is 9 March; 25 days, with 4 to 6 April off (清明), end on 13 April.
    assert story.state.due_at == CALENDAR.end_of_day(date(2026, 4, 13))


# Provisional deadlines: 2027 has no official calendar.
def test_a_supplement_does_not_lapse_on_a_provisional_day() -> None:
    story = Story().apply(on="2026-12-10 10:00")
    story.supplement("claim.cause")
    assert story.task("accept").is_provisional
    # Thirty days from 10 December end on Saturday 9 January 2027, so on Monday as far as anybody knows.
    story.due("2027-01-20 10:00")
    assert story.state.status is Status.OPEN
    story.hand_in(claim__cause="new", on="2027-01-20 11:00")
    assert story.task("accept").key == "accept.2"


def test_a_deadline_in_the_official_year_is_final_although_the_next_is_unknown() -> None:
    # 24, 25, 28, 29, 30 December 2026.
    story = Story().apply(on="2026-12-23 10:00")
    assert not story.task("accept").is_provisional
    story.due("2026-12-31 09:00")
    assert story.happening("deemed").at == at("2026-12-31 00:00")
    # The promise of fifteen days reaches into 2027.
    assert story.state.is_due_provisional


# Supplement: a natural-day period ends at 24:00 of its last day; what comes after hours is received the day after.
def test_a_supplement_may_come_until_midnight_and_is_received_on_the_next_working_day() -> None:
    story = Story().apply()
    story.supplement("claim.cause")
    story.hand_in(claim__cause="new", on="2026-04-01 23:59")
    assert story.state.clock.received_on == date(2026, 4, 2)
    # 3, 7, 8, 9, 10 April: 4 to 6 April are off.
    assert story.task("accept").due_at == CALENDAR.end_of_day(date(2026, 4, 10))
    story.due("2026-04-11 00:00")
    assert story.state.clock.started_on == date(2026, 4, 2)


# Vote: silence at the limit is no vote; when `max` is used up, `over` takes the place of the act.
def test_silence_after_the_last_return_goes_on_to_the_leader() -> None:
    story = Story().to_review()
    story.vote("redo", "redo")
    story.result("verify", "found")
    story.act("assess", fields=ASSESSED, on="2026-03-11 09:00")
    # 公示 12, 13, 16, 17, 18 March; vote 19, 20, 23 March.
    story.due("2026-03-24 00:00")
    assert [active.step for active in story.state.active] == ["approve"]
    assert story.state.visits["joint"] == 2
    assert story.task("approve").opened_on == date(2026, 3, 23)


# Suspend: at `max` it resumes by itself, and results that arrived are applied then.
def test_what_arrived_is_applied_when_the_case_resumes_by_itself() -> None:
    story = suspended(Story().to_joint(), on="2026-03-04 10:00")
    story.result("verify", "found", on="2026-03-05 10:00")
    story.due("2026-05-08 10:00")
    # Sixty days end on 3 May, in the holidays of 1 to 5 May: on 6 May.
    assert story.happening("answered").at == at("2026-05-07 00:00")
    assert "verify" not in {active.step for active in story.state.active}
    intervals = [(one.kind, one.started_on, one.ended_on) for one in story.state.clock.intervals]
    assert intervals == [
        ("suspended", date(2026, 3, 4), date(2026, 5, 6)),
        ("paused", date(2026, 5, 6), None),
    ]
    # 3 March and 6 May to 15 May, Saturday 9 May among them, are ten working days of the assessment.
    assert story.task("assess").due_at == CALENDAR.end_of_day(date(2026, 5, 15))


# Wait: the wait does not end while an objection is open, and a suspension stops both.
def test_a_suspension_keeps_an_objection_open_and_the_wait_with_it() -> None:
    story = Story().to_publicity()
    story.give(Object("publicise", "不符合"), APPLICANT, on="2026-03-06 10:00")
    story.due("2026-03-10 00:00")
    suspended(story, on="2026-03-10 10:00")
    story.give(ResumeCase(), story.officer("leader"), on="2026-03-12 10:00")
    assert [active.step for active in story.state.active] == ["publicise"]
    # Three days after 6 March, 10 and 11 March left out: 9, 12, 13 March.
    assert story.task("publicise").due_at == CALENDAR.end_of_day(date(2026, 3, 13))
    story.act("publicise", "dismiss")
    assert [active.step for active in story.state.active] == ["review"]


# Data: a field with `when` is there under that condition; what was typed before an answer changed is not.
def test_what_a_condition_no_longer_asks_is_not_submitted() -> None:
    guardian = {"guardian__name": "样例", "guardian__id_no": "470101198005010017"}
    story = Story().apply(claim__kind="hearing", delivery__address="样例路1号", **guardian)
    assert [story.values.get(path) for path in ("guardian.name", "guardian.id_no", "delivery.address")] == [None] * 3
    guarded = Story().apply(claim__kind="mental", **guardian)
    assert guarded.values["guardian.name"] == "样例"


def test_a_supplement_that_makes_a_guardian_needless_takes_the_guardian_out() -> None:
    story = Story().apply(claim__kind="mental", guardian__name="样例", guardian__id_no="470101198005010017")
    story.supplement("claim.kind")
    story.hand_in(claim__kind="hearing")
    assert story.values["let.guarded"] is False
    assert (story.values["guardian.name"], story.values["guardian.name@1"]) == (None, "样例")


# Clock: a natural-day limit moves by all days of a suspension, a working-day limit by its working days.
def test_a_suspension_moves_natural_and_working_days_each_in_its_kind() -> None:
    story = Story(review_item()).apply_with(APPEAL)
    story.act("accept", "ok")
    suspended(story, on="2026-03-10 10:00")
    story.give(ResumeCase(), story.officer("leader"), on="2026-03-20 10:00")
    # 60 days end on 1 May; ten more are 11 May.
    assert story.state.statutory_due_at == CALENDAR.end_of_day(date(2026, 5, 11))
    # 40 working days end on 28 April; 10 to 13 and 16 to 19 March stood: 29, 30 April, 6 to 9, 11, 12 May. That is
    # a day more than the law allows, so the promise gives way to it.
    assert story.state.due_at == CALENDAR.end_of_day(date(2026, 5, 11))


# Vote: `distinct` excludes whoever acted in the other step; nobody acted in a deemed one.
def test_whoever_accepted_an_appeal_does_not_decide_it() -> None:
    story = Story(review_item()).apply_with(APPEAL)
    story.act("accept", "ok", by="wang")
    with pytest.raises(FourEyes):
        story.act("decide", "uphold", by="wang")
    story.act("decide", "uphold", fields={"findings.facts": "事实清楚"}, by="li")
    assert story.state.outcome == "upheld"
