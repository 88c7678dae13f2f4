"""Tell the time; business time may be moved in a sandbox, security time is always that of the system."""

from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Tell the present instant, aware and in UTC."""

    def now(self) -> datetime:
        """Return the present instant."""
        ...


class SystemClock:
    """Tell the time of the machine."""

    def now(self) -> datetime:
        """Return the present instant."""
        return datetime.now(UTC)


class FixedClock:
    """Stand still until it is moved, for tests and simulations."""

    def __init__(self, at: datetime) -> None:
        """Start at an aware instant."""
        self._at = _in_utc(at)

    def now(self) -> datetime:
        """Return the instant it was last moved to."""
        return self._at

    def move_to(self, at: datetime) -> None:
        """Move to an aware instant, forward or back."""
        self._at = _in_utc(at)


def _in_utc(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("an instant needs its time zone")
    return at.astimezone(UTC)
