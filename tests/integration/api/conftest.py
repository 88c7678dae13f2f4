"""Lend one whole province to all tests of the API: it is costly to build, and each test brings people of its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.factories.province import Province, province


# First, or xdist has read the groups already where only this folder is run.
@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the tests of the province on one worker, so that it is built once."""
    for item in items:
        is_here = item.path.parent == Path(__file__).parent and isinstance(item, pytest.Function)
        if is_here and "live" in item.fixturenames and item.get_closest_marker("xdist_group") is None:
            item.add_marker(pytest.mark.xdist_group("province"))


@contextmanager
def a_province(postgres, folder: Path) -> Iterator[Province]:
    with postgres.lent() as urls, province(urls, folder) as built:
        yield built


@pytest.fixture(scope="session")
def live(postgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Province]:
    with a_province(postgres, tmp_path_factory.mktemp("province")) as built:
        yield built
