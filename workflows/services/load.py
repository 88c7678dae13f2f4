"""Count for operators what is open and what has happened, without looking at a case that is closed."""

from datetime import datetime
from typing import NamedTuple

from gov_portal.kernel.clocks import Clock
from gov_portal.kernel.db import Database
from workflows.storage.sweeping import earliest_due

MOST_QUEUES = 5_000
"""How many queues are told apart; the smallest beyond them are added up under ``OTHER``."""

OTHER = "other"

# Tasks are open work only, so the cost is that of what is open; the counters are a dozen rows for each item.
_QUEUES_SQL = """
SELECT coalesce(org, ''), coalesce(unit, ''), kind, count(*), count(*) FILTER (WHERE due_at <= %(now)s), min(due_at)
FROM workflows_tasks GROUP BY org, unit, kind ORDER BY count(*) DESC, 1, 2, 3"""
_COUNTS_SQL = "SELECT item, what, count FROM workflows_counts ORDER BY item, what"


class Queue(NamedTuple):
    """Say how much is open at a unit for one kind of task; without a unit it is the applicant's turn."""

    org: str
    unit: str
    kind: str
    waiting: int
    overdue: int
    earliest_due_at: datetime | None


class Count(NamedTuple):
    """Say how often something has happened in cases of an item."""

    item: str
    stage: str
    outcome: str
    number: int


class Load:
    """Count; nothing personal is read."""

    def __init__(self, db: Database, clock: Clock) -> None:
        """Use the time by which tasks fall due."""
        self._db = db
        self._clock = clock

    def now(self) -> datetime:
        """Return the time by which tasks fall due."""
        return self._clock.now()

    def queues(self, *, now: datetime) -> list[Queue]:
        """Return what is open, by unit and kind of task; one statement."""
        with self._db.driver() as driver:
            found = [Queue(*row) for row in driver.execute(_QUEUES_SQL, {"now": now}).fetchall()]
        return found[:MOST_QUEUES] + _added_up(found[MOST_QUEUES:])

    def earliest_due_at(self) -> datetime | None:
        """Return the moment of the first that fires next, where a case that does not fire is not told elsewhere."""
        with self._db.driver() as driver:
            return earliest_due(driver)

    def counts(self) -> list[Count]:
        """Return what has happened since counting began; one statement."""
        with self._db.driver() as driver:
            rows = driver.execute(_COUNTS_SQL).fetchall()
        return [Count(item, *_parted(what), count) for item, what, count in rows]


def _parted(what: str) -> tuple[str, str]:
    stage, _, outcome = what.partition(":")
    return stage, outcome


def _added_up(queues: list[Queue]) -> list[Queue]:
    if not queues:
        return []
    due = min((one.earliest_due_at for one in queues if one.earliest_due_at), default=None)
    waiting, overdue = sum(one.waiting for one in queues), sum(one.overdue for one in queues)
    return [Queue(OTHER, OTHER, OTHER, waiting, overdue, due)]
