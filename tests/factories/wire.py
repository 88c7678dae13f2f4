"""Read along what a connection sends, and count what it writes."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from psycopg.pq import Trace

from gov_portal.kernel.db import Driver


@contextmanager
def traced(driver: Driver, path: Path) -> Iterator[None]:
    """Let libpq write down every message of a connection."""
    with path.open("w") as file:
        driver.pgconn.trace(file.fileno())
        driver.pgconn.set_trace_flags(Trace.SUPPRESS_TIMESTAMPS | Trace.REGRESS_MODE)
        yield
        driver.pgconn.untrace()


def executed(trace: Path) -> list[str]:
    """Return what was carried out while a connection was traced."""
    return re.findall(r"^F\t\d+\t((?:Execute|Query).*)", trace.read_text(), re.MULTILINE)


def rows_written(driver: Driver) -> int:
    """Return how many rows have been written in the database so far."""
    driver.execute("SELECT pg_stat_force_next_flush()")
    row = driver.execute("SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_user_tables").fetchone()
    return int(row[0])
