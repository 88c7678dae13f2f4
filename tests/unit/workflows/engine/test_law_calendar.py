"""Time rules of the Administrative Licensing Law over 2024 to 2026, with every expected day written out.

Days off and worked Saturdays and Sundays: State Council notices 国办发明电〔2023〕7号, 〔2024〕12号 and 〔2025〕7号.
"""

from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

import pytest

from gov_portal.kernel.working_days import SHANGHAI
from tests.factories import cases
from tests.factories.cases import CALENDAR, Story, at
from workflows.domain.commands import ExtendLimit, Mark
from workflows.domain.definition import Definition
from workflows.dsl.lint import compile_text
from workflows.engine.clock import ClockExplanation, explain

PERMIT = (Path(cases.__file__).parent / "law_permit.yaml").read_text(encoding="utf-8")


@lru_cache(maxsize=2)
def permit(days: int = 20, more: int = 10) -> Definition:
    """Return the permit with another limit and extension."""
    text = PERMIT.replace("statutory: 20wd, promised: 20wd", f"statutory: {days}wd, promised: {days}wd")
    return compile_text(text.replace("add: 10wd", f"add: {more}wd"), "law_permit.yaml")


def applied(on: str, *, days: int = 20, more: int = 10, hearing: bool = False) -> Story:
    story = Story(definition=permit(days, more), now=at(on))
    return story.apply_with({"plan.note": "样例", "plan.hearing": hearing, **_person()})


def _person() -> dict[str, object]:
    return {name: cases.SAMPLE[name] for name in ("applicant.name", "applicant.id_no", "applicant.region")}


def accepted(on: str, *, days: int = 20, more: int = 10, hearing: bool = False) -> Story:
    story = applied(on, days=days, more=more, hearing=hearing)
    story.act("accept", "ok")
    return story


def _timer(story: Story, key: str) -> datetime:
    return story.state.timers[key]


def explained(story: Story, on: str) -> ClockExplanation:
    return explain(story.definition, story.state, now=at(on), calendar=CALENDAR)


# Accepted; end of 20, 20 + 10, 45 and 45 + 15 working days (art. 42, 82). Day 1 is the working day after.
LIMITS = [
    # 10-17 February 2024 off, Sundays 4 and 18 February worked; 4-6 April off, Sunday 7 April worked.
    ("2024-01-31", date(2024, 3, 4), date(2024, 3, 18), date(2024, 4, 9), date(2024, 4, 29)),
    # 1-5 May 2024 off, Sunday 28 April and Saturday 11 May worked; 10 June off.
    ("2024-04-26", date(2024, 5, 27), date(2024, 6, 11), date(2024, 7, 2), date(2024, 7, 23)),
    # 15-17 September, 1-7 October off; Saturday 14 and Sunday 29 September, Saturday 12 October worked.
    ("2024-09-11", date(2024, 10, 15), date(2024, 10, 29), date(2024, 11, 19), date(2024, 12, 10)),
    # Over the year: 1 January 2025 off; 28 January to 4 February off, Sunday 26 January and Saturday 8 February worked.
    ("2024-12-13", date(2025, 1, 13), date(2025, 1, 26), date(2025, 2, 21), date(2025, 3, 14)),
    ("2025-01-22", date(2025, 2, 25), date(2025, 3, 11), date(2025, 4, 1), date(2025, 4, 23)),
    # 1-5 May 2025 off, Sunday 27 April worked; 31 May to 2 June off.
    ("2025-04-25", date(2025, 5, 27), date(2025, 6, 11), date(2025, 7, 2), date(2025, 7, 23)),
    # 1-8 October 2025 off, Sunday 28 September and Saturday 11 October worked.
    ("2025-09-24", date(2025, 10, 28), date(2025, 11, 11), date(2025, 12, 2), date(2025, 12, 23)),
    # 15-23 February 2026 off, Saturdays 14 and 28 February worked.
    ("2026-02-10", date(2026, 3, 16), date(2026, 3, 30), date(2026, 4, 21), date(2026, 5, 14)),
    # 1-5 May 2026 off, Saturday 9 May worked; 19-21 June off.
    ("2026-04-28", date(2026, 5, 28), date(2026, 6, 11), date(2026, 7, 3), date(2026, 7, 24)),
    # 25-27 September and 1-7 October 2026 off, Sunday 20 September and Saturday 10 October worked.
    ("2026-09-18", date(2026, 10, 22), date(2026, 11, 5), date(2026, 11, 26), date(2026, 12, 17)),
]


