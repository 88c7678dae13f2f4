"""Time rules of single articles over 2024 to 2026, each expected day counted by hand.

Days off and worked Saturdays and Sundays: State Council notices 国办发明电〔2023〕7号, 〔2024〕12号 and 〔2025〕7号.
"""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from gov_portal.kernel.working_days import Calendar, read_days
from tests.factories import cases
from tests.factories.cases import APPLICANT, CALENDAR, SAMPLE, Story, at, item_from, shipped_item
from workflows.domain.commands import (
    ActOn,
    ExtendLimit,
    Mark,
    ResumeCase,
    ReturnSupplement,
    SuspendCase,
    WithdrawCase,
)
from workflows.domain.state import CaseState, DecisionClock, Status
from workflows.dsl.lint import compile_text
from workflows.engine.clock import explain
from workflows.engine.refusals import DeadlinePassed, ExtensionUsedUp, MarkOutOfScope, WithdrawalTooLate
from workflows.services.explanations import conditions_of

FOLDER = Path(cases.__file__).parent
ACCOUNT = ("applicant.name", "applicant.id_no", "applicant.region")


def story_of(item: str, on: str, **fields: object) -> Story:
    """Tell a case of one of the items of the law, handed in at a moment."""
    story = Story(item_from(f"law/{item}.yaml"), now=at(on))
    known = {path: value for path, value in SAMPLE.items() if path in story.definition.fields}
    account = {path: known[path] for path in ACCOUNT if path in known}
    return story.apply_with({**account, **{path.replace("__", "."): value for path, value in fields.items()}})


def end_of(day: date) -> datetime:
    return CALENDAR.end_of_day(day)


def lines_of(story: Story, on: str) -> list[tuple[date, date, str, str, int]]:
    """Return the explanation of the clock on a day, line by line."""
    found = explain(story.definition, story.state, now=at(on), calendar=CALENDAR).lines
    return [(line.first_on, line.last_on, line.kind, line.ground, line.working_days) for line in found]


class Hearing(NamedTuple):
    """Hold the days of one hearing (行政许可法 47, 48)."""

    told: str
    ask_by: date
    asked: str
    announce_by: date
    announced: str
    first: date
    last: date


HEARINGS = [
    # 28 (a worked Sunday), 29, 30 April, 6, 7 May. Asked on 28 April: 29, 30 April, 6 to 8 May. Announced on 30 April:
    # seven days are 6 to 10, 11 (a worked Saturday), 13 May; eight more 14 to 17, 20 to 23 May.
    Hearing(
        "2024-04-26",
        date(2024, 5, 7),
        "2024-04-28",
        date(2024, 5, 8),
        "2024-04-30",
        date(2024, 5, 14),
        date(2024, 5, 23),
    ),
    # 25, 26, 28 (a worked Sunday), 29, 30 September. Asked on 26 September: 28 to 30 September, 9, 10 October.
    # Announced on 30 September: 9, 10, 11 (a worked Saturday), 13 to 16 October; then 17, 20 to 24, 27, 28 October.
    Hearing(
        "2025-09-24",
        date(2025, 9, 30),
        "2025-09-26",
        date(2025, 10, 10),
        "2025-09-30",
        date(2025, 10, 17),
        date(2025, 10, 28),
    ),
    # 11 to 13, 14 (a worked Saturday), 24 February. Asked on the 12th: 13, 14, 24 to 26 February. Announced the 14th:
    # 24 to 27, 28 (a worked Saturday) February, 2, 3 March; then 4 to 6, 9 to 13 March.
    Hearing(
        "2026-02-10",
        date(2026, 2, 24),
        "2026-02-12",
        date(2026, 2, 26),
        "2026-02-14",
        date(2026, 3, 4),
        date(2026, 3, 13),
    ),
]


