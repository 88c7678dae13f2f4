"""Follow the ledger from a remembered place on, without a gap and without any cost for whoever writes it.

A place is a transaction id. A stretch ends before the oldest transaction that is still open, so that no row can turn up
behind it later: the horizon that the sealer uses too. Rows of one transaction stay together.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import BigInteger, Column, Table, Text

from gov_portal.kernel.db import Database, UnitOfWork, metadata
from gov_portal.kernel.errors import Conflict

kernel_ledger_cursors = Table(
    "kernel_ledger_cursors",
    metadata,
    Column("name", Text, primary_key=True),
    Column("xact", BigInteger, nullable=False),
)
"""How far each follower has come: everything before ``xact`` is told."""

_MOST_TRANSACTIONS = 2_000
_PLACE_SQL = """
SELECT coalesce((SELECT xact FROM kernel_ledger_cursors WHERE name = %s), 0),
       pg_snapshot_xmin(pg_current_snapshot())::text::bigint,
       coalesce((SELECT min(xact) FROM kernel_ledger
                 WHERE xact >= (SELECT coalesce(max(xact), 0) FROM kernel_ledger_cursors WHERE name = %s)), 0)"""
_ROWS_SQL = """
SELECT stream, seq, opened_on, kind, at, actor, body FROM kernel_ledger
WHERE xact >= %s AND xact < %s ORDER BY xact, stream, seq"""
_MOVE_SQL = """
INSERT INTO kernel_ledger_cursors AS c (name, xact) VALUES (%(name)s, %(until)s)
ON CONFLICT (name) DO UPDATE SET xact = excluded.xact WHERE c.xact = %(since)s RETURNING xact"""


class CursorMoved(Conflict):
    """Tell that another process has told of this stretch; nothing of this transaction may stay."""

    code = "ledger.cursor-moved"


class LedgerRow(NamedTuple):
    """Hold one row as it lies in the ledger."""

    stream: str
    seq: int
    opened_on: object
    kind: str
    at: datetime
    actor: str
    body: bytes


class Stretch(NamedTuple):
    """Hold the rows between two places."""

    since: int
    until: int
    rows: Sequence[LedgerRow]


def read_on(db: Database, name: str) -> Stretch | None:
    """Return the next rows of a follower; ``None`` where nothing can be told yet."""
    with db.driver() as driver:
        place = driver.execute(_PLACE_SQL, (name, name)).fetchone()
        since, horizon, first = place if place is not None else (0, 0, 0)
        if since > horizon:
            # A restored cluster counts its transactions from anew: go on with what comes now.
            return Stretch(since, horizon, ())
        if not first or first >= horizon:
            # The place stays: to move it would be a transaction of its own, which moves the horizon again.
            return None
        until = min(horizon, first + _MOST_TRANSACTIONS)
        rows = driver.execute(_ROWS_SQL, (first, until), binary=True).fetchall()
    return Stretch(since, until, [LedgerRow(*row) for row in rows])


def move_on(uow: UnitOfWork, name: str, stretch: Stretch) -> None:
    """Remember, in the transaction that tells of a stretch, that it is told.

    Raises:
        CursorMoved: another process was quicker.
    """
    values = {"name": name, "since": stretch.since, "until": stretch.until}
    if uow.driver.execute(_MOVE_SQL, values).fetchone() is None:
        raise CursorMoved
