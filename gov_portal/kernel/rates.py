"""Count requests over all processes and say who must wait; who is far from the limit costs no statement.

The generic cell rate algorithm: a bucket is one instant, at which it will have drained. Source: ITU-T I.371, annex A.
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil
from threading import Lock
from typing import NamedTuple, Protocol

import psycopg
from sqlalchemy import Column, DateTime, LargeBinary, Table

from gov_portal.kernel.db import Database, metadata
from gov_portal.kernel.prepared import rows, run
from gov_portal.kernel.read_only import is_refusal

kernel_rates = Table(
    "kernel_rates",
    metadata,
    Column("bucket", LargeBinary, primary_key=True),
    Column("full_at", DateTime(timezone=True), nullable=False),
    postgresql_with={"fillfactor": 50},
    prefixes=["UNLOGGED"],
)
"""Buckets of those who ask; unlogged, for after a crash everybody may begin anew."""

_UNTOLD = 20
"""The part of a limit that a process may count by itself: one in so many."""

_TELL_EVERY_S = 1.0

_CLAIM_SQL = """
INSERT INTO kernel_rates AS r (bucket, full_at) VALUES (%s, now() + make_interval(secs => %s))
ON CONFLICT (bucket) DO UPDATE SET full_at = GREATEST(r.full_at, now()) + (excluded.full_at - now())
WHERE r.full_at <= now() + make_interval(secs => %s)
RETURNING extract(epoch FROM full_at - now())::float8"""
_CARRY_SQL = """
INSERT INTO kernel_rates AS r (bucket, full_at)
SELECT own.bucket, now() + make_interval(secs => own.seconds)
FROM unnest(%s::bytea[], %s::float8[]) AS own (bucket, seconds) ORDER BY own.bucket
ON CONFLICT (bucket) DO UPDATE SET full_at = GREATEST(r.full_at, now()) + (excluded.full_at - now())
RETURNING bucket, extract(epoch FROM full_at - now())::float8"""
"""Adds what one process has counted, in the order of the buckets, so that two processes never wait for each other."""

_LEVEL_SQL = "SELECT extract(epoch FROM full_at - now())::float8 FROM kernel_rates WHERE bucket = %s"

_TIDY_SQL = "DELETE FROM kernel_rates WHERE full_at < now()"


@dataclass(frozen=True, slots=True)
class Rate:
    """Allow so many requests in so many seconds."""

    name: str
    requests: int
    window_s: int


class Standing(NamedTuple):
    """Say how it stands with one who asks.

    Attributes:
        remaining: requests that may follow at once.
        reset_s: seconds until the bucket has drained.
        wait_s: seconds to wait; 0 lets the request through.
    """

    rate: Rate
    remaining: int
    reset_s: int
    wait_s: int = 0


class Rates(Protocol):
    """Count requests."""

    def claim(self, rate: Rate, subject: bytes) -> Standing:
        """Count one request of a subject and say how it stands."""
        ...


class _OwnRates:
    """Count in the memory of this process, and know what the shared rows have not been told yet."""

    _MOST = 10_000

    def __init__(self) -> None:
        self._full_at: dict[bytes, float] = {}
        self._untold_s: dict[bytes, float] = {}
        self._told_at = time.monotonic()
        self._lock = Lock()

    def claim(self, rate: Rate, subject: bytes) -> Standing:
        step = rate.window_s / rate.requests
        with self._lock:
            now = time.monotonic()
            level = max(0.0, self._full_at.get(subject, 0.0) - now)
            if level > rate.window_s - step:
                return Standing(rate, 0, ceil(level), wait_s=max(1, ceil(level - rate.window_s + step)))
            if len(self._full_at) >= self._MOST:
                self._forget_drained(now)
            self._full_at[subject] = now + level + step
            self._untold_s[subject] = self._untold_s.get(subject, 0.0) + step
        return Standing(rate, int((rate.window_s - level - step) / step + 1e-6), ceil(level + step))

    def is_far(self, rate: Rate, subject: bytes) -> bool:
        """Tell whether a caller has used less than half of what they may; a small limit is always near."""
        level = self._full_at.get(subject, 0.0) - time.monotonic()
        return rate.requests >= _UNTOLD and level <= rate.window_s / 2

    def is_telling_due(self, rate: Rate, subject: bytes) -> bool:
        """Tell whether the rows should be told: a second has gone by, or this caller has asked often since."""
        if self._untold_s.get(subject, 0.0) * _UNTOLD >= rate.window_s:
            return True
        return bool(self._untold_s) and time.monotonic() - self._told_at >= _TELL_EVERY_S

    def take_untold(self) -> dict[bytes, float]:
        """Return the seconds by which buckets have filled here, and count anew."""
        with self._lock:
            found, self._untold_s, self._told_at = self._untold_s, {}, time.monotonic()
        return found

    def learn(self, levels: Iterable[tuple[bytes, float]]) -> None:
        """Take over in how many seconds buckets drain, as all processes have filled them."""
        now = time.monotonic()
        with self._lock:
            self._full_at.update((subject, now + level) for subject, level in levels)

    def _forget_drained(self, now: float) -> None:
        self._full_at = {one: at for one, at in self._full_at.items() if at > now}
        self._untold_s = {one: seconds for one, seconds in self._untold_s.items() if one in self._full_at}


class StoredRates:
    """Count in rows that all processes share.

    A process tells them every second what it has counted for all its callers, in one statement, and learns what
    the others have. Who has used half of what they may is counted in their row at once, and so is everybody where
    only few requests are allowed. So nobody gets more than the twentieth part of a limit, for each process, beyond it.
    """

    def __init__(self, db: Database) -> None:
        """Use a database."""
        self._db = db
        self._own = _OwnRates()

    def claim(self, rate: Rate, subject: bytes) -> Standing:
        """Count one request of a subject.

        While the database takes no writes each process counts by itself.
        """
        try:
            if self._own.is_telling_due(rate, subject):
                self._tell()
            if self._own.is_far(rate, subject):
                return self._own.claim(rate, subject)
            return self._claim(rate, subject)
        except psycopg.Error as error:
            # A standby cannot even read a table without a log, and calls that not supported.
            if not (is_refusal(error) or isinstance(error, psycopg.errors.FeatureNotSupported)):
                raise
            return self._own.claim(rate, subject)

    def _tell(self) -> None:
        untold = self._own.take_untold()
        if not untold:
            return
        with self._db.driver() as driver:
            self._own.learn(rows(driver, _CARRY_SQL, (list(untold), list(untold.values()))))

    def _claim(self, rate: Rate, subject: bytes) -> Standing:
        step = rate.window_s / rate.requests
        room = rate.window_s - step
        with self._db.driver() as driver:
            row = run(driver, _CLAIM_SQL, (subject, step, room))
            if row is not None:
                self._own.learn([(subject, row[0])])
                return Standing(rate, max(0, int((rate.window_s - row[0]) / step + 1e-6)), max(0, ceil(row[0])))
            level = run(driver, _LEVEL_SQL, (subject,))
        full = level[0] if level else room
        return Standing(rate, 0, max(0, ceil(full)), wait_s=max(1, ceil(full - room)))

    def tidy(self) -> int:
        """Remove buckets that have drained; return how many."""
        with self._db.driver() as driver:
            return driver.execute(_TIDY_SQL).rowcount
