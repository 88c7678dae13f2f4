"""Wait for what the ledger itself waits for."""

import time

from gov_portal.kernel.db import Database

SETTLED = """
SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint > coalesce(
    (SELECT max(xact) FROM kernel_ledger WHERE xact < pg_snapshot_xmax(pg_current_snapshot())::text::bigint), 0)"""
"""What a forger puts beyond every transaction is not waited for."""
PATIENCE_S = 30.0


def settle(database: Database) -> None:
    """Wait until every transaction of the server, of other tests too, that is older than the newest row has ended."""
    deadline = time.monotonic() + PATIENCE_S
    with database.driver() as driver:
        while driver.execute(SETTLED).fetchone() != (True,) and time.monotonic() < deadline:
            time.sleep(0.01)
