"""Show what is parked in the outbox (搁置), and let an operator decide what becomes of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import orjson

from gov_portal.kernel import ledger
from gov_portal.kernel.db import Database, UnitOfWork
from gov_portal.kernel.decisions import Decision, Way, WorkMoved
from gov_portal.kernel.errors import DomainError
from gov_portal.kernel.outbox import OutboxMessage
from gov_portal.kernel.principal import Principal, actor_of

_PARKED_SQL = """
SELECT id, topic, key, payload, request_id, attempts, failures, parked_at, history FROM kernel_outbox
WHERE parked_at IS NOT NULL AND id > %(after)s AND (%(ids)s::bigint[] IS NULL OR id = ANY(%(ids)s))
  AND starts_with(topic, %(topic)s) ORDER BY id LIMIT %(most)s"""

_COUNT_SQL = """SELECT topic, count(*) FROM kernel_outbox WHERE parked_at IS NOT NULL GROUP BY topic ORDER BY topic"""

_RESUME_SQL = """
UPDATE kernel_outbox SET parked_at = NULL, failures = 0, last_error = NULL, available_at = now(), nudge_at = now()
WHERE id = %s AND attempts = %s AND parked_at IS NOT NULL RETURNING id"""

_END_SQL = "DELETE FROM kernel_outbox WHERE id = %s AND attempts = %s AND parked_at IS NOT NULL RETURNING id"


@dataclass(frozen=True, slots=True)
class Attempt:
    """Tell one attempt in vain: when, and a code."""

    at: datetime
    error: str


@dataclass(frozen=True, slots=True)
class ParkedWork:
    """Hold one parked message with its last attempts, the oldest first."""

    message: OutboxMessage
    parked_at: datetime
    history: tuple[Attempt, ...]

    @property
    def error(self) -> str:
        """Return the code of the last attempt."""
        return self.history[-1].error if self.history else ""


class ParkedWorks(Protocol):
    """Show operators what is parked, and carry out what they decide."""

    def work(self, number: int) -> ParkedWork:
        """Return one piece of parked work.

        Raises:
            WorkUnknown: nothing is parked under this number.
        """

    def parked(
        self, *, ids: Sequence[int] | None = None, topic: str = "", after: int = 0, most: int = 100
    ) -> tuple[ParkedWork, ...]:
        """Return what is parked, the oldest first."""

    def counts(self) -> Mapping[str, int]:
        """Return how many pieces are parked, by topic."""

    def settle_all(
        self, works: Sequence[ParkedWork], decision: Decision, *, by: Principal
    ) -> Mapping[int, DomainError]:
        """Settle each by itself and return, by number, what could not be settled and why."""


def counts(db: Database) -> Mapping[str, int]:
    """Return how many pieces of work are parked, by topic."""
    with db.driver() as driver:
        return dict(driver.execute(_COUNT_SQL).fetchall())


def parked(
    db: Database, *, ids: Sequence[int] | None = None, topic: str = "", after: int = 0, most: int = 100
) -> tuple[ParkedWork, ...]:
    """Return what is parked, the oldest first: all of it, or by its numbers, or by the beginning of its topic."""
    parameters = {"ids": None if ids is None else list(ids), "topic": topic, "after": after, "most": most}
    with db.driver() as driver:
        return tuple(_work(row) for row in driver.execute(_PARKED_SQL, parameters).fetchall())


def settle(uow: UnitOfWork, work: ParkedWork, way: Way) -> None:
    """Resume or end parked work in the transaction that records the decision.

    Raises:
        WorkMoved: somebody has decided already.
    """
    sql = _RESUME_SQL if way is Way.RESUME else _END_SQL
    if uow.driver.execute(sql, (work.message.id, work.message.attempts)).fetchone() is None:
        raise WorkMoved


def record(uow: UnitOfWork, work: ParkedWork, decision: Decision, *, at: datetime, by: Principal) -> None:
    """Write a decision about work that belongs to no case into the ledger, with the attempts that led to it."""
    body = {
        "topic": work.message.topic,
        "key": work.message.key,
        "reason": decision.reason,
        "history": [[one.at.isoformat(), one.error] for one in work.history],
    }
    stream, kind, actor = f"work:{work.message.id}", f"work-{decision.way}", actor_of(by)
    ledger.append(uow, ledger.Fact(stream=stream, kind=kind, actor=actor, body=orjson.dumps(body), at=at))


def _work(row: Sequence[object]) -> ParkedWork:
    number, topic, key, payload, request, attempts, failures, parked_at, history = row
    message = OutboxMessage(
        str(topic),
        str(key),
        payload if isinstance(payload, Mapping) else {},
        id=int(str(number)),
        attempts=int(str(attempts)),
        request_id=str(request),
        failures=int(str(failures)),
    )
    tried = history if isinstance(history, list) else []
    attempted = tuple(Attempt(datetime.fromisoformat(at), error) for at, error in tried)
    return ParkedWork(message, parked_at, attempted)  # type: ignore[arg-type]
