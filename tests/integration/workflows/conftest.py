"""Give every test of the services a town."""

import pytest

from gov_portal.kernel.cipher import KeyStore
from gov_portal.kernel.db import Database
from gov_portal.kernel.files import FileStore
from tests.factories.town import Town, build_town


@pytest.fixture
def town(database: Database, keys: KeyStore, files: FileStore) -> Town:
    return build_town(database, keys, files)