@pytest.mark.parametrize("days", HEARINGS, ids=[one.told for one in HEARINGS])
def test_a_hearing_is_asked_for_announced_and_held_in_its_periods(days: Hearing) -> None:
    story = story_of("hearing", f"{days.told} 09:00", plan__note="样例")
    story.act("accept", "ok")
    story.act("tell", "ok")
    request = story.task("request")
    assert request.due_at == end_of(days.ask_by)
    story.give(ActOn(request.key, "ask", {}, ""), APPLICANT, on=f"{days.asked} 10:00")
    assert story.task("announce").due_at == end_of(days.announce_by)
    story.act("announce", "ok", on=f"{days.announced} 10:00")
    story.due(f"{days.first - timedelta(days=1)} 23:59")
    assert [active.step for active in story.state.active] == ["notice"], "seven days are not over"
    story.due(f"{days.first} 00:00")
    assert story.task("hearing").due_at == end_of(days.last)
    assert story.state.clock.standing is not None and story.state.clock.standing.ground == "听证"


def test_silence_for_five_days_waives_the_hearing_and_the_clock_goes_on() -> None:
    story = story_of("hearing", "2025-09-24 09:00", plan__note="样例")
    story.act("accept", "ok")
    story.act("tell", "ok", on="2025-09-24 10:00")
    story.due("2025-10-01 00:00")
    assert story.values["request.act"] == "waive"
    assert story.state.visits.get("hearing", 0) == 0
    assert lines_of(story, "2025-10-09 12:00") == [
        # The period ends with 30 September, and that day counts again.
        (date(2025, 9, 25), date(2025, 9, 29), "paused", "听证", 4),
        (date(2025, 9, 30), date(2025, 10, 9), "running", "", 2),
    ]
    # Eighteen more: 10, 11 (a worked Saturday), 13 to 17, 20 to 24, 27 to 31 October, 3 November.
    assert story.state.due_at == end_of(date(2025, 11, 3))


# 行政许可法 43. Accepted below; last day of its examination; reported up; end of the decision above.
FORWARDED = [
    # Day 1 above is 22 February: 22, 23, 26 to 29 February, 1, 4 to 8, 11 to 15, 18 to 20 March.
    ("2024-01-31", date(2024, 3, 4), "2024-02-22", date(2024, 3, 20)),
    # 13 to 17, 20 to 24, 27 to 31 October, 3 to 7 November.
    ("2025-09-24", date(2025, 10, 28), "2025-10-13", date(2025, 11, 7)),
    # 5, 6, 9 to 13, 16 to 20, 23 to 27, 30, 31 March, 1 April.
    ("2026-02-10", date(2026, 3, 16), "2026-03-05", date(2026, 4, 1)),
]


@pytest.mark.parametrize(("on", "examined", "up", "due"), FORWARDED, ids=[row[0] for row in FORWARDED])
def test_the_lower_body_has_twenty_days_and_they_are_not_those_of_the_upper(
    on: str, examined: date, up: str, due: date
) -> None:
    story = story_of("forwarded", f"{on} 10:00", plan__note="样例", plan__other="样例")
    story.act("accept", "ok")
    assert story.task("examine").due_at == end_of(examined)
    assert story.state.due_at is None
    story.act("examine", "ok", on=f"{up} 10:00")
    assert story.state.due_at == end_of(due)
    (line, *_) = explain(story.definition, story.state, now=story.now, calendar=CALENDAR).lines
    assert (line.ground, line.basis, line.is_counted) == ("转报", "行政许可法 43", False)


def test_the_upper_body_asks_for_nothing_that_the_lower_found_in_order() -> None:
    story = story_of("forwarded", "2025-03-03 10:00", plan__note="样例", plan__other="样例")
    story.act("accept", "supplement", marks=(Mark("plan.note", "不清楚"),))
    story.hand_in(plan__note="清楚了")
    story.act("accept", "ok")
    story.act("examine", "ok")
    with pytest.raises(MarkOutOfScope):
        story.act("decide", "ask", marks=(Mark("plan.other", "再交一次"),))


