"""Wait for what the ledger itself waits for."""

import time

from gov_portal.kernel.db import Database

SETTLED = """
SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint > coalesce((SELECT max(xact) FROM kernel_ledger), 0)"""
PATIENCE_S = 30.0


def settle(database: Database) -> None:
    """Wait until every transaction of the server, of other tests too, that is older than the newest row has ended."""
    deadline = time.monotonic() + PATIENCE_S
    with database.driver() as driver:
        while driver.execute(SETTLED).fetchone() != (True,) and time.monotonic() < deadline:
            time.sleep(0.01)
