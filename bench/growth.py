"""Measure what a step, an officer's inbox and a case page lose when the platform has grown old.

Two databases stand on one server, one with few stored cases, one with many, and are measured in turns, each first in
every other turn; the loss is the median over all turns. What is stored are cases that the service itself has carried to
their end, or some way at offices elsewhere, and that are then copied inside the database under ids, people and keys of
their own, back into the past: rows of cases, tasks, events and finished tasks, whose sealed payloads repeat. One in ten
is still open. The office that is measured has as much work in both.

Run it with ``python -m bench.growth [few] [many]``.
"""

import os
import statistics
import sys
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from itertools import product
from pathlib import Path

import psycopg

from bench.floor import Application, server, town_of
from bench.goals import Figures, Median, RunVoid
from bench.sitting import SIX_STEPS, drafts, run_ours
from gov_portal.cli.embedded import EmbeddedPostgres, provision
from gov_portal.kernel import logs
from gov_portal.kernel.ids import TaskKey
from gov_portal.kernel.partitions import maintain, month_after
from gov_portal.web.base.services import install_services, services
from tests.factories.pages import Visitor, an_app
from tests.factories.town import Town
from workflows.domain.commands import ActOn

PATTERNS = 100
OPEN_SHARE = 10
"""One case in so many is open."""

BACKLOG = 200
OFFICES = 120
MONTHS = 24
"""So far back go the copies, evenly, the oldest first."""

TODAY = date(2026, 3, 2)
COPIES_AT_ONCE = 250
PAGES = 10
TURNS = 3
"""Turns per round, each of so many times fewer cases: what the machine does beside changes from second to second."""

_FILLING = {"max_wal_size": "'8GB'", "checkpoint_timeout": "'1h'", "autovacuum": "off", "fsync": "off"}
_FILLING |= {"full_page_writes": "off"}
"""Settings of the server while it is filled; it is measured with its own."""

# In the order of their making, as ids of new cases are.
_ID = "(lpad(to_hex(n), 8, '0') || substr(md5({column}::text || n), 9))::uuid"
_KEY = "md5({column}::text || n)::uuid"
_UNIT = "'48' || lpad((n %% {offices})::text, 4, '0')"
_CHANGED = {
    "kernel_ledger": {"stream": "'case:' || " + _ID.replace("{column}", "substr(t.stream, 6)")},
    "kernel_keys": {"id": _KEY},
    "workflows_cases": {
        "id": _ID,
        "case_number": "t.case_number || '-' || n",
        "applicant": _KEY,
        "begun_by": _KEY,
        "key_id": _KEY,
        "region": _UNIT,
    },
    "workflows_case_data": {"case_id": _ID},
    "workflows_tasks": {"case_id": _ID, "unit": _UNIT},
    "workflows_timers": {"case_id": _ID},
    "workflows_finished_tasks": {"case_id": _ID, "unit": _UNIT},
}
"""Table -> what is another in each copy; ``t`` is the row that is copied, ``n`` the number of the copy. The largest is
first, for tables are filled side by side."""

_PATTERN = {"kernel_keys": "id = ANY(%(keys)s)", "kernel_ledger": "stream = ANY(%(streams)s)"}
_PATTERN |= {"workflows_cases": "id = ANY(%(cases)s)"}
_COLUMNS = """SELECT column_name, data_type FROM information_schema.columns
    WHERE table_name = %s AND is_identity = 'NO' AND column_name <> 'xact' ORDER BY ordinal_position"""
_BACK = "make_interval(months => (%(months)s - 1 - %(months)s::bigint * (n - 1) / %(copies)s)::int)"
_AS_WERE = {
    "date": f"(t.{{name}} - {_BACK})::date",
    "timestamp with time zone": f"t.{{name}} - {_BACK}",
}


@dataclass(frozen=True, slots=True)
class Place:
    """Hold one database with its pages."""

    town: Town
    visitor: Visitor
    done: list[Application]

    def step(self, cases: int) -> float:
        """Return the durable commits per second of new cases."""
        applications = drafts(self.town, cases)
        self.done[:] = applications
        return run_ours(self.town, applications)

    def inbox(self) -> float:
        """Return how many pages of the queue are made per second."""
        return self._pages(["/officer"] * PAGES, holds="六步办件")

    def case(self) -> float:
        """Return how many case pages are made per second."""
        return self._pages([f"/officer/cases/{one.case}?read=1" for one in self.done[:PAGES]], holds="六步办件")

    def _pages(self, paths: list[str], *, holds: str) -> float:
        began = time.perf_counter()
        for path in paths:
            response = self.visitor.get(path)
            if response.status_code != 200 or holds not in response.text:
                raise RunVoid(f"{path} was answered by {response.status_code}")
        return len(paths) / (time.perf_counter() - began)


