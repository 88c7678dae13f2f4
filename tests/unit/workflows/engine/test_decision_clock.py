"""The decision clock runs from acceptance to the end of the decision, and every stop has its reason."""

from datetime import date

import pytest

from tests.factories.cases import APPEAL, APPLICANT, ASSESSED, CALENDAR, Story, at, review_item
from workflows.domain.commands import ExtendLimit, Object, ResumeCase, SuspendCase
from workflows.engine.clock import ClockExplanation, explain
from workflows.engine.refusals import ClockNotRunning, DeadlinePassed, ExtensionUsedUp, NotPermitted, ReasonMissing


def explained(story: Story, on: str | None = None) -> ClockExplanation:
    return explain(story.definition, story.state, now=at(on) if on else story.now, calendar=story.calendar)


# 国务院办公厅 notices for 2025 and 2026; 15 working days promised, 30 statutory.
@pytest.mark.parametrize(
    ("accepted", "promised_end", "statutory_end"),
    [
        pytest.param("2026-03-02 09:00", date(2026, 3, 23), date(2026, 4, 14), id="over Qingming"),
        # 1-3 January off, Sunday 4 January worked; Saturday 14 February worked.
        pytest.param("2025-12-31 10:00", date(2026, 1, 22), date(2026, 2, 12), id="over New Year"),
        # 15-23 February off, Saturdays 14 and 28 February worked.
        pytest.param("2026-02-12 10:00", date(2026, 3, 11), date(2026, 4, 1), id="over Spring Festival"),
        # 1-8 October off, Sunday 28 September and Saturday 11 October worked.
        pytest.param("2025-09-26 10:00", date(2025, 10, 23), date(2025, 11, 13), id="over National Day"),
        pytest.param("2026-03-06 18:00", date(2026, 3, 30), date(2026, 4, 21), id="accepted on Friday evening"),
    ],
)
def test_the_promise_ends_after_fifteen_working_days(accepted: str, promised_end: date, statutory_end: date) -> None:
    story = Story().apply(on=accepted)
    story.act("accept", "ok")
    assert story.state.due_at == CALENDAR.end_of_day(promised_end)
    assert story.state.statutory_due_at == CALENDAR.end_of_day(statutory_end)
    assert explained(story).due_on == promised_end


def test_the_clock_has_not_started_before_acceptance() -> None:
    story = Story().apply()
    explanation = explained(story)
    assert explanation.phase == "not-started"
    assert explanation.used_working_days == 0
    assert explanation.lines == ()
    assert explanation.received_on == date(2026, 3, 2)


def test_day_one_is_the_working_day_after_acceptance() -> None:
    story = Story().to_joint()
    assert [explained(story, f"{day} 12:00").used_working_days for day in ("2026-03-02", "2026-03-03")] == [0, 1]
    assert explained(story, "2026-03-08 12:00").used_working_days == 4


def test_the_clock_runs_while_any_parallel_step_counts() -> None:
    story = Story().to_joint()
    assert story.state.clock.standing is None
    story.result("verify", "found", on="2026-03-04 10:00")
    standing = story.state.clock.standing
    assert standing is not None
    assert (standing.kind, standing.step, standing.ground) == ("paused", "assess", "鉴定")


def test_an_unavailable_department_does_not_stop_the_legal_clock() -> None:
    story = Story().to_joint()
    story.act("assess", fields=ASSESSED)
    story.result("verify", "unavailable")
    assert story.state.clock.standing is None


def test_a_pause_that_ends_on_its_day_excludes_none() -> None:
    story = Story().to_joint()
    story.result("verify", "found", on="2026-03-04 10:00")
    story.act("assess", fields=ASSESSED, on="2026-03-04 15:00")
    assert [interval.step for interval in story.state.clock.intervals] == ["publicise"]


