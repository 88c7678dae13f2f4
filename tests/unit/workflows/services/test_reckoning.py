"""Lists show working days left and the card of a deadline."""

from datetime import date, datetime

import pytest

from gov_portal.kernel.working_days import Calendar
from workflows.services.reckoning import card, last_day, remaining_working_days
from workflows.views import Card

CALENDAR = Calendar.official()


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00")


@pytest.mark.parametrize(
    ("today", "days"),
    [
        # due at the end of Monday 9 March 2026; no holiday near
        (date(2026, 3, 2), 5),
        (date(2026, 3, 6), 1),
        (date(2026, 3, 7), 1),
        (date(2026, 3, 9), 0),
        (date(2026, 3, 10), -1),
        (date(2026, 3, 16), -5),
    ],
    ids=["a week before", "Friday before", "Saturday before", "the day itself", "a day late", "a week late"],
)
def test_days_left_are_working_days(today: date, days: int) -> None:
    assert remaining_working_days(at("2026-03-10T00:00"), today=today, calendar=CALENDAR) == days


def test_a_weekend_after_the_deadline_is_late_already() -> None:
    # due at the end of Friday 6 March 2026
    assert remaining_working_days(at("2026-03-07T00:00"), today=date(2026, 3, 7), calendar=CALENDAR) == -1


def test_without_a_limit_nothing_is_left_and_nothing_late() -> None:
    assert remaining_working_days(None, today=date(2026, 3, 2), calendar=CALENDAR) is None
    assert last_day(None, calendar=CALENDAR) is None


def test_midnight_belongs_to_the_day_that_it_ends() -> None:
    assert last_day(at("2026-03-10T00:00"), calendar=CALENDAR) == date(2026, 3, 9)


@pytest.mark.parametrize(
    ("now", "colour"),
    [("2026-03-01T00:00", Card.NONE), ("2026-03-05T00:00", Card.YELLOW), ("2026-03-09T23:59", Card.YELLOW)]
    + [("2026-03-10T00:00", Card.RED)],
)
def test_a_card_shows_from_its_moment_on(now: str, colour: Card) -> None:
    assert card(at("2026-03-05T00:00"), at("2026-03-10T00:00"), now=at(now)) is colour
