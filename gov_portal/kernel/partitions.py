"""Keep a partition of the ledger for each month."""

from collections.abc import Sequence
from datetime import date

import psycopg
from psycopg import sql

from gov_portal.kernel.db import Database


def maintain(owner_url: str, *, from_month: date, months: int = 3) -> list[str]:
    """Create the ledger's partitions of ``months`` months from ``from_month`` on; return the new tables.

    Rows of such a month that waited in the default partition move into it.
    """
    made = []
    with psycopg.connect(owner_url) as connection:
        for number in range(months):
            start, end = month_after(from_month, number), month_after(from_month, number + 1)
            name = _partition(start)
            row = connection.execute("SELECT to_regclass(%s)", (name,)).fetchone()
            if row is None or row[0] is None:
                _add_partition(connection, name, start=start, end=end)
                made.append(name)
    return made


def missing_partitions(db: Database, months: Sequence[date]) -> list[date]:
    """Return those of the months for which the ledger has no partition."""
    with db.driver() as driver:
        names = [_partition(month) for month in months]
        rows = driver.execute("SELECT name FROM unnest(%s::text[]) AS name WHERE to_regclass(name) IS NULL", (names,))
        missing = {row[0] for row in rows.fetchall()}
    return [month for month in months if _partition(month) in missing]


def _partition(month: date) -> str:
    return f"kernel_ledger_p{month:%Y%m}"


def _add_partition(connection: psycopg.Connection, name: str, *, start: date, end: date) -> None:
    table, bounds = sql.Identifier(name), (sql.Literal(start), sql.Literal(end))
    steps = [
        sql.SQL("CREATE TABLE {} (LIKE kernel_ledger INCLUDING DEFAULTS)").format(table),
        sql.SQL(
            "WITH moved AS (DELETE FROM kernel_ledger_default WHERE opened_on >= {} AND opened_on < {} RETURNING *) "
            "INSERT INTO {} SELECT * FROM moved"
        ).format(*bounds, table),
        sql.SQL("ALTER TABLE kernel_ledger ATTACH PARTITION {} FOR VALUES FROM ({}) TO ({})").format(table, *bounds),
        sql.SQL("ALTER TABLE {} SET (autovacuum_vacuum_insert_scale_factor = 0.1)").format(table),
        sql.SQL("ALTER INDEX {} SET (autosummarize = on)").format(sql.Identifier(f"{name}_xact_idx")),
    ]
    for step in steps:
        connection.execute(step)


def month_after(first: date, offset: int) -> date:
    """Return the first day of the month so many months after that of a day."""
    months = first.year * 12 + first.month - 1 + offset
    return date(months // 12, months % 12 + 1, 1)
