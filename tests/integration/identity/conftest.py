"""Give the tests of identity their house."""

from collections.abc import Callable

import pytest

from gov_portal.kernel.cipher import KeyStore
from gov_portal.kernel.db import Database
from tests.factories.identity import IdentityHouse
from tests.factories.statements import statements_of


@pytest.fixture
def house(database: Database, keys: KeyStore) -> IdentityHouse:
    return IdentityHouse(database, keys)


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], object]], list[str]]:
    """Return what is sent to the database while an action runs, through Core or the driver, errors aside."""

    def during(action: Callable[[], object]) -> list[str]:
        sent = statements_of(action, monkeypatch)
        assert sent
        return sent

    return during
