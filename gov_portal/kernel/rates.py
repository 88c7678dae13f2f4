"""Count requests over all processes and say who must wait, in one statement for each that passes.

The generic cell rate algorithm: a bucket is one instant, at which it will have drained. Source: ITU-T I.371, annex A.
"""

import time
from dataclasses import dataclass
from math import ceil
from typing import Protocol

import psycopg
from sqlalchemy import Column, DateTime, LargeBinary, Table

from gov_portal.kernel.db import Database, metadata
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

_CLAIM_SQL = """
INSERT INTO kernel_rates AS r (bucket, full_at) VALUES (%(bucket)s, now() + make_interval(secs => %(step)s))
ON CONFLICT (bucket) DO UPDATE SET full_at = GREATEST(r.full_at, now()) + make_interval(secs => %(step)s)
WHERE r.full_at <= now() + make_interval(secs => %(room)s)
RETURNING extract(epoch FROM full_at - now())::float8"""
_LEVEL_SQL = "SELECT extract(epoch FROM full_at - now())::float8 FROM kernel_rates WHERE bucket = %s"

_TIDY_SQL = "DELETE FROM kernel_rates WHERE full_at < now()"


@dataclass(frozen=True, slots=True)
class Rate:
    """Allow so many requests in so many seconds."""

    name: str
    requests: int
    window_s: int


@dataclass(frozen=True, slots=True)
class Standing:
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
    """Count in the memory of this process."""

    _MOST = 10_000

    def __init__(self) -> None:
        self._full_at: dict[bytes, float] = {}

    def claim(self, rate: Rate, subject: bytes) -> Standing:
        now, step = time.monotonic(), rate.window_s / rate.requests
        level = max(0.0, self._full_at.get(subject, 0.0) - now)
        if level > rate.window_s - step:
            return Standing(rate, 0, ceil(level), wait_s=max(1, ceil(level - rate.window_s + step)))
        if len(self._full_at) >= self._MOST:
            self._full_at = {one: at for one, at in self._full_at.items() if at > now}
        self._full_at[subject] = now + level + step
        return Standing(rate, int((rate.window_s - level - step) / step + 1e-6), ceil(level + step))


class StoredRates:
    """Count in rows that all processes share."""

    def __init__(self, db: Database) -> None:
        """Use a database."""
        self._db = db
        self._own = _OwnRates()

    def claim(self, rate: Rate, subject: bytes) -> Standing:
        """Count one request of a subject; one statement unless it is refused.

        While the database takes no writes each process counts by itself.
        """
        try:
            return self._claim(rate, subject)
        except psycopg.Error as error:
            # A standby cannot even read a table without a log, and calls that not supported.
            if not (is_refusal(error) or isinstance(error, psycopg.errors.FeatureNotSupported)):
                raise
            return self._own.claim(rate, subject)

    def _claim(self, rate: Rate, subject: bytes) -> Standing:
        step = rate.window_s / rate.requests
        room = rate.window_s - step
        with self._db.driver() as driver:
            row = driver.execute(_CLAIM_SQL, {"bucket": subject, "step": step, "room": room}).fetchone()
            if row is not None:
                return Standing(rate, max(0, int((rate.window_s - row[0]) / step + 1e-6)), max(0, ceil(row[0])))
            level = driver.execute(_LEVEL_SQL, (subject,)).fetchone()
        full = level[0] if level else room
        return Standing(rate, 0, max(0, ceil(full)), wait_s=max(1, ceil(full - room)))

    def tidy(self) -> int:
        """Remove buckets that have drained; return how many."""
        with self._db.driver() as driver:
            return driver.execute(_TIDY_SQL).rowcount
