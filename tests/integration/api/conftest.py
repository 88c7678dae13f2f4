"""Lend one whole province to all tests of the API: it is costly to build, and each test brings people of its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.factories.province import Province, province


@contextmanager
def a_province(postgres, folder: Path) -> Iterator[Province]:
    with postgres.lent() as urls, province(urls, folder) as built:
        yield built


@pytest.fixture(scope="session")
def live(postgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Province]:
    with a_province(postgres, tmp_path_factory.mktemp("province")) as built:
        yield built
