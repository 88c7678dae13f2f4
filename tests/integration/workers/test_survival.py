"""Killing a worker, the relay, Redis or PostgreSQL loses no message and doubles none."""

import os
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
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

    def stop(self) -> None:
        for name in list(self._running):
            self.kill(name)


def make_notes(owner_url: str) -> None:
    with psycopg.connect(owner_url) as connection:
        connection.execute("CREATE TABLE notes (key text, at timestamptz NOT NULL DEFAULT clock_timestamp())")
        connection.execute("GRANT ALL ON notes TO gov_app")


@pytest.fixture
def processes(database_urls: DatabaseUrls, redis: EmbeddedRedis, tmp_path: Path) -> Iterator[Processes]:
    make_notes(database_urls.owner)
    found = Processes(database_urls.app, redis.url, log=tmp_path / "log")
    found.start("relay", "worker")
    yield found
    found.stop()


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


def test_an_idle_platform_acts_within_a_tenth_of_a_second(processes: Processes, database: Database) -> None:
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


def test_a_killed_worker_loses_and_doubles_nothing(processes: Processes, database: Database) -> None:
    keys = ask(database, 60, takes_s=0.1)
    await_notes(database, 10)
    processes.kill("worker")
    processes.start("worker")
    assert_each_noted_once(database, keys)


def test_a_killed_relay_loses_and_doubles_nothing(processes: Processes, database: Database) -> None:
    keys = ask(database, 30, takes_s=0.05)
    await_notes(database, 1)
    processes.kill("relay")
    keys |= ask(database, 30, first=30)
    processes.start("relay")
    assert_each_noted_once(database, keys)


def test_of_two_relays_and_two_workers_one_each_may_die_and_nobody_starts_them_again(
    processes: Processes, database: Database
) -> None:
    processes.start("relay-2", "worker-2")
    keys = ask(database, 60, takes_s=0.1)
    await_notes(database, 10)
    processes.kill("worker")
    assert len(await_notes(database, 60)) == 60
    processes.kill("relay")
    keys |= ask(database, 30, first=60)
    assert_each_noted_once(database, keys)


def test_a_flushed_broker_costs_a_moment_and_no_message(
    processes: Processes, database: Database, redis: EmbeddedRedis
) -> None:
    processes.kill("worker")
    keys = ask(database, 40)
    with Redis(unix_socket_path=redis.url.removeprefix("redis+socket://")) as client:
        wait_until(lambda: client.dbsize() > 0)
        client.flushall()
    processes.start("worker")
    assert_each_noted_once(database, keys)


def test_a_killed_redis_loses_and_doubles_nothing(
    processes: Processes, database: Database, redis: EmbeddedRedis
) -> None:
    keys = ask(database, 60, takes_s=0.1)
    await_notes(database, 10)
    assert redis.pid is not None
    os.kill(redis.pid, signal.SIGKILL)
    keys |= ask(database, 20, first=60)
    time.sleep(1)
    redis.start()
    assert_each_noted_once(database, keys)


def test_relay_and_worker_outlive_postgresql(tmp_path: Path, redis: EmbeddedRedis) -> None:
    with EmbeddedPostgres(tmp_path / "pg") as postgres:
        urls = provision(postgres.url())
        migrate(urls.owner, APP_ROLE)
        make_notes(urls.owner)
        processes = Processes(urls.app, redis.url, log=tmp_path / "log")
        processes.start("relay", "worker")
        with Database(urls.app) as database:
            keys = ask(database, 60, takes_s=0.1)
            await_notes(database, 10)
            assert postgres.pid is not None
            os.kill(postgres.pid, signal.SIGQUIT)
            time.sleep(1)
            postgres.start()
            keys |= ask(database, 20, first=60)
            assert_each_noted_once(database, keys)
        processes.stop()


@pytest.fixture
def run_in_process(database_urls: DatabaseUrls, database: Database) -> Iterator[Callable[[], None]]:
    make_notes(database_urls.owner)
    stop = Event()
    settings, work = settings_of(database_urls.app, ""), work_on(database)
    thread = Thread(target=lambda: run_relay(settings, work, stop=stop, pace=PACE))
    yield thread.start
    stop.set()
    thread.join()


def test_no_broker_is_needed(run_in_process: Callable[[], None], database: Database) -> None:
    keys = ask(database, 20)
    run_in_process()
    assert_each_noted_once(database, keys)
