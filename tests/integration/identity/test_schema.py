"""The tables of identity and messaging are as the models say, and go up and down."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import MetaData, inspect

from gov_portal.cli.embedded import APP_ROLE, DatabaseUrls
from gov_portal.kernel.db import Database, metadata
from gov_portal.kernel.schema import downgrade, migrate
from gov_portal.messaging.models import messages
from identity.models import people

OURS = ("identity_", "messaging_")
TABLES = [table for table in metadata.sorted_tables if table.name.startswith(OURS)]


def ours(database: Database) -> set[str]:
    with database.read() as connection:
        return {name for name in inspect(connection).get_table_names() if name.startswith(OURS)}


def test_the_migration_goes_down_and_up_again(database_urls: DatabaseUrls, owner_database: Database) -> None:
    before = ours(owner_database)
    assert {people.name, messages.name} <= before
    assert before == {table.name for table in TABLES}
    downgrade(database_urls.owner, "0002_workflows")
    assert ours(owner_database) == set()
    migrate(database_urls.owner, APP_ROLE)
    assert ours(owner_database) == before


def test_the_models_declare_the_columns_that_the_migration_made(owner_database: Database) -> None:
    declared = MetaData()
    for table in TABLES:
        table.to_metadata(declared)

    def is_ours(name: str | None, kind: str, parents: object) -> bool:
        return kind != "table" or (name or "").startswith(OURS)

    with owner_database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_name": is_ours})
        differences = [d for d in compare_metadata(context, declared) if not _is_index(d)]
    assert differences == []


def _is_index(difference: object) -> bool:
    """Partial indexes and the columns' own are named by the migration alone."""
    return isinstance(difference, tuple) and str(difference[0]).endswith(("_index", "_constraint"))
