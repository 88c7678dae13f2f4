"""Keep what must happen outside after a commit as rows, so that a lost or doubled nudge costs latency, never a step.

A row lives from the transaction that asks for it to the transaction that records its result. The relay marks rows as
nudged and tells a worker their ids; the worker claims each row for a lease, acts, and finishes it.
All times here are the database's real time; business time never delays an effect.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from psycopg.types.json import Jsonb
from sqlalchemy import BigInteger, Column, DateTime, Identity, Index, Integer, Table, Text, func, text
from sqlalchemy.dialects.postgresql import JSONB

from gov_portal.kernel import tracing
from gov_portal.kernel.db import Database, UnitOfWork, metadata
from gov_portal.kernel.errors import Conflict

kernel_outbox = Table(
    "kernel_outbox",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("topic", Text, nullable=False),
    Column("key", Text(collation="C"), nullable=False, unique=True),
    Column("payload", JSONB, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("available_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("nudge_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("claimed_until", DateTime(timezone=True)),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("last_error", Text),
    Column("request_id", Text, nullable=False, server_default=""),
    Index("kernel_outbox_nudge_at_idx", "nudge_at"),
    postgresql_with={"fillfactor": 70},
)
"""Pending effects. ``nudge_at`` is when the relay should speak of the row next, so its poll is one index scan."""

INSERT_SQL = """
INSERT INTO kernel_outbox (topic, key, payload, request_id, available_at, nudge_at)
VALUES (%s, %s, %s, %s, now() + make_interval(secs => %s), now() + make_interval(secs => %s))
ON CONFLICT (key) DO NOTHING"""
"""Adds one message; takes a tuple of ``rows``. A key that is already waiting is left alone."""

FINISH_SQL = "DELETE FROM kernel_outbox WHERE id = %s AND attempts = %s RETURNING id"
"""Removes a claimed message; takes ``(message.id, message.attempts)`` and yields no row when the claim was lost."""

_DUE_SQL = """
UPDATE kernel_outbox SET nudge_at = now() + make_interval(secs => %s)
WHERE id IN (SELECT id FROM kernel_outbox WHERE nudge_at <= now() ORDER BY nudge_at, id LIMIT %s FOR UPDATE SKIP LOCKED)
RETURNING id"""

_CLAIM_SQL = """
UPDATE kernel_outbox SET claimed_until = now() + make_interval(secs => %(lease)s),
       nudge_at = now() + make_interval(secs => %(lease)s), attempts = attempts + 1
WHERE id = (SELECT id FROM kernel_outbox WHERE id = %(id)s AND available_at <= now()
            AND (claimed_until IS NULL OR claimed_until <= now()) FOR UPDATE SKIP LOCKED)
RETURNING id, topic, key, payload, request_id, attempts"""

_FAIL_SQL = """
UPDATE kernel_outbox SET claimed_until = NULL, last_error = %(error)s,
       available_at = now() + make_interval(secs => %(delay)s), nudge_at = now() + make_interval(secs => %(delay)s)
WHERE id = %(id)s AND attempts = %(attempts)s"""

_DEPTHS_SQL = """
SELECT topic, count(*), count(*) FILTER (WHERE last_error IS NOT NULL),
       greatest(0, coalesce(extract(epoch FROM now() - min(available_at)), 0))::float8
