"""Count working days (工作日) as the law does: Monday to Friday, minus holidays, plus made-up working days (调休).

The calendar is data: ``data/working_days.csv`` holds the official years, one ``year`` row each that names its source,
then its days ``off`` and the weekends that are worked (``work``). An operator's file of the same form adds a year as
soon as the State Council announces it, or changes single days. A year without a ``year`` row is not official: its
days are counted Monday to Friday and nothing else, and every deadline that touches it is provisional.

Source: Administrative Licensing Law (行政许可法), art. 82; yearly notices of the General Office of the State Council.
"""

import csv
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, timezone
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

# China has kept one zone without summer time since 1992; a fixed offset is exact for every date of this platform.
SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")
_AHEAD = timedelta(hours=8)
OFFICE_CLOSES = time(17, 30)
FIRST_YEAR = 1900
LAST_YEAR = 2199

_HEADER = ["date", "kind", "note"]


class CalendarFileInvalid(ValueError):
    """Refuse a calendar file; the message names the line."""


class DateOutOfRange(ValueError):
    """Refuse to count outside the years 1900 to 2199."""


class DayKind(StrEnum):
    """Name what a row of a calendar file says."""

    YEAR = "year"
    OFF = "off"
    WORK = "work"


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """Hold one row of a calendar file.

    Attributes:
        on: the day; for ``year`` any day of that year.
        kind: ``year`` makes the year official and drops what was known of it before, ``off`` and ``work`` set one day.
        note: the holiday's name; for ``year`` the announcement that it comes from.
    """

    on: date
    kind: DayKind
    note: str = ""


@dataclass(frozen=True, slots=True)
class Deadline:
    """Hold the last day of a limit; ``is_provisional`` where a year it touches has no official calendar."""

    on: date
    is_provisional: bool


@dataclass(frozen=True, slots=True, eq=False)
class Calendar:
    """Answer questions about working days and office hours; immutable and cheap, build it once and share it.

    Attributes:
        official_years: years whose calendar was announced.
        office_closes: what arrives later than this counts as arrived on the next working day.
    """

    official_years: frozenset[int]
    office_closes: time
    _working: "array[int]" = field(repr=False)

    @classmethod
    def official(cls, overrides: Path | None = None, *, office_closes: time = OFFICE_CLOSES) -> "Calendar":
        """Return the shipped calendar with an operator's file laid over it.

        Raises:
            CalendarFileInvalid: if the operator's file has a fault.
        """
        days = list(_shipped())
        if overrides is not None:
            days += read_days(overrides.read_text(encoding="utf-8-sig").splitlines())
        return cls.of(days, office_closes=office_closes)

    @classmethod
    def of(cls, days: Iterable[CalendarDay], *, office_closes: time = OFFICE_CLOSES) -> "Calendar":
        """Build a calendar of rows; later rows win."""
        years: dict[int, dict[int, DayKind]] = {}
        official: set[int] = set()
        for day in days:
            if day.kind is DayKind.YEAR:
                official.add(day.on.year)
                years[day.on.year] = {}
            else:
                years.setdefault(day.on.year, {})[day.on.toordinal()] = day.kind
        exceptions = {ordinal: kind for year in years.values() for ordinal, kind in year.items()}
        return cls(frozenset(official), office_closes, _working_ordinals(exceptions))

    def is_official(self, year: int) -> bool:
        """Tell whether the calendar of the year was announced."""
        return year in self.official_years

    def is_working_day(self, on: date) -> bool:
        """Tell whether offices are open on the day."""
        ordinal = _within_range(on)
        place = bisect_left(self._working, ordinal)
        return place < len(self._working) and self._working[place] == ordinal

    def add_working_days(self, start: date, count: int) -> Deadline:
        """Return the ``count``-th working day after ``start``; day 1 is the first working day after it.

        Args:
            start: day of the act, itself never counted.
            count: 0 or more; 0 gives ``start`` itself.
        """
        if count < 0:
            raise ValueError("a limit is never negative")
        if count == 0:
            return Deadline(start, is_provisional=not self.is_official(start.year))
        place = bisect_right(self._working, _within_range(start)) + count - 1
        if place >= len(self._working):
            raise DateOutOfRange(f"a deadline after {LAST_YEAR}")
        on = date.fromordinal(self._working[place])
        first = start + timedelta(days=1)
        return Deadline(on, is_provisional=not self._are_official(first.year, on.year))

    def working_days_between(self, start: date, end: date) -> int:
        """Count the working days d with ``start <= d < end``; 0 where ``end`` is not after ``start``."""
        if end <= start:
            return 0
        return bisect_left(self._working, _within_range(end)) - bisect_left(self._working, _within_range(start))

    def next_working_day(self, on: date) -> date:
        """Return the day itself if it is a working day, else the next one."""
        return date.fromordinal(self._working[bisect_left(self._working, _within_range(on))])

    def effective_date(self, instant: datetime) -> date:
        """Return the working day that an act counts as done on.

        An act after office hours or on a day off counts as done on the next working day.
        """
        local = instant + _AHEAD if instant.tzinfo is UTC else _local(instant)
        return _effective(self, local.date(), local.time() > self.office_closes)

    def end_of_day(self, on: date) -> datetime:
        """Return 24:00 Shanghai time of the day, in UTC."""
        return _end_of_day(on)

    def local_date(self, instant: datetime) -> date:
        """Return the date in Shanghai at an instant."""
        return local_date(instant)

    def _are_official(self, first: int, last: int) -> bool:
        return all(year in self.official_years for year in range(first, last + 1))


