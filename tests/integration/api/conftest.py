"""Lend one whole province to all tests of the API; it is costly to build."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.factories.province import Province, province


@pytest.fixture(scope="module")
def live(postgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Province]:
    urls = postgres.lend()
    folder: Path = tmp_path_factory.mktemp("province")
    with province(urls, folder) as built:
        yield built
    postgres.take_back(urls)
