"""Bring a database to the newest schema, and give the application's role what it may have."""

from collections.abc import Sequence
from datetime import date

import psycopg
from alembic import command
from alembic.config import Config
from psycopg import sql
from sqlalchemy import create_engine

from gov_portal.kernel.db import DIALECT, Database, connect_args
from gov_portal.kernel.revisions import MIGRATIONS

_MIGRATION_LOCK = 0x676F76


def migrate(owner_url: str, app_role: str, *, revision: str = "head") -> None:
    """Upgrade to ``revision`` as the owner, in one transaction, and grant ``app_role`` its rights.

    Safe to run by several processes at once.
    """
    _run(owner_url, revision, is_upgrade=True)
    grant(owner_url, app_role)


def downgrade(owner_url: str, revision: str = "base") -> None:
    """Take the schema back to ``revision``; data of the removed tables is lost."""
    _run(owner_url, revision, is_upgrade=False)


def grant(owner_url: str, app_role: str) -> None:
    """Let ``app_role`` read and write rows, but only add to the ledger; it owns nothing and creates no tables."""
    role = sql.Identifier(app_role)
    with psycopg.connect(owner_url) as connection:
        rights = [
            "GRANT USAGE ON SCHEMA public TO {}",
            "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {}",
            "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {}",
        ]
        for statement in rights:
            connection.execute(sql.SQL(statement).format(role))
        for table in _append_only_tables(connection):
            revoke = "REVOKE UPDATE, DELETE, TRUNCATE ON {} FROM {}"
            connection.execute(sql.SQL(revoke).format(sql.Identifier(table), role))
        version = sql.SQL("REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM {}")
        connection.execute(version.format(role))


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


def _append_only_tables(connection: psycopg.Connection) -> list[str]:
    found = connection.execute(
        "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace "
        "AND relname ~ '^kernel_ledger(_p[0-9]{6}|_default|_seals|_archived)?$'"
    )
    return [row[0] for row in found.fetchall()]


def _run(owner_url: str, revision: str, *, is_upgrade: bool) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    engine = create_engine(DIALECT, connect_args=connect_args(owner_url))
    try:
        with engine.begin() as connection:
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_MIGRATION_LOCK})")
            config.attributes["connection"] = connection
            move = command.upgrade if is_upgrade else command.downgrade
            move(config, revision)
    finally:
        engine.dispose()
