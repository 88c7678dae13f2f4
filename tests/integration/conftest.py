"""Give every test a database, a key store, a file store and a Redis of its own, quickly.

One PostgreSQL serves all xdist workers of a run; each test has a database of its own, empty and migrated.
"""

import fcntl
import itertools
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner, Result

from gov_portal.cli.embedded import APP_ROLE, OWNER_ROLE, DatabaseUrls, EmbeddedPostgres, EmbeddedRedis, provision
from gov_portal.cli.identity import DEMO_PASSWORD, seed_sandbox
from gov_portal.cli.instance import FONTS
from gov_portal.cli.main import main
from gov_portal.kernel.cipher import FileKms, KeyStore
from gov_portal.kernel.db import Database
from gov_portal.kernel.files import FileStore
from gov_portal.kernel.partitions import maintain
from gov_portal.kernel.schema import migrate

TEMPLATE = "gov_template"
HEAVY = 5_000
STRANGERS = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()"""
FINGERPRINT = """
SELECT count(*), max(oid::bigint), sum(relnatts) FROM pg_class WHERE relnamespace = 'public'::regnamespace
UNION ALL SELECT count(*), max(oid::bigint), 0 FROM pg_proc WHERE pronamespace = 'public'::regnamespace"""
TABLES = """
SELECT oid::regclass::text FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relname <> 'alembic_version'
AND relkind IN ('r', 'p') AND NOT relispartition"""
RESTART = """
SELECT setval(oid, 1, false) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'S'"""
_numbers = itertools.count()


@contextmanager
def locked(path: Path) -> Iterator[None]:
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


class TestServer:
    """The shared PostgreSQL; lends databases that equal the migrated template.

    A copy of the template costs a tenth of a second, emptying its tables a few milliseconds. So a database that comes
    back is emptied and lent again, unless a test changed its schema or left many dead rows.
    """

    __test__ = False

    def __init__(self, postgres: EmbeddedPostgres) -> None:
        self._postgres = postgres
        self._fingerprints: dict[str, object] = {}
        self._free: list[str] = []

    def lend(self) -> DatabaseUrls:
        if not self._free:
            name = f"t_{os.getpid()}_{next(_numbers)}"
            with self._connect("postgres") as connection:
                connection.execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE} OWNER {OWNER_ROLE}")
            with self._connect(name) as connection:
                self._fingerprints[name] = connection.execute(FINGERPRINT).fetchall()
            self._free.append(name)
        name = self._free.pop()
        return DatabaseUrls(
            owner=self._postgres.url(database=name, role=OWNER_ROLE),
            app=self._postgres.url(database=name, role=APP_ROLE),
        )

    @contextmanager
    def lent(self) -> Iterator[DatabaseUrls]:
        urls = self.lend()
        yield urls
        self.take_back(urls)

    def take_back(self, urls: DatabaseUrls) -> None:
        name = urls.app.partition("@/")[2].partition("?")[0]
        with self._connect(name) as connection:
            connection.execute(STRANGERS)
            if connection.execute(FINGERPRINT).fetchall() == self._fingerprints[name] and self._empty(connection):
                self._free.append(name)
                return
        with self._connect("postgres") as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def _empty(self, connection: psycopg.Connection) -> bool:
        """Delete every row and restart every sequence; tell whether the tables are still light."""
        connection.execute("SET session_replication_role = replica")
        tables = [row[0] for row in connection.execute(TABLES).fetchall()]
        with connection.pipeline():
            deletions = [connection.execute(f"DELETE FROM {table}") for table in tables]
            connection.execute(RESTART)
        return sum(deletion.rowcount for deletion in deletions) < HEAVY

    def _connect(self, database: str) -> psycopg.Connection:
        return psycopg.connect(self._postgres.url(database=database), autocommit=True)


@pytest.fixture(scope="session")
def postgres(services_folder: Path) -> TestServer:
    """The running server, started by whichever worker asks first."""
    server = EmbeddedPostgres(services_folder, is_durable=False)
    with locked(services_folder / "lock"):
        if not server.answers():
            server.start()
            server.release()
            urls = provision(server.url(), database=TEMPLATE)
            migrate(urls.owner, APP_ROLE)
            maintain(urls.owner, from_month=date(2026, 3, 1), months=3)
    return TestServer(server)


@pytest.fixture
def database_urls(postgres: TestServer) -> Iterator[DatabaseUrls]:
    """Addresses of a migrated database with empty tables."""
    with postgres.lent() as urls:
        yield urls


@pytest.fixture
def connect() -> Iterator[Callable[[str], Database]]:
    """Open databases that are closed after the test."""
    opened: list[Database] = []

    def open_database(url: str) -> Database:
        opened.append(Database(url))
        return opened[-1]

    yield open_database
    for database in opened:
        database.dispose()


@pytest.fixture
def database(database_urls: DatabaseUrls, connect: Callable[[str], Database]) -> Database:
    """A fresh database as the application's role."""
    return connect(database_urls.app)


@pytest.fixture
def owner_database(database_urls: DatabaseUrls, connect: Callable[[str], Database]) -> Database:
    """The same database as its owner, who may edit anything."""
    return connect(database_urls.owner)


@pytest.fixture
def secrets_dir(tmp_path: Path) -> Path:
    FileKms.create(tmp_path / "secrets")
    return tmp_path / "secrets"


@pytest.fixture
def keys(database: Database, secrets_dir: Path) -> KeyStore:
    return KeyStore(database, FileKms(secrets_dir))


@pytest.fixture
def files(database: Database, keys: KeyStore, tmp_path: Path) -> FileStore:
    return FileStore(database, keys, root=tmp_path / "files")


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[EmbeddedRedis]:
    with EmbeddedRedis(tmp_path / "redis") as server:
        yield server


@pytest.fixture
def redis_url(redis: EmbeddedRedis) -> str:
    return redis.url


@pytest.fixture
def signing_environment(database: Database, keys: KeyStore, secrets_dir: Path, tmp_path: Path) -> dict[str, str]:
    """What a command needs on this database, where the officers of the sandbox sign with their password."""
    seed_sandbox(database, keys=keys)
    return {
        "DATABASE_URL": database.url,
        "GOV_SECRETS_DIR": str(secrets_dir),
        "GOV_FILES_DIR": str(tmp_path),
        "GOV_SANDBOX": "1",
        "GOV_FONTS_DIR": str(FONTS),
        "GOV_OFFICER_PASSWORD": DEMO_PASSWORD,
    }


@pytest.fixture
def gov(signing_environment: dict[str, str]) -> Callable[..., Result]:
    """`gov items …`, signed by officers."""

    def run(*arguments: str, **more: str) -> Result:
        return CliRunner().invoke(main, ["items", *arguments], env=signing_environment | more)

    return run
