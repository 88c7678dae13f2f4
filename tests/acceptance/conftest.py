"""Run one whole instance for the acceptance tests: real databases, departments, web, relay and worker."""

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from gov_portal.cli.demo.story import Stage
from gov_portal.cli.instance import Home, Instance
from gov_portal.settings import Settings
from gov_portal.wiring.platform import Platform, build
from tests.acceptance.browsers import installed, opened
from tests.acceptance.cards import on_stage
from tests.acceptance.screens import Screens, served


# First, or xdist has read the groups already where only this folder is run.
@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the tests of the live portal on one xdist worker, so that one instance serves them; spread the others."""
    for number, item in enumerate(items):
        if isinstance(item, pytest.Function) and "acceptance" in item.path.relative_to(item.config.rootpath).parts:
            item.add_marker(pytest.mark.xdist_group(_group(item, number)))


def _group(item: pytest.Function, number: int) -> str:
    """Return with whom an acceptance test runs: the looks at every page in two halves, the rest by file."""
    if "live_portal" in item.fixturenames:
        return "live-portal"
    half = f"-{number % 2}" if item.path.stem == "test_pages" else ""
    return f"{item.path.stem}{half}"


@pytest.fixture(scope="session")
def live_portal(make_home: Callable[[], Path]) -> Iterator[Instance]:
    """A running instance in a folder of its own; what falls is started again, as `gov dev` does."""
    with Instance(Home(make_home())) as instance:
        # One thread to the end: what it starts ends with it.
        ended = threading.Event()
        watcher = threading.Thread(target=lambda: watch(instance, ended))
        watcher.start()
        yield instance
        ended.set()
        watcher.join()


def watch(instance: Instance, ended: threading.Event) -> None:
    while not ended.wait(0.3):
        instance.watch()


@pytest.fixture
def platform(live_portal: Instance) -> Iterator[Platform]:
    """The same services in this process, for looking behind the pages."""
    platform = build(Settings.from_environment({**os.environ, **live_portal.environment}))
    yield platform
    platform.base.db.dispose()


@pytest.fixture
def stage(live_portal: Instance, tmp_path: Path) -> Iterator[Stage]:
    """The people of the story, each with a browser."""
    with on_stage(live_portal, tmp_path) as stage:
        yield stage


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser's program; where there is none, tests are skipped loudly, or fail if GOV_REQUIRE_BROWSER is set."""
    if path := installed():
        return path
    reason = "NO BROWSER: install Chromium (apt-get install chromium) to run the browser journeys"
    if os.environ.get("GOV_REQUIRE_BROWSER"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """The browser of one file; not of the whole run, for while it runs no other event loop may."""
    with opened(chromium) as browser:
        yield browser


@pytest.fixture(scope="module")
def screens(browser: Browser) -> Iterator[Screens]:
    """Every page over services that live in memory."""
    with served(browser) as screens:
        yield screens
