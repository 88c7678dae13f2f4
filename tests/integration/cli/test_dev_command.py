"""``gov dev`` starts, refuses to disturb another instance, stops without a trace, and starts again."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from gov_portal.cli.dev import dev
from gov_portal.cli.main import main

pytestmark = pytest.mark.installations

READY = "Ctrl-C"
PATIENCE_S = 90


def started(home: Path) -> subprocess.Popen[str]:
    """Start an instance and wait until it says what to try; its output is in ``home``.out."""
    command = [sys.executable, "-m", "gov_portal.cli", "--home", str(home), "dev"]
    environ = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "BROKER_URL")}
    with home.with_suffix(".out").open("w") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out, text=True, env=environ)
    deadline = time.monotonic() + PATIENCE_S
    while READY not in said(home):
        assert process.poll() is None, said(home)
        assert time.monotonic() < deadline, said(home)
        time.sleep(0.1)
    return process


def said(home: Path) -> str:
    return home.with_suffix(".out").read_text()


def running_in(home: Path) -> list[str]:
    """Return the command lines of all processes that name the home."""
    found = []
    for folder in Path("/proc").iterdir():
        try:
            line = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            environ = (folder / "environ").read_bytes().decode(errors="replace")
        except (OSError, NotADirectoryError):
            continue
        if folder.name.isdigit() and int(folder.name) != os.getpid() and (str(home) in line or f"={home}/" in environ):
            found.append(line)
    return found


def command_in(home: Path, *words: str) -> str:
    """Run another gov command on the instance, as from a second terminal."""
    argv = [sys.executable, "-m", "gov_portal.cli", "--home", str(home), *words]
    return subprocess.run(argv, capture_output=True, text=True, check=True).stdout


def test_an_instance_guards_its_home_and_starts_again_after_any_end(tmp_path: Path) -> None:
    home = tmp_path / "run"
    runner = CliRunner(env={"DATABASE_URL": None})
    killed = started(home)
    refused = runner.invoke(dev, ["--home", str(home)])
    assert refused.exit_code == 1
    assert f"(process {killed.pid}) already runs in {home}" in refused.output
    assert command_in(home, "clock", "advance", "5wd") == "2026-03-09 09:00\n"

    killed.kill()
    killed.wait(PATIENCE_S)
    deadline = time.monotonic() + PATIENCE_S
    while any("gov_portal" in line for line in running_in(home)):
        assert time.monotonic() < deadline, "what a killed instance started went on"
        time.sleep(0.1)

    stopped = started(home)
    assert command_in(home, "clock", "show") == "2026-03-09 09:00 (simulated)\n"
    stopped.send_signal(signal.SIGINT)
    assert stopped.wait(PATIENCE_S) == 0
    assert "已全部停止" in said(home)
    assert running_in(home) == []
    answer = runner.invoke(main, ["--home", str(home), "clock", "show"])
    assert answer.exit_code == 1
    assert f"no sandbox runs in {home}" in answer.output


def test_a_port_that_was_asked_for_is_used_or_refused(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        refused = CliRunner().invoke(dev, ["--home", str(tmp_path / "run"), "--port", str(port)])
    assert refused.exit_code == 1
    assert re.search(rf"port {port} of 127.0.0.1 is taken by another program; name another with --port", refused.output)
