"""Killing a worker, the relay, Redis or PostgreSQL loses no message and doubles none."""

import os
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread

import psycopg
import pytest
from redis import Redis

from gov_portal.cli.embedded import APP_ROLE, DatabaseUrls, EmbeddedPostgres, EmbeddedRedis, provision
from gov_portal.kernel import outbox
from gov_portal.kernel.db import Database
from gov_portal.kernel.outbox import OutboxMessage
from gov_portal.kernel.schema import migrate
from gov_portal.worker import run_relay
from tests.integration.workers.processes import PACE, settings_of, work_on

ROOT = Path(__file__).resolve().parents[3]
PATIENCE_S = 60

pytestmark = pytest.mark.xdist_group("survival of workers")


class Processes:
    """Relay and worker as real processes."""

    def __init__(self, database_url: str, broker_url: str, *, log: Path) -> None:
        self._environment = {**os.environ, "DATABASE_URL": database_url, "BROKER_URL": broker_url}
        self._log = log
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, *names: str) -> None:
        for name in names:
            argv = [sys.executable, "-m", "tests.integration.workers.processes", name.partition("-")[0]]
            with self._log.open("ab") as log:
                process = subprocess.Popen(argv, cwd=ROOT, env=self._environment, stdout=log, stderr=log)
            self._running[name] = process

    def kill(self, name: str) -> None:
        process = self._running.pop(name)
        process.send_signal(signal.SIGKILL)
        process.wait()

    def rename(self, name: str, new_name: str) -> None:
        self._running[new_name] = self._running.pop(name)

    def stop(self) -> None:
        for name in list(self._running):
            self.kill(name)


def make_notes(owner_url: str) -> None:
    with psycopg.connect(owner_url) as connection:
        connection.execute("CREATE TABLE notes (key text, at timestamptz NOT NULL DEFAULT clock_timestamp())")
        connection.execute("GRANT ALL ON notes TO gov_app")


@dataclass(frozen=True, slots=True)
class Installation:
    """Servers of its own, with a relay and a worker; each test leaves one of either running."""

    postgres: EmbeddedPostgres
    redis: EmbeddedRedis
    processes: Processes
    database: Database


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """One installation for all deaths: a start of a process costs more than what a test does with it."""
    folder = tmp_path_factory.mktemp("survival")
    with EmbeddedPostgres(folder / "pg") as postgres, EmbeddedRedis(folder / "redis") as redis:
        urls = provision(postgres.url())
        migrate(urls.owner, APP_ROLE)
        make_notes(urls.owner)
        processes = Processes(urls.app, redis.url, log=folder / "log")
        processes.start("relay", "worker")
        with Database(urls.app) as database:
            yield Installation(postgres, redis, processes, database)
        processes.stop()


@pytest.fixture
def installation(servers: Installation) -> Installation:
    """The installation, with nothing noted."""
    with servers.database.begin() as uow:
        uow.driver.execute("DELETE FROM notes")
    return servers


def ask(database: Database, count: int, *, first: int = 0, takes_s: float = 0) -> set[str]:
    messages = [OutboxMessage("test.note", f"note:{first + n}", {"takes_s": takes_s}) for n in range(count)]
    with database.begin() as uow:
        outbox.add(uow, *messages)
    return {message.key for message in messages}


def noted(database: Database) -> list[str]:
    with database.driver() as driver:
        return [row[0] for row in driver.execute("SELECT key FROM notes").fetchall()]


def await_notes(database: Database, count: int) -> list[str]:
    deadline = time.monotonic() + PATIENCE_S
    while len(found := noted(database)) < count and time.monotonic() < deadline:
        time.sleep(0.05)
    return found


def wait_until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def assert_each_noted_once(database: Database, keys: set[str]) -> None:
    found = await_notes(database, len(keys))
    time.sleep(2 * PACE.lease_s)
    assert sorted(noted(database)) == sorted(found) == sorted(keys)
    with database.driver() as driver:
        assert driver.execute("SELECT count(*) FROM kernel_outbox").fetchone() == (0,)


