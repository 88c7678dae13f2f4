"""Measure what a six-commit case costs: statements and rows of one person's step, stored bytes, processor time.

Statements are counted in the server's own log, rows in its statistics. Bytes are what the database has grown by from
one batch of cases to the next, each vacuumed, so that space which is used again does not count. Run it with
``python -m bench.costs [cases]``.
"""

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psycopg

from bench.floor import Application, server, town_of
from bench.goals import Figures, Median, RunVoid
from bench.sitting import SIX_STEPS, drafts, run_ours
from gov_portal.cli.embedded import APP_ROLE
from gov_portal.kernel.ids import TaskKey
from tests.factories.town import Town
from workflows.domain.commands import ActOn

_SIZE = "SELECT sum(pg_total_relation_size(relid)) FROM pg_stat_user_tables"
_ROWS = "SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_user_tables"


@dataclass(frozen=True, slots=True)
class Place:
    """Hold the services, and how to ask the server about itself."""

    town: Town
    url: str
    log: Path

    def asked(self, sql: str) -> float:
        """Return one number that only the superuser may know."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            row = connection.execute(sql.encode()).fetchone()
        return 0.0 if row is None else float(row[0])

    def told(self, sql: str) -> None:
        """Carry out one statement as the superuser."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(sql.encode())

    def statements(self) -> int:
        """Return how many statements of the application are in the log."""
        return self.log.read_text(errors="replace").count(" execute ")

    def reconnect(self) -> None:
        """Close the application's connections: what they counted is told to the statistics, and settings are new."""
        self.town.db.dispose()


def figures(*, cases: int) -> Figures:
    """Return what a case costs."""
    with server() as (postgres, folder):
        town = town_of(postgres, folder)
        town.desk.definitions.publish([SIX_STEPS])
        place = Place(town, postgres.url(database="ours"), postgres.log)
        cpu_ms, size = _batches(place, cases)
        statements, rows = _one_step(place, cases)
    goals = {"case-cpu": cpu_ms, "case-bytes": size, "step-statements": statements, "step-rows": rows}
    return Figures(goals, (Median("processor time of a person's step", cpu_ms / 6, "ms"),))


def _batches(place: Place, cases: int) -> tuple[float, float]:
    """Return the processor time in milliseconds and the bytes of a case."""
    town = place.town
    run_ours(town, drafts(town, cases))
    place.told("VACUUM")
    before, applications = place.asked(_SIZE), drafts(town, cases)
    busy = time.process_time()
    run_ours(town, applications)
    busy = time.process_time() - busy
    place.told("VACUUM")
    return busy * 1000 / cases, (place.asked(_SIZE) - before) / cases


def _one_step(place: Place, cases: int) -> tuple[float, float]:
    """Return the statements of a step that closes one task and opens one, and the rows that it writes."""
    town, applications = place.town, drafts(place.town, cases)
    for one in applications:
        town.cases.submit(one.case, by=one.citizen, key="submit")

    def step(one: Application) -> None:
        town.cases.act(one.case, ActOn(TaskKey("review.1"), "ok", {}, "checked"), by=town.window, key="review")

    place.told(f"ALTER ROLE {APP_ROLE} SET log_statement = 'all'")
    place.reconnect()
    # The first step of a connection prepares what the others only execute.
    step(applications[0])
    statements = _per_step(place.statements, step, applications[1 : cases // 2])
    place.told(f"ALTER ROLE {APP_ROLE} RESET log_statement")
    place.reconnect()

    def rows() -> float:
        place.reconnect()
        return place.asked(_ROWS)

    written = _per_step(rows, step, applications[cases // 2 :])
    if not statements or not written:
        raise RunVoid("the server did not count")
    return statements, written


def _per_step(
    counter: Callable[[], float], step: Callable[[Application], None], applications: list[Application]
) -> float:
    before = counter()
    for one in applications:
        step(one)
    return (counter() - before) / len(applications)


if __name__ == "__main__":
    for name, value in figures(cases=int(sys.argv[1]) if len(sys.argv) > 1 else 200).goals.items():
        print(f"{name:16} {value:10.2f}")
