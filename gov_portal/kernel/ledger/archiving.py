"""Put the months of the ledger away that are long over; what is left says where each history went on.

A month leaves as the table that it was, into the schema ``archive``, where the application does not reach it. For every
stream in it an end is kept: its last number and hash. A seal has signed the same hash, so the ends can be checked, and
the histories in the archive against them, for as long as the seals are kept.
"""

from collections.abc import Iterator
from datetime import date
from enum import StrEnum

import psycopg
from psycopg import sql
from sqlalchemy import BigInteger, Column, LargeBinary, Table, Text

from gov_portal.kernel.db import metadata

SCHEMA = "archive"
LOCK_WAIT = "5s"

kernel_ledger_archived = Table(
    "kernel_ledger_archived",
    metadata,
    Column("stream", Text(collation="C"), primary_key=True),
    Column("seq", BigInteger, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("part", Text, nullable=False),
)
"""The end of each stream that was put away, and the table that holds its rows."""

_PARTS_SQL = r"""
SELECT relname FROM pg_class WHERE relispartition AND relkind = 'r' AND relname ~ '^kernel_ledger_p[0-9]{6}$'
AND relname < %s ORDER BY relname"""
_UNSEALED_SQL = """
SELECT EXISTS (SELECT 1 FROM {} WHERE xact >=
               coalesce((SELECT until_xact FROM kernel_ledger_seals ORDER BY number DESC LIMIT 1), 0))"""
_STEPS = (
    "SET LOCAL lock_timeout = {lock_wait}",
    "CREATE SCHEMA IF NOT EXISTS {schema}",
    "ALTER TABLE kernel_ledger DETACH PARTITION {part}",
    # Histories of people, providers and licences go on for ever: they stay.
    """WITH kept AS (DELETE FROM {part} WHERE stream NOT LIKE 'case:%' RETURNING *)
       INSERT INTO kernel_ledger_default SELECT * FROM kept""",
    """INSERT INTO kernel_ledger_archived (stream, seq, hash, part)
       SELECT DISTINCT ON (stream) stream, seq, hash, {name} FROM {part} ORDER BY stream, seq DESC""",
    "REVOKE ALL ON {part} FROM {role}",
    "ALTER TABLE {part} SET SCHEMA {schema}",
)


class Archived(StrEnum):
    """Say how putting a month away ended; where it is not done, nothing has changed."""

    DONE = "is put away in the schema archive"
    UNSEALED = "stays: not all of it is sealed yet"
    BUSY = "stays: steps of cases were under way; run it again"


def months_before(owner_url: str, first_kept: date) -> Iterator[date]:
    """Yield the months that have a part of the ledger and lie before one, the earliest first."""
    with psycopg.connect(owner_url) as connection:
        for (name,) in connection.execute(_PARTS_SQL, (_part(first_kept),)).fetchall():
            yield date(int(name[-6:-2]), int(name[-2:]), 1)


def archive(owner_url: str, app_role: str, month: date, *, lock_wait: str = LOCK_WAIT) -> Archived:
    """Put the cases of a month away, in one transaction, and return how that ended.

    Rows of cases that come later, such as a late rating, continue the stream in the default part.
    """
    part = _part(month)
    words = {"part": sql.Identifier(part), "name": sql.Literal(part), "schema": sql.Identifier(SCHEMA)}
    words |= {"role": sql.Identifier(app_role), "lock_wait": sql.Literal(lock_wait)}
    with psycopg.connect(owner_url) as connection:
        if connection.execute(sql.SQL(_UNSEALED_SQL).format(words["part"])).fetchone() == (True,):
            return Archived.UNSEALED
        try:
            with connection.transaction():
                for step in _STEPS:
                    connection.execute(sql.SQL(step).format(**words))
        except psycopg.errors.LockNotAvailable:
            return Archived.BUSY
    return Archived.DONE


def _part(month: date) -> str:
    return f"kernel_ledger_p{month:%Y%m}"