def test_a_pause_excludes_its_first_day_and_not_its_last() -> None:
    story = Story().to_joint()
    story.result("verify", "found", on="2026-03-04 10:00")
    story.act("assess", fields=ASSESSED, on="2026-03-09 10:00")
    # 3 March counts; 4, 5 and 6 March do not; 9 March belongs to the publicity that begins on it.
    interval = story.state.clock.intervals[0]
    assert (interval.started_on, interval.ended_on) == (date(2026, 3, 4), date(2026, 3, 9))


def test_the_deadline_moves_with_a_pause() -> None:
    story = Story().to_joint()
    story.result("verify", "found")
    assert story.state.due_at is None
    story.act("assess", fields=ASSESSED)
    story.due("2026-03-10 00:00")
    # 2 to 6 March do not count (3 to 6 of them after acceptance): 15 working days more from 9 March on.
    assert story.state.due_at == CALENDAR.end_of_day(date(2026, 3, 27))


def test_the_lines_of_an_open_case_add_up() -> None:
    story = Story().to_publicity()
    explanation = explained(story, "2026-03-06 12:00")
    assert [(line.kind, line.first_on, line.last_on, line.working_days) for line in explanation.lines] == [
        ("paused", date(2026, 3, 3), date(2026, 3, 6), 4)
    ]
    assert explanation.used_working_days == 0
    assert explanation.remaining_working_days == 15


def test_the_lines_of_a_closed_case_add_up() -> None:
    story = Story().to_approval()
    story.act("approve", "deny", on="2026-03-12 10:00")
    explanation = explained(story, "2026-05-01 12:00")
    assert explanation.phase == "stopped"
    assert explanation.as_of == date(2026, 3, 12)
    assert [(line.kind, line.working_days, line.is_counted) for line in explanation.lines] == [
        ("paused", 4, False),
        ("running", 4, True),
    ]
    assert explanation.used_working_days == 4


def test_the_clock_stops_with_the_decision_not_with_delivery() -> None:
    story = Story().to_issue()
    story.result("issue", on="2026-03-20 10:00")
    assert story.state.clock.stopped_on == date(2026, 3, 10)
    assert explained(story).used_working_days == 2
    assert "red:case" not in story.state.timers


def test_cards_follow_the_promise_rounded_up_to_whole_days() -> None:
    story = Story().to_joint()
    # 70 % of 15 days is 10.5, so 11: Tuesday 17 March.
    assert story.state.timers["yellow:case"] == CALENDAR.end_of_day(date(2026, 3, 17))
    assert story.state.timers["red:case"] == CALENDAR.end_of_day(date(2026, 3, 23))


def test_a_passed_limit_raises_cards_and_nothing_else() -> None:
    story = Story().to_joint()
    # 10 working days: yellow after 7 (11 March), red after 10 (16 March).
    story.due("2026-03-17 00:00")
    cards = [(one.kind, one.detail["about"], one.at) for one in story.happenings if one.kind.endswith("card")]
    assert cards == [
        ("yellow-card", "assess.1", CALENDAR.end_of_day(date(2026, 3, 11))),
        ("red-card", "assess.1", CALENDAR.end_of_day(date(2026, 3, 16))),
    ]
    assert story.task("assess").key == "assess.1"
    assert story.state.cards == ("yellow:assess.1", "red:assess.1")


def test_no_card_of_the_promise_is_raised_while_the_clock_stands() -> None:
    story = Story().to_joint()
    story.result("verify", "found")
    story.due("2026-06-01 09:00")
    assert "red:case" not in story.state.cards


def test_an_extension_adds_to_both_limits() -> None:
    story = Story().to_joint()
    story.give(ExtendLimit("情况复杂"), story.officer("leader"))
    assert story.state.due_at == CALENDAR.end_of_day(date(2026, 4, 7))
    assert story.state.statutory_due_at == CALENDAR.end_of_day(date(2026, 4, 28))
    assert explained(story).added_working_days == 10
    assert story.last is not None
    assert [effect.detail["code"] for effect in story.last.effects] == ["case.extended"]


