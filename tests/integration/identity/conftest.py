"""Give the tests of identity their house."""

from collections.abc import Callable

import psycopg
import pytest

from gov_portal.kernel.cipher import KeyStore
from gov_portal.kernel.db import Database
from tests.factories.identity import IdentityHouse


@pytest.fixture
def house(database: Database, keys: KeyStore) -> IdentityHouse:
    return IdentityHouse(database, keys)


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], object]], list[str]]:
    """Return what is sent to the database while an action runs, through Core or the driver, errors aside."""
    execute = psycopg.Cursor.execute

    def during(action: Callable[[], object]) -> list[str]:
        sent: list[str] = []

        def spy(cursor: psycopg.Cursor, query: str, *arguments: object, **options: object) -> psycopg.Cursor:
            sent.append(str(query))
            return execute(cursor, query, *arguments, **options)

        with monkeypatch.context() as patch:
            patch.setattr(psycopg.Cursor, "execute", spy)
            action()
        assert sent
        return sent

    return during