@pytest.mark.parametrize(
    ("on", "single", "extended", "joint", "joint_extended"), LIMITS, ids=[one[0] for one in LIMITS]
)
def test_the_decision_is_due_and_may_be_extended_once(
    on: str, single: date, extended: date, joint: date, joint_extended: date
) -> None:
    for days, more, ends in ((20, 10, (single, extended)), (45, 15, (joint, joint_extended))):
        story = accepted(f"{on} 10:00", days=days, more=more)
        assert story.state.due_at == CALENDAR.end_of_day(ends[0])
        story.give(ExtendLimit("情况复杂"), story.officer("leader"))
        assert story.state.due_at == CALENDAR.end_of_day(ends[1])


# Received; accepted by silence at the end of 5 working days (art. 32(4)), counted from receipt; end of the 20 days.
DEEMED = [
    ("2024-01-31 10:00", date(2024, 2, 6), date(2024, 1, 31), date(2024, 3, 4)),
    ("2024-09-30 10:00", date(2024, 10, 12), date(2024, 9, 30), date(2024, 11, 1)),
    ("2025-01-22 10:00", date(2025, 2, 5), date(2025, 1, 22), date(2025, 2, 25)),
    # A submission on a day off is received on the next working day: Sunday 28 September 2025 is one.
    ("2025-10-04 10:00", date(2025, 10, 15), date(2025, 10, 9), date(2025, 11, 5)),
    ("2026-02-10 10:00", date(2026, 2, 24), date(2026, 2, 10), date(2026, 3, 16)),
]


@pytest.mark.parametrize(("on", "deemed", "received", "due"), DEEMED, ids=[one[0][:10] for one in DEEMED])
def test_silence_is_acceptance_from_the_day_of_receipt(on: str, deemed: date, received: date, due: date) -> None:
    story = applied(on)
    assert story.task("accept").due_at == CALENDAR.end_of_day(deemed)
    story.give_at(CALENDAR.end_of_day(deemed))
    assert "deemed" in story.kinds()
    assert story.state.clock.started_on == received
    assert story.state.due_at == CALENDAR.end_of_day(due)


# Told; last day of a period of 30 natural days, moved to the next working day where it is off (民法典 203).
SUPPLEMENTS = [
    ("2024-04-12 10:00", date(2024, 5, 13)),  # Sunday 12 May
    ("2024-09-05 10:00", date(2024, 10, 8)),  # 1-7 October off
    ("2025-01-02 10:00", date(2025, 2, 5)),  # 28 January to 4 February off
    ("2025-09-01 10:00", date(2025, 10, 9)),  # 1-8 October off
    ("2026-01-20 10:00", date(2026, 2, 24)),  # 15-23 February off
]


@pytest.mark.parametrize(("on", "last"), SUPPLEMENTS, ids=[one[0][:10] for one in SUPPLEMENTS])
def test_a_period_of_natural_days_ends_on_a_working_day(on: str, last: date) -> None:
    story = applied(on)
    story.act("accept", "supplement", marks=(Mark("plan.note", "不清楚"),))
    assert story.task("accept").due_at == CALENDAR.end_of_day(last)
    assert story.state.clock.started_on is None
    story.give_at(CALENDAR.end_of_day(last))
    assert story.state.outcome == "lapsed"


