"""Bring a database to the newest schema, and give the application's role what it may have."""

import psycopg
from alembic import command
from alembic.config import Config
from psycopg import sql
from sqlalchemy import create_engine

from gov_portal.kernel.db import DIALECT, connect_args
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
