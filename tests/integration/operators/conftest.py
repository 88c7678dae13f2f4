"""Give the tests of operators an installation that is well, to break one thing at a time."""

from pathlib import Path

import pytest

from gov_portal.cli.embedded import DatabaseUrls
from gov_portal.kernel.ledger import FileSigner
from gov_portal.settings import Settings


@pytest.fixture
def settings(database_urls: DatabaseUrls, secrets_dir: Path, tmp_path: Path) -> Settings:
    FileSigner.create(secrets_dir)
    (tmp_path / "files").mkdir(exist_ok=True)
    return Settings(database_urls.app, database_urls.owner, secrets_dir, tmp_path / "files")
