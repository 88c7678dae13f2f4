"""Open transactions and bare reads on PostgreSQL; the unit of work is the only thing that commits.

The connections are psycopg's in autocommit mode: ``BEGIN`` and ``COMMIT`` are ordinary statements here, so that both
can ride in a pipeline with the work between them, and a bare read costs one round trip.
"""

import select
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from threading import Lock
from types import TracebackType
from typing import Self, cast

import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg.pq import TransactionStatus
from psycopg.rows import TupleRow
from sqlalchemy import Connection, DateTime, Engine, MetaData, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.pool import PoolProxiedConnection, QueuePool

Driver = psycopg.Connection[TupleRow]

metadata = MetaData(
    naming_convention={
        "ix": "%(table_name)s_%(column_0_N_name)s_idx",
        "uq": "%(table_name)s_%(column_0_N_name)s_key",
        "ck": "%(table_name)s_%(constraint_name)s_check",
        "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
        "pk": "%(table_name)s_pkey",
    }
)
"""Every table of the platform registers here."""

DIALECT = "postgresql+psycopg://"
"""What SQLAlchemy is told of an address: how to speak. Where to, libpq reads from ``connect_args``."""

_REACHING: dict[str, object] = {"connect_timeout": 5, "tcp_user_timeout": 10_000, "keepalives_idle": 30}
"""How long a machine that died without a word is waited for; an address may say otherwise."""

_FRESH_S = 0.05
"""A connection that was used so shortly ago is not listened to: that would let go of the interpreter for every read."""

INSTANT = DateTime(timezone=True)
"""Type of every column that holds a moment."""


class TransactionFailed(Exception):
    """Report that a COMMIT was answered by ROLLBACK because an earlier statement had failed."""


