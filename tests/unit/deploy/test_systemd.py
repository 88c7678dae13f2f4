"""The units run commands that exist, locked in, and systemd itself finds nothing wrong with them."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.factories.deployed import ROOT, SYSTEMD, unit
from tests.factories.gov_commands import check

GOV = "/opt/gov/bin/gov"
SERVICES = sorted(SYSTEMD.glob("*.service"))
EVERY = sorted(path for path in SYSTEMD.iterdir())
HOW_TO = (ROOT / "docs" / "how-to" / "deploy.md").read_text("utf-8")
LOCKED = {
    "NoNewPrivileges": "yes",
    "ProtectSystem": "strict",
    "ProtectHome": "yes",
    "PrivateTmp": "yes",
    "PrivateDevices": "yes",
    "CapabilityBoundingSet": "",
    "RestrictSUIDSGID": "yes",
    "UMask": "0077",
    "User": "gov",
}


@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.name)
def test_a_service_runs_commands_that_exist(path: Path) -> None:
    for command in unit(path)["Service"]["ExecStart"]:
        assert command.startswith(f"{GOV} ")
        check(f"gov {command.removeprefix(GOV)}")


@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.name)
def test_a_service_may_change_nothing_but_its_folder(path: Path) -> None:
    service = unit(path)["Service"]
    assert {key: service[key] for key in LOCKED} == {key: [value] for key, value in LOCKED.items()}
    assert service["ReadWritePaths"] == ["/var/lib/gov"]


@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.name)
def test_only_what_changes_the_schema_knows_the_owner(path: Path) -> None:
    (file,) = unit(path)["Service"]["EnvironmentFile"]
    assert (file == "/etc/gov-portal/owner.env") is (path.stem in ("gov-migrate", "gov-maintain"))
    assert file in HOW_TO


def test_what_ends_by_itself_is_started_again_and_what_is_done_is_not() -> None:
    restarted = {path.stem: unit(path)["Service"].get("Restart") for path in SERVICES}
    assert {name for name, value in restarted.items() if value == ["always"]} == {
        "gov-web",
        "gov-relay",
        "gov-worker@",
    }


def test_a_timer_wakes_a_service_that_exists() -> None:
    timers = [path for path in EVERY if path.suffix == ".timer"]
    assert [path.stem for path in timers] == ["gov-maintain"]
    assert all(path.with_suffix(".service").exists() for path in timers)


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not here; its files are read above")
def test_systemd_finds_nothing_wrong(tmp_path: Path) -> None:
    for path in EVERY:
        # The program lies elsewhere here; that it exists is what systemd looks at.
        (tmp_path / path.name).write_text(path.read_text("utf-8").replace(GOV, sys.executable), "utf-8")
    names = [str(tmp_path / path.name.replace("@.", "@1.")) for path in EVERY]
    (tmp_path / "gov-worker@1.service").symlink_to("gov-worker@.service")
    told = subprocess.run(
        ["systemd-analyze", "verify", *names],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, "SYSTEMD_LOG_LEVEL": "warning", "SYSTEMD_UNIT_PATH": f"{tmp_path}:"},
    )
    ours = [line for line in told.stderr.splitlines() if "gov-" in line]
    assert (told.returncode, ours) == (0, [])
