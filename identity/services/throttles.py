"""Count attempts and make the next one wait, before the work is done, so that parallel guesses gain nothing."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from gov_portal.kernel.db import Driver
from gov_portal.kernel.monitoring.metrics import LOCKOUTS
from identity.domain.errors import TooManyAttempts
from identity.domain.limits import Limit
from identity.services.foundation import Foundation

_CLAIM_SQL = """
INSERT INTO identity_throttles AS t (bucket, attempts, touched_at, free_at)
VALUES (%(bucket)s, 1, %(now)s, %(now)s + make_interval(secs => %(waits)s[1]))
ON CONFLICT (bucket) DO UPDATE SET
  attempts = CASE WHEN t.touched_at < %(reset)s THEN 1 ELSE t.attempts + 1 END,
  touched_at = %(now)s,
  free_at = %(now)s + make_interval(secs => %(waits)s[
    CASE WHEN t.touched_at < %(reset)s THEN 1 ELSE LEAST(t.attempts + 1, cardinality(%(waits)s)) END])
WHERE t.free_at <= %(now)s
RETURNING attempts"""

_FREE_AT_SQL = "SELECT free_at FROM identity_throttles WHERE bucket = %s"

_GIVE_BACK_SQL = """
UPDATE identity_throttles SET attempts = GREATEST(attempts - 1, 0), free_at = %(now)s WHERE bucket = %(bucket)s"""

_CLEAR_SQL = "DELETE FROM identity_throttles WHERE bucket = %s"

_TIDY_SQL = "DELETE FROM identity_throttles WHERE touched_at < %(before)s AND free_at < %(now)s"


@dataclass(frozen=True, slots=True)
class Attempt:
    """Name one counter: the limit, and whose it is (an account, a number, an address)."""

    limit: Limit
    subject: str = field(repr=False)


class Throttles:
    """Count attempts in rows; every wait is real time."""

    def __init__(self, base: Foundation) -> None:
        """Use the database and the security clock."""
        self._base = base

    def claim(self, *attempts: Attempt) -> None:
        """Count one attempt on every counter, or on none.

        Raises:
            TooManyAttempts: one of them must still wait; the wait is not prolonged by asking.
        """
        now = self._base.now()
        buckets = sorted(((self._bucket(attempt), attempt.limit) for attempt in attempts), key=lambda pair: pair[0])
        with self._base.db.begin() as uow:
            blocked = [pair for pair in buckets if not _claim(uow.driver, pair[0], limit=pair[1], now=now)]
            if blocked:
                for _, limit in blocked:
                    self._base.tally.add(LOCKOUTS, limit.name)
                waiting = [bucket for bucket, _ in blocked]
                raise TooManyAttempts(seconds=_seconds_left(uow.driver, waiting, now=now))

    def clear(self, attempt: Attempt) -> None:
        """Forget the counter, as after a sign-in that succeeded."""
        with self._base.db.driver() as driver:
            driver.execute(_CLEAR_SQL, (self._bucket(attempt),))

    def give_back(self, attempt: Attempt) -> None:
        """Take back one counted attempt that turned out to be honest."""
        with self._base.db.driver() as driver:
            driver.execute(_GIVE_BACK_SQL, {"bucket": self._bucket(attempt), "now": self._base.now()})

    def tidy(self, *, idle: timedelta = timedelta(days=1)) -> int:
        """Remove counters that nobody touched for so long; return how many."""
        now = self._base.now()
        with self._base.db.driver() as driver:
            return driver.execute(_TIDY_SQL, {"before": now - idle, "now": now}).rowcount

    def _bucket(self, attempt: Attempt) -> bytes:
        return self._base.keys.blind_index(f"identity.limit.{attempt.limit.name}", attempt.subject)


def _claim(driver: Driver, bucket: bytes, *, limit: Limit, now: datetime) -> bool:
    row = driver.execute(
        _CLAIM_SQL,
        {
            "bucket": bucket,
            "now": now,
            "reset": now - timedelta(seconds=limit.window_s),
            "waits": list(limit.waits_s),
        },
    ).fetchone()
    return row is not None


def _seconds_left(driver: Driver, buckets: Sequence[bytes], *, now: datetime) -> int:
    free_at = [row[0] for bucket in buckets for row in driver.execute(_FREE_AT_SQL, (bucket,)).fetchall()]
    longest: timedelta = max(free_at, default=now) - now
    return max(1, math.ceil(longest.total_seconds()))
