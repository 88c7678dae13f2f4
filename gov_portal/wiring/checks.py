"""Ask the neighbours of a process how they are, each by itself and without anything that a service keeps."""

import shutil
import tempfile
import time
from pathlib import Path
from typing import Any

import psycopg
from kombu.connection import Connection
from kombu.exceptions import OperationalError as BrokerError

from gov_portal.kernel.cipher import KEY_FILES
from gov_portal.kernel.db import Database, Driver
from gov_portal.kernel.ledger.seals import KEY_FILE
from gov_portal.kernel.monitoring.readiness import Check, Findings, Unready
from gov_portal.kernel.revisions import revisions
from gov_portal.settings import Settings

DATABASE, MIGRATIONS, CLOCK = "database", "migrations", "clock"
BROKER, KEYS, FILES = "broker", "keys", "files"
CLOCK_LIMIT_S = 5.0
LEAST_FREE_BYTES = 64 * 1024 * 1024
_KEY_BYTES = 32
_REFUSALS = {
    "wrong-password": ("password authentication failed", "no password supplied", "认证失败"),
    "not-admitted": ("no pg_hba.conf entry", "pg_hba.conf"),
    "no-such-database": ('" does not exist', "不存在"),
    "no-connection-free": ("too many clients", "too many connections", "remaining connection slots", "连接槽"),
    "starting": ("is starting up", "is shutting down", "not yet accepting", "正在启动", "正在关闭"),
}
"""What a server says, in English or Chinese, when it answers and lets nobody in."""
_PATIENCE_S = 2


def patient(settings: Settings) -> Database:
    """Return a small pool of its own: who watches takes no connection from who works, and does not wait for long."""
    return Database(settings.database_url, pool_size=2, patience_s=_PATIENCE_S)


def checks_of(settings: Settings) -> list[Check]:
    """Return what a process with these settings depends on."""
    found = [
        Check((DATABASE, MIGRATIONS, CLOCK), lambda: ask_database(settings.database_url)),
        Check((KEYS,), lambda: ask_keys(settings.secrets_dir)),
        Check((FILES,), lambda: ask_files(settings.files_dir)),
    ]
    if settings.broker_url:
        found.append(Check((BROKER,), lambda: ask_broker(settings.broker_url)))
    return found


def ask_database(url: str) -> Findings:
    """Open a connection of its own; look at the schema's version and at the server's clock.

    Raises:
        Unready: there is no connection to be had.
    """
    options = "-c statement_timeout=1500"
    try:
        with psycopg.connect(url, autocommit=True, connect_timeout=_PATIENCE_S, options=options) as connection:
            return {DATABASE: "", CLOCK: _clock_fault(connection), MIGRATIONS: _schema_fault(connection)}
    except psycopg.OperationalError as error:
        raise Unready(why_refused(error)) from error


def why_refused(error: psycopg.OperationalError) -> str:
    """Return by a code why there is no connection; the driver passes on the server's words alone, in its language."""
    words = str(error)
    for code, signs in _REFUSALS.items():
        if any(sign in words for sign in signs):
            return code
    return f"unreachable {error.sqlstate}" if error.sqlstate else "unreachable"


def _clock_fault(connection: Driver) -> str:
    before = time.time()
    row = connection.execute("SELECT extract(epoch FROM clock_timestamp())::float8").fetchone()
    between = (before + time.time()) / 2
    off_s = between - (row[0] if row else between)
    return f"off-by {off_s:+.0f}s" if abs(off_s) > CLOCK_LIMIT_S else ""


def _schema_fault(connection: Driver) -> str:
    """Compare with what this release knows: a newer schema is that of a release to come, which we can work on."""
    try:
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except psycopg.errors.UndefinedTable:
        row = None
    if row is None:
        return "not-migrated"
    newest, *older = revisions()
    return "" if row[0] not in older else f"behind {row[0]} of {newest}"


def ask_broker(url: str) -> Findings:
    """Ping the broker.

    Raises:
        Unready: it does not answer.
    """
    patience = {"socket_timeout": 1, "socket_connect_timeout": 1}
    connection: Any = Connection(url, connect_timeout=1, transport_options=patience)  # type: ignore[no-untyped-call]
    try:
        with connection:
            connection.channel().close()
    except (*connection.connection_errors, *connection.channel_errors, BrokerError, OSError) as error:
        raise Unready("unreachable") from error
    return {BROKER: ""}


def ask_keys(secrets_dir: Path) -> Findings:
    """Read every key that a process needs."""
    for name in (*KEY_FILES, KEY_FILE):
        try:
            content = (secrets_dir / name).read_bytes()
        except FileNotFoundError:
            return {KEYS: f"missing {name}"}
        except OSError:
            return {KEYS: f"unreadable {name}"}
        if len(content) != _KEY_BYTES:
            return {KEYS: f"malformed {name}"}
    return {KEYS: ""}


def ask_files(files_dir: Path) -> Findings:
    """Write a byte where files are kept."""
    try:
        with tempfile.NamedTemporaryFile(dir=files_dir, prefix=".probe-") as file:
            file.write(b"\0")
        free = shutil.disk_usage(files_dir).free
    except OSError:
        return {FILES: "not-writable"}
    return {FILES: "disk-full" if free < LEAST_FREE_BYTES else ""}
