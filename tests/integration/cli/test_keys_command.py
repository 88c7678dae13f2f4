"""Keys are made once, by a command, and never in the place of keys that something stored needs."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from gov_portal.cli.embedded import DatabaseUrls
from gov_portal.cli.main import main
from gov_portal.kernel import logs
from gov_portal.kernel.cipher import FileKms, KeyStore
from gov_portal.kernel.db import Database
from gov_portal.kernel.key_files import KeyMissing
from gov_portal.kernel.ledger import FileAnchor, FileSigner
from gov_portal.settings import Settings
from gov_portal.wiring.platform import build
from tests.integration.kernel.ledger.conftest import append, seal

NAMES = ["blind.key", "ledger.key", "master.key"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "new").mkdir(mode=0o700)
    return tmp_path / "new"


@pytest.fixture
def environ(database_urls: DatabaseUrls, folder: Path, tmp_path: Path) -> dict[str, str]:
    return {
        "DATABASE_URL": database_urls.app,
        "DATABASE_OWNER_URL": database_urls.owner,
        "GOV_SECRETS_DIR": str(folder),
        "GOV_FILES_DIR": str(tmp_path),
        "GOV_SANDBOX": "0",
    }


def make(environ: dict[str, str]) -> Result:
    return CliRunner().invoke(main, ["keys", "make"], env=environ)


def in_folder(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_new_installation_gets_its_keys_once(environ: dict[str, str], folder: Path) -> None:
    assert make(environ).exit_code == 0
    assert in_folder(folder) == NAMES
    before = {name: (folder / name).read_bytes() for name in NAMES}
    answer = make(environ)
    assert answer.output == "every key exists; nothing was made\n"
    assert {name: (folder / name).read_bytes() for name in NAMES} == before
    assert {(folder / name).stat().st_mode & 0o777 for name in NAMES} == {0o600}


def test_keys_can_be_made_before_there_is_a_schema(
    environ: dict[str, str], folder: Path, owner_database: Database
) -> None:
    with owner_database.driver() as driver:
        driver.execute("DROP TABLE kernel_keys, kernel_ledger_seals")
    assert make(environ).exit_code == 0
    assert in_folder(folder) == NAMES


@pytest.mark.parametrize("lost", ["master.key", "blind.key"])
def test_a_lost_key_is_not_replaced_once_something_is_sealed(
    environ: dict[str, str], folder: Path, database: Database, lost: str
) -> None:
    make(environ)
    _ = KeyStore(database, FileKms(folder)).platform_key
    (folder / lost).unlink()
    answer = make(environ)
    assert answer.exit_code == 1
    assert lost in answer.output
    assert "restore it from its backup" in answer.output
    assert lost not in in_folder(folder)


def test_a_lost_key_of_the_seals_is_not_replaced_once_something_was_sealed_in(
    environ: dict[str, str], folder: Path, database: Database
) -> None:
    make(environ)
    append(database, "calls:1")
    seal(database, FileSigner(folder), anchor=FileAnchor(folder / "ledger.anchor"))
    (folder / "ledger.key").unlink()
    assert make(environ).exit_code == 1
    assert "ledger.key" not in in_folder(folder)


def test_no_process_makes_a_key_in_passing(environ: dict[str, str], folder: Path) -> None:
    with pytest.raises(KeyMissing, match=re.escape(f"{folder / 'master.key'} is missing: restore it")):
        build(Settings.from_environment(environ))
    assert in_folder(folder) == []


@pytest.mark.parametrize("command", ["web", "relay", "cases sweep", "payments differences"])
def test_a_command_without_keys_refuses_in_words(
    environ: dict[str, str], folder: Path, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The process is that of all tests: it keeps its own way of writing lines.
    monkeypatch.setattr(logs, "configure_process", lambda level: None)
    answer = CliRunner().invoke(main, command.split(), env=environ)
    assert answer.exit_code == 1
    assert answer.output.startswith(f"Error: {folder / 'master.key'} is missing: restore it from its backup")
    assert "`gov keys make`" in answer.output
    assert in_folder(folder) == []
