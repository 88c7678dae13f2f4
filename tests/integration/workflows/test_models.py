"""The tables that the code declares are those that the migration makes."""

from gov_portal.kernel.db import Database, metadata
from workflows import models


def test_every_table_has_the_columns_that_are_declared(database: Database) -> None:
    declared = {
        name: {column.name: column.nullable for column in table.columns}
        for name, table in metadata.tables.items()
        if name.startswith("workflows_")
    }
    assert len(declared) > 9
    assert models.cases.name in declared
    sql = """SELECT table_name, column_name, is_nullable = 'YES' FROM information_schema.columns
             WHERE table_schema = 'public' AND table_name LIKE 'workflows\\_%'"""
    found: dict[str, dict[str, bool]] = {}
    with database.driver() as driver:
        for table, column, is_nullable in driver.execute(sql).fetchall():
            found.setdefault(table, {})[column] = is_nullable
    assert found == declared
