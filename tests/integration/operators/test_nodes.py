"""Two web processes serve one installation; when one is killed, people go on at the other with what they have open."""

import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from gov_portal.cli.demo.browser import Browser, Page
from gov_portal.cli.instance import FONTS
from gov_portal.cli.processes import Command, Processes
from gov_portal.settings import Settings
from tests.factories.rabbitmq import free_ports

pytestmark = pytest.mark.installations

NOBODY = {"login": "47010119900307001X", "password": "wrong-password-1"}
PATIENCE_S = 90


@pytest.fixture
def nodes(settings: Settings, tmp_path: Path) -> Iterator[tuple[Processes, list[int]]]:
    """Two web processes of their own, and their ports."""
    processes, ports = Processes(), free_ports(2)
    environment = {
        "DATABASE_URL": settings.database_url,
        "GOV_SECRETS_DIR": str(settings.secrets_dir),
        "GOV_FILES_DIR": str(settings.files_dir),
        "GOV_FONTS_DIR": str(FONTS),
    }
    with ExitStack() as stopped:
        stopped.callback(processes.stop)
        for port in ports:
            argv = (sys.executable, "-m", "gov_portal.cli", "web", "--port", str(port))
            processes.start(Command(str(port), argv, environment, tmp_path / f"{port}.log"))
        for port in ports:
            wait_for(processes, port)
        yield processes, ports


def wait_for(processes: Processes, port: int) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while True:
        try:
            assert httpx.get(at(port, "/readyz"), timeout=5).status_code == 200
        except httpx.TransportError:
            has_ended = processes.has_ended(str(port)) or time.monotonic() > deadline
            assert not has_ended, processes.last_words(str(port))
            time.sleep(0.1)
        else:
            return


def at(port: int, path: str) -> str:
    return f"http://127.0.0.1:{port}{path}"


def moved(page: Page, port: int) -> Page:
    """The same page as the load balancer would have it sent to another process."""
    return replace(page, url=str(httpx.URL(page.url).copy_with(port=port)))


def test_a_form_of_a_killed_process_is_answered_by_the_other(nodes: tuple[Processes, list[int]]) -> None:
    processes, (first, second) = nodes
    with Browser(at(first, "")) as browser:
        page = browser.open("/sign-in")
        os.killpg(processes.pid(str(first)), signal.SIGKILL)
        with pytest.raises(httpx.TransportError):
            browser.submit(page, "sign-in", NOBODY)
        answer = browser.submit(moved(page, second), "sign-in", NOBODY, expect=422)
        assert "sign-in" in answer.forms
        stranger = replace(page.forms["sign-in"], values={**page.forms["sign-in"].values, "csrf_token": "forged"})
        forged = replace(moved(page, second), forms={"sign-in": stranger})
        assert browser.submit(forged, "sign-in", NOBODY, expect=400)
