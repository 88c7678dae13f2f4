"""Write ledger rows; every row's hash covers all its columns and the hash of the row before it in its stream.

hash = SHA-256(prev || SHA-256(canonical)), where canonical is ``gov-ledger-1`` followed by stream, seq, opened_on,
kind, at, actor and body, each as four bytes of big-endian length and its bytes: text in UTF-8, seq in decimal digits,
the date as ``YYYY-MM-DD``, the time as ``YYYY-MM-DDTHH:MM:SS.ffffff+00:00``.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import NamedTuple

from sqlalchemy import BigInteger, Column, Date, DateTime, LargeBinary, PrimaryKeyConstraint, Table, Text, text

from gov_portal.kernel.db import UnitOfWork, metadata

GENESIS = bytes(32)
"""What the first row of every stream has as ``prev``."""

kernel_ledger = Table(
    "kernel_ledger",
    metadata,
    Column("stream", Text(collation="C"), nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("opened_on", Date, nullable=False),
    Column("kind", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("actor", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("prev", LargeBinary, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("xact", BigInteger, nullable=False, server_default=text("(pg_current_xact_id()::text::bigint)")),
    PrimaryKeyConstraint("stream", "seq", "opened_on"),
    postgresql_partition_by="RANGE (opened_on)",
)
"""One row per fact. ``xact`` is the writing transaction: bookkeeping of the sealer, alone outside the hash."""

kernel_ledger_heads = Table(
    "kernel_ledger_heads",
    metadata,
    Column("stream", Text(collation="C"), primary_key=True),
    Column("seq", BigInteger, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("opened_on", Date, nullable=False),
    postgresql_with={"fillfactor": 70},
)
"""Last row of each stream whose owner keeps no head itself (a case keeps its own in its row)."""

INSERT_SQL = """
INSERT INTO kernel_ledger (stream, seq, opened_on, kind, at, actor, body, prev, hash)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)"""
"""Adds one row; takes ``Entry.row``. A second row with the same stream and seq exposes a lost lock at once."""

_LOCK_HEAD_SQL = """
INSERT INTO kernel_ledger_heads AS h (stream, seq, hash, opened_on) VALUES (%s, 0, %s, %s)
ON CONFLICT (stream) DO UPDATE SET seq = h.seq RETURNING seq, hash, opened_on"""

_MOVE_HEAD_SQL = "UPDATE kernel_ledger_heads SET seq = %s, hash = %s WHERE stream = %s"


def row_hash(canonical: bytes, *, prev: bytes) -> bytes:
    """Return the hash of one row from its canonical bytes and the hash of the row before."""
    return sha256(prev + sha256(canonical).digest()).digest()


def canonical_bytes(columns: tuple[str, int, date, str, datetime, str, bytes]) -> bytes:
    """Return the canonical bytes of (stream, seq, opened_on, kind, at, actor, body)."""
    stream, seq, opened_on, kind, at, actor, body = columns
    moment = at.astimezone(UTC).isoformat(timespec="microseconds")
    parts = (stream.encode(), b"%d" % seq, opened_on.isoformat().encode(), kind.encode(), moment.encode())
    return b"gov-ledger-1" + b"".join([len(part).to_bytes(4, "big") + part for part in (*parts, actor.encode(), body)])


class Entry(NamedTuple):
    """Hold one row to be written.

    Attributes:
        stream: whose history it belongs to, such as ``case:<uuid>``.
        seq: 1 for the first row of the stream, then without a gap.
        opened_on: the day on which the stream began; the same in all its rows (it picks the partition).
        kind: a word for what happened.
        at: legal time of the fact, aware.
        actor: ``citizen:<uuid>``, ``officer:<uuid>`` or ``platform:<name>``; never a name or number.
        body: ciphertext, or JSON without personal data.
        prev: hash of the row before, ``GENESIS`` for the first.
    """

    stream: str
    seq: int
    opened_on: date
    kind: str
    at: datetime
    actor: str
    body: bytes
    prev: bytes = GENESIS

    @property
    def hash(self) -> bytes:
        """Return the hash of this row."""
        return row_hash(canonical_bytes(self[:7]), prev=self.prev)

    @property
    def row(self) -> tuple[object, ...]:
        """Return the parameters of ``INSERT_SQL``; the hash is the last of them."""
        return (*self, self.hash)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Hold what ``append`` writes; the attributes are those of ``Entry``."""

    stream: str
    kind: str
    actor: str
    body: bytes
    at: datetime


def append(uow: UnitOfWork, fact: Fact) -> Entry:
    """Add a row to a stream that keeps its head in the ledger; the stream stays locked until the commit.

    Choose narrow streams (one per person, licence or provider), so that transactions do not wait for each other.
    """  # fmt: skip
    opening = (fact.stream, GENESIS, fact.at.astimezone(UTC).date())
    head = uow.driver.execute(_LOCK_HEAD_SQL, opening).fetchone()
    assert head is not None  # noqa: S101 - the upsert always returns its row
    entry = Entry(fact.stream, head[0] + 1, head[2], fact.kind, fact.at, fact.actor, fact.body, prev=head[1])
    row = entry.row
    with uow.pipeline() as driver:
        driver.execute(INSERT_SQL, row)
        driver.execute(_MOVE_HEAD_SQL, (entry.seq, row[-1], fact.stream))
    return entry