def test_an_idle_platform_acts_within_a_tenth_of_a_second(installation: Installation) -> None:
    database = installation.database
    ask(database, 1, first=100)
    assert await_notes(database, 1) == ["note:100"]
    latencies = []
    for number in range(11):
        time.sleep(0.11)
        with database.driver() as driver:
            row = driver.execute("SELECT clock_timestamp()").fetchone()
        ask(database, 1, first=number)
        await_notes(database, number + 2)
        with database.driver() as driver:
            after = driver.execute("SELECT at FROM notes WHERE key = %s", (f"note:{number}",)).fetchone()
        assert row is not None
        assert after is not None
        latencies.append((after[0] - row[0]).total_seconds())
    assert statistics.median(latencies) < 0.1


def test_a_worker_killed_at_work_and_a_flushed_broker_cost_a_moment_and_no_message(installation: Installation) -> None:
    database, processes = installation.database, installation.processes
    keys = ask(database, 40, takes_s=0.1)
    await_notes(database, 10)
    processes.kill("worker")
    keys |= ask(database, 40, first=40)
    with Redis(unix_socket_path=installation.redis.url.removeprefix("redis+socket://")) as client:
        wait_until(lambda: client.dbsize() > 0)
        client.flushall()
    processes.start("worker")
    assert_each_noted_once(database, keys)


def test_a_killed_redis_loses_and_doubles_nothing(installation: Installation) -> None:
    database, redis = installation.database, installation.redis
    keys = ask(database, 60, takes_s=0.1)
    await_notes(database, 10)
    assert redis.pid is not None
    os.kill(redis.pid, signal.SIGKILL)
    keys |= ask(database, 20, first=60)
    time.sleep(1)
    redis.start()
    assert_each_noted_once(database, keys)


def test_relay_and_worker_outlive_postgresql(installation: Installation) -> None:
    database, postgres = installation.database, installation.postgres
    keys = ask(database, 60, takes_s=0.1)
    await_notes(database, 10)
    assert postgres.pid is not None
    os.kill(postgres.pid, signal.SIGQUIT)
    time.sleep(1)
    postgres.start()
    keys |= ask(database, 20, first=60)
    assert_each_noted_once(database, keys)


def test_a_relay_killed_at_work_loses_and_doubles_nothing(installation: Installation) -> None:
    database, processes = installation.database, installation.processes
    keys = ask(database, 30, takes_s=0.05)
    await_notes(database, 1)
    processes.kill("relay")
    keys |= ask(database, 30, first=30)
    processes.start("relay")
    assert_each_noted_once(database, keys)


def test_of_two_relays_and_two_workers_one_each_may_die_and_nobody_starts_them_again(
    installation: Installation,
) -> None:
    database, processes = installation.database, installation.processes
    processes.start("relay-2", "worker-2")
    keys = ask(database, 60, takes_s=0.1)
    await_notes(database, 10)
    processes.kill("worker")
    assert len(await_notes(database, 60)) == 60
    processes.kill("relay")
    keys |= ask(database, 30, first=60)
    assert_each_noted_once(database, keys)
    processes.rename("relay-2", "relay")
    processes.rename("worker-2", "worker")


@contextmanager
def relaying_without_a_broker(database: Database) -> Iterator[None]:
    """Let a relay in this process do the work as well."""
    stop = Event()
    settings, work = settings_of(database.url, ""), work_on(database)
    thread = Thread(target=lambda: run_relay(settings, work, stop=stop, pace=PACE))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def test_no_broker_is_needed(database_urls: DatabaseUrls, database: Database) -> None:
    make_notes(database_urls.owner)
    keys = ask(database, 20)
    with relaying_without_a_broker(database):
        assert_each_noted_once(database, keys)
