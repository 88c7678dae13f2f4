"""Keep what must happen outside after a commit as rows, so that a lost or doubled nudge costs latency, never a step.

A row lives from the transaction that asks for it to the transaction that records its result. The relay marks rows as
nudged and tells a worker their ids; the worker claims each row for a lease, acts, and finishes it. A row that fails by
its own fault as often as ``MOST_FAILURES`` is parked (搁置): it stays, nobody is told of it, and an operator has it
resumed or ended (``kernel.parking``).

Rows of one source (an item) to one target (a department's system) form a lane. Lanes get equal turns, so that no
backlog starves another, and limits say how many rows of a source or to a target may be claimed at once.
All times here are the database's real time; business time never delays an effect.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple

import orjson
from psycopg.rows import TupleRow
from psycopg.types.json import Jsonb
from sqlalchemy import BigInteger, Boolean, Column, DateTime, Identity, Index, Integer, Table, Text, func, text
from sqlalchemy.dialects.postgresql import JSONB

from gov_portal.kernel import tracing
from gov_portal.kernel.db import Database, UnitOfWork, metadata
from gov_portal.kernel.errors import Conflict
from gov_portal.kernel.monitoring.heartbeats import ALIVE_S, WORKER
from gov_portal.kernel.prepared import run

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
    Column("source", Text(collation="C"), nullable=False, server_default=""),
    Column("target", Text(collation="C"), nullable=False, server_default=""),
    Column("is_under_way", Boolean, nullable=False, server_default=text("false")),
    Column("failures", Integer, nullable=False, server_default=text("0")),
    Column("history", JSONB),
    Column("parked_at", DateTime(timezone=True)),
    Index("kernel_outbox_lane_idx", "source", "target", "nudge_at"),
    Index("kernel_outbox_under_way_idx", "nudge_at", postgresql_where=text("is_under_way")),
    Index("kernel_outbox_parked_idx", "id", postgresql_where=text("parked_at IS NOT NULL")),
    postgresql_with={"fillfactor": 70},
)
"""Pending effects. ``nudge_at`` is when the relay should speak of the row next; until then one that ``is_under_way`` is
told of or claimed.

``failures`` are those that count since the row was written or resumed, ``history`` the last attempts in vain: pairs of
when and a code. A parked row is available, and spoken of, never.
"""

MOST_FAILURES = 12
"""Attempts that fail before a row is parked, some forty minutes of them with the pauses of the workers."""

WORKER_LOST = "worker-lost"
"""Code of an attempt whose worker was never heard of again; it may be the work that kills it."""

INSERT_SQL = """
INSERT INTO kernel_outbox (topic, key, payload, request_id, source, target, available_at, nudge_at)
VALUES (%s, %s, %s, %s, %s, %s, now() + make_interval(secs => %s), now() + make_interval(secs => %s))
ON CONFLICT (key) DO NOTHING"""
"""Adds one message; takes a tuple of ``rows``. A key that is already waiting is left alone."""

FINISH_SQL = "DELETE FROM kernel_outbox WHERE id = %s AND attempts = %s RETURNING id"
"""Removes a claimed message; takes ``(message.id, message.attempts)`` and yields no row when the claim was lost."""

_DUE_SQL = f"""
WITH RECURSIVE lane AS (
  (SELECT source, target FROM kernel_outbox ORDER BY source, target LIMIT 1)
  UNION ALL
  SELECT next.* FROM lane, LATERAL (SELECT o.source, o.target FROM kernel_outbox o
    WHERE (o.source, o.target) > (lane.source, lane.target) ORDER BY o.source, o.target LIMIT 1) AS next),
under_way AS MATERIALIZED (
  SELECT source, target, coalesce(claimed_until > now(), false) AS is_claimed FROM kernel_outbox
  WHERE is_under_way AND nudge_at > now()),
limited AS (
  SELECT name, most - (SELECT count(*) FROM under_way u WHERE name IN (u.source, u.target)) AS room
  FROM unnest(%(names)s::text[], %(most)s::int[]) AS l (name, most)),
ready AS (
  SELECT lane.*, o.*, row_number() OVER (PARTITION BY lane.source, lane.target ORDER BY o.nudge_at, o.id) AS turn
  FROM lane, LATERAL (SELECT id, nudge_at FROM kernel_outbox
    WHERE source = lane.source AND target = lane.target AND nudge_at <= now() ORDER BY nudge_at, id
    LIMIT greatest(8, 2 * %(limit)s / (SELECT count(*) FROM lane))) AS o),
of_sources AS (
  SELECT *, row_number() OVER (PARTITION BY source ORDER BY turn, nudge_at, id) AS place FROM ready),
of_targets AS (
  SELECT *, row_number() OVER (PARTITION BY target ORDER BY turn, nudge_at, id) AS number FROM of_sources
  WHERE place <= coalesce((SELECT room FROM limited WHERE name = source), place)),