# 工伤保险条例 20: accepted; last of 15 days where the facts are clear; of 60; of 60 and 30. In natural days, and a last
# day off gives way to the next working day (民法典 203).
INJURIES = [
    # Saturday 17 August; 1 October, in the holidays to the 7th; 31 October.
    ("2024-08-02", date(2024, 8, 19), date(2024, 10, 8), date(2024, 10, 31)),
    # 21 August; 5 October, in the holidays to the 8th; 4 November.
    ("2025-08-06", date(2025, 8, 21), date(2025, 10, 9), date(2025, 11, 4)),
    # 18 March; Saturday 2 May, in the holidays to the 5th; 1 June.
    ("2026-03-03", date(2026, 3, 18), date(2026, 5, 6), date(2026, 6, 1)),
    # 1 October, in the holidays to the 7th; Sunday 15 November; 15 December.
    ("2026-09-16", date(2026, 10, 8), date(2026, 11, 16), date(2026, 12, 15)),
]


@pytest.mark.parametrize(("on", "clear", "whole", "extended"), INJURIES, ids=[row[0] for row in INJURIES])
def test_a_limit_depends_on_the_case_and_is_extended_in_its_own_days(
    on: str, clear: date, whole: date, extended: date
) -> None:
    for is_clear, end in ((True, clear), (False, whole)):
        story = story_of("injury", f"{on} 10:00", accident__day=date.fromisoformat(on))
        story.act("accept", "ok", fields={"accident.clear": is_clear})
        assert (story.state.due_at, story.state.statutory_due_at) == (end_of(end), end_of(end))
        assert story.task("decide").due_at == end_of(end)
    story.give(ExtendLimit("须进一步调查"), story.officer("checker"))
    assert (story.state.due_at, story.state.statutory_due_at) == (end_of(extended), end_of(extended))
    assert story.happening("extended").detail == {"days": 30}
    with pytest.raises(ExtensionUsedUp):
        story.give(ExtendLimit("再次"), story.officer("checker"))


def test_an_extension_of_natural_days_is_explained_in_working_days() -> None:
    story = story_of("injury", "2026-03-03 10:00", accident__day=date(2026, 3, 1))
    story.act("accept", "ok", fields={"accident.clear": False})
    before = explain(story.definition, story.state, now=at("2026-03-10 12:00"), calendar=CALENDAR)
    # 4 to 31 March are 20 working days, April has 21 without the 6th, and 6 May is one.
    assert (before.promised_working_days, before.remaining_working_days, str(before.promised)) == (42, 37, "60d")
    story.give(ExtendLimit("须进一步调查"), story.officer("checker"), on="2026-03-10 10:00")
    after = explain(story.definition, story.state, now=at("2026-03-10 12:00"), calendar=CALENDAR)
    # 7 May to 1 June, Saturday 9 May worked: 7, 8, 9, 11 to 15, 18 to 22, 25 to 29 May, 1 June.
    assert (after.added_working_days, after.remaining_working_days) == (19, 56)
    assert after.due_on == date(2026, 6, 1)


def test_what_the_limit_was_read_from_may_change_without_changing_it() -> None:
    story = story_of("injury", "2026-03-03 10:00", accident__day=date(2026, 3, 1))
    story.act("accept", "ok", fields={"accident.clear": True})
    story.values["accident.clear"] = False
    story.give(SuspendCase("须等待司法结论", "等判决"), story.officer("checker"), on="2026-03-05 10:00")
    story.give(ResumeCase(), story.officer("checker"), on="2026-03-10 10:00")
    # Five natural days stood: 18 March becomes Monday 23 March.
    assert story.state.statutory_due_at == end_of(date(2026, 3, 23))


@pytest.mark.parametrize(
    ("moment", "refusal"),
    [("2026-05-06 17:30", None), ("2026-05-06 17:31", DeadlinePassed), ("2026-05-07 09:00", DeadlinePassed)],
)
def test_natural_days_too_are_extended_before_they_are_over_or_not_at_all(
    moment: str, refusal: type[Exception] | None
) -> None:
    story = story_of("injury", "2026-03-03 10:00", accident__day=date(2026, 3, 1))
    story.act("accept", "ok", fields={"accident.clear": False})
    story.now = at(moment)
    if refusal is None:
        story.give(ExtendLimit("须进一步调查"), story.officer("checker"))
        return
    with pytest.raises(refusal):
        story.give(ExtendLimit("须进一步调查"), story.officer("checker"))


