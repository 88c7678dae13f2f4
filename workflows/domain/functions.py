"""Define the functions of the expression language; each takes ``today`` first and is pure."""

import calendar
from collections.abc import Callable, Mapping, Sized
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from typing import Any

ROUNDINGS: Mapping[str, str] = {
    "half_up": ROUND_HALF_UP,
    "half_even": ROUND_HALF_EVEN,
    "up": ROUND_CEILING,
    "down": ROUND_FLOOR,
}
"""Names of the ways to round; ``up`` and ``down`` go to the next greater and smaller number."""


def months(today: date, start: date, end: date | None = None) -> int:
    """Count the full months from ``start`` to ``end``, or to today; negative before ``start``.

    A month is full on the same day of another month, else on its last day (民法典 art. 202).
    """
    until = end or today
    if until < start:
        return -months(today, until, start)
    count = (until.year - start.year) * 12 + until.month - start.month
    is_full = until.day >= start.day or until.day == calendar.monthrange(until.year, until.month)[1]
    return count if is_full else count - 1


def years(today: date, start: date, end: date | None = None) -> int:
    """Count the full years from ``start`` to ``end``, or to today: the age (周岁) of who was born on ``start``."""
    count = months(today, start, end)
    return count // 12 if count >= 0 else -(-count // 12)


def days(today: date, start: date, end: date | None = None) -> int:
    """Count the natural days from ``start`` to ``end``, or to today."""
    return ((end or today) - start).days


def ratio(today: date, numerator: int | Decimal, denominator: int, mode: str) -> int:
    """Divide and round to a whole number; the linter makes sure that ``denominator`` is a constant other than 0."""
    quotient = Decimal(numerator) / Decimal(denominator)
    return int(quotient.quantize(Decimal(1), rounding=ROUNDINGS[mode]))


def round_to(today: date, number: int | Decimal, digits: int, mode: str) -> Decimal:
    """Round to a number of decimal places."""
    return Decimal(number).quantize(Decimal(1).scaleb(-digits), rounding=ROUNDINGS[mode])


def length(today: date, value: Sized) -> int:
    """Count the characters of a text or the entries of a list."""
    return len(value)


def total(today: date, *numbers: int | Decimal) -> int | Decimal:
    """Add numbers."""
    return sum(numbers)


FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "years": years,
    "months": months,
    "days": days,
    "len": length,
    "sum": total,
    "any": lambda today, *claims: any(claim is True for claim in claims),
    "all": lambda today, *claims: all(claim is True for claim in claims),
    "min": lambda today, *numbers: min(numbers),
    "max": lambda today, *numbers: max(numbers),
    "abs": lambda today, number: abs(number),
    "ratio": ratio,
    "round": round_to,
    "year": lambda today, day: day.year,
}
"""Every function but ``has``, ``default`` and ``today``, which are forms of the tree."""