chosen AS (
  SELECT id FROM of_targets WHERE number <= coalesce((SELECT room FROM limited WHERE name = target), number)
  ORDER BY turn, nudge_at, id
  LIMIT least(%(limit)s, greatest(0, %(per_worker)s
    * (SELECT greatest(1, count(*)) FROM kernel_heartbeats
       WHERE kind = '{WORKER}' AND beat_at > now() - make_interval(secs => {ALIVE_S}))
    - (SELECT count(*) FROM under_way WHERE NOT is_claimed))))
UPDATE kernel_outbox SET nudge_at = now() + make_interval(secs => %(renudge)s), is_under_way = true
WHERE id IN (SELECT id FROM kernel_outbox WHERE id = ANY (ARRAY(SELECT id FROM chosen)) AND nudge_at <= now()
             FOR UPDATE SKIP LOCKED)
RETURNING id"""  # noqa: S608 - names of our own

_HISTORY = 30
# The oldest of many attempts gives way; what is noted is a code, never a word that a person may have typed.
_NOTED = f"""
    (CASE WHEN jsonb_array_length(history) >= {_HISTORY} THEN history - 0 ELSE coalesce(history, '[]') END
     || jsonb_build_array(jsonb_build_array({{at}}, {{code}})))"""

# A claim that ran out is an attempt in vain as well; nothing is computed for a row that was not claimed before.
_CLAIM_SQL = f"""
UPDATE kernel_outbox SET claimed_until = now() + make_interval(secs => %(lease)s),
       nudge_at = now() + make_interval(secs => %(lease)s), attempts = attempts + 1, is_under_way = true,
       failures = failures + (claimed_until IS NOT NULL)::int,
       history = CASE WHEN claimed_until IS NULL THEN history
                 ELSE {_NOTED.format(at="claimed_until", code=f"'{WORKER_LOST}'")} END
WHERE id = (SELECT id FROM kernel_outbox WHERE id = %(id)s AND available_at <= now() AND parked_at IS NULL
            AND (claimed_until IS NULL OR claimed_until <= now()) FOR UPDATE SKIP LOCKED)
  AND NOT EXISTS (
    SELECT 1 FROM unnest(%(names)s::text[], %(most)s::int[]) AS l (name, most)
    WHERE l.name IN (source, target) AND l.most <= (
      SELECT count(*) FROM kernel_outbox o
      WHERE o.is_under_way AND o.nudge_at > now() AND o.claimed_until > now() AND l.name IN (o.source, o.target)))
RETURNING id, topic, key, payload, request_id, attempts, failures"""  # noqa: S608 - own words

_QUEUE_UP_SQL = """
SELECT pg_advisory_xact_lock(hashtextextended(name, 0)) FROM (
  SELECT name FROM kernel_outbox, unnest(ARRAY[source, target]) AS name
  WHERE id = %(id)s AND name = ANY (%(names)s) ORDER BY name) AS n"""
"""Lets claims under one limit come one after the other, so that each counts those before it."""

_STEP_BACK_SQL = """
UPDATE kernel_outbox SET nudge_at = now() + make_interval(secs => %s), is_under_way = false
WHERE id = %s AND available_at <= now() AND (claimed_until IS NULL OR claimed_until <= now())"""
_STEP_BACK_S = 0.25

_FAIL_SQL = f"""
UPDATE kernel_outbox SET claimed_until = NULL, is_under_way = false, last_error = %(error)s,
       failures = failures + %(counted)s::int, history = {_NOTED.format(at="now()", code="%(error)s::text")},
       available_at = now() + make_interval(secs => %(delay)s), nudge_at = now() + make_interval(secs => %(delay)s)
WHERE id = %(id)s AND attempts = %(attempts)s"""  # noqa: S608 - own words

_PARK_SQL = f"""
UPDATE kernel_outbox SET claimed_until = NULL, is_under_way = false, last_error = %(error)s,
       failures = failures + %(counted)s::int,
       history = CASE WHEN %(counted)s THEN {_NOTED.format(at="now()", code="%(error)s::text")} ELSE history END,
       parked_at = now(), available_at = 'infinity', nudge_at = 'infinity'
WHERE id = %(id)s AND attempts = %(attempts)s"""  # noqa: S608 - own words

_DEPTHS_SQL = """
SELECT topic, count(*) FILTER (WHERE parked_at IS NULL),
       count(*) FILTER (WHERE last_error IS NOT NULL AND parked_at IS NULL),
       greatest(0, coalesce(extract(epoch FROM now() - min(available_at) FILTER (WHERE parked_at IS NULL)), 0))::float8,
       count(*) FILTER (WHERE is_under_way AND nudge_at > now()), count(parked_at)
FROM kernel_outbox GROUP BY topic ORDER BY topic"""

_RENUDGE_SQL = "UPDATE kernel_outbox SET nudge_at = now(), is_under_way = false WHERE id = ANY(%s)"

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
        source: whose work it is, such as ``item:std/card``; its topic where nothing is said.
        target: the system that it goes to, such as ``system:police``; empty for none.
        failures: how many attempts have failed by the message's own fault, set by ``claim``.
    """

    topic: str
    key: str
    payload: Mapping[str, object] = field(default_factory=dict)
    delay_s: float = 0
    id: int = 0
    attempts: int = 0
    request_id: str = ""
    source: str = ""
    target: str = ""
    failures: int = 0