# The shipped items in natural days: 居住证暂行条例 9 (15 days, in remote places at most 30) and 劳动争议调解仲裁法 43
# (45 days, extended by 15 at most). Accepted; the last day of each, and of each extended.
NATURAL = [
    # 15 March; 30 March is a Saturday. 14 April is a Sunday; 29 April.
    ("2024-02-29", date(2024, 3, 15), date(2024, 4, 1), date(2024, 4, 15), date(2024, 4, 29)),
    # A Saturday, so from Monday the 22nd: 7 October, in the holidays to the 8th; 22 October. 6 November; 21 November.
    ("2025-09-20", date(2025, 10, 9), date(2025, 10, 22), date(2025, 11, 6), date(2025, 11, 21)),
    # 18 February, in the holidays to the 23rd; 5 March. 20 March; Saturday 4 April, in the holidays to the 6th.
    ("2026-02-03", date(2026, 2, 24), date(2026, 3, 5), date(2026, 3, 20), date(2026, 4, 7)),
]


@pytest.mark.parametrize("row", NATURAL, ids=[row[0] for row in NATURAL])
def test_the_shipped_items_keep_their_natural_days(row: tuple[str, date, date, date, date]) -> None:
    on, permit, permit_extended, award, award_extended = row
    for name, ends in (
        ("residence-permit", (permit, permit_extended)),
        ("labour-arbitration", (award, award_extended)),
    ):
        state = CaseState(
            status=Status.OPEN, clock=DecisionClock(started_on=CALENDAR.effective_date(at(f"{on} 10:00")))
        )
        item = shipped_item(name)
        before = explain(item, state, now=at(f"{on} 12:00"), calendar=CALENDAR)
        assert item.anytime.extend is not None and before.statutory_due_on == ends[0]
        added = state.clock._replace(added_days=item.anytime.extend.add.amount)
        after = explain(item, state._replace(clock=added), now=at(f"{on} 12:00"), calendar=CALENDAR)
        assert after.statutory_due_on == ends[1]


# 工伤保险条例 17: the accident; the last day on which one may apply for its recognition.
@pytest.mark.parametrize(
    ("accident", "last"), [(date(2024, 2, 1), date(2024, 3, 2)), (date(2026, 3, 2), date(2026, 4, 1))]
)
def test_an_application_is_in_time_up_to_its_thirtieth_day(accident: date, last: date) -> None:
    item = item_from("law/injury.yaml")
    answers = [
        conditions_of(item, {"accident.day": accident}, today=day)[0].holds
        for day in (last, date.fromordinal(last.toordinal() + 1))
    ]
    assert answers == [True, False]


# 行政许可法 50: the permit ends; applied for; whether that was thirty days before; natural days, until midnight.
RENEWALS = [
    ("2024-05-31", "2024-05-01 23:59", True),  # Labour Day, the thirtieth day before
    ("2024-05-31", "2024-05-02 00:00", False),
    ("2025-03-01", "2025-01-30 10:00", True),  # in the Spring Festival
    ("2025-03-01", "2025-01-31 10:00", False),
    ("2026-03-31", "2026-03-01 20:00", True),  # a Sunday evening
    ("2026-03-31", "2026-03-02 09:00", False),
]


