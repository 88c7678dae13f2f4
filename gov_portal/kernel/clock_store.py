"""Keep the business time of a sandbox in the database: all its processes share it, and it is moved by hand."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Boolean, CheckConstraint, Column, DateTime, Table, text

from gov_portal.kernel.db import Database, metadata
from gov_portal.kernel.errors import Invalid
from gov_portal.kernel.prepared import run
from gov_portal.kernel.working_days import Calendar

SANDBOX_START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
"""Monday 2 March 2026, 09:00 in Shanghai."""

kernel_clock = Table(
    "kernel_clock",
    metadata,
    Column("id", Boolean, primary_key=True, server_default=text("true")),
    Column("now_at", DateTime(timezone=True), nullable=False),
    CheckConstraint("id", name="single"),
)
"""At most one row: the present instant of the sandbox."""

LATEST = datetime(2100, 1, 1, tzinfo=UTC)
"""A sandbox goes no further: every limit that begins before ends within the calendar."""

_SHANGHAI = ZoneInfo("Asia/Shanghai")
_DURATION = re.compile(r"([1-9][0-9]{0,3})(wd|d|h|m)", re.ASCII)
_UNITS = {"d": timedelta(days=1), "h": timedelta(hours=1), "m": timedelta(minutes=1)}
_READ_SQL = "SELECT now_at FROM kernel_clock"
_START_SQL = "INSERT INTO kernel_clock (now_at) VALUES (%s) ON CONFLICT DO NOTHING"
_MOVE_SQL = "UPDATE kernel_clock SET now_at = %s"


class DurationInvalid(Invalid):
    """Refuse a duration that is not spelled like ``5wd``, ``3d``, ``2h`` or ``30m``."""

    code = "clock.duration"


class ClockTooFar(Invalid):
    """Refuse to move the clock beyond ``last``."""

    code = "clock.too-far"


class SimulatedClock:
    """Tell a time that stands still until it is moved forward; every process on the database sees the same."""

    def __init__(self, db: Database, *, start: datetime = SANDBOX_START) -> None:
        """Read from ``db``; an untouched sandbox begins at ``start``."""
        self._db = db
        self._start = start

    def now(self) -> datetime:
        """Return the present instant; one statement."""
        with self._db.driver() as driver:
            row = run(driver, _READ_SQL, ())
        return row[0] if row else self._start

    def advance(self, duration: str, *, calendar: Calendar) -> datetime:
        """Move forward by ``5wd``, ``3d``, ``2h`` or ``30m`` and return the new instant.

        Working days lead to the same time of day on the n-th working day after today (Asia/Shanghai).

        Raises:
            DurationInvalid: any other spelling.
            ClockTooFar: that would lead beyond ``LATEST``.
        """
        with self._db.begin() as uow:
            uow.driver.execute(_START_SQL, (self._start,))
            row = uow.driver.execute(f"{_READ_SQL} FOR UPDATE").fetchone()
            moved = later(row[0] if row else self._start, duration=duration, calendar=calendar)
            uow.driver.execute(_MOVE_SQL, (moved,))
        return moved


def later(at: datetime, *, duration: str, calendar: Calendar) -> datetime:
    """Return the instant that lies a spelled duration after ``at``.

    Raises:
        DurationInvalid: not spelled like ``5wd``, ``3d``, ``2h`` or ``30m``.
        ClockTooFar: it lies beyond ``LATEST``.
    """
    spelled = _DURATION.fullmatch(duration)
    if spelled is None:
        raise DurationInvalid(field="duration")
    moved = _moved(at, count=int(spelled[1]), unit=spelled[2], calendar=calendar)
    if moved > LATEST:
        raise ClockTooFar(field="duration", last=LATEST)
    return moved


def _moved(at: datetime, *, count: int, unit: str, calendar: Calendar) -> datetime:
    if unit != "wd":
        return at + count * _UNITS[unit]
    local = at.astimezone(_SHANGHAI)
    on = calendar.add_working_days(local.date(), count).on
    return datetime.combine(on, local.timetz()).astimezone(UTC)
