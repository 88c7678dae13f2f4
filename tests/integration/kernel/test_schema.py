from datetime import date

import psycopg
import pytest

from gov_portal.cli.embedded import APP_ROLE, DatabaseUrls
from gov_portal.kernel.db import Database, metadata
from gov_portal.kernel.partitions import maintain
from gov_portal.kernel.schema import downgrade, migrate

TABLES = "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace"


def tables(database: Database) -> set[str]:
    with database.driver() as driver:
        return {row[0] for row in driver.execute(TABLES).fetchall()}


def test_the_schema_goes_down_and_up_again(database_urls: DatabaseUrls, owner_database: Database) -> None:
    before = tables(owner_database)
    downgrade(database_urls.owner)
    assert tables(owner_database) == {"alembic_version"}
    migrate(database_urls.owner, APP_ROLE)
    assert before - tables(owner_database) == {
        "kernel_ledger_p202603",
        "kernel_ledger_p202604",
        "kernel_ledger_p202605",
    }


def test_the_migrations_make_every_declared_table_with_its_columns(owner_database: Database) -> None:
    with owner_database.driver() as driver:
        found = driver.execute(
            "SELECT table_name, array_agg(column_name::text) FROM information_schema.columns "
            "WHERE table_schema = 'public' GROUP BY 1"
        ).fetchall()
    columns = {name: set(names) for name, names in found}
    for table in metadata.sorted_tables:
        assert columns.get(table.name) == {column.name for column in table.columns}, table.name


@pytest.mark.parametrize(
    "table", ["kernel_ledger", "kernel_ledger_default", "kernel_ledger_p202603", "kernel_ledger_seals"]
)
@pytest.mark.parametrize("statement", ["UPDATE {} SET hash = ''", "DELETE FROM {}", "TRUNCATE {}"])
def test_the_application_only_adds_to_the_ledger(database: Database, table: str, statement: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege), database.driver() as driver:
        driver.execute(statement.format(table).encode())


def test_maintenance_creates_months_ahead_and_moves_waiting_rows(
    database_urls: DatabaseUrls, owner_database: Database
) -> None:
    with owner_database.begin() as uow:
        uow.driver.execute(
            "INSERT INTO kernel_ledger VALUES ('case:1', 1, '2027-01-31', 'begun', now(), 'platform', '', '', '')"
        )
    made = maintain(database_urls.owner, from_month=date(2026, 12, 15), months=2)
    assert made == ["kernel_ledger_p202612", "kernel_ledger_p202701"]
    assert maintain(database_urls.owner, from_month=date(2026, 12, 15), months=2) == []
    with owner_database.driver() as driver:
        assert driver.execute("SELECT stream FROM kernel_ledger_p202701").fetchall() == [("case:1",)]
