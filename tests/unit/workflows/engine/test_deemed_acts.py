"""Deemed acceptance (视为受理) fires by itself and takes effect from the day of receipt."""

from datetime import date

import pytest

from gov_portal.kernel.working_days import Calendar, read_days
from tests.factories.cases import CALENDAR, Story, at
from workflows.domain.definition import Phase
from workflows.domain.state import Status
from workflows.engine.clock import explain


# 行政许可法 32(4): five days; 82: working days. Holidays: 国务院办公厅 notices for 2025 and 2026.
@pytest.mark.parametrize(
    ("submitted", "received_on", "last_day"),
    [
        pytest.param("2026-03-02 09:00", date(2026, 3, 2), date(2026, 3, 9), id="an ordinary week"),
        pytest.param("2026-03-02 17:31", date(2026, 3, 3), date(2026, 3, 10), id="after office hours"),
        # 1-3 January 2026 off, Sunday 4 January worked.
        pytest.param("2025-12-31 16:00", date(2025, 12, 31), date(2026, 1, 8), id="over New Year"),
        pytest.param("2026-01-01 10:00", date(2026, 1, 4), date(2026, 1, 9), id="on New Year's Day"),
        # 15-23 February 2026 off, Saturdays 14 and 28 February worked.
        pytest.param("2026-02-13 17:31", date(2026, 2, 14), date(2026, 2, 28), id="over Spring Festival"),
        pytest.param("2026-02-18 12:00", date(2026, 2, 24), date(2026, 3, 2), id="during Spring Festival"),
        # 1-8 October 2025 off, Sunday 28 September and Saturday 11 October worked.
        pytest.param("2025-09-26 10:00", date(2025, 9, 26), date(2025, 10, 10), id="over National Day"),
        pytest.param("2025-09-30 10:00", date(2025, 9, 30), date(2025, 10, 14), id="over a worked Saturday"),
        # 1-5 May 2026 off, Saturday 9 May worked.
        pytest.param("2026-04-29 10:00", date(2026, 4, 29), date(2026, 5, 9), id="over Labour Day"),
    ],
)
def test_acceptance_is_deemed_at_the_end_of_the_fifth_working_day(
    submitted: str, received_on: date, last_day: date
) -> None:
    story = Story().apply(on=submitted)
    due_at = CALENDAR.end_of_day(last_day)
    assert story.state.clock.received_on == received_on
    assert story.task("accept").due_at == due_at
    story.due(f"{last_day} 23:59")
    assert "deemed" not in story.kinds()
    story.give_at(due_at)
    assert story.happening("deemed").at == due_at
    assert story.state.clock.started_on == received_on
    assert story.values["accept.act"] == "ok"
    assert story.values["accept.day"] == last_day
    assert story.state.phase is Phase.REVIEW


def test_the_legal_time_of_a_deemed_act_is_its_due_time_however_late_it_fires() -> None:
    prompt, late = Story().apply(), Story().apply()
    prompt.due("2026-03-10 00:00")
    late.due("2026-03-12 08:00")
    assert late.happening("deemed").at == at("2026-03-10 00:00")
    assert late.task("assess").due_at == prompt.task("assess").due_at
    assert late.task("assess").opened_on == date(2026, 3, 9)
    assert late.state.due_at == prompt.state.due_at == CALENDAR.end_of_day(date(2026, 3, 23))


def test_the_days_before_a_deemed_acceptance_count() -> None:
    story = Story().apply()
    story.due("2026-03-10 00:00")
    explanation = explain(story.definition, story.state, now=at("2026-03-09 23:00"), calendar=CALENDAR)
    assert explanation.used_working_days == 5


def test_a_deemed_acceptance_still_issues_its_notice_and_the_applicant_is_told() -> None:
    story = Story().apply()
    transition = story.due("2026-03-10 00:00")
    (notice,) = [effect for effect in transition.effects if effect.kind == "notice"]
    assert notice.detail["document"] == "受理通知书"
    assert "case.deemed-accepted" in [effect.detail.get("code") for effect in transition.effects]


def test_nobody_acted_in_a_deemed_step() -> None:
    story = Story().apply()
    story.due("2026-03-10 00:00")
    assert "accept" not in story.state.actors
    assert "red-card" not in [happening.kind for happening in story.happenings]


def test_any_command_fires_what_is_due_first() -> None:
    story = Story().apply()
    story.act_on("assess.1", role="assessor", on="2026-03-11 10:00")
    assert [happening.kind for happening in story.happenings].count("deemed") == 1
    assert "assess" not in {active.step for active in story.state.active}


def test_a_provisional_deadline_never_deems() -> None:
    # 2027 has no official calendar yet.
    story = Story().apply(on="2026-12-30 10:00")
    assert story.task("accept").is_provisional
    story.due("2027-01-20 10:00")
    assert story.state.status is Status.OPEN
    assert story.state.phase is Phase.ACCEPTANCE
    assert story.state.timers["due:accept.1"] == at("2027-01-21 00:00")


def test_a_calendar_that_arrives_makes_the_deadline_final() -> None:
    story = Story().apply(on="2026-12-30 10:00")
    rows = ["date,kind,note", "2026-01-01,year,x", "2027-01-01,year,x", "2027-01-01,off,元旦"]
    story.calendar = Calendar.of(read_days(rows))
    # 31 December, then 4 to 7 January: Friday 1 January is off.
    story.due("2027-01-07 10:00")
    assert not story.task("accept").is_provisional
    assert story.task("accept").due_at == at("2027-01-08 00:00")
    story.due("2027-01-20 10:00")
    assert story.happening("deemed").at == at("2027-01-08 00:00")
    assert story.state.clock.started_on == date(2026, 12, 30)