def local_date(instant: datetime) -> date:
    """Return the date in Shanghai at an instant."""
    return _local(instant).date()


def _local(instant: datetime) -> datetime:
    # Every step asks, and nearly always in UTC, where an addition does the same in a fraction of the time.
    return instant + _AHEAD if instant.tzinfo is UTC else _aware(instant).astimezone(SHANGHAI)


@lru_cache(maxsize=4096)
def _effective(calendar: Calendar, on: date, is_late: bool) -> date:
    return calendar.next_working_day(on + timedelta(days=1) if is_late else on)


@lru_cache(maxsize=4096)
def _end_of_day(on: date) -> datetime:
    return datetime.combine(on + timedelta(days=1), time(), SHANGHAI).astimezone(UTC)


def read_days(lines: Iterable[str]) -> list[CalendarDay]:
    """Read rows of ``date,kind,note`` with a header line.

    Raises:
        CalendarFileInvalid: naming the line, for a wrong header, date or kind.
    """
    reader = csv.reader(lines)
    if next(reader, None) != _HEADER:
        raise CalendarFileInvalid(f"line 1: expected the header {','.join(_HEADER)}")
    return [_read_day(row, line) for line, row in enumerate(reader, start=2) if row]


def _read_day(row: list[str], line: int) -> CalendarDay:
    if len(row) != len(_HEADER):
        raise CalendarFileInvalid(f"line {line}: expected {len(_HEADER)} columns, found {len(row)}")
    try:
        return CalendarDay(date.fromisoformat(row[0]), DayKind(row[1]), row[2])
    except ValueError:
        raise CalendarFileInvalid(
            f"line {line}: expected a date such as 2027-01-01 and one of year, off, work; found {row[0]!r}, {row[1]!r}"
        ) from None


@lru_cache(maxsize=1)
def _shipped() -> tuple[CalendarDay, ...]:
    text = files("gov_portal.kernel").joinpath("data/working_days.csv").read_text(encoding="utf-8")
    return tuple(read_days(text.splitlines()))


def _working_ordinals(exceptions: dict[int, DayKind]) -> "array[int]":
    first, last = date(FIRST_YEAR, 1, 1).toordinal(), date(LAST_YEAR, 12, 31).toordinal()
    # Ordinal 1 is a Monday, so Monday to Friday have remainders 1 to 5.
    return array(
        "l",
        (
            ordinal
            for ordinal in range(first, last + 1)
            if (exceptions[ordinal] is DayKind.WORK if ordinal in exceptions else 1 <= ordinal % 7 <= 5)
        ),
    )


def _within_range(on: date) -> int:
    if not FIRST_YEAR <= on.year <= LAST_YEAR:
        raise DateOutOfRange(f"year {on.year}")
    return on.toordinal()


def _aware(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError("an instant needs its time zone")
    return instant
