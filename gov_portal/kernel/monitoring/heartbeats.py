"""Let every process say that it lives, and what it has counted, in a row of its own."""

import os
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from threading import Event, Thread

import psycopg
import structlog
from psycopg.types.json import Jsonb
from sqlalchemy import Column, DateTime, Table, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import SQLAlchemyError

from gov_portal.kernel.db import Database, Driver, metadata
from gov_portal.kernel.logs import describe
from gov_portal.kernel.monitoring.tally import Sample, Tally, read_back, written
from gov_portal.kernel.read_only import is_refusal

kernel_heartbeats = Table(
    "kernel_heartbeats",
    metadata,
    Column("name", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("started_at", DateTime(timezone=True), nullable=False),
    Column("beat_at", DateTime(timezone=True), nullable=False),
    Column("figures", JSONB, nullable=False),
    postgresql_with={"fillfactor": 50},
)
"""One row for each process that runs or ran in the last days; all instants are the database's."""

WEB, RELAY, WORKER = "web", "relay", "worker"
BEAT_EVERY_S = 10.0
ALIVE_S = 35.0
"""A process that has missed three beats is taken for dead."""

_BEAT_SQL = """
INSERT INTO kernel_heartbeats AS h (name, kind, started_at, beat_at, figures)
VALUES (%(name)s, %(kind)s, clock_timestamp(), clock_timestamp(), %(figures)s)
ON CONFLICT (name) DO UPDATE SET beat_at = clock_timestamp(), figures = excluded.figures,
  started_at = CASE WHEN %(is_first)s THEN clock_timestamp() ELSE h.started_at END"""
_BEATS_SQL = """
SELECT name, kind, started_at, beat_at, extract(epoch FROM clock_timestamp() - beat_at)::float8,
  CASE WHEN beat_at > clock_timestamp() - make_interval(secs => %s) THEN figures ELSE '[]' END
FROM kernel_heartbeats ORDER BY name"""
_TIDY_SQL = "DELETE FROM kernel_heartbeats WHERE beat_at < clock_timestamp() - interval '7 days'"

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Beat:
    """Show one process: when it was last alive, and what it had counted then; nothing of a dead one."""

    name: str
    kind: str
    started_at: datetime
    beat_at: datetime
    age_s: float
    samples: tuple[Sample, ...]

    @property
    def is_alive(self) -> bool:
        """Tell whether the process lives, as far as is known."""
        return self.age_s <= ALIVE_S


class Heart:
    """Beat for one process."""

    def __init__(self, db: Database, kind: str, tally: Tally, *, every_s: float = BEAT_EVERY_S) -> None:
        """Carry the sums of ``tally``; ``kind`` is ``WEB``, ``RELAY`` or ``WORKER``."""
        self._db = db
        self.kind = kind
        self.tally = tally
        self._every_s = every_s
        self._has_beaten = False
        self._is_down = False
        self.is_writing_paused = False
        """Whether the last beat found that the database takes no writes."""

    @property
    def name(self) -> str:
        """Return what the process is called; the number is read late, for a process may have been forked."""
        return f"{self.kind}@{socket.gethostname()}:{os.getpid()}"

    def start(self, stop: Event | None = None) -> None:
        """Beat on a thread of its own until ``stop`` is set or the process ends."""
        Thread(target=self._run, args=(stop or Event(),), name="heart", daemon=True).start()

    def beat(self) -> None:
        """Write the row of this process."""
        figures = Jsonb(written(self.tally.samples()))
        values = {"name": self.name, "kind": self.kind, "figures": figures, "is_first": not self._has_beaten}
        with self._db.driver() as driver:
            driver.execute(_BEAT_SQL, values)
        self._has_beaten = True

    def close(self) -> None:
        """Close the connections by which it beats."""
        self._db.dispose()

    def is_heard(self) -> bool:
        """Beat, note whether the database takes writes, and tell whether this one was written."""
        try:
            self.beat()
        except (psycopg.Error, SQLAlchemyError) as error:
            if not self._is_down:
                _log.warning("heart-not-heard", error=describe(error))
            self._is_down, self.is_writing_paused = True, is_refusal(error)
        else:
            self._is_down = self.is_writing_paused = False
        return not self._is_down

    def _run(self, stop: Event) -> None:
        while not stop.is_set():
            self.is_heard()
            stop.wait(self._every_s)


def beats(driver: Driver) -> Sequence[Beat]:
    """Return every process of the last days; one statement."""
    rows = driver.execute(_BEATS_SQL, (ALIVE_S,)).fetchall()
    return [
        Beat(name, kind, started_at, beat_at, age_s, tuple(read_back(figures)))
        for name, kind, started_at, beat_at, age_s, figures in rows
    ]


def tidy(db: Database) -> int:
    """Forget processes that ended long ago; return how many."""
    with db.driver() as driver:
        return driver.execute(_TIDY_SQL).rowcount
