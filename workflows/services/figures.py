"""Count a unit's work: what came, what fell due, what was finished, by hour and by day (当日数字)."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from gov_portal.kernel.clocks import Clock
from gov_portal.kernel.db import Database
from gov_portal.kernel.principal import Officer
from gov_portal.kernel.working_days import SHANGHAI, Calendar

DAYS = 7
_HOURS = range(24)
_DAY = timedelta(days=1)

# Open work is read by the index of the team, what is finished by its own from the first day shown on: the cost is that
# of the unit's open tasks and of seven days, however long the unit has worked.
_FLOW_SQL = """
SELECT what, date_trunc('hour', at AT TIME ZONE 'Asia/Shanghai') AS hour, count(*) FROM (
  SELECT 'received' AS what, opened_at AS at FROM workflows_tasks
  WHERE org = %(org)s AND unit = %(unit)s AND opened_at >= %(start)s
  UNION ALL
  SELECT 'received', opened_at FROM workflows_finished_tasks
  WHERE org = %(org)s AND unit = %(unit)s AND closed_at >= %(start)s AND opened_at >= %(start)s
  UNION ALL
  SELECT 'due', due_at - interval '1 microsecond' FROM workflows_tasks
  WHERE org = %(org)s AND unit = %(unit)s AND due_at > %(start)s
  UNION ALL
  SELECT 'due', due_at - interval '1 microsecond' FROM workflows_finished_tasks
  WHERE org = %(org)s AND unit = %(unit)s AND closed_at >= %(start)s AND due_at > %(start)s
  UNION ALL
  SELECT 'closed', closed_at FROM workflows_finished_tasks
  WHERE org = %(org)s AND unit = %(unit)s AND closed_at >= %(start)s AND officer IS NOT NULL
) flow WHERE at < %(end)s GROUP BY 1, 2"""
_SPANS_SQL = """
SELECT (opened_at AT TIME ZONE 'Asia/Shanghai')::date, (closed_at AT TIME ZONE 'Asia/Shanghai')::date, count(*),
  count(*) FILTER (WHERE closed_at > due_at)
FROM workflows_finished_tasks
WHERE org = %(org)s AND unit = %(unit)s AND closed_at >= %(start)s AND closed_at < %(end)s AND officer IS NOT NULL
GROUP BY 1, 2"""
_OPEN_SQL = """
SELECT count(*), count(*) FILTER (WHERE due_at <= %(now)s),
  count(*) FILTER (WHERE yellow_at <= %(now)s AND due_at > %(now)s) FROM workflows_tasks
WHERE org = %(org)s AND unit = %(unit)s"""


@dataclass(frozen=True, slots=True)
class Flow:
    """Count what came, fell due and was finished in one stretch: an hour of the day, or a day."""

    received: int
    due: int
    closed: int


@dataclass(frozen=True, slots=True)
class UnitFigures:
    """Show a unit's work of one day and of the seven days that end with it.

    Attributes:
        hours: one entry for each hour of the day, from 0 on; deadlines end with the day, so they stand in hour 23.
        days: day and its numbers, oldest first.
        waiting, overdue, near: open tasks now, those of them whose limit is over, and those with a yellow card.
        finished_late: of what was finished in the seven days, how many after their limit.
        median_working_days: of what was finished in the seven days, from opening to end; ``None`` without any.
    """

    on: date
    hours: tuple[Flow, ...]
    days: tuple[tuple[date, Flow], ...]
    waiting: int
    overdue: int
    near: int
    finished_late: int
    median_working_days: int | None

    @property
    def today(self) -> Flow:
        """Return the numbers of the day itself."""
        return self.days[-1][1]


class Figures:
    """Count from the rows of the tasks; nothing personal is read."""

    def __init__(self, db: Database, clock: Clock, calendar: Calendar) -> None:
        """Keep where it is counted."""
        self._db = db
        self._clock = clock
        self._calendar = calendar

    def of_unit(self, by: Officer, on: date | None = None) -> UnitFigures:
        """Return the figures of the officer's unit for a day, today without one; by three statements."""
        now = self._clock.now()
        shown_on = on or self._calendar.local_date(now)
        start, end = _midnight(shown_on - (DAYS - 1) * _DAY), _midnight(shown_on + _DAY)
        values = {"org": by.org, "unit": by.region, "start": start, "end": end, "now": now}
        with self._db.driver() as driver:
            flow = {(row[0], row[1]): row[2] for row in driver.execute(_FLOW_SQL, values).fetchall()}
            spans = driver.execute(_SPANS_SQL, values).fetchall()
            waiting, overdue, near = driver.execute(_OPEN_SQL, values).fetchone() or (0, 0, 0)
        days = tuple((day, _of_day(flow, day)) for day in (shown_on - back * _DAY for back in reversed(range(DAYS))))
        hours = tuple(_of_hour(flow, datetime.combine(shown_on, time(hour))) for hour in _HOURS)
        late = sum(span[3] for span in spans)
        return UnitFigures(shown_on, hours, days, waiting, overdue, near, late, self._median(spans))

    def _median(self, spans: Sequence[tuple[date, date, int, int]]) -> int | None:
        numbers: Counter[int] = Counter()
        for first, last, count, _late in spans:
            numbers[self._calendar.working_days_between(first + _DAY, last + _DAY) if last > first else 0] += count
        middle = (sum(numbers.values()) + 1) // 2
        for days in sorted(numbers):
            middle -= numbers[days]
            if middle <= 0:
                return days
        return None


def _of_hour(flow: dict[tuple[str, datetime], int], hour: datetime) -> Flow:
    return Flow(*(flow.get((what, hour), 0) for what in ("received", "due", "closed")))


def _of_day(flow: dict[tuple[str, datetime], int], day: date) -> Flow:
    hours = [_of_hour(flow, datetime.combine(day, time(hour))) for hour in _HOURS]
    return Flow(sum(one.received for one in hours), sum(one.due for one in hours), sum(one.closed for one in hours))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=SHANGHAI)
