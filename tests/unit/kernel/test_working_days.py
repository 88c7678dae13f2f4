from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import chinese_calendar
import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gov_portal.kernel.working_days import (
    Calendar,
    CalendarDay,
    CalendarFileInvalid,
    DateOutOfRange,
    DayKind,
    Deadline,
    read_days,
)

CALENDAR = Calendar.official()
HEADER = "date,kind,note"
days = st.dates(date(1990, 1, 1), date(2060, 12, 31))
counts = st.integers(0, 400)


def every_day(first_year: int, last_year: int) -> list[date]:
    first = date(first_year, 1, 1)
    return [first + timedelta(days=n) for n in range((date(last_year + 1, 1, 1) - first).days)]


@pytest.mark.parametrize("year", range(2004, 2027))
def test_the_shipped_calendar_agrees_with_chinesecalendar(year: int) -> None:
    differing = [on for on in every_day(year, year) if CALENDAR.is_working_day(on) != chinese_calendar.is_workday(on)]
    assert differing == []


@pytest.mark.parametrize("year", range(2010, 2027))
def test_the_shipped_calendar_agrees_with_holidays(year: int) -> None:
    china = holidays.country_holidays("CN", years=[year])
    differing = [on for on in every_day(year, year) if CALENDAR.is_working_day(on) != china.is_working_day(on)]
    assert differing == []


def test_the_weekends_worked_in_2026_are_those_of_the_notice() -> None:
    worked = [on for on in every_day(2026, 2026) if on.isoweekday() > 5 and CALENDAR.is_working_day(on)]
    assert worked == [date(2026, *day) for day in [(1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10)]]


@pytest.mark.parametrize(
    ("start", "count", "due_on"),
    [
        # 1-7 October 2024 off, Saturday 12 October worked (State Council notice for 2024)
        pytest.param(date(2024, 9, 30), 5, date(2024, 10, 12), id="over-national-day-2024"),
        # 15-23 February 2026 off, Saturdays 14 and 28 worked (State Council notice for 2026)
        pytest.param(date(2026, 2, 13), 1, date(2026, 2, 14), id="worked-saturday-is-day-1"),
        pytest.param(date(2026, 2, 14), 1, date(2026, 2, 24), id="over-spring-festival-2026"),
        # 1-3 January 2026 off, Sunday 4 January worked
        pytest.param(date(2025, 12, 31), 1, date(2026, 1, 4), id="over-new-year-2026"),
        pytest.param(date(2026, 3, 2), 0, date(2026, 3, 2), id="no-day-is-the-day-itself"),
        pytest.param(date(2026, 3, 7), 1, date(2026, 3, 9), id="from-a-saturday"),
    ],
)
def test_a_limit_ends_on_its_last_working_day(start: date, count: int, due_on: date) -> None:
    assert CALENDAR.add_working_days(start, count) == Deadline(due_on, is_provisional=False)


@pytest.mark.parametrize(
    ("start", "count", "deadline"),
    [
        pytest.param(date(2026, 12, 31), 1, Deadline(date(2027, 1, 1), is_provisional=True), id="next-year-unknown"),
        pytest.param(date(2026, 12, 30), 1, Deadline(date(2026, 12, 31), is_provisional=False), id="still-known"),
        pytest.param(date(2003, 12, 31), 1, Deadline(date(2004, 1, 2), is_provisional=False), id="only-known-days"),
        pytest.param(date(2003, 12, 30), 2, Deadline(date(2004, 1, 2), is_provisional=True), id="an-unknown-day"),
        pytest.param(date(2030, 5, 1), 0, Deadline(date(2030, 5, 1), is_provisional=True), id="no-day"),
    ],
)
def test_a_deadline_is_provisional_where_a_year_has_no_calendar(start: date, count: int, deadline: Deadline) -> None:
    assert CALENDAR.add_working_days(start, count) == deadline


def test_an_unknown_year_counts_monday_to_friday_and_nothing_else() -> None:
    assert all(CALENDAR.is_working_day(on) == (on.isoweekday() <= 5) for on in every_day(2027, 2030))


@given(days, counts, counts)
def test_adding_twice_is_adding_once(start: date, first: int, second: int) -> None:
    in_two = CALENDAR.add_working_days(CALENDAR.add_working_days(start, first).on, second).on
    assert in_two == CALENDAR.add_working_days(start, first + second).on


@given(days, st.integers(1, 400))
def test_a_deadline_is_a_working_day_with_its_count_behind_it(start: date, count: int) -> None:
    on = CALENDAR.add_working_days(start, count).on
    assert CALENDAR.is_working_day(on)
    assert CALENDAR.working_days_between(start + timedelta(days=1), on + timedelta(days=1)) == count


@given(days, days, days)
def test_spans_add_up(one: date, two: date, three: date) -> None:
    start, middle, end = sorted([one, two, three])
    parts = CALENDAR.working_days_between(start, middle) + CALENDAR.working_days_between(middle, end)
    assert parts == CALENDAR.working_days_between(start, end)


@given(days)
def test_one_day_counts_as_itself(on: date) -> None:
    assert CALENDAR.working_days_between(on, on + timedelta(days=1)) == CALENDAR.is_working_day(on)