@pytest.mark.parametrize(("ends", "on", "is_renewed"), RENEWALS, ids=[f"{row[1]} of {row[0]}" for row in RENEWALS])
def test_silence_renews_what_was_applied_for_thirty_days_before_the_end(ends: str, on: str, is_renewed: bool) -> None:
    end = date.fromisoformat(ends)
    story = story_of("renewal", on, plan__note="样例", **_permit(end))
    story.due(f"{ends} 23:59")
    assert "deemed-renewed" not in [one.kind for one in story.happenings]
    story.give_at(CALENDAR.end_of_day(end))
    assert ("deemed-renewed" in [one.kind for one in story.happenings]) is is_renewed
    assert ([active.step for active in story.state.active] == ["issue"]) is is_renewed
    if is_renewed:
        assert story.happening("deemed-renewed").at == CALENDAR.end_of_day(end)
        with pytest.raises(WithdrawalTooLate):
            story.give(WithdrawCase(), APPLICANT)


def test_a_suspension_does_not_forget_that_the_application_came_in_time() -> None:
    story = story_of("renewal", "2026-03-01 20:00", plan__note="样例", **_permit(date(2026, 3, 31)))
    story.give(SuspendCase("不可抗力", "洪水"), story.officer("checker"), on="2026-03-10 10:00")
    story.give(ResumeCase(), story.officer("checker"), on="2026-03-20 10:00")
    story.due("2026-04-01 00:00")
    assert "deemed-renewed" in [one.kind for one in story.happenings]


def _permit(end: date) -> dict[str, object]:
    permit = {"number": "样例", "region": SAMPLE["applicant.region"], "place": "样例路1号", "valid_until": end}
    return {f"permit__{name}": value for name, value in permit.items()}


# Deregistration in Guangdong: handed in; end of the ten working days of the tax bureau; promised; three days more.
CLEARANCES = [
    # 1, 2, 4 (a worked Sunday), 5 to 9, 18 (a worked Sunday), 19 February; promised on the 20th; then 21 to 23.
    ("2024-01-31", date(2024, 2, 19), "2024-02-20", date(2024, 2, 23)),
    # 28 (a worked Sunday), 29, 30 September, 9 to 11 (a worked Saturday), 13 to 16 October; on the 17th; 20 to 22.
    ("2025-09-26", date(2025, 10, 16), "2025-10-17", date(2025, 10, 22)),
    # 13, 14 (a worked Saturday), 24 to 28 (a worked Saturday) February, 2 to 4 March; then 6, 9, 10.
    ("2026-02-12", date(2026, 3, 4), "2026-03-05", date(2026, 3, 10)),
]


@pytest.mark.parametrize(("on", "waited", "promised", "due"), CLEARANCES, ids=[row[0] for row in CLEARANCES])
def test_a_promise_takes_the_place_of_what_does_not_come_in_ten_days(
    on: str, waited: date, promised: str, due: date
) -> None:
    story = story_of("clearance", f"{on} 10:00", firm__code="样例")
    story.due(f"{waited} 23:59")
    assert [active.step for active in story.state.active] == ["clearance"]
    story.give_at(CALENDAR.end_of_day(waited))
    story.give(ActOn(story.task("pledge").key, "ok", {}, ""), APPLICANT, on=f"{promised} 10:00")
    assert (str(story.state.clock.started_on), story.state.due_at) == (promised, end_of(due))


def test_nothing_lapses_on_a_provisional_day_and_the_calendar_makes_it_final() -> None:
    text = (FOLDER / "law" / "clearance.yaml").read_text(encoding="utf-8").replace("late: next", "late: lapsed")
    story = Story(compile_text(text, "clearance.yaml"), now=at("2026-12-24 10:00"))
    story.apply_with({**{path: SAMPLE[path] for path in ACCOUNT}, "firm.code": "样例"})
    # 2027 has no official calendar: 25, 28 to 31 December and, as far as anybody knows, 1 and 4 to 7 January.
    assert story.state.timers["wait:clearance.1"] == end_of(date(2027, 1, 7))
    story.due("2027-01-20 10:00")
    assert (story.state.outcome, story.state.timers["wait:clearance.1"]) == (None, at("2027-01-21 00:00"))
    rows = ["date,kind,note", "2026-01-01,year,x", "2027-01-01,year,x", "2027-01-01,off,元旦", "2027-01-02,work,元旦"]
    story.calendar = Calendar.of(read_days([*rows, "2027-01-03,work,元旦"]))
    story.due("2027-01-21 00:00")
    # 2 and 3 January are worked then: 2 to 6 January are the last five of the ten.
    assert story.happening("closed").at == at("2027-01-07 00:00")
    assert (story.state.outcome, story.state.closed_on) == ("lapsed", date(2027, 1, 6))


