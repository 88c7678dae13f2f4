"""The operator fills, reads and switches the directory of the exchange from the command line."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from gov_portal.cli.exchange import exchange
from gov_portal.kernel.db import Database
from workflows.definitions import Definitions

ITEM = Path(__file__).resolve().parents[3] / "workflows" / "items" / "disability-card.yaml"


@pytest.fixture
def gov(database: Database, secrets_dir: Path, tmp_path: Path):
    environment = {
        "DATABASE_URL": database.url,
        "GOV_SECRETS_DIR": str(secrets_dir),
        "GOV_FILES_DIR": str(tmp_path),
    }

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(exchange, arguments, env=environment)

    return run


def test_seeding_brings_the_directory_and_what_the_items_declare(gov, database) -> None:
    Definitions(database).publish([ITEM])
    seeded = gov("seed")
    assert seeded.exit_code == 0, seeded.output
    listed = gov("list").output.splitlines()
    (person,) = [line for line in listed if line.startswith("cdpf.disability-card.first") and "police.person" in line]
    assert "[birth, name, region]" in person
    assert "cdpf-card" in person
    assert any(line.startswith("account") and "civil.guardian" in line for line in listed)


def test_a_system_is_switched_off_and_on(gov) -> None:
    gov("seed")
    assert gov("switch", "police", "off").output == "police is off\n"
    assert "SWITCHED OFF" in gov("list").output
    gov("switch", "police", "on")
    assert "SWITCHED OFF" not in gov("list").output


def test_a_system_that_is_not_there_is_named(gov) -> None:
    result = gov("switch", "tax", "off")
    assert (result.exit_code, result.output) == (1, "Error: there is no system tax\n")


def test_a_faulty_directory_is_named(gov, tmp_path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("systems: []\nresources: []\n")
    result = gov("seed", "--file", str(path))
    assert result.exit_code == 1
    assert "mine.yaml" in result.output
