"""Find the cases that have changed since somebody looked, without a gap: each at its last change, in that order.

A place is a transaction of the ledger and the stream behind it. A page ends before the oldest transaction that is still
open, so that nothing can turn up behind a place that was given out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from gov_portal.kernel.db import Driver
from gov_portal.kernel.ids import CaseId
from workflows.storage.visibility import Sight

_ENDS_SQL = """SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint,
       CASE WHEN %s = 0 THEN coalesce((SELECT min(xact) FROM kernel_ledger), 0) ELSE 0 END"""
_CHANGED_SQL = """
SELECT c.id, l.xact, l.stream FROM kernel_ledger l
JOIN workflows_cases c ON c.id = CASE WHEN l.stream LIKE 'case:%%' THEN substr(l.stream, 6)::uuid END
  AND c.head_seq = l.seq AND c.opened_on = l.opened_on
WHERE l.xact >= %(since)s AND l.xact < %(until)s AND (l.xact > %(since)s OR l.stream > %(stream)s)
  AND (%(day)s::timestamptz IS NULL OR c.changed_at >= %(day)s)
  AND (NOT %(closed)s OR c.status = 'closed') AND ({sight})
ORDER BY l.xact, l.stream LIMIT %(most)s"""
_NUMBER_SQL = "SELECT id FROM workflows_cases WHERE case_number = %s"
_LEAD_SQL = "SELECT case_number FROM workflows_cases WHERE id = %s"

WINDOW = 20_000
"""Transactions that are looked through by one statement."""

MOST_WINDOWS = 100
"""So many for one page; then the page is given out as it is, and the next one goes on."""


@dataclass(frozen=True, slots=True)
class Place:
    """Name how far somebody has read."""

    xact: int = 0
    stream: str = ""

    @classmethod
    def of(cls, text: str) -> "Place":
        """Return the place that a text spells; the beginning for an empty one."""
        xact, _, stream = text.partition(" ")
        return cls(int(xact), stream) if xact else cls()

    def __str__(self) -> str:
        """Return what ``of`` reads."""
        return f"{self.xact} {self.stream}"


class Changed(NamedTuple):
    """Name a case and its last change."""

    case: UUID
    xact: int
    stream: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """Say which changed cases are asked for: since when, closed ones only, and at most how many."""

    since: datetime | None = None
    only_closed: bool = False
    most: int = 50


def changed(driver: Driver, wanted: Wanted, *, behind: Place, sight: Sight) -> tuple[Sequence[Changed], Place]:
    """Return the next cases behind a place, and the place that they end at."""
    row = driver.execute(_ENDS_SQL, (behind.xact,)).fetchone() or (0, 0)
    horizon, first = row[0], row[1]
    # A restored cluster counts its transactions from anew: told twice is better than not at all.
    place = Place(first) if behind.xact > horizon or not behind.xact else behind
    sql = _CHANGED_SQL.format(sight=_named(sight))
    found: list[Changed] = []
    for _ in range(MOST_WINDOWS):
        until = min(horizon, place.xact + WINDOW)
        values = {
            "since": place.xact,
            "stream": place.stream,
            "until": until,
            "day": wanted.since,
            "closed": wanted.only_closed,
            "most": wanted.most - len(found),
            **{f"sight{number}": value for number, value in enumerate(sight.params)},
        }
        found += [Changed(*one) for one in driver.execute(sql, values).fetchall()]
        if len(found) >= wanted.most:
            return found, Place(found[-1].xact, found[-1].stream)
        place = Place(until)
        if until >= horizon:
            break
    return found, place


def _named(sight: Sight) -> str:
    """Return the clause of a sight with its parameters named."""
    first, *rest = sight.clause.split("%s")
    return first + "".join(f"%(sight{number})s{part}" for number, part in enumerate(rest))


def case_of(driver: Driver, number: str) -> CaseId | None:
    """Return the case of a number."""
    row = driver.execute(_NUMBER_SQL, (number,)).fetchone()
    return None if row is None else CaseId(row[0])


def number_of(driver: Driver, case: UUID) -> str:
    """Return the number of a case; empty where it has none."""
    row = driver.execute(_LEAD_SQL, (case,)).fetchone()
    return "" if row is None else row[0] or ""