FROM kernel_outbox GROUP BY topic ORDER BY topic"""

_SETTLE_SQL = "DELETE FROM kernel_outbox WHERE id = %s AND attempts = %s AND claimed_until IS NOT NULL"


class ClaimLost(Conflict):
    """Refuse to record a result whose claim has run out and been taken over; roll the transaction back."""

    code = "outbox.claim-lost"


@dataclass(frozen=True, slots=True)
class OutboxMessage:
    """Ask for one act outside.

    Attributes:
        topic: picks the handler, such as ``case.call``.
        key: idempotency key, unique among waiting messages; starts with its owner, such as ``case:<uuid>:``.
        payload: ids and names only, JSON; never a field value.
        delay_s: not before this many seconds of real time.
        id, attempts: set by ``claim``; together they fence the result.
        request_id: the request that it came of, set by ``claim``; it is that under which the message was added.
    """

    topic: str
    key: str
    payload: Mapping[str, object] = field(default_factory=dict)
    delay_s: float = 0
    id: int = 0
    attempts: int = 0
    request_id: str = ""


def rows(messages: Iterable[OutboxMessage]) -> list[tuple[object, ...]]:
    """Return the parameters of ``INSERT_SQL``, for ``cursor.executemany`` in a pipeline."""
    request = tracing.current()
    return [(m.topic, m.key, Jsonb(dict(m.payload)), request, m.delay_s, m.delay_s) for m in messages]


def add(uow: UnitOfWork, *messages: OutboxMessage) -> None:
    """Write messages in the transaction that causes them."""
    if messages:
        uow.driver.cursor().executemany(INSERT_SQL, rows(messages))


def due(db: Database, limit: int, *, renudge_s: float = 10) -> list[int]:
    """Return ids of messages that a worker should be told of now, and mark them as nudged for ``renudge_s``."""
    with db.driver() as driver:
        return [row[0] for row in driver.execute(_DUE_SQL, (renudge_s, limit)).fetchall()]


def claim(db: Database, message_id: int, *, lease_s: float = 60) -> OutboxMessage | None:
    """Take one message for ``lease_s`` seconds, or return ``None`` when it is gone, claimed, or not available yet."""
    with db.driver() as driver:
        row = driver.execute(_CLAIM_SQL, {"id": message_id, "lease": lease_s}).fetchone()
    if row is None:
        return None
    return OutboxMessage(topic=row[1], key=row[2], payload=row[3], request_id=row[4], id=row[0], attempts=row[5])


def finish(uow: UnitOfWork, message: OutboxMessage) -> None:
    """Remove a claimed message in the transaction that records its result.

    Raises:
        ClaimLost: another worker has taken the message over or finished it; nothing of this transaction may stay.
    """
    if uow.driver.execute(FINISH_SQL, (message.id, message.attempts)).fetchone() is None:
        raise ClaimLost(topic=message.topic)


def settle(db: Database, message: OutboxMessage) -> None:
    """Remove a message whose handler returned without finishing it; one that was finished or given back is left."""
    with db.driver() as driver:
        driver.execute(_SETTLE_SQL, (message.id, message.attempts))


def renudge(db: Database, ids: Sequence[int]) -> None:
    """Take back that a worker was told of these rows, so that the relay speaks of them again at once."""
    with db.driver() as driver:
        driver.execute("UPDATE kernel_outbox SET nudge_at = now() WHERE id = ANY(%s)", (list(ids),))


def fail(db: Database, message: OutboxMessage, *, error: str, delay_s: float) -> None:
    """Give a claimed message back for a later attempt; ``error`` is a code or class name without personal data."""
    with db.driver() as driver:
        parameters = {"id": message.id, "attempts": message.attempts, "error": error, "delay": delay_s}
        driver.execute(_FAIL_SQL, parameters)


def failing(db: Database, prefix: str, *, attempts: int) -> list[str]:
    """Return the keys with a prefix whose message has been tried in vain so often; for the sweepers."""
    sql = """SELECT key FROM kernel_outbox WHERE attempts >= %s AND starts_with(key, %s) AND last_error IS NOT NULL
             ORDER BY id"""
    with db.driver() as driver:
        return [row[0] for row in driver.execute(sql, (attempts, prefix)).fetchall()]


class Depth(NamedTuple):
    """Say how much waits under a topic, and for how many seconds the oldest that could be delivered has waited."""

    topic: str
    waiting: int
    failing: int
    lag_s: float


def depths(db: Database) -> list[Depth]:
    """Return what waits, by topic; one statement over what waits and nothing else."""
    with db.driver() as driver:
        return [Depth(*row) for row in driver.execute(_DEPTHS_SQL).fetchall()]


def waiting(db: Database, prefixes: Sequence[str]) -> set[str]:
    """Return which of the key prefixes have at least one message waiting; for the sweepers."""
    sql = """SELECT prefix FROM unnest(%s::text[]) AS p(prefix)
             WHERE EXISTS (SELECT 1 FROM kernel_outbox WHERE key COLLATE "C" >= prefix COLLATE "C"
                           AND key COLLATE "C" < (prefix || chr(1114111)) COLLATE "C")"""
    with db.driver() as driver:
        return {row[0] for row in driver.execute(sql, (list(prefixes),)).fetchall()}