def test_the_clock_says_of_every_day_whether_it_counts_and_why() -> None:
    # 1-8 October 2025 off, Sunday 28 September and Saturday 11 October worked; 20 days by law, 15 promised.
    story = story_of("silence", "2025-09-24 10:00", trial__plan="样例", trial__test=True)
    story.act("accept", "ok")
    # 检验 of ten days: 25, 26, 28, 29, 30 September, 9, 10, 11, 13, 14 October; the day on which it ends counts again.
    story.due("2025-10-15 09:00")
    story.give(SuspendCase("不可抗力", "台风"), story.officer("leader"), on="2025-10-16 10:00")
    story.give(ResumeCase(), story.officer("leader"), on="2025-10-21 10:00")
    story.act("first", fields={"findings.facts": "样例"}, on="2025-10-22 10:00")
    story.act("second", "ok")
    story.act("approve", "more", marks=(Mark("trial.plan", "不清楚"),), on="2025-10-23 10:00")
    key = story.task("approve").key
    story.give(ReturnSupplement(key, {"trial.plan": "新方案"}), APPLICANT, on="2025-10-28 09:00")
    assert lines_of(story, "2025-10-30 12:00") == [
        (date(2025, 9, 25), date(2025, 10, 13), "paused", "检验", 9),
        (date(2025, 10, 14), date(2025, 10, 15), "running", "", 2),
        (date(2025, 10, 16), date(2025, 10, 20), "suspended", "不可抗力", 3),
        (date(2025, 10, 21), date(2025, 10, 22), "running", "", 2),
        (date(2025, 10, 23), date(2025, 10, 27), "supplement", "补正", 3),
        (date(2025, 10, 28), date(2025, 10, 30), "running", "", 3),
    ]
    used = [
        explain(story.definition, story.state, now=at(f"2025-{day} 12:00"), calendar=CALENDAR).used_working_days
        for day in ("10-08", "10-13", "10-14", "10-15", "10-18", "10-20", "10-21", "10-22", "10-27", "10-28", "10-30")
    ]
    assert used == [0, 0, 1, 2, 2, 2, 3, 4, 4, 5, 7]
    # Eight of fifteen remain: 31 October, 3 to 7, 10, 11 November; thirteen of twenty: to 14, 17, 18 November.
    assert (story.state.due_at, story.state.statutory_due_at) == (
        end_of(date(2025, 11, 11)),
        end_of(date(2025, 11, 18)),
    )


def test_a_promise_in_working_days_gives_way_to_a_law_in_natural_ones() -> None:
    # 居住证: 15 days by law, 8 working days promised. Those are 25, 26, 28 (worked), 29, 30 September, 9 to 11 October
    # 2025, but 15 days after 24 September is 9 October.
    state = CaseState(status=Status.OPEN, clock=DecisionClock(started_on=date(2025, 9, 24)))
    found = explain(shipped_item("residence-permit"), state, now=at("2025-09-26 12:00"), calendar=CALENDAR)
    assert (found.due_on, found.statutory_due_on) == (date(2025, 10, 9), date(2025, 10, 9))
    # Six working days lie in it: 25, 26, 28, 29, 30 September and 9 October.
    assert (found.promised_working_days, found.used_working_days, found.remaining_working_days) == (6, 2, 4)
    usual = state._replace(clock=DecisionClock(started_on=date(2026, 3, 2)))
    # 3 to 6, 9 to 12 March.
    found = explain(shipped_item("residence-permit"), usual, now=at("2026-03-02 12:00"), calendar=CALENDAR)
    assert (found.due_on, found.statutory_due_on) == (date(2026, 3, 12), date(2026, 3, 17))