def figures(*, few: int, many: int, rounds: int, cases: int) -> Figures:
    """Return the loss of each measure in percent, and its medians."""
    logs.configure("warning")
    with server() as (postgres, folder):
        places = {count: _grown(postgres, folder, count) for count in (few, many)}
        measures: dict[str, Callable[[Place], float]] = {
            "step": lambda place: place.step(max(5, cases // TURNS)),
            "inbox": Place.inbox,
            "case": Place.case,
        }
        found = {name: _in_turns(measure, places, turns=rounds * TURNS) for name, measure in measures.items()}
    losses = {
        f"growth-{name}": 100 * (1 - statistics.median(new / old for old, new in zip(*by_count.values(), strict=True)))
        for name, by_count in found.items()
    }
    units = {"step": "commits/s", "inbox": "pages/s", "case": "pages/s"}
    medians = {(name, count): statistics.median(found[name][count]) for name in measures for count in places}
    shown = tuple(
        Median(f"{name}, {count:,} stored cases", value, units[name], value / medians[name, few])
        for (name, count), value in medians.items()
    )
    return Figures(losses, shown)


def _in_turns(measure: Callable[[Place], float], places: Mapping[int, Place], *, turns: int) -> dict[int, list[float]]:
    """Return what each turn found, by the count of stored cases; a turn in front of them is not counted."""
    found: dict[int, list[float]] = {count: [] for count in places}
    for turn in range(turns + 1):
        for count in sorted(places, reverse=turn % 2 == 1):
            value = measure(places[count])
            if turn:
                found[count].append(value)
    return found


def _grown(postgres: EmbeddedPostgres, folder: Path, count: int) -> Place:
    """Return a database of so many cases."""
    name = f"grown_{count}"
    town = town_of(postgres, folder, database=name)
    owner = provision(postgres.url(), database=name).owner
    maintain(owner, from_month=month_after(TODAY, -MONTHS), months=MONTHS)
    town.desk.definitions.publish([SIX_STEPS])
    closed = drafts(town, PATTERNS - PATTERNS // OPEN_SHARE)
    run_ours(town, closed)
    still_open = drafts(town, PATTERNS // OPEN_SHARE + BACKLOG)
    for one in still_open:
        town.cases.submit(one.case, by=one.citizen, key="submit")
    elsewhere = still_open[: PATTERNS // OPEN_SHARE]
    _carry_some_way(town, elsewhere)
    began = time.perf_counter()
    stored = _copy(postgres.url(database=name), [*closed, *elsewhere], count)
    if stored < count:
        raise RunVoid(f"{stored} of {count} cases were stored")
    print(f"   {stored:,} cases in {time.perf_counter() - began:.0f} s", flush=True)
    return Place(town, _visitor(town), [])


def _carry_some_way(town: Town, applications: list[Application]) -> None:
    """Leave a third where they are, review a third, and let the last third wait for two officers side by side."""
    for number, one in enumerate(applications):
        for step in ("review", "plain")[: number % 3]:
            town.cases.act(one.case, ActOn(TaskKey(f"{step}.1"), "ok", {}, "checked"), by=town.window, key=step)


def _copy(url: str, patterns: list[Application], count: int) -> int:
    """Copy the patterns until there are so many cases, and return how many there are."""
    cases = [one.case for one in patterns]
    with psycopg.connect(url, autocommit=True) as connection:
        for name, value in _FILLING.items():
            connection.execute(f"ALTER SYSTEM SET {name} = {value}".encode())
        connection.execute("SELECT pg_reload_conf()")
        rows = connection.execute("SELECT key_id FROM workflows_cases WHERE id = ANY(%s)", (cases,)).fetchall()
        picked = {"cases": cases, "keys": [row[0] for row in rows], "streams": [f"case:{case}" for case in cases]}
        for table in _CHANGED:
            which = _PATTERN.get(table, "case_id = ANY(%(cases)s)")
            connection.execute(f"CREATE TABLE bench_{table} AS SELECT * FROM {table} WHERE {which}".encode(), picked)
            connection.execute(f"ANALYZE bench_{table}".encode())
        copies = -(-(count - _stored(connection)) // len(cases))
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            jobs = product(range(1, copies + 1, COPIES_AT_ONCE), _CHANGED)
            list(pool.map(lambda job: _copy_some(url, job[1], first=job[0], copies=copies), jobs))
        for table in _CHANGED:
            connection.execute(f"DROP TABLE bench_{table}".encode())
        connection.execute("VACUUM (ANALYZE)")
        connection.execute("ALTER SYSTEM RESET ALL")
        connection.execute("SELECT pg_reload_conf()")
        connection.execute("CHECKPOINT")
        return _stored(connection)


def _stored(connection: psycopg.Connection) -> int:
    row = connection.execute("SELECT count(*) FROM workflows_cases").fetchone()
    return 0 if row is None else int(row[0])


def _copy_some(url: str, table: str, *, first: int, copies: int) -> None:
    """Add the copies of one table from the ``first`` on, as many as are added at once."""
    last = min(first + COPIES_AT_ONCE - 1, copies)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET synchronous_commit = off")
        given = {"first": first, "last": last, "copies": copies, "months": MONTHS}
        connection.execute(_copy_sql(connection, table), given)


def _copy_sql(connection: psycopg.Connection, table: str) -> bytes:
    known = connection.execute(_COLUMNS, (table,)).fetchall()
    changed = _CHANGED[table]
    values = [
        changed.get(name, _AS_WERE.get(kind, "t.{name}")).format(column=f"t.{name}", name=name, offices=OFFICES)
        for name, kind in known
    ]
    text = f"""INSERT INTO {table} ({", ".join(name for name, _ in known)}) SELECT {", ".join(values)}
        FROM generate_series(%(first)s::int, %(last)s::int) AS n, bench_{table} AS t"""
    return text.encode()


def _visitor(town: Town) -> Visitor:
    """Return the officer of the window at the pages, over the services of the town where cases are concerned."""
    pages = an_app()
    with pages.app.app_context():
        install_services(pages.app, replace(services(), cases=town.cases, clock=town.clock))
    pages.identity.holders["window"] = town.window
    return pages.signed_in("window")


if __name__ == "__main__":
    given = [int(one) for one in sys.argv[1:]] or [10_000, 100_000]
    found = figures(few=given[0], many=given[1], rounds=9, cases=30)
    for median in found.medians:
        print(f"{median.words:40} {median.value:8,.1f} {median.unit}")
    for goal, value in found.goals.items():
        print(f"{goal:14} {value:6.1f} %")