@pytest.mark.parametrize(
    ("moment", "refusal"),
    [
        pytest.param("2026-03-23 17:30", None, id="in the last minute of the last day"),
        pytest.param("2026-03-23 17:31", DeadlinePassed, id="after hours, so done on the next day"),
        pytest.param("2026-03-24 00:00", DeadlinePassed, id="after the deadline"),
    ],
)
def test_an_extension_is_granted_before_the_deadline_or_not_at_all(
    moment: str, refusal: type[Exception] | None
) -> None:
    story = Story().to_joint()
    story.now = at(moment)
    if refusal is None:
        story.give(ExtendLimit("情况复杂"), story.officer("leader"))
    else:
        with pytest.raises(refusal):
            story.give(ExtendLimit("情况复杂"), story.officer("leader"))


def test_an_extension_is_refused_without_reason_twice_early_late_or_by_another() -> None:
    story = Story().apply()
    leader = story.officer("leader")
    with pytest.raises(ClockNotRunning):
        story.give(ExtendLimit("情况复杂"), leader)
    story.act("accept", "ok")
    with pytest.raises(ReasonMissing):
        story.give(ExtendLimit(" "), leader)
    with pytest.raises(NotPermitted):
        story.give(ExtendLimit("情况复杂"), story.officer("checker"))
    story.give(ExtendLimit("情况复杂"), leader)
    with pytest.raises(ExtensionUsedUp):
        story.give(ExtendLimit("情况复杂"), leader)
    decided = Story().to_issue()
    with pytest.raises(ClockNotRunning):
        decided.give(ExtendLimit("情况复杂"), leader)


def test_a_suspension_stops_the_clock_on_its_ground() -> None:
    story = Story().to_joint()
    story.give(SuspendCase("不可抗力", "洪水"), story.officer("checker"), on="2026-03-04 10:00")
    story.give(ResumeCase(), story.officer("leader"), on="2026-03-11 10:00")
    (interval,) = story.state.clock.intervals
    assert (interval.kind, interval.ground, interval.basis) == ("suspended", "不可抗力", "民法典")
    assert (interval.started_on, interval.ended_on) == (date(2026, 3, 4), date(2026, 3, 11))
    # 4, 5, 6, 9 and 10 March do not count: five working days later than 23 March.
    assert story.state.due_at == CALENDAR.end_of_day(date(2026, 3, 30))


def test_days_of_an_objection_fall_under_the_pause_of_its_wait() -> None:
    story = Story().to_publicity()
    story.give(Object("publicise", "不符合"), APPLICANT, on="2026-03-09 10:00")
    story.due("2026-03-11 10:00")
    assert story.state.clock.standing is not None
    story.act("publicise", "dismiss", on="2026-03-12 10:00")
    (interval,) = story.state.clock.intervals
    assert (interval.started_on, interval.ended_on) == (date(2026, 3, 2), date(2026, 3, 12))


def test_a_statutory_limit_in_natural_days_is_extended_by_working_days() -> None:
    story = Story(review_item()).apply_with(APPEAL)
    story.act("accept", "ok")
    # 40 working days end on 28 April; 60 days on 1 May, a holiday, so on 6 May.
    assert story.state.due_at == CALENDAR.end_of_day(date(2026, 4, 28))
    assert story.state.statutory_due_at == CALENDAR.end_of_day(date(2026, 5, 6))
    story.give(ExtendLimit("案情复杂"), story.officer("leader"))
    # 20 working days more, Saturday 9 May among them.
    assert story.state.due_at == CALENDAR.end_of_day(date(2026, 5, 28))
    assert story.state.statutory_due_at == CALENDAR.end_of_day(date(2026, 6, 2))
    explanation = explained(story)
    assert (str(explanation.promised), str(explanation.statutory)) == ("40wd", "60d")
    assert explanation.statutory_due_on == date(2026, 6, 2)
