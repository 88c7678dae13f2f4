"""Join what operators watch: figures of every package, heartbeats, and what a process depends on."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from gov_portal.exchange.ports import Connector, ProviderFailed, ProviderReply, ProviderRequest
from gov_portal.exchange.services import ExchangeService
from gov_portal.kernel import outbox, outside
from gov_portal.kernel.clock_store import SimulatedClock
from gov_portal.kernel.clocks import Clock, SystemClock
from gov_portal.kernel.db import Database
from gov_portal.kernel.ledger.seals import last_sealed
from gov_portal.kernel.monitoring import metrics
from gov_portal.kernel.monitoring.bounded import Bounded
from gov_portal.kernel.monitoring.heartbeats import Beat, Heart, beats
from gov_portal.kernel.monitoring.monitor import Door, Monitor, youngest
from gov_portal.kernel.monitoring.readiness import Readiness
from gov_portal.kernel.monitoring.tally import Sample, Tally
from gov_portal.messaging.backlog import Backlog
from gov_portal.settings import Settings
from gov_portal.wiring.checks import checks_of, patient
from workflows.services.load import Load, Queue

STATE_KEPT_S = 5.0
BEATS_KEPT_S = 1.0

_DATABASE_SQL = """
SELECT xact_commit, xact_rollback, deadlocks, numbackends FROM pg_stat_database WHERE datname = current_database()"""


@dataclass(frozen=True, slots=True)
class StateReader:
    """Read the figures of the state: eight statements, nine in a sandbox, whatever is stored."""

    db: Database
    clock: Clock

    def read(self) -> Sequence[Sample]:
        """Return every figure but those of processes."""
        return [*self._cases(), *self._outbox(), *self._backlog(), *self._ledger(), *self._database(), *self._alive()]

    def _cases(self) -> list[Sample]:
        load = Load(self.db, self.clock)
        now = load.now()
        counted = [Sample(metrics.CASES, (one.item, one.stage, one.outcome), one.number) for one in load.counts()]
        queues = load.queues(now=now)
        waiting = [Sample(metrics.OPEN_TASKS, _labels(one), one.waiting) for one in queues]
        overdue = [Sample(metrics.OVERDUE_TASKS, _labels(one), one.overdue) for one in queues]
        oldest = Sample(metrics.OLDEST_OVERDUE, (), _oldest_overdue_s(queues, now=now))
        return [*counted, *waiting, *overdue, oldest]

    def _outbox(self) -> list[Sample]:
        depths = outbox.depths(self.db)
        return [
            *(Sample(metrics.OUTBOX_MESSAGES, (one.topic,), one.waiting) for one in depths),
            *(Sample(metrics.OUTBOX_LAG, (one.topic,), one.lag_s) for one in depths),
            *(Sample(metrics.OUTBOX_UNDER_WAY, (one.topic,), one.under_way) for one in depths),
            *(Sample(metrics.OUTBOX_FAILING, (one.topic,), one.failing) for one in depths),
            *(Sample(metrics.WORK_PARKED, (one.topic,), one.parked) for one in depths),
        ]

    def _backlog(self) -> list[Sample]:
        backlog = Backlog.read(self.db)
        parked = [Sample(metrics.MESSAGES_PARKED, (channel,), number) for channel, number in backlog.parked.items()]
        dead, disabled = metrics.WEBHOOKS_DEAD, metrics.WEBHOOKS_DISABLED
        return [*parked, Sample(dead, (), backlog.dead), Sample(disabled, (), backlog.disabled)]

    def _ledger(self) -> list[Sample]:
        at = last_sealed(self.db)
        return [] if at is None else [Sample(metrics.LEDGER_SEALED, (), at.timestamp())]

    def _database(self) -> list[Sample]:
        with self.db.driver() as driver:
            row = driver.execute(_DATABASE_SQL).fetchone()
        if row is None:
            return []
        commits, rollbacks, deadlocks, backends = row
        return [
            Sample(metrics.TRANSACTIONS, ("commit",), commits),
            Sample(metrics.TRANSACTIONS, ("rollback",), rollbacks),
            Sample(metrics.DEADLOCKS, (), deadlocks),
            Sample(metrics.BACKENDS, (), backends),
        ]

    def _alive(self) -> list[Sample]:
        with self.db.driver() as driver:
            found = beats(driver)
        ages = youngest(found)
        living = [Sample(metrics.PROCESSES, (kind,), _alive(found, kind)) for kind in ages]
        return [*living, *(Sample(metrics.HEARTBEAT_AGE, (kind,), age_s) for kind, age_s in ages.items())]


class Line(Connector, Protocol):
    """Reach department systems by connections that are kept open."""

    def close(self) -> None:
        """End the connections."""
        ...


class Measured:
    """Measure how long departments' systems take, and count what they do not answer.

    Whoever asks lets others use its place until they have answered, which is not their time.
    """

    def __init__(self, connector: Line, tally: Tally) -> None:
        """Ask by ``connector``."""
        self._connector = connector
        self._tally = tally

    def call(self, request: ProviderRequest) -> ProviderReply:
        """Send one request and return the reply.

        Raises:
            ProviderFailed: as the connector does.
        """
        with outside.awaited():
            started = time.monotonic()
            try:
                return self._connector.call(request)
            except ProviderFailed as fault:
                self._tally.add(metrics.EXCHANGE_FAILURES, request.system, fault.failure.value)
                raise
            finally:
                self._tally.observe(metrics.EXCHANGE_SECONDS, request.system, seconds=time.monotonic() - started)

    def close(self) -> None:
        """End the connections."""
        self._connector.close()


def monitor_of(settings: Settings, exchange: ExchangeService, *, kind: str, tally: Tally) -> Monitor:
    """Return what answers operators in one process."""
    db = patient(settings)
    clock: Clock = SimulatedClock(db) if settings.is_clock_simulated else SystemClock()

    def departments() -> Mapping[str, bool]:
        held = exchange.held_back()
        return {name: name in held for name in settings.departments}

    def read_beats() -> Sequence[Beat]:
        with db.driver() as driver:
            return beats(driver)

    return Monitor(
        readiness=Readiness(checks_of(settings)),
        heart=Heart(db, kind, tally),
        state=Bounded(StateReader(db, clock).read, keep_s=STATE_KEPT_S),
        beats=Bounded(read_beats, keep_s=BEATS_KEPT_S),
        departments=departments,
        door=Door(settings.metrics_token, settings.metrics_networks),
    )


def counting(db: Database, exchange: ExchangeService, *, tally: Tally, systems: Sequence[str]) -> None:
    """Let a tally read what the pool and the breaker know."""
    tally.watch(metrics.CONNECTIONS, lambda: dict(zip((("in-use",), ("idle",)), db.connections(), strict=True)))
    tally.watch(metrics.BREAKER_OPEN, lambda: {(one,): float(one in exchange.held_back()) for one in systems})


def _labels(queue: Queue) -> tuple[str, str, str]:
    return queue.org, queue.unit, queue.kind


def _oldest_overdue_s(queues: Sequence[Queue], *, now: datetime) -> float:
    due = min((one.earliest_due_at for one in queues if one.earliest_due_at), default=now)
    return max(0.0, (now - due).total_seconds())


def _alive(found: Sequence[Beat], kind: str) -> int:
    return sum(one.kind == kind and one.is_alive for one in found)
