"""A home serves one instance at a time, and tells others about it only while it runs."""

import subprocess
import sys
from pathlib import Path

import pytest

from gov_portal.cli.home import Home, InstanceFailed


def test_a_second_instance_is_refused_and_told_which_process_holds_the_home(tmp_path: Path) -> None:
    holding = "from pathlib import Path; from gov_portal.cli.home import Home\n"
    holding += f"with Home(Path({str(tmp_path)!r})).claim(): print('held', flush=True); input()"
    with subprocess.Popen([sys.executable, "-c", holding], stdin=-1, stdout=-1, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        with (
            pytest.raises(InstanceFailed, match=rf"process {other.pid}.*already runs in {tmp_path}"),
            Home(tmp_path).claim(),
        ):
            pass
        other.communicate("\n")
    with Home(tmp_path).claim():
        pass


def test_settings_are_told_while_an_instance_runs_and_not_afterwards(tmp_path: Path) -> None:
    home = Home(tmp_path)
    assert home.running_environment() == {}
    with home.claim():
        assert home.running_environment() == {}
        home.leave_environment({"GOV_SANDBOX": "1"})
        assert home.running_environment() == {"GOV_SANDBOX": "1"}
        assert home.environment_file.stat().st_mode & 0o777 == 0o600
    assert home.running_environment() == {}


def test_settings_left_by_a_killed_instance_are_not_believed(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.make()
    home.leave_environment({"GOV_SANDBOX": "1"})
    assert home.running_environment() == {}


def test_what_a_home_keeps_is_closed_to_others(tmp_path: Path) -> None:
    home = Home(tmp_path / "run")
    home.make()
    for folder in (home.platform / "secrets", home.platform / "files", home.departments):
        assert folder.stat().st_mode & 0o777 == 0o700


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InstanceFailed, match=r"cannot write in the data folder .*/file/run .*--home"):
        Home(tmp_path / "file" / "run").make()
