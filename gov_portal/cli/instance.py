"""Run one whole instance on this machine: servers, sandbox province, web, relay and worker."""

import json
import os
import socket
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx

from gov_portal.cli.embedded import EmbeddedPostgres, EmbeddedRedis, provision
from gov_portal.cli.processes import Command, Processes
from gov_portal.cli.seeding import prepare
from gov_portal.sandbox.departments import DEPARTMENTS
from gov_portal.settings import Settings

READY_TIMEOUT_S = 60
ENVIRONMENT_FILE = Path("platform") / "environment.json"
"""Where a running instance leaves its settings for ``gov`` commands of the same user."""

FONTS = Path(__file__).resolve().parents[2] / ".cache" / "fonts"
_SERVING = "gov_portal.cli.serving"

Tell = Callable[[str], None]


class InstanceFailed(Exception):
    """Report that the instance did not become ready; the message names the log to read."""


@dataclass(frozen=True, slots=True)
class Home:
    """Say where an instance keeps its things; what belongs to the departments lies apart from the platform's."""

    root: Path

    @property
    def platform(self) -> Path:
        """Return the platform's own folder: database, files, secrets, logs."""
        return self.root / "platform"

    @property
    def departments(self) -> Path:
        """Return the folder of the made-up departments."""
        return self.root / "departments"

    @property
    def logs(self) -> Path:
        """Return the folder of the platform's logs."""
        return self.platform / "logs"


@dataclass(slots=True)
class Instance:
    """Start, watch and stop one instance; usable in a ``with`` statement.

    Attributes:
        home: where it keeps its things.
        port: port of the web; 0 takes a free one.
        tell: is called with one line per step.
        has_worker: whether relay and worker are started as well.
    """

    home: Home
    port: int = 0
    tell: Tell = lambda line: None
    has_worker: bool = True
    environment: dict[str, str] = field(default_factory=dict)
    _processes: Processes = field(default_factory=Processes)
    _postgres: EmbeddedPostgres | None = None
    _redis: EmbeddedRedis | None = None

    def __enter__(self) -> Self:
        """Start; what has been started is stopped again when a step fails."""
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop everything."""
        self.stop()

    @property
    def base_url(self) -> str:
        """Return the address of the portal."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start everything and wait until the portal answers.

        Raises:
            InstanceFailed, EmbeddedFailed: something did not start.
        """
        self.port = _usable_port(self.port)
        ports = {department: _usable_port(0) for department in DEPARTMENTS}
        for folder in (self.home.platform / "secrets", self.home.platform / "files", self.home.departments):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.environment = self._settings(ports)
        self._start_departments(ports)
        self._step("PostgreSQL", self._start_database)
        self._step("Redis", self._start_broker)
        self._leave_environment()
        self._step("表结构、事项、示例人员 (schema, items, people)", self._prepare)
        self._step("门户、中继、工作进程 (web, relay, worker)", self._start_platform)
        self._step(f"{len(ports)} 个样例部门 (departments)", lambda: self._await_departments(ports))

    def stop(self) -> None:
        """Stop everything that was started, in reverse order."""
        self._processes.stop()
        for server in (self._redis, self._postgres):
            if server is not None:
                server.stop()
        self._redis = self._postgres = None

    def watch(self) -> list[str]:
        """Start again what has fallen; return the names."""
        fallen = self._processes.restart_fallen()
        if self._redis is not None and self._redis.pid is None:
            self._redis.start()
            fallen.append("redis")
        return fallen

    def pid(self, name: str) -> int:
        """Return the process id of ``web``, ``relay``, ``worker``, ``redis`` or a department."""
        if name == "redis" and self._redis is not None and self._redis.pid is not None:
            return self._redis.pid
        return self._processes.pid(name)

    def _step(self, name: str, action: Callable[[], None]) -> None:
        started = time.monotonic()
        action()
        self.tell(f"  ✓ {name}  {time.monotonic() - started:.1f} s")

    def _settings(self, ports: Mapping[str, int]) -> dict[str, str]:
        departments = {department: f"http://127.0.0.1:{port}" for department, port in ports.items()}
        return {
            "GOV_SECRETS_DIR": str(self.home.platform / "secrets"),
            "GOV_FILES_DIR": str(self.home.platform / "files"),
            "GOV_FONTS_DIR": os.environ.get("GOV_FONTS_DIR", str(FONTS)),
            "GOV_SANDBOX": "1",
            "GOV_SANDBOX_DIR": str(self.home.departments),
            "GOV_CLOCK": "simulated",
            "GOV_DEPARTMENTS": json.dumps(departments),
            "GOV_BASE_URL": self.base_url,
            "PYTHONUNBUFFERED": "1",
        }

    def _start_database(self) -> None:
        if "DATABASE_URL" in os.environ:
            return
        self._postgres = EmbeddedPostgres(self.home.platform / "postgres")
        self._postgres.start()
        urls = provision(self._postgres.url())
        self.environment |= {"DATABASE_URL": urls.app, "DATABASE_OWNER_URL": urls.owner}

    def _start_broker(self) -> None:
        if "BROKER_URL" in os.environ:
            return
        self._redis = EmbeddedRedis(self.home.platform / "redis")
        self._redis.start()
        self.environment["BROKER_URL"] = self._redis.url

    def _leave_environment(self) -> None:
        path = self.home.root / ENVIRONMENT_FILE
        path.touch(mode=0o600)
        path.write_text(json.dumps(self.environment, indent=1))

    def _prepare(self) -> None:
        prepare(Settings.from_environment({**os.environ, **self.environment}))

    def _start_departments(self, ports: Mapping[str, int]) -> None:
        for department, port in ports.items():
            argv = ("gov_portal.cli.sandbox", "serve", department, "--port", str(port))
            store = ("--store", str(self.home.departments))
            self._run(department, (*argv, *store), log=self.home.departments / department / "server.log")

    def _await_departments(self, ports: Mapping[str, int]) -> None:
        for department, port in ports.items():
            self._await(department, lambda port=port: _listens(port))  # type: ignore[misc]

    def _start_platform(self) -> None:
        self._run("web", (_SERVING, "web", "--port", str(self.port)))
        if self.has_worker:
            self._run("relay", (_SERVING, "relay"))
            self._run("worker", (_SERVING, "worker"))
        self._await("web", lambda: _answers(self.base_url))

    def _run(self, name: str, module: Sequence[str], *, log: Path | None = None) -> None:
        argv = (sys.executable, "-m", *module)
        self._processes.start(Command(name, argv, self.environment, log or self.home.logs / f"{name}.log"))

    def _await(self, name: str, is_ready: Callable[[], bool]) -> None:
        deadline = time.monotonic() + READY_TIMEOUT_S
        while not is_ready():
            if time.monotonic() > deadline:
                raise InstanceFailed(f"{name} did not become ready; its log lies below {self.home.root}")
            time.sleep(0.05)


def _usable_port(wanted: int) -> int:
    """Return ``wanted`` where it is free, else a free one."""
    for port in (wanted, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise InstanceFailed("no free port on 127.0.0.1")


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _answers(base_url: str) -> bool:
    try:
        return httpx.get(f"{base_url}/healthz", timeout=2).status_code == httpx.codes.OK
    except httpx.HTTPError:
        return False
