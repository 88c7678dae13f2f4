"""Measure what one case costs: bytes, processor time, memory, statements and rows, and what a long life adds.

The case is the one of six commits (``sitting.py``). Bytes are those of all tables and indexes after ``VACUUM FULL``,
so that room which the next case takes again is not counted, and after its messages have left the outbox; what they
take there until then is shown beside. A long case has been claimed and released 300 times.
Run it with ``python -m bench.cases [cases]``.
"""

import statistics
import sys
import tempfile
import time
import tracemalloc
from pathlib import Path
from uuid import uuid4

import psycopg

from bench.floor import Application, server, services_of, town_of
from bench.goals import Figures, Median
from bench.sitting import SIX_STEPS, WARM_UP, carry_ours, drafts, run_ours
from gov_portal.cli.embedded import provision
from gov_portal.kernel.ids import TaskKey
from tests.factories.town import Town
from tests.factories.wire import executed, rows_written, traced
from workflows.domain.commands import ActOn
from workflows.storage.loading import CaseLoader
from workflows.storage.visibility import visible_to

REVIEW = TaskKey("review.1")
LONG = 300
_SIZES = r"""SELECT regexp_replace(relname, '_p\d+$', ''), sum(pg_total_relation_size(oid))::bigint FROM pg_class
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace GROUP BY 1"""
_OUTBOX = "kernel_outbox"


def figures(*, cases: int) -> Figures:
    """Return what a case costs."""
    with server() as (postgres, folder):
        town = town_of(postgres, folder)
        town.desk.definitions.publish([SIX_STEPS])
        run_ours(town, drafts(town, WARM_UP))
        town.deliver_all()
        owner = provision(postgres.url(), database="ours").owner
        before = _stored(owner)
        filled = drafts(town, cases)
        began = time.process_time()
        carry_ours(town, filled)
        spent_ms = (time.process_time() - began) * 1000
        waiting = _stored(owner)[_OUTBOX] - before[_OUTBOX]
        town.deliver_all()
        stored = {table: size - before[table] for table, size in _stored(owner).items()}
        new_ms, long_ms = _saves(town)
        statements, rows = _step(services_of(town.db.url, folder, pool_size=1))
        goals = {
            "case-bytes": sum(stored.values()) / cases,
            "case-cpu": spent_ms / cases,
            "case-memory": _memory(town, filled),
            "step-statements": float(statements),
            "step-rows": float(rows),
            "long-case": long_ms,
            "long-case-loss": long_ms / new_ms,
        }
    shares = sorted(((size / cases, table) for table, size in stored.items() if size), reverse=True)
    shown = [Median(f"stored by a case in {table}", size, "bytes") for size, table in shares]
    return Figures(goals, (*shown, Median("waiting for delivery meanwhile", waiting / cases, "bytes")))


def _stored(owner: str) -> dict[str, int]:
    """Return the bytes of every table with its indexes, months of the ledger taken together."""
    with psycopg.connect(owner, autocommit=True) as connection:
        connection.execute("VACUUM FULL")
        return dict(connection.execute(_SIZES.encode()).fetchall())


def _saves(town: Town) -> tuple[float, float]:
    """Return the median milliseconds of a save of a new case, and of one that has been through many."""
    one = _submitted(town)
    took = []
    for _ in range(LONG // 2 + 15):
        began = time.perf_counter()
        town.cases.claim(one.case, REVIEW, by=town.window)
        took.append((time.perf_counter() - began) * 1000)
        town.cases.release(one.case, REVIEW, by=town.window)
    return statistics.median(took[:15]), statistics.median(took[-15:])


def _submitted(town: Town) -> Application:
    (one,) = drafts(town, 1)
    town.cases.submit(one.case, by=one.citizen, key="submit")
    return one


def _step(town: Town) -> tuple[int, int]:
    """Return statements and written rows of a step from officer to officer whose statements are prepared."""
    with town.db.driver() as only:
        driver = only
    statements = rows = 0
    for _ in range(3):
        one = _submitted(town)
        with tempfile.TemporaryDirectory() as folder:
            trace, before = Path(folder) / "trace", rows_written(driver)
            with traced(driver, trace):
                town.cases.act(one.case, ActOn(REVIEW, "ok", {}, "checked"), by=town.window, key=str(uuid4()))
            statements, rows = len(executed(trace)), rows_written(driver) - before
    town.db.dispose()
    return statements, rows


def _memory(town: Town, applications: list[Application]) -> float:
    """Return the bytes that Python holds for an opened case."""
    loader, held = CaseLoader(town.desk.keys, town.desk.definitions), []
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    with town.db.driver() as driver:
        for one in applications:
            row = loader.fetch(driver, one.case, sight=visible_to(one.citizen))
            if row is not None:
                held.append(loader.open(row))
    found = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    return found / len(held)


def main() -> None:
    """Print what a case costs."""
    found = figures(cases=int(sys.argv[1]) if len(sys.argv) > 1 else 300)
    for goal, value in found.goals.items():
        print(f"{goal:16} {value:10.2f}")
    for one in found.medians:
        print(f"{one.words:55} {one.value:8,.0f} {one.unit}")


if __name__ == "__main__":
    main()