@given(days)
def test_the_next_working_day_is_the_first_one_not_before(on: date) -> None:
    following = CALENDAR.next_working_day(on)
    assert following >= on
    assert CALENDAR.is_working_day(following)
    assert CALENDAR.working_days_between(on, following) == 0


@pytest.mark.parametrize(
    ("instant", "counted_on"),
    [
        pytest.param("2026-03-02T09:00+08:00", date(2026, 3, 2), id="in-office-hours"),
        pytest.param("2026-03-02T00:30+08:00", date(2026, 3, 2), id="early-in-the-morning"),
        pytest.param("2026-03-02T17:30+08:00", date(2026, 3, 2), id="at-closing-time"),
        pytest.param("2026-03-02T17:31+08:00", date(2026, 3, 3), id="after-closing-time"),
        pytest.param("2026-03-06T18:00+08:00", date(2026, 3, 9), id="friday-evening"),
        pytest.param("2026-03-07T10:00+08:00", date(2026, 3, 9), id="saturday"),
        pytest.param("2026-02-28T10:00+08:00", date(2026, 2, 28), id="worked-saturday"),
        pytest.param("2026-03-01T20:00+00:00", date(2026, 3, 2), id="another-time-zone"),
    ],
)
def test_an_act_outside_office_hours_counts_on_the_next_working_day(instant: str, counted_on: date) -> None:
    assert CALENDAR.effective_date(datetime.fromisoformat(instant)) == counted_on


def test_a_day_ends_at_midnight_in_shanghai() -> None:
    assert CALENDAR.end_of_day(date(2026, 3, 2)) == datetime(2026, 3, 2, 16, tzinfo=UTC)


@given(
    st.integers(int(datetime(1995, 1, 1, tzinfo=UTC).timestamp()), 2**32).map(lambda n: datetime.fromtimestamp(n, UTC))
)
def test_an_instant_lies_before_the_end_of_its_day(instant: datetime) -> None:
    assert instant < CALENDAR.end_of_day(CALENDAR.local_date(instant)) <= instant + timedelta(days=1)


@pytest.mark.parametrize("question", ["effective_date", "local_date"])
def test_an_instant_needs_its_time_zone(question: str) -> None:
    with pytest.raises(ValueError, match="time zone"):
        getattr(CALENDAR, question)(datetime(2026, 3, 2))  # noqa: DTZ001


def test_a_negative_limit_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        CALENDAR.add_working_days(date(2026, 3, 2), -1)


@pytest.mark.parametrize("on", [date(1899, 12, 31), date(2200, 1, 1)], ids=str)
def test_a_far_away_year_is_refused(on: date) -> None:
    with pytest.raises(DateOutOfRange):
        CALENDAR.is_working_day(on)


def test_a_deadline_beyond_the_last_year_is_refused() -> None:
    with pytest.raises(DateOutOfRange):
        CALENDAR.add_working_days(date(2199, 12, 30), 5)


def test_an_operator_adds_a_year_as_soon_as_it_is_announced(tmp_path: Path) -> None:
    file = tmp_path / "calendar.csv"
    file.write_text(f"{HEADER}\n2027-01-01,year,notice\n2027-01-01,off,元旦\n2027-01-02,work,\n", encoding="utf-8")
    calendar = Calendar.official(file)
    assert calendar.add_working_days(date(2026, 12, 31), 1) == Deadline(date(2027, 1, 2), is_provisional=False)


def test_an_operator_changes_one_day_and_leaves_the_year_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "calendar.csv"
    file.write_text(f"{HEADER}\n2026-03-03,off,typhoon\n", encoding="utf-8")
    calendar = Calendar.official(file)
    assert not calendar.is_working_day(date(2026, 3, 3))
    assert calendar.is_working_day(date(2026, 2, 28))
    assert CALENDAR.is_working_day(date(2026, 3, 3))


def test_one_changed_day_does_not_make_a_year_official() -> None:
    calendar = Calendar.of([CalendarDay(date(2027, 3, 3), DayKind.OFF)])
    assert not calendar.is_official(2027)


def test_a_year_row_replaces_what_was_known_of_the_year() -> None:
    calendar = Calendar.of(
        [CalendarDay(date(2027, 1, 1), DayKind.OFF), CalendarDay(date(2027, 1, 1), DayKind.YEAR, "corrected notice")]
    )
    assert calendar.is_official(2027)
    assert calendar.is_working_day(date(2027, 1, 1))


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        pytest.param(["on,what"], "line 1", id="header"),
        pytest.param([], "line 1", id="empty"),
        pytest.param([HEADER, "2027-01-01,off,ok", "2027-02-30,off,"], "line 3", id="impossible-date"),
        pytest.param([HEADER, "2027-01-01,closed,"], "line 2", id="unknown-kind"),
        pytest.param([HEADER, "2027-01-01"], "line 2", id="missing-columns"),
    ],
)
def test_a_fault_in_a_calendar_file_is_named_by_its_line(lines: list[str], message: str) -> None:
    with pytest.raises(CalendarFileInvalid, match=message):
        read_days(lines)
