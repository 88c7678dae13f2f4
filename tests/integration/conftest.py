"""Give every test a database, a key store, a file store and a Redis of its own, quickly.

One PostgreSQL serves all xdist workers of a run; each test gets a copy of one migrated template.
"""

import fcntl
import itertools
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import psycopg
import pytest

from gov_portal.cli.embedded import APP_ROLE, DatabaseUrls, EmbeddedPostgres, EmbeddedRedis, provision
from gov_portal.kernel.cipher import FileKms, KeyStore
from gov_portal.kernel.db import Database
from gov_portal.kernel.files import FileStore
from gov_portal.kernel.schema import maintain, migrate

TEMPLATE = "gov_template"
PREFIX = "gov-tests-"
_numbers = itertools.count()
_services: Path | None = None


def pytest_configure(config: pytest.Config) -> None:
    """Name the folder of the shared server; only the process that started the run makes and removes it."""
    global _services
    if hasattr(config, "workerinput"):
        _services = Path(config.workerinput["services"])
    elif _services is None:
        _remove_remains_of_killed_runs()
        _services = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-"))


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the shared server and remove its folder."""
    if not hasattr(config, "workerinput") and _services is not None:
        _remove(_services)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node) -> None:
    node.workerinput["services"] = str(_services)


def _remove_remains_of_killed_runs() -> None:
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*-*"):
        pid = folder.name.removeprefix(PREFIX).partition("-")[0]
        if folder.stat().st_uid == os.geteuid() and not _is_alive(int(pid)):
            _remove(folder)


def _remove(folder: Path) -> None:
    try:
        EmbeddedPostgres(folder).stop_leftover()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


@contextmanager
def locked(path: Path) -> Iterator[None]:
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@dataclass(frozen=True)
class TestServer:
    """The shared PostgreSQL with its migrated template."""

    __test__ = False
    postgres: EmbeddedPostgres

    def create(self, *, template: str | None = TEMPLATE) -> DatabaseUrls:
        name = f"t_{os.getpid()}_{next(_numbers)}"
        if template:
            self._execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY OWNER gov_owner")
        return provision(self.postgres.url(), database=name)

    def drop(self, urls: DatabaseUrls) -> None:
        name = urls.app.partition("@/")[2].partition("?")[0]
        self._execute(f"DROP DATABASE {name} WITH (FORCE)")

    def _execute(self, statement: str) -> None:
        with psycopg.connect(self.postgres.url(), autocommit=True) as connection:
            connection.execute(statement)


@pytest.fixture(scope="session")
def postgres() -> TestServer:
    """The running server, started by whichever worker asks first."""
    assert _services is not None
    server = EmbeddedPostgres(_services, is_durable=False)
    with locked(_services / "lock"):
        if not server.answers():
            server.start()
            server.release()
            urls = provision(server.url(), database=TEMPLATE)
            migrate(urls.owner, APP_ROLE)
            maintain(urls.owner, from_month=date(2026, 3, 1), months=3)
    return TestServer(server)


@pytest.fixture
def database_urls(postgres: TestServer) -> Iterator[DatabaseUrls]:
    """Addresses of a fresh, migrated database, dropped after the test."""
    urls = postgres.create()
    yield urls
    postgres.drop(urls)


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
