"""Reckon limits, cards and periods in working and natural days; pure arithmetic on the calendar."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from gov_portal.kernel.working_days import Calendar, Deadline
from workflows.domain.definition import Clock, Duration, Unit

Span = tuple[date, date]
"""First day, and the day after the last."""

_MOMENT = timedelta(microseconds=1)


class Limits(NamedTuple):
    """Hold the moments of one limit; ``yellow_at`` is ``None`` where it would not come before the red card."""

    due_at: datetime
    yellow_at: datetime | None
    red_at: datetime
    is_provisional: bool


class CardShares(NamedTuple):
    """Say when cards are raised, in percent of the limit."""

    yellow_percent: int
    red_percent: int

    @classmethod
    def of(cls, clock: Clock) -> "CardShares":
        """Take the shares of an item."""
        return cls(clock.yellow_percent, clock.red_percent)


def legal_day(calendar: Calendar, due_at: datetime) -> date:
    """Return the day that something falling due belongs to: the one that it ends.

    An act of a person belongs to ``Calendar.effective_date`` instead.
    """
    before = calendar.local_date(due_at - _MOMENT)
    return before if calendar.end_of_day(before) == due_at else calendar.effective_date(due_at)


def last_day(calendar: Calendar, start: date, limit: Duration, standing: Iterable[Span] = ()) -> Deadline:
    """Return the last day of a limit that begins on ``start``; not for hours.

    A period in natural days that ends on a day off ends on the next working day. A stretch in which the limit stood
    gives back its working days (for natural periods, all its days) after ``start``.

    Source: Administrative Licensing Law art. 82; Civil Code (民法典) art. 203.
    """
    if limit.unit is Unit.WORKING_DAY:
        return _working_end(calendar, start, limit.amount, standing)
    end = _add_natural(start, limit)
    for first, after in standing:
        if first > end:
            break
        end += timedelta(days=max(0, (after - max(first, start)).days))
    on = calendar.next_working_day(end)
    # Only the end decides: which days between are worked does not matter to a period of natural days.
    is_provisional = not (calendar.is_official(end.year) and calendar.is_official(on.year))
    return Deadline(on, is_provisional=is_provisional)


@lru_cache(maxsize=16_384)
def limits(
    calendar: Calendar, start: date, limit: Duration, shares: CardShares, standing: tuple[Span, ...] = ()
) -> Limits:
    """Return due, yellow and red moment of a limit in days; cards are rounded up to whole days.

    Args:
        calendar: working days.
        start: day of entry as the law counts it; day 1 is the working day after.
        limit: in any unit but hours.
        shares: when cards are raised.
        standing: stretches in which the limit stood, oldest first.
    """
    due = last_day(calendar, start, limit, standing)
    red_on = due.on
    if shares.red_percent != 100:
        red_on = last_day(calendar, start, _share_of(limit, start, shares.red_percent), standing).on
    yellow_on = last_day(calendar, start, _share_of(limit, start, shares.yellow_percent), standing).on
    return Limits(
        calendar.end_of_day(due.on),
        calendar.end_of_day(yellow_on) if yellow_on < red_on else None,
        calendar.end_of_day(red_on),
        due.is_provisional,
    )


def _working_end(calendar: Calendar, start: date, amount: int, standing: Iterable[Span]) -> Deadline:
    end = calendar.add_working_days(start, amount)
    on, is_provisional = end.on, end.is_provisional
    for first, after in standing:
        if first > on:
            break
        lost = calendar.working_days_between(max(first, start + timedelta(days=1)), after)
        if lost:
            moved = calendar.add_working_days(on, lost)
            on, is_provisional = moved.on, is_provisional or moved.is_provisional
    return Deadline(on, is_provisional=is_provisional)


def _share_of(limit: Duration, start: date, percent: int) -> Duration:
    if limit.unit is Unit.WORKING_DAY:
        return Duration(-(-limit.amount * percent // 100), limit.unit)
    whole = (_add_natural(start, limit) - start).days
    return Duration(-(-whole * percent // 100), Unit.DAY)


def days_after(start: date, span: Duration) -> date:
    """Return the day that lies a period of natural days behind another."""
    return _add_natural(start, span)


def days_before(end: date, span: Duration) -> date:
    """Return the day that lies a period of natural days before another."""
    return _add_natural(end, Duration(-span.amount, span.unit))


def _add_natural(start: date, limit: Duration) -> date:
    match limit.unit:
        case Unit.DAY:
            return start + timedelta(days=limit.amount)
        case Unit.WEEK:
            return start + timedelta(weeks=limit.amount)
        case Unit.MONTH:
            return _add_months(start, limit.amount)
        case Unit.YEAR:
            return _add_months(start, limit.amount * 12)
        case _:
            raise ValueError(f"{limit} is no period of natural days")


def _add_months(start: date, months: int) -> date:
    """Return the same day of the month, else the month's last day."""
    years, month = divmod(start.month - 1 + months, 12)
    first = date(start.year + years, month + 1, 1)
    length = (date(first.year + first.month // 12, first.month % 12 + 1, 1) - first).days
    return first.replace(day=min(start.day, length))
