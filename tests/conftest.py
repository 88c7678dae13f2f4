"""Keep unit tests away from the network, and give one run of all workers one folder for its services."""

import gc
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from pytest_socket import disable_socket, enable_socket

from gov_portal.cli.embedded import EmbeddedPostgres
from tests.factories.effort import tried
from tests.handfuls import Handfuls

SERVICES = pytest.StashKey[Path]()
PREFIX = "gov-tests-"
_LONG = 200

settings.register_profile("any machine", tried(60))
settings.load_profile("any machine")


def pytest_configure(config: pytest.Config) -> None:
    """Name the folder of the shared server; only the process that started the run makes and removes it."""
    if hasattr(config, "workerinput"):
        config.stash[SERVICES] = Path(config.workerinput["services"])
    else:
        _remove_remains_of_killed_runs()
        config.stash[SERVICES] = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-"))


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the shared server and remove its folder."""
    if not hasattr(config, "workerinput"):
        _remove(config.stash[SERVICES])


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node) -> None:
    node.workerinput["services"] = str(node.config.stash[SERVICES])


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log) -> Handfuls | None:
    return Handfuls(config, log) if config.getoption("dist") == "loadgroup" else None


def pytest_make_parametrize_id(val: object) -> str | None:
    """Name a long sample by how it begins and its length: every worker tells the names of all tests."""
    if isinstance(val, str | bytes) and len(val) > _LONG:
        return f"{ascii(val[:20])}, {len(val)} long"
    return None


def pytest_collection() -> None:
    """Let the collector wait: what grows to ten thousand tests is no garbage, and is walked over at each thousand."""
    gc.disable()


def pytest_collection_finish() -> None:
    """Take what was collected out of the collector's sight for good."""
    gc.freeze()
    gc.enable()


def pytest_runtest_setup(item: pytest.Item) -> None:
    if "unit" in item.path.relative_to(item.config.rootpath).parts:
        disable_socket()


def pytest_runtest_teardown(item: pytest.Item) -> None:
    enable_socket()


@pytest.fixture(scope="session")
def services_folder(pytestconfig: pytest.Config) -> Path:
    """The folder of the shared server, out of the way of pytest's own folders, whose modes it guards."""
    return pytestconfig.stash[SERVICES]


@pytest.fixture(scope="session")
def make_home() -> Iterator[Callable[[], Path]]:
    """Make folders for whole instances, which run PostgreSQL as another user where we are root."""
    made: list[Path] = []

    def make() -> Path:
        made.append(Path(tempfile.mkdtemp(prefix="gov-home-")))
        return made[-1]

    yield make
    for folder in made:
        shutil.rmtree(folder, ignore_errors=True)


def _remove_remains_of_killed_runs() -> None:
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*-*"):
        pid = folder.name.removeprefix(PREFIX).partition("-")[0]
        if folder.stat().st_uid == os.geteuid() and not _is_alive(int(pid)):
            _remove(folder)


def _remove(folder: Path) -> None:
    try:
        EmbeddedPostgres(folder).stop_leftover()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