Limits = Mapping[str, int]
"""How many messages of a source, or to a target, may be claimed at once; who is not named has no limit."""

NO_LIMITS: Limits = MappingProxyType({})


def rows(messages: Iterable[OutboxMessage]) -> list[tuple[object, ...]]:
    """Return the parameters of ``INSERT_SQL``, for ``cursor.executemany`` in a pipeline."""
    request = tracing.current()
    return [
        (m.topic, m.key, Jsonb(dict(m.payload), _json), request, m.source or m.topic, m.target, m.delay_s, m.delay_s)
        for m in messages
    ]


def _json(payload: object) -> bytes:
    return orjson.dumps(payload, default=str)


def add(uow: UnitOfWork, *messages: OutboxMessage) -> None:
    """Write messages in the transaction that causes them."""
    if messages:
        uow.driver.cursor().executemany(INSERT_SQL, rows(messages))


def due(
    db: Database, limit: int, *, renudge_s: float = 10, limits: Limits = NO_LIMITS, per_worker: int = 1_000
) -> list[int]:
    """Return ids of messages that a worker should be told of now, and mark them as nudged for ``renudge_s``.

    Lanes get equal turns, each the longest waiting first. While ``per_worker`` messages for each living worker have
    been told of and not been taken, none is returned: the workers are behind.
    """
    given = {"limit": limit, "renudge": renudge_s, "per_worker": per_worker, **_spelt(limits)}
    with db.driver() as driver:
        return [row[0] for row in driver.execute(_DUE_SQL, given).fetchall()]


def claim(db: Database, message_id: int, *, lease_s: float = 60, limits: Limits = NO_LIMITS) -> OutboxMessage | None:
    """Take one message for ``lease_s`` seconds, or return ``None`` when it is gone, claimed, or not available yet.

    One that a limit keeps back is spoken of again in a moment.
    """
    given = {"id": message_id, "lease": lease_s, **_spelt(limits)}
    row = _claimed_in_turn(db, given) if limits else _claimed(db, given)
    if row is None:
        return None
    number, topic, key, payload, request, attempts, failures = row
    return OutboxMessage(topic, key, payload, 0, number, attempts, request, failures=failures)


def _claimed(db: Database, given: Mapping[str, object]) -> TupleRow | None:
    with db.driver() as driver:
        return driver.execute(_CLAIM_SQL, given).fetchone()


def _claimed_in_turn(db: Database, given: Mapping[str, object]) -> TupleRow | None:
    with db.begin() as uow:
        with uow.pipeline() as driver:
            driver.execute(_QUEUE_UP_SQL, given)
            row = driver.execute(_CLAIM_SQL, given).fetchone()
        if row is None:
            uow.driver.execute(_STEP_BACK_SQL, (_STEP_BACK_S, given["id"]))
        return row


def _spelt(limits: Limits) -> dict[str, object]:
    return {"names": list(limits), "most": list(limits.values())}


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
        run(driver, _SETTLE_SQL, (message.id, message.attempts))


def renudge(db: Database, ids: Sequence[int]) -> None:
    """Take back that a worker was told of these rows, so that the relay speaks of them again at once."""
    with db.driver() as driver:
        driver.execute(
            "UPDATE kernel_outbox SET nudge_at = now(), is_under_way = false WHERE id = ANY(%s)", (list(ids),)
        )


def fail(db: Database, message: OutboxMessage, *, error: str, delay_s: float, is_fault: bool = False) -> None:
    """Give a claimed message back for a later attempt.

    Args:
        db: where the outbox is.
        message: as it was claimed.
        error: a code or class name without personal data.
        delay_s: how long to wait.
        is_fault: the work itself is at fault, not what it needs: that counts towards its being parked.
    """
    parameters = {"id": message.id, "attempts": message.attempts, "error": error, "delay": delay_s, "counted": is_fault}
    with db.driver() as driver:
        driver.execute(_FAIL_SQL, parameters)


def park(db: Database, message: OutboxMessage, *, error: str = "") -> None:
    """Put a claimed message aside until an operator decides; without ``error`` its last attempt is noted already."""
    counted = bool(error)
    parameters = {"id": message.id, "attempts": message.attempts, "error": error or WORKER_LOST, "counted": counted}
    with db.driver() as driver:
        driver.execute(_PARK_SQL, parameters)


def absent(key: str) -> str:
    """Return the SQL condition that no message has a key, given as SQL; for those who look for more work."""
    return f"NOT EXISTS (SELECT 1 FROM kernel_outbox WHERE kernel_outbox.key = {key})"  # noqa: S608 - own words


class Depth(NamedTuple):
    """Say what waits under a topic: how much, how long the oldest that could go, what is under way, what is parked."""

    topic: str
    waiting: int
    failing: int
    lag_s: float
    under_way: int = 0
    parked: int = 0


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
