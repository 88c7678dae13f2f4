"""A standby takes over by the documented command, with everything that was answered, and those at work find it."""

import os
import re
import signal
import time
from collections.abc import Callable
from pathlib import Path
from threading import Timer

import psycopg
import pytest
from click.testing import CliRunner

from gov_portal.cli.embedded import APP_ROLE, EmbeddedPostgres, provision
from gov_portal.cli.main import main
from gov_portal.kernel.db import Database
from gov_portal.kernel.schema import migrate
from tests.factories.replication import Standby, either
from tests.integration.workers.processes import PACE
from tests.integration.workers.test_survival import ask, await_notes, make_notes, noted, relaying_without_a_broker

pytestmark = pytest.mark.installations

PAGE = Path(__file__).resolve().parents[3] / "docs" / "how-to" / "promote-a-standby.md"
IN_STEP = "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'quorum'"


def lines_of(language: str, word: str) -> list[str]:
    """The lines of the page in a language, in which a word stands."""
    blocks = re.findall(rf"^ *```{language}\n(.*?)^ *```", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    return [line.strip() for block in blocks for line in block.splitlines() if word in line]


def wait_for_the_standby(primary: EmbeddedPostgres) -> None:
    """Let commits wait for it as the page says."""
    (required,) = lines_of("sql", "SET synchronous_standby_names")
    with psycopg.connect(primary.url(), autocommit=True) as connection:
        connection.execute(required.encode())
        connection.execute("SELECT pg_reload_conf()")
        deadline = time.monotonic() + 20
        while connection.execute(IN_STEP).fetchone() != (1,):
            assert time.monotonic() < deadline, "the standby does not follow"
            time.sleep(0.05)


def promote(standby: EmbeddedPostgres, settings: dict[str, str]) -> str:
    """Run the command of the page, at the standby of the test."""
    (documented,) = lines_of("sh", "gov db promote")
    _, *words = documented.split()[:-1]
    done = CliRunner().invoke(main, [*words, standby.url()], env=settings)
    return done.output if done.exit_code == 0 else f"refused: {done.output}"


def answered(database: Database, keys: set[str]) -> set[str]:
    """Ask for one effect after another until an answer fails to come; return the keys that were answered."""
    for number in range(len(keys), 100_000):
        try:
            keys |= ask(database, 1, first=number)
        except Exception:  # noqa: BLE001 - however the database goes, what was not answered does not count
            return keys
    return keys


def assert_answers_are_kept(database: Database, keys: set[str]) -> None:
    """Every answer is there, nothing twice; of what was under way at the loss one may be there without an answer."""
    await_notes(database, len(keys))
    time.sleep(2 * PACE.lease_s)
    found = noted(database)
    assert len(found) == len(set(found))
    assert keys <= set(found)
    assert len(set(found) - keys) <= 1


def lose(server: EmbeddedPostgres, *, after_s: float) -> Timer:
    """Kill every process of a server in a moment, as a lost machine does."""
    assert server.pid is not None
    timer = Timer(after_s, lambda pid=server.pid: os.killpg(pid, signal.SIGKILL))
    timer.start()
    return timer


@pytest.fixture
def settings(tmp_path: Path) -> dict[str, str]:
    return {"GOV_SECRETS_DIR": str(tmp_path), "GOV_FILES_DIR": str(tmp_path)}


def test_a_promoted_standby_has_every_answer_and_those_at_work_find_it(
    make_home: Callable[[], Path], settings: dict[str, str]
) -> None:
    home = make_home()
    with EmbeddedPostgres(home / "a") as first:
        urls = provision(first.url())
        migrate(urls.owner, APP_ROLE)
        make_notes(urls.owner)
        with Standby(home / "b", primary=first, name="gov_b") as second:
            wait_for_the_standby(first)
            url = either(urls.app, second)
            settings["DATABASE_URL"] = url
            assert "still takes writes" in promote(second, settings)
            with Database(url) as database, Database(url) as of_the_relay, relaying_without_a_broker(of_the_relay):
                keys = ask(database, 40, takes_s=0.02)
                await_notes(database, 10)
                killer = lose(first, after_s=0.5)
                keys = answered(database, keys)
                killer.join()
                began = time.monotonic()
                assert "takes writes from" in promote(second, settings)
                keys |= ask(database, 5, first=200_000)
                assert time.monotonic() - began < 60
                assert_answers_are_kept(database, keys)
            assert "is no standby" in promote(second, settings | {"DATABASE_URL": urls.app})
