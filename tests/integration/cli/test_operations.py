from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from gov_portal.cli.clock import clock
from gov_portal.cli.database import db
from gov_portal.cli.embedded import DatabaseUrls
from gov_portal.cli.ledger import ledger
from gov_portal.kernel.db import Database
from gov_portal.kernel.ledger import FileSigner
from gov_portal.kernel.partitions import maintain
from tests.factories.ledger import settle
from tests.integration.kernel.ledger.conftest import append, entry_after, insert


@pytest.fixture
def environ(database_urls: DatabaseUrls, secrets_dir: Path, tmp_path: Path) -> dict[str, str]:
    FileSigner.create(secrets_dir)
    return {
        "DATABASE_URL": database_urls.app,
        "DATABASE_OWNER_URL": database_urls.owner,
        "GOV_SECRETS_DIR": str(secrets_dir),
        "GOV_FILES_DIR": str(tmp_path),
        "GOV_SANDBOX": "1",
        "GOV_CLOCK": "simulated",
    }


def run(group, environ: dict[str, str], *arguments: str) -> Result:
    return CliRunner().invoke(group, arguments, env=environ)


def test_the_sandbox_clock_moves_by_working_days(environ: dict[str, str]) -> None:
    assert run(clock, environ, "show").output == "2026-03-02 09:00 (simulated)\n"
    assert run(clock, environ, "advance", "5wd").output == "2026-03-09 09:00\n"
    assert run(clock, environ, "show").output == "2026-03-09 09:00 (simulated)\n"


def test_a_misspelled_duration_is_explained(environ: dict[str, str]) -> None:
    answer = run(clock, environ, "advance", "5 days")
    assert answer.exit_code == 2
    assert "write 5wd, 3d, 2h or 30m" in answer.output


def test_the_system_clock_is_not_moved(environ: dict[str, str]) -> None:
    answer = run(clock, environ | {"GOV_CLOCK": "system"}, "advance", "1d")
    assert answer.exit_code == 1
    assert "only a sandbox" in answer.output


def test_a_sound_ledger_verifies(environ: dict[str, str], database: Database) -> None:
    append(database, "calls:1", 2)
    settle(database)
    assert run(ledger, environ, "seal").output == "1 seals over 1 streams\n"
    assert run(ledger, environ, "verify").output == "the ledger is sound\n"


def test_months_of_long_ago_are_put_away_once_they_are_sealed(environ: dict[str, str], database: Database) -> None:
    maintain(environ["DATABASE_OWNER_URL"], from_month=date(2020, 1, 1), months=1)
    with database.begin() as uow:
        insert(uow.driver, entry_after(None)._replace(opened_on=date(2020, 1, 5)))
    put_away = ("maintain", "--keep-months", "12")
    assert "2020-01 stays: not all of it is sealed yet\n" in run(db, environ, *put_away).output
    settle(database)
    run(ledger, environ, "seal")
    assert "2020-01 is put away in the schema archive\n" in run(db, environ, *put_away).output
    assert "2020-01" not in run(db, environ, *put_away).output


def test_a_tampered_ledger_is_reported_with_the_place(environ: dict[str, str], owner_database: Database) -> None:
    append(owner_database, "calls:1", 2)
    with owner_database.begin() as uow:
        uow.driver.execute("UPDATE kernel_ledger SET actor = 'x' WHERE seq = 2")
    answer = run(ledger, environ, "verify")
    assert answer.exit_code == 1
    assert "edited           calls:1 2" in answer.output


def test_removed_seals_are_missed_because_the_newest_is_published(
    environ: dict[str, str], owner_database: Database
) -> None:
    append(owner_database, "calls:1")
    settle(owner_database)
    assert run(ledger, environ, "seal").output == "1 seals over 1 streams\n"
    with owner_database.begin() as uow:
        uow.driver.execute("DELETE FROM kernel_ledger_seals")
    assert "seal-missing" in run(ledger, environ, "verify").output


def test_migrating_twice_changes_nothing(environ: dict[str, str]) -> None:
    run(db, environ, "migrate")
    answer = run(db, environ, "migrate")
    assert answer.output == "the schema is up to date\nnew partitions: none\n"


def test_maintenance_names_new_partitions(environ: dict[str, str]) -> None:
    assert "kernel_ledger_p202608" in run(db, environ, "maintain", "--months", "6").output


def test_faults_of_the_settings_are_listed_together() -> None:
    answer = run(clock, {"DATABASE_URL": "mysql://x", "GOV_CLOCK": "simulated", "GOV_SECRETS_DIR": ""}, "show")
    assert answer.exit_code == 1
    for name in ("DATABASE_URL", "GOV_CLOCK", "GOV_SECRETS_DIR", "GOV_FILES_DIR"):
        assert f"{name}: " in answer.output
