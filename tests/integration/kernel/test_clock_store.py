from datetime import UTC, datetime

import pytest

from gov_portal.kernel.clock_store import LATEST, SANDBOX_START, ClockTooFar, DurationInvalid, SimulatedClock
from gov_portal.kernel.db import Database
from gov_portal.kernel.working_days import Calendar

CALENDAR = Calendar.official()


def test_an_untouched_sandbox_begins_on_a_monday_morning(database: Database) -> None:
    assert SimulatedClock(database).now() == SANDBOX_START == datetime(2026, 3, 2, 1, tzinfo=UTC)


def test_every_process_sees_a_move(database: Database) -> None:
    SimulatedClock(database).advance("2h", calendar=CALENDAR)
    assert SimulatedClock(database).now() == datetime(2026, 3, 2, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    ("duration", "expected"),
    [
        ("1wd", datetime(2026, 3, 3, 1, tzinfo=UTC)),
        ("5wd", datetime(2026, 3, 9, 1, tzinfo=UTC)),
        # Qingming 2026 is off from Saturday 4 to Monday 6 April (State Council notice of November 2025)
        ("25wd", datetime(2026, 4, 7, 1, tzinfo=UTC)),
        ("3d", datetime(2026, 3, 5, 1, tzinfo=UTC)),
        ("30m", datetime(2026, 3, 2, 1, 30, tzinfo=UTC)),
    ],
)
def test_moving_leads_to_the_same_time_of_day(database: Database, duration: str, expected: datetime) -> None:
    assert SimulatedClock(database).advance(duration, calendar=CALENDAR) == expected


def test_the_clock_stays_where_limits_can_be_reckoned(database: Database) -> None:
    clock = SimulatedClock(database)
    clock.advance("9999wd", calendar=CALENDAR)
    clock.advance("9999d", calendar=CALENDAR)
    with pytest.raises(ClockTooFar):
        clock.advance("9999wd", calendar=CALENDAR)
    assert clock.now() <= LATEST
    assert CALENDAR.add_working_days(clock.now().date(), 9999).on.year < 2199


@pytest.mark.parametrize("duration", ["", "5", "wd", "-1d", "0d", "5 wd", "1.5d", "99999d", "٣d"])
def test_other_spellings_are_refused(database: Database, duration: str) -> None:
    with pytest.raises(DurationInvalid):
        SimulatedClock(database).advance(duration, calendar=CALENDAR)
