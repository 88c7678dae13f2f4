"""Tell workers which outbox rows wait; whatever gets lost is told again.

The relay polls instead of listening: a NOTIFY takes a lock over all databases at commit, which every step of every case
would queue for, while a poll of one index every 50 ms costs a thousandth of a core.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Event

import structlog
from kombu.exceptions import OperationalError as BrokerError
from redis.exceptions import RedisError

from gov_portal.kernel import outbox
from gov_portal.kernel.db import Database
from gov_portal.kernel.logs import describe
from gov_portal.workers.tasks import DATABASE_ERRORS, LEASE_S, deliver
from gov_portal.workers.work import Work

Nudge = Callable[[Sequence[int]], None]
"""Tells a worker to deliver these ids."""

POLL_S = 0.05
RECONNECT_S = 0.5
_ROWS_PER_POLL = 200
_ROWS_PER_NUDGE = 8
_FEW = 32
"""Up to so many are told one by one, so that none waits behind another; of more, several at once."""

PER_WORKER = 64
"""How many rows each living worker may have been told of without having taken them: eight for each of its threads."""

_OUTAGES = (*DATABASE_ERRORS, BrokerError, RedisError, OSError)

_log = structlog.get_logger(__name__)


class Relay:
    """Poll the outbox and nudge workers; several may run at once."""

    def __init__(
        self, db: Database, nudge: Nudge, *, renudge_s: float = 10, limits: outbox.Limits = outbox.NO_LIMITS
    ) -> None:
        """Speak of a row again after ``renudge_s`` seconds without a claim, and of none beyond the ``limits``."""
        self._db = db
        self._nudge = nudge
        self._due = partial(outbox.due, db, _ROWS_PER_POLL, renudge_s=renudge_s, limits=limits, per_worker=PER_WORKER)

    def run(self, stop: Event) -> None:
        """Work until ``stop`` is set; outages of database and broker are waited out."""
        is_down = False
        while not stop.is_set():
            try:
                found = self.relay_once()
            except _OUTAGES as error:
                if not is_down:
                    _log.warning("relay-interrupted", error=describe(error))
                is_down = True
                stop.wait(RECONNECT_S)
                continue
            if is_down:
                _log.info("relay-resumed")
                is_down = False
            if found < _ROWS_PER_POLL:
                stop.wait(POLL_S)

    def relay_once(self) -> int:
        """Nudge for rows that wait now, as many as workers can take; return how many they were."""
        ids = self._due()
        at_once = min(_ROWS_PER_NUDGE, 1 + len(ids) // _FEW)
        told = 0
        try:
            for first in range(0, len(ids), at_once):
                self._nudge(ids[first : first + at_once])
                told = first + at_once
        finally:
            if told < len(ids):
                outbox.renudge(self._db, ids[told:])
        return len(ids)


class InProcessWorkers:
    """Deliver inside the relay's process, for an installation without a broker."""

    def __init__(self, work: Work, *, threads: int = 4, lease_s: float = LEASE_S) -> None:
        """Use so many threads, and let each message take ``lease_s`` at most."""
        self._deliver = partial(deliver, work, lease_s=lease_s)
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="deliver")

    def nudge(self, ids: Sequence[int]) -> None:
        """Deliver soon."""
        self._pool.submit(self._deliver, ids)

    def close(self) -> None:
        """Finish what has begun; what has not stays in the outbox."""
        self._pool.shutdown(cancel_futures=True)
