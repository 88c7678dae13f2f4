"""Limits that other laws set (法律另有规定的，依照其规定), and the cards of the supervision (电子监察), day by day.

Days off and worked Saturdays and Sundays: State Council notices 国办发明电〔2023〕7号, 〔2024〕12号 and 〔2025〕7号.
"""

from dataclasses import replace
from datetime import date

import pytest

from tests.factories.cases import CALENDAR, SAMPLE, Story, at, item_from
from workflows.domain.definition import Clock, Definition, Duration, Unit
from workflows.domain.state import CaseState, DecisionClock, Status
from workflows.engine.clock import explain

# Law; received; working days; last of them; extension with approval, and its last day.
LIMITS = [
    # 8, 9, 10 October; 11, 12 (a worked Saturday), 14 October.
    ("市场主体登记管理条例 19", "2024-09-30", 3, date(2024, 10, 10), 3, date(2024, 10, 14)),
    # 28 (a worked Sunday), 29, 30 September, 9, 10, 11 (a worked Saturday), 13 to 16 October.
    ("社会保险经办条例 6", "2025-09-26", 10, date(2025, 10, 16), 0, None),
    # 26 (a worked Sunday), 27 January, 5 to 7, 8 (a worked Saturday), 10 to 14, 17 to 21, 24 to 27 February.
    ("社会保险经办条例 18", "2025-01-24", 20, date(2025, 2, 27), 0, None),
    # 29, 30 April, 6 to 8, 9 (a worked Saturday), 11 to 15, 18 to 22, 25 to 29 May, 1 to 5, 8 to 11 June.
    ("社会保险经办条例 20", "2026-04-28", 30, date(2026, 6, 11), 0, None),
    # 13, 14 (a worked Saturday), 24 to 28 (a worked Saturday) February, 2 to 6, 9 to 13, 16 to 18 March.
    ("社会保险经办条例 22", "2026-02-12", 20, date(2026, 3, 18), 0, None),
    # 9, 18 (a worked Sunday), 19 to 23, 26 to 28 February.
    ("社会保险经办条例 24", "2024-02-08", 10, date(2024, 2, 28), 0, None),
]


def permit_of(**changes: object) -> Definition:
    """Return the permit of the licensing law with other facts or another clock."""
    permit = item_from("law_permit.yaml")
    clock = changes.pop("clock", permit.clock)
    facts = replace(permit.facts, **changes)  # type: ignore[arg-type]
    return replace(permit, hash=f"law-{sorted(map(str, changes.values()))}-{clock}", facts=facts, clock=clock)  # type: ignore[arg-type]


@pytest.mark.parametrize(("law", "on", "days", "last", "more", "extended"), LIMITS, ids=[one[0] for one in LIMITS])
def test_the_limit_of_a_law_ends_on_its_last_working_day(
    law: str, on: str, days: int, last: date, more: int, extended: date | None
) -> None:
    limit = Duration(days, Unit.WORKING_DAY)
    item = permit_of(statutory=limit, promised=limit)
    clock = DecisionClock(received_on=date.fromisoformat(on), started_on=date.fromisoformat(on))
    found = explain(item, CaseState(Status.OPEN, clock=clock), now=at(f"{on} 12:00"), calendar=CALENDAR)
    assert (found.statutory_due_on, found.remaining_working_days) == (last, days)
    if extended is not None:
        state = CaseState(Status.OPEN, clock=clock._replace(added_working_days=more))
        assert explain(item, state, now=at(f"{on} 12:00"), calendar=CALENDAR).statutory_due_on == extended


# Shares of the 20 days from 10 February 2026 on: 15-23 February off, Saturdays 14 and 28 February worked.
CARDS = [
    # The 14th day is 6 March, the 20th 16 March.
    (Clock(), date(2026, 3, 6), date(2026, 3, 16)),
    # The 16th is 10 March; two days of grace end with the 22nd, 18 March.
    (Clock(yellow_percent=80, red_percent=110), date(2026, 3, 10), date(2026, 3, 18)),
    # A quarter is the 5th, 24 February; 51 % of twenty are 10.2, so the 11th: 3 March.
    (Clock(yellow_percent=25, red_percent=51), date(2026, 2, 24), date(2026, 3, 3)),
]


@pytest.mark.parametrize(("clock", "yellow", "red"), CARDS, ids=["as usual", "late", "early"])
def test_an_item_says_itself_when_cards_are_raised(clock: Clock, yellow: date, red: date) -> None:
    story = Story(permit_of(clock=clock), now=at("2026-02-10 10:00"))
    account = {path: SAMPLE[path] for path in ("applicant.name", "applicant.id_no", "applicant.region")}
    story.apply_with({**account, "plan.note": "样例", "plan.hearing": False})
    story.act("accept", "ok")
    for colour, day in (("yellow", yellow), ("red", red)):
        story.due(f"{day} 23:59")
        assert f"{colour}:case" not in story.state.cards
        story.give_at(CALENDAR.end_of_day(day))
        assert f"{colour}:case" in story.state.cards
        card = next(one for one in story.happenings if one.kind == f"{colour}-card" and one.detail["about"] == "case")
        assert card.at == CALENDAR.end_of_day(day)
    assert story.state.outcome is None, "a card decides nothing"