class UnitOfWork:
    """Hold one transaction: it begins with its first statement, commits at the end, rolls back on any error.

    The usual form is ``with database.begin() as uow``. The step path batches its statements::

        with database.begin() as uow:
            with uow.pipeline() as driver:      # BEGIN rides along
                cursor = driver.execute(LOCK_CASE, ...)
                row = cursor.fetchone()
            with uow.pipeline() as driver:
                driver.execute(WRITE_CASE, ...)
                uow.commit_in_pipeline()        # COMMIT rides along; leaving the block awaits it
    """

    __slots__ = (
        "_after_commit",
        "_after_rollback",
        "_commit",
        "_connection",
        "_driver",
        "_has_asked_to_commit",
        "_has_begun",
        "_take",
    )

    def __init__(self, take: Callable[[], Connection]) -> None:
        """Keep what takes a connection from the pool; it is asked on entry."""
        self._take = take
        self._has_begun = False
        self._has_asked_to_commit = False
        self._commit: psycopg.Cursor[TupleRow] | None = None
        self._after_commit: list[Callable[[], None]] = []
        self._after_rollback: list[Callable[[], None]] = []

    def __enter__(self) -> Self:
        """Take a connection from the pool."""
        self._connection = self._take()
        self._driver: Driver = driver_of(self._connection)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Commit, or roll back; then give the connection back and call what waited for it.

        Where the connection broke behind a COMMIT nobody knows whether it took effect: then nothing is called.
        """
        has_committed = False
        try:
            if kind is None:
                self._finish()
                has_committed = True
        finally:
            is_in_doubt = not has_committed and self._has_asked_to_commit and self._driver.broken
            self._release()
            if not is_in_doubt:
                for call in self._after_commit if has_committed else self._after_rollback:
                    call()

    @property
    def connection(self) -> Connection:
        """Return the SQLAlchemy Core connection of this transaction."""
        self._begin()
        return self._connection

    @property
    def driver(self) -> Driver:
        """Return the psycopg connection of this transaction."""
        self._begin()
        return self._driver

    @contextmanager
    def pipeline(self) -> Iterator[Driver]:
        """Yield the psycopg connection in pipeline mode, with BEGIN queued first where it is still wanting."""
        with self._driver.pipeline():
            self._begin()
            yield self._driver

    def commit_in_pipeline(self) -> None:
        """Queue COMMIT behind the statements of the open pipeline; nothing may follow it."""
        self._has_asked_to_commit = True
        self._commit = self._driver.execute("COMMIT", prepare=False)

    def after_commit(self, call: Callable[[], None]) -> None:
        """Call ``call`` once the transaction is durable; it must not fail and must not need the transaction."""
        self._after_commit.append(call)

    def after_rollback(self, call: Callable[[], None]) -> None:
        """Call ``call`` when the transaction is rolled back, to undo what lies outside the database."""
        self._after_rollback.append(call)

    def _begin(self) -> None:
        if not self._has_begun:
            self._has_begun = True
            self._driver.execute("BEGIN", prepare=False)

    def _finish(self) -> None:
        if not self._has_begun:
            return
        self._has_asked_to_commit = True
        if self._commit is None:
            self._commit = self._driver.execute("COMMIT", prepare=False)
        if self._commit.statusmessage != "COMMIT":
            # psycopg has seen the roll-back and would drop every prepared statement of the session, ours too.
            self._connection.invalidate()
            raise TransactionFailed(f"COMMIT was answered by {self._commit.statusmessage}")

    def _release(self) -> None:
        connection, server = self._connection, self._driver.pgconn
        if not (
            self._driver.closed or server.transaction_status in (TransactionStatus.IDLE, TransactionStatus.UNKNOWN)
        ):
            # Past psycopg, which answers a ROLLBACK that it sees with DEALLOCATE ALL: what others have prepared on
            # this connection by themselves would be gone.
            server.exec_(b"ROLLBACK")
        if not connection.invalidated and server.transaction_status != TransactionStatus.IDLE:
            connection.invalidate()
        connection.close()


@dataclass(slots=True)
class _Held:
    """Hold a connection past SQLAlchemy, with an ear at its socket; ``used_at`` is on the clock of the process."""

    connection: PoolProxiedConnection
    driver: Driver
    ear: select.poll
    used_at: float = 0.0

    @classmethod
    def of(cls, connection: PoolProxiedConnection) -> "_Held":
        """Return what a connection from the pool becomes."""
        driver = cast(Driver, connection.driver_connection)
        return cls(connection, driver, _ear_of(driver))


class _Use:
    """Use a connection at hand for a block."""

    __slots__ = ("_database", "_held")

    def __init__(self, database: "Database") -> None:
        """Keep where the connection comes from and goes back to; none is taken yet."""
        self._database = database

    def __enter__(self) -> Driver:
        """Take the connection."""
        self._held = self._database._taken()
        return self._held.driver

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Give it back; what failed is listened to before it is used again."""
        self._held.used_at = time.monotonic() if kind is None else 0.0
        self._database._give_back(self._held)


