"""Wait for what the whole cluster does: one PostgreSQL serves the tests of all workers."""

import time

from gov_portal.kernel.db import Database

PATIENCE_S = 20
_OWN_SQL = "SELECT pg_current_xact_id()::text::bigint"
_OLDEST_SQL = "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint"


def settle(db: Database) -> None:
    """Return when every transaction that is open now has ended, in other tests' databases too."""
    with db.driver() as driver:
        (own,) = driver.execute(_OWN_SQL).fetchone()
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        with db.driver() as driver:
            (oldest,) = driver.execute(_OLDEST_SQL).fetchone()
        if oldest > own:
            return
        time.sleep(0.02)
    raise AssertionError("a transaction of another test stays open")
