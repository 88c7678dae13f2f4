"""A process says in time what it cannot reach, whatever is down, and for a stopped or hanging server too."""

import os
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from gov_portal.cli.embedded import EmbeddedPostgres, EmbeddedRedis, provision
from gov_portal.kernel.db import Database
from gov_portal.kernel.monitoring.readiness import Dependency, Readiness
from gov_portal.settings import Settings
from gov_portal.wiring.checks import checks_of

AT_MOST_S = 2.0


def look(settings: Settings) -> dict[str, Dependency]:
    started = time.monotonic()
    found = {one.name: one for one in Readiness(checks_of(settings)).look()}
    assert time.monotonic() - started < AT_MOST_S
    return found


def faults(settings: Settings) -> dict[str, str]:
    return {name: one.reason for name, one in look(settings).items() if not one.is_ok}


@contextmanager
def silent() -> Iterator[str]:
    """An address that takes connections and never says a word."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield f"127.0.0.1:{server.getsockname()[1]}"


def test_all_is_well(settings: Settings, redis_url: str) -> None:
    found = look(replace(settings, broker_url=redis_url))
    assert {name for name, one in found.items() if one.is_ok} == {
        "database", "migrations", "clock", "keys", "files", "broker",
    }  # fmt: skip


def test_without_a_broker_none_is_asked_for(settings: Settings) -> None:
    assert "broker" not in look(settings)


def test_a_database_that_refuses_is_named(settings: Settings) -> None:
    url = "postgresql://gov_app:secret@127.0.0.1:1/gov"
    found = look(replace(settings, database_url=url))
    assert found["database"].reason == "unreachable"
    assert found["migrations"].reason == found["clock"].reason == "not-asked"
    assert "secret" not in str(found)


def test_a_database_that_hangs_is_not_waited_for(settings: Settings) -> None:
    with silent() as address:
        assert faults(replace(settings, database_url=f"postgresql://{address}/gov"))["database"] == "no-answer-in-time"


def test_a_broker_that_hangs_is_not_waited_for(settings: Settings) -> None:
    with silent() as address:
        found = faults(replace(settings, broker_url=f"redis://{address}/0"))
    assert list(found) == ["broker"]


def test_a_broker_that_stops_and_comes_back_is_noticed(settings: Settings, redis: EmbeddedRedis) -> None:
    readiness = Readiness(checks_of(replace(settings, broker_url=redis.url)), keep_s=0)
    assert all(one.is_ok for one in readiness.look())
    redis.stop()
    assert [one.name for one in readiness.look() if not one.is_ok] == ["broker"]
    redis.start()
    assert all(one.is_ok for one in readiness.look())


def test_a_frozen_database_costs_one_thread_and_is_seen_to_wake(settings: Settings, make_home) -> None:
    with EmbeddedPostgres(make_home()) as server:
        urls = provision(server.url())
        readiness = Readiness(checks_of(replace(settings, database_url=urls.app)), keep_s=0)
        assert server.pid is not None
        os.kill(server.pid, signal.SIGSTOP)
        try:
            for _ in range(3):
                started = time.monotonic()
                first = readiness.look()[0]
                assert (first.name, first.is_ok) == ("database", False)
                assert time.monotonic() - started < AT_MOST_S
        finally:
            os.kill(server.pid, signal.SIGCONT)
        deadline = time.monotonic() + 10
        while not readiness.look()[0].is_ok:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        assert readiness.look()[1].reason == "not-migrated"


def test_an_older_schema_is_behind_and_a_newer_one_is_not(settings: Settings, owner_database: Database) -> None:
    def becomes(revision: str) -> str:
        with owner_database.driver() as driver:
            before = driver.execute("SELECT version_num FROM alembic_version").fetchone()
            driver.execute("UPDATE alembic_version SET version_num = %s", (revision,))
            try:
                return faults(settings).get("migrations", "")
            finally:
                driver.execute("UPDATE alembic_version SET version_num = %s", before)

    assert becomes("0001_kernel").startswith("behind 0001_kernel of 0")
    assert becomes("9999_to_come") == ""


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (Path.unlink, "missing master.key"),
        (lambda path: path.write_bytes(b"short"), "malformed master.key"),
    ],
    ids=["missing", "short"],
)
def test_a_key_that_is_no_good_is_named(settings: Settings, spoil, reason: str) -> None:
    spoil(settings.secrets_dir / "master.key")
    assert faults(settings) == {"keys": reason}


def test_a_folder_that_cannot_be_written_is_named(settings: Settings) -> None:
    assert faults(replace(settings, files_dir=settings.files_dir / "gone")) == {"files": "not-writable"}


def test_answers_stand_for_a_second_so_that_a_flood_of_questions_costs_nothing(settings: Settings) -> None:
    asked = []
    checks = [
        replace(check, ask=lambda check=check: asked.append(check) or check.ask()) for check in checks_of(settings)
    ]
    readiness = Readiness(checks)
    for _ in range(50):
        readiness.look()
    assert len(asked) == len(checks)
