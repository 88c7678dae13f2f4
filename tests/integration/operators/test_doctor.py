"""The doctor works over a real installation, well or half down, and answers programs too."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import make_url

from gov_portal.cli.doctor.command import doctor
from gov_portal.cli.doctor.examining import examine
from gov_portal.cli.embedded import DatabaseUrls
from gov_portal.cli.instance import FONTS
from gov_portal.documents.authority import SealAuthority
from gov_portal.kernel import outbox
from gov_portal.kernel.cipher import FileKms, KeyStore
from gov_portal.kernel.db import Database
from gov_portal.kernel.ledger import FileSigner
from gov_portal.kernel.monitoring import metrics
from gov_portal.kernel.monitoring.heartbeats import RELAY, WEB, WORKER, Heart
from gov_portal.kernel.monitoring.tally import Tally
from gov_portal.kernel.outbox import OutboxMessage
from gov_portal.settings import Settings
from tests.integration.kernel.ledger.conftest import append, seal


@pytest.fixture
def sandbox(settings: Settings) -> Settings:
    return replace(settings, is_sandbox=True, is_clock_simulated=True, fonts_dir=FONTS)


@pytest.fixture
def hearts(database: Database) -> dict[str, Heart]:
    found = {kind: Heart(database, kind, Tally()) for kind in (WEB, RELAY)}
    for heart in found.values():
        heart.beat()
    return found


def codes(settings: Settings) -> set[str]:
    return {one.code for one in examine(settings).findings if one.code not in ("sandbox", "disk")}


def run(settings: Settings, *arguments: str) -> Result:
    environ = {
        "DATABASE_URL": settings.database_url,
        "GOV_SECRETS_DIR": str(settings.secrets_dir),
        "GOV_FILES_DIR": str(settings.files_dir),
        "GOV_FONTS_DIR": str(FONTS),
        "GOV_SANDBOX": "1",
        "GOV_CLOCK": "simulated",
    }
    return CliRunner().invoke(doctor, arguments, env=environ)


def test_a_sound_installation_has_no_findings(sandbox: Settings, hearts: dict[str, Heart]) -> None:
    SealAuthority(sandbox.secrets_dir).seal_of("样例机关")
    assert codes(sandbox) == set()


def test_what_the_rows_say_is_told(sandbox: Settings, database: Database, hearts: dict[str, Heart]) -> None:
    with database.begin() as uow:
        outbox.add(uow, OutboxMessage("case.call", "a"))
    append(database, "calls:1")
    with database.driver() as driver:
        driver.execute("UPDATE kernel_outbox SET available_at = now() - interval '1 h'")
        driver.execute("DELETE FROM kernel_heartbeats WHERE kind = 'web'")
    hearts[RELAY].tally.put(metrics.STUCK_CASES, value=2)
    hearts[RELAY].tally.put(metrics.BREAKER_OPEN, "police", value=1)
    hearts[RELAY].beat()
    found = codes(replace(sandbox, broker_url=""))
    assert found == {"no-web", "outbox-lag", "ledger-unsealed", "cases-stuck", "exchange"}


def test_late_deadlines_parked_work_and_a_read_only_database_are_told(
    sandbox: Settings, database: Database, owner_database: Database, hearts: dict[str, Heart]
) -> None:
    with database.begin() as uow:
        outbox.add(uow, OutboxMessage("case.call", "a"))
        uow.driver.execute(
            "INSERT INTO workflows_timers (case_id, key, due_at) VALUES (gen_random_uuid(), 'wait:a.1', '2026-02-01')"
        )
    (number,) = outbox.due(database, 1)
    message = outbox.claim(database, number)
    assert message is not None
    outbox.park(database, message, error="ValueError")
    assert codes(sandbox) == {"timers-late", "work-parked"}
    name = make_url(sandbox.database_url).database
    with owner_database.driver() as driver:
        driver.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    try:
        assert "database-read-only" in codes(sandbox)
    finally:
        with owner_database.driver() as driver:
            driver.execute("SET default_transaction_read_only = off")
            driver.execute(f"ALTER DATABASE {name} RESET default_transaction_read_only")


def test_a_sealed_ledger_is_no_longer_told_of(sandbox: Settings, database: Database, hearts: dict[str, Heart]) -> None:
    append(database, "calls:1")
    assert codes(sandbox) == {"ledger-unsealed"}
    seal(database, FileSigner(sandbox.secrets_dir))
    assert codes(sandbox) == set()


def test_an_application_that_owns_its_tables_is_told(
    sandbox: Settings, database_urls: DatabaseUrls, hearts: dict[str, Heart]
) -> None:
    assert codes(replace(sandbox, database_url=database_urls.owner)) == {"ledger-rights"}


def test_with_a_broker_a_worker_is_wanted(sandbox: Settings, hearts: dict[str, Heart], redis_url: str) -> None:
    assert codes(replace(sandbox, broker_url=redis_url)) == {f"no-{WORKER}"}


def test_with_everything_down_each_thing_is_told_once(sandbox: Settings, tmp_path: Path) -> None:
    (sandbox.secrets_dir / "master.key").unlink()
    (sandbox.secrets_dir / "blind.key").chmod(0o644)
    down = replace(
        sandbox,
        database_url="postgresql://nobody@127.0.0.1:1/gov",
        broker_url="redis://127.0.0.1:1",
        fonts_dir=tmp_path,
    )
    assert codes(down) == {"database", "broker", "keys", "fonts", "secrets-open"}


def test_keys_of_another_installation_are_told(
    sandbox: Settings, keys: KeyStore, hearts: dict[str, Heart], tmp_path: Path
) -> None:
    _ = keys.platform_key
    assert codes(sandbox) == set()
    FileKms.create(tmp_path / "other")
    (tmp_path / "other" / "master.key").replace(sandbox.secrets_dir / "master.key")
    assert codes(sandbox) == {"keys-foreign"}


def test_the_worst_comes_first(sandbox: Settings) -> None:
    levels = [one.level.value for one in examine(sandbox).findings]
    assert levels == sorted(levels, key=["problem", "warning", "note"].index)


def test_the_command_says_it_in_words_and_fails(sandbox: Settings, database: Database) -> None:
    answer = run(sandbox)
    assert answer.exit_code == 1
    assert "ok       database" in answer.output
    assert "PROBLEM  no relay lives" in answer.output
    assert "-> start `gov relay`" in answer.output
    assert "2 problems" in answer.output


def test_the_command_answers_programs(sandbox: Settings, database: Database, hearts: dict[str, Heart]) -> None:
    answer = run(sandbox, "--json")
    body = json.loads(answer.output)
    assert (answer.exit_code, body["ok"]) == (0, True)
    assert body["dependencies"]["database"]["ok"]
    assert {one["code"] for one in body["findings"]} <= {"sandbox", "disk"}
    with database.driver() as driver:
        driver.execute("DELETE FROM kernel_heartbeats")
    answer = run(sandbox, "--json")
    assert (answer.exit_code, json.loads(answer.output)["ok"]) == (1, False)


def test_faults_of_the_environment_are_told_like_everything_else(sandbox: Settings) -> None:
    answer = CliRunner().invoke(doctor, ["--json"], env={"DATABASE_URL": "mysql://x", "GOV_SECRETS_DIR": ""})
    assert answer.exit_code == 1
    told = " ".join(one["what"] for one in json.loads(answer.output)["findings"])
    for name in ("DATABASE_URL", "GOV_SECRETS_DIR", "GOV_FILES_DIR"):
        assert f"{name}: " in told