def test_a_returned_supplement_is_a_new_receipt_with_the_full_five_days() -> None:
    story = applied("2024-09-05 10:00")
    story.act("accept", "supplement", marks=(Mark("plan.note", "不清楚"),))
    story.hand_in(on="2024-09-30 10:00", plan__note="清楚了")
    # 1-7 October 2024 off, Saturday 12 October worked: 8, 9, 10, 11, 12 October.
    assert story.task("accept").due_at == CALENDAR.end_of_day(date(2024, 10, 12))
    story.give_at(CALENDAR.end_of_day(date(2024, 10, 12)))
    assert story.state.clock.started_on == date(2024, 9, 30)


def test_a_hearing_does_not_count_and_every_day_is_explained() -> None:
    story = accepted("2025-09-24 10:00", hearing=True)
    # Asked for within 5 working days of the notice (art. 47): 25, 26, 28 (a worked Sunday), 29, 30 September.
    story.due("2025-10-01 00:00")
    # Held within 20 more: 9, 10, 11 (a worked Saturday), 13-17, 20-24, 27-31 October, 3 and 4 November.
    assert story.task("hearing").due_at == CALENDAR.end_of_day(date(2025, 11, 4))
    story.act("hearing", "ok", on="2025-10-22 15:00")
    explanation = explained(story, "2025-10-23 12:00")
    assert [(line.first_on, line.last_on, line.kind, line.ground, line.working_days) for line in explanation.lines] == [
        # The wait ends with 30 September, and that day belongs to the hearing.
        (date(2025, 9, 25), date(2025, 9, 29), "paused", "听证", 4),
        (date(2025, 9, 30), date(2025, 10, 21), "paused", "听证", 11),
        (date(2025, 10, 22), date(2025, 10, 23), "running", "", 2),
    ]
    assert (explanation.used_working_days, explanation.remaining_working_days) == (2, 18)
    # Eighteen more: 24, 27-31 October, 3-7, 10-14, 17 and 18 November.
    assert story.state.due_at == CALENDAR.end_of_day(date(2025, 11, 18))


def test_the_counted_days_add_up_on_each_day_of_a_case() -> None:
    story = accepted("2026-02-10 10:00")
    used = {
        day: explained(story, f"{day} 12:00").used_working_days
        for day in ("2026-02-10", "2026-02-11", "2026-02-14", "2026-02-20", "2026-02-24", "2026-02-28", "2026-03-01")
    }
    # 11, 12, 13 and the worked Saturday 14 February; nothing until 23 February; 24-27 and the worked Saturday 28.
    assert list(used.values()) == [0, 1, 4, 4, 5, 9, 9]


@pytest.mark.parametrize(
    ("decided", "last"),
    [
        ("2024-09-30 10:00", date(2024, 10, 18)),
        ("2025-01-22 10:00", date(2025, 2, 11)),
        ("2026-02-10 10:00", date(2026, 3, 2)),
    ],
)
def test_the_licence_comes_within_ten_days_of_the_decision(decided: str, last: date) -> None:
    story = accepted("2024-01-02 10:00" if decided < "2025" else f"{decided[:4]}-01-05 10:00")
    story.act("review", "ok", on=decided)
    story.act("approve", "ok")
    assert story.state.clock.stopped_on == at(decided).astimezone(SHANGHAI).date()
    assert story.state.outcome is None
    assert _timer(story, "red:issue.1") == CALENDAR.end_of_day(last)


def test_acting_after_office_hours_counts_from_the_next_working_day() -> None:
    # Friday 6 February 2026, 18:30: accepted on Monday 9 February; day 1 is the 10th.
    story = applied("2026-02-05 10:00")
    story.act("accept", "ok", on="2026-02-06 18:30")
    assert story.state.clock.started_on == date(2026, 2, 9)
    assert story.state.due_at == CALENDAR.end_of_day(date(2026, 3, 13))