class Database:
    """Give transactions and bare reads to services; one per process, safe to share between threads."""

    def __init__(self, url: str, *, pool_size: int = 10, patience_s: int | None = None) -> None:
        """Keep up to ``pool_size`` connections to ``url`` (``postgresql://…``); nothing is opened yet.

        With ``patience_s`` neither a connection nor a statement is waited for any longer, as far as the server answers.
        """
        self.url = url
        self._autocommit = create_engine(
            DIALECT,
            isolation_level="AUTOCOMMIT",
            connect_args=connect_args(url, patience_s=patience_s),
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=patience_s or 30,
            # Nothing is left open on a connection that comes back: autocommit, and units of work end themselves.
            pool_reset_on_return=None,
        )
        event.listen(self._autocommit, "checkout", _refuse_dead_connection)
        # Not all of the pool, so that whoever goes past it, by ``engine``, finds the rest.
        self._at_hand: deque[_Held] = deque()
        self._most_at_hand = max(pool_size // 2, pool_size - 2)
        self._waiting = 0
        self._lock = Lock()

    def __enter__(self) -> Self:
        """Return itself, for a short use such as a command's."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the pooled connections."""
        self.dispose()

    @property
    def engine(self) -> Engine:
        """Return an ordinary transactional engine on the same pool, for administration and tests."""
        return self._autocommit.execution_options(isolation_level="READ COMMITTED")

    def begin(self) -> UnitOfWork:
        """Return a unit of work, to be used in a ``with`` statement."""
        return UnitOfWork(self.read)

    def read(self) -> Connection:
        """Return a connection in autocommit for bare reads, to be used in a ``with`` statement."""
        with self._waits():
            self._put_back()
            return self._autocommit.connect()

    def driver(self) -> AbstractContextManager[Driver]:
        """Return a psycopg connection in autocommit for a ``with`` statement, for steps and the hottest reads.

        It goes past SQLAlchemy, whose connection objects and pool cost as much as a statement: what was used so stays
        at hand for the next time, unless somebody waits for a connection.
        """
        return _Use(self)

    def _taken(self) -> _Held:
        found = self._from_hand()
        if found is not None:
            return found
        with self._waits():
            # Asked again now that others know: what came to hand meanwhile never reaches the pool.
            return self._from_hand() or _Held.of(self._autocommit.raw_connection())

    def _from_hand(self) -> _Held | None:
        while self._at_hand:
            try:
                held = self._at_hand.pop()
            except IndexError:
                return None
            if time.monotonic() - held.used_at < _FRESH_S or not held.ear.poll(0):
                return held
            held.connection.invalidate()
        return None

    def _give_back(self, held: _Held) -> None:
        if held.driver.closed:
            held.connection.invalidate()
            return
        is_kept = not self._waiting and len(self._at_hand) < self._most_at_hand
        if not is_kept:
            held.connection.close()
            return
        self._at_hand.append(held)
        if self._waiting:
            self._put_back()

    def _put_back(self) -> None:
        """Give one connection that is at hand to the pool, for those who take theirs there."""
        with suppress(IndexError):
            self._at_hand.pop().connection.close()

    @contextmanager
    def _waits(self) -> Iterator[None]:
        with self._lock:
            self._waiting += 1
        try:
            yield
        finally:
            with self._lock:
                self._waiting -= 1

    def connections(self) -> tuple[int, int]:
        """Return how many connections of the pool are in use, and how many are idle."""
        pool = self._autocommit.pool
        if not isinstance(pool, QueuePool):
            return 0, 0
        at_hand = len(self._at_hand)
        return pool.checkedout() - at_hand, pool.checkedin() + at_hand

    def dispose(self) -> None:
        """Close the pooled connections."""
        while self._at_hand:
            self._put_back()
        self._autocommit.dispose()


def driver_of(connection: Connection) -> Driver:
    """Return the psycopg connection under a SQLAlchemy connection."""
    return cast(Driver, connection.connection.driver_connection)


def connect_args(url: str, *, patience_s: int | None = None) -> dict[str, object]:
    """Return what an address says as libpq reads it, several hosts of which one takes writes included."""
    given = conninfo_to_dict(url)
    options = f"{given.pop('options', '')} -c timezone=UTC".strip()
    if patience_s is None:
        return {**_REACHING, **given, "options": options}
    return {
        **given,
        "options": f"{options} -c statement_timeout={patience_s}s",
        "connect_timeout": patience_s,
        "tcp_user_timeout": patience_s * 1000,
    }


def _refuse_dead_connection(dbapi_connection: DBAPIConnection, record: object, proxy: object) -> None:
    """Drop the pool when an idle connection has something to read: the server went away. Costs no round trip."""
    driver = cast(Driver, dbapi_connection)
    if driver.closed or _ear_of(driver).poll(0):
        raise InvalidatePoolError("the server has closed an idle connection")


def _ear_of(driver: Driver) -> select.poll:
    """Return what hears whether the server has said something unasked, as when it goes away."""
    ear = select.poll()
    ear.register(driver.pgconn.socket, select.POLLIN)
    return ear
