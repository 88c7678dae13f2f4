"""Silence until the statutory end decides (逾期未作决定，视为同意), by itself and with effect from that day.

Days off and worked Saturdays and Sundays: State Council notices 国办发明电〔2023〕7号, 〔2024〕12号 and 〔2025〕7号.
"""

from datetime import date

import pytest

from gov_portal.kernel.working_days import Calendar, read_days
from tests.factories.cases import APPLICANT, CALENDAR, SAMPLE, Story, at, item_from
from workflows.domain.commands import ExtendLimit, Mark, ResumeCase, SuspendCase, WithdrawCase
from workflows.domain.definition import Phase
from workflows.domain.state import Status
from workflows.engine.clock import SILENCE, explain
from workflows.engine.refusals import StaleTask

ACCOUNT = ("applicant.name", "applicant.id_no", "applicant.region")


def accepted(on: str, *, test: bool = False, calendar: Calendar = CALENDAR) -> Story:
    """Return an accepted case whose statutory limit of 20 days decides; 15 are promised."""
    story = Story(item_from("law/silence.yaml"), now=at(on), calendar=calendar)
    story.apply_with({"trial.plan": "样例", "trial.test": test, **{path: SAMPLE[path] for path in ACCOUNT}})
    story.act("accept", "ok")
    return story


# Accepted; end of the 15 promised days; end of the 20 statutory ones (药品管理法 19; 行政许可法 82).
ENDS = [
    # 10-17 February 2024 off, Sundays 4 and 18 February worked.
    ("2024-01-31", date(2024, 2, 26), date(2024, 3, 4)),
    # 1-8 October 2025 off, Sunday 28 September and Saturday 11 October worked.
    ("2025-09-24", date(2025, 10, 21), date(2025, 10, 28)),
    # 15-23 February 2026 off, Saturdays 14 and 28 February worked.
    ("2026-02-10", date(2026, 3, 9), date(2026, 3, 16)),
]


@pytest.mark.parametrize(("on", "promised", "statutory"), ENDS, ids=[row[0] for row in ENDS])
def test_the_statutory_end_decides_and_the_promised_one_does_not(on: str, promised: date, statutory: date) -> None:
    story = accepted(f"{on} 10:00")
    end = CALENDAR.end_of_day(statutory)
    story.give_at(CALENDAR.end_of_day(promised))
    assert "red:case" in story.state.cards
    story.due(f"{statutory} 23:59")
    assert story.state.phase is Phase.REVIEW
    story.give_at(end)
    deemed = story.happening("deemed")
    assert (deemed.step, deemed.detail["act"], deemed.at) == ("approve", "ok", end)
    assert (story.values["approve.act"], story.values["approve.day"]) == ("ok", statutory)
    assert "approve" not in story.state.actors
    assert [active.step for active in story.state.active] == ["issue"]
    assert (story.state.clock.stopped_on, story.state.due_at) == (statutory, None)
    explained = explain(story.definition, story.state, now=story.now, calendar=CALENDAR)
    assert (explained.phase, explained.used_working_days) == ("stopped", 20)


def test_its_notice_is_issued_and_the_applicant_is_told() -> None:
    story = accepted("2026-03-02 10:00")
    # 3-6, 9-13, 16-20, 23-27, 30 March.
    transition = story.due("2026-03-31 00:00")
    assert [one.detail["document"] for one in transition.effects if one.kind == "notice"] == ["受理通知书"]
    assert "case.deemed-decided" in [one.detail.get("code") for one in transition.effects]


def test_open_work_is_gone_and_comes_too_late() -> None:
    story = accepted("2026-03-02 10:00")
    story.due("2026-03-31 09:00")
    assert story.state.tasks == {}
    with pytest.raises(StaleTask):
        story.give_at(story.now)
        story.act_on("first.1", role="checker")


def test_whoever_decides_in_time_is_not_overruled() -> None:
    story = accepted("2026-03-02 10:00")
    story.act("first", fields={"findings.facts": "样例"})
    story.act("second", "ok")
    story.act("approve", "deny", on="2026-03-30 17:30")
    assert (story.state.outcome, SILENCE in story.state.timers) == ("denied", False)


def test_an_open_decision_keeps_its_visit() -> None:
    story = accepted("2026-03-02 10:00")
    story.act("first", fields={"findings.facts": "样例"})
    story.act("second", "ok")
    story.due("2026-03-31 09:00")
    assert (story.state.visits["approve"], story.happening("deemed").visit) == (1, 1)
    assert story.state.tasks == {}


def test_days_that_do_not_count_put_it_off() -> None:
    story = accepted("2026-02-10 10:00", test=True)
    assert SILENCE not in story.state.timers
    # 检验: ten days, 11-13, 14 (worked), 24-27, 28 (worked) February, 2 March; that day counts again.
    story.due("2026-03-03 00:00")
    # 2-6, 9-13, 16-20, 23-27 March.
    assert story.state.timers[SILENCE] == CALENDAR.end_of_day(date(2026, 3, 27))
    story.give(ExtendLimit("情况复杂"), story.officer("leader"))
    # 30, 31 March, 1-3, 7-10, 13 April; 4-6 April are off.
    assert story.state.timers[SILENCE] == CALENDAR.end_of_day(date(2026, 4, 13))
    story.give(SuspendCase("不可抗力", "洪水"), story.officer("leader"), on="2026-03-10 10:00")
    assert SILENCE not in story.state.timers
    story.give(ResumeCase(), story.officer("leader"), on="2026-03-17 10:00")
    # 10-13 and 16 March stood: 14-17 and 20 April.
    assert story.state.timers[SILENCE] == CALENDAR.end_of_day(date(2026, 4, 20))


def test_while_the_applicant_is_asked_nobody_is_silent() -> None:
    story = accepted("2026-03-02 10:00")
    story.act("first", fields={"findings.facts": "样例"})
    story.act("second", "ok")
    story.act("approve", "more", marks=(Mark("trial.plan", "不清楚"),), on="2026-03-30 10:00")
    story.due("2026-04-15 10:00")
    assert (story.state.status, story.state.outcome, SILENCE in story.state.timers) == (Status.OPEN, None, False)


def test_a_provisional_end_decides_nothing_until_the_calendar_comes() -> None:
    # 2027 has no official calendar yet: 20 days from 10 December 2026 end on 7 January as far as anybody knows.
    story = accepted("2026-12-10 10:00")
    assert story.state.is_due_provisional
    story.due("2027-01-20 10:00")
    assert "deemed" not in [one.kind for one in story.happenings]
    assert story.state.timers[SILENCE] == at("2027-01-21 00:00")
    rows = ["date,kind,note", "2026-01-01,year,x", "2027-01-01,year,x", "2027-01-01,off,元旦", "2027-01-04,off,元旦"]
    story.calendar = Calendar.of(read_days(rows))
    story.due("2027-01-20 11:00")
    # 11, 14-18, 21-25, 28-31 December are 15; 5-8 and 11 January.
    assert story.happening("deemed").at == at("2027-01-12 00:00")


def test_a_decision_by_silence_may_be_withdrawn_until_the_licence_is_there() -> None:
    story = accepted("2026-03-02 10:00")
    story.due("2026-03-31 09:00")
    story.give(WithdrawCase(), APPLICANT)
    assert story.state.outcome == "withdrawn"
