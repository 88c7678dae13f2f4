"""Run one whole instance on this machine: servers, sandbox province, web, relay and worker."""

import json
import os
import socket
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from types import TracebackType
from typing import Self

from gov_portal.cli.embedded import EmbeddedPostgres, EmbeddedRedis, provision
from gov_portal.cli.home import Home, InstanceFailed
from gov_portal.cli.processes import Command, Processes
from gov_portal.cli.seeding import prepare
from gov_portal.sandbox.departments import DEPARTMENTS
from gov_portal.settings import Settings

READY_TIMEOUT_S = 60
FONTS = Path(__file__).resolve().parents[2] / ".cache" / "fonts"
_GOV = "gov_portal.cli"

Tell = Callable[[str], None]


@dataclass(slots=True)
class Instance:
    """Start, watch and stop one instance; usable in a ``with`` statement.

    Attributes:
        home: where it keeps its things.
        port: port of the web; 0 takes a free one.
        spare_ports: how many ports after ``port`` may be tried where it is taken.
        tell: is called with one line per step.
        has_worker: whether relay and worker are started as well.
        uses_given_servers: use the servers that DATABASE_URL and BROKER_URL name instead of own ones.
    """

    home: Home
    port: int = 0
    spare_ports: int = 0
    tell: Tell = lambda line: None
    has_worker: bool = True
    uses_given_servers: bool = False
    undo_s: int = 0
    environment: dict[str, str] = field(default_factory=dict)
    _processes: Processes = field(default_factory=Processes)
    _postgres: EmbeddedPostgres | None = None
    _redis: EmbeddedRedis | None = None
    _claims: ExitStack = field(default_factory=ExitStack)

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
            InstanceFailed: another instance runs in this home, a port is taken, or something did not become ready.
            EmbeddedFailed: a server did not start.
        """
        self._claims.enter_context(self.home.claim())
        self.port = self._choose_port()
        ports = dict(zip(DEPARTMENTS, _free_ports(len(DEPARTMENTS)), strict=True))
        self.environment = self._settings(ports)
        self._start_departments(ports)
        self._step("PostgreSQL", self._start_database)
        self._step("Redis", self._start_broker)
        self._step("表结构、事项、示例人员 (schema, items, people)", self._prepare)
        self._step("门户、中继、工作进程 (web, relay, worker)", self._start_platform)
        self._step(f"{len(ports)} 个样例部门 (departments)", lambda: self._await_departments(ports))
        self.home.leave_environment(self.environment)

    def stop(self) -> None:
        """Stop everything that was started, in reverse order."""
        self._processes.stop()
        for server in (self._redis, self._postgres):
            if server is not None:
                server.stop()
        self._redis = self._postgres = None
        self._claims.close()

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

    @property
    def postgres(self) -> EmbeddedPostgres:
        """Return the server that was started for this instance.

        Raises:
            InstanceFailed: there is none, or it is somebody else's.
        """
        if self._postgres is None:
            raise InstanceFailed("no PostgreSQL was started for this instance")
        return self._postgres

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
            "GOV_UNDO_S": str(self.undo_s),
            "PYTHONUNBUFFERED": "1",
        }

    def _start_database(self) -> None:
        if self._is_given("DATABASE_URL"):
            return
        self._postgres = EmbeddedPostgres(self.home.platform / "postgres")
        self._postgres.start()
        urls = provision(self._postgres.url())
        self.environment |= {"DATABASE_URL": urls.app, "DATABASE_OWNER_URL": urls.owner}

    def _start_broker(self) -> None:
        if self._is_given("BROKER_URL"):
            return
        self._redis = EmbeddedRedis(self.home.platform / "redis")
        self._redis.start()
        self.environment["BROKER_URL"] = self._redis.url

    def _is_given(self, variable: str) -> bool:
        """Tell whether the operator's environment names a server, and that it is the one in use."""
        if not self.uses_given_servers or variable not in os.environ:
            return False
        self.environment[variable] = os.environ[variable]
        self.tell(f"  · {variable} 已设置，使用现有服务 (is set: that server is used)")
        return True

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
        self._run("web", (_GOV, "web", "--port", str(self.port)))
        if self.has_worker:
            self._run("relay", (_GOV, "relay"))
            self._run("worker", (_GOV, "worker"))
        self._await("web", lambda: _answers(self.port))

    def _run(self, name: str, module: Sequence[str], *, log: Path | None = None) -> None:
        argv = (sys.executable, "-m", *module)
        self._processes.start(Command(name, argv, self.environment, log or self.home.logs / f"{name}.log"))

    def _await(self, name: str, is_ready: Callable[[], bool]) -> None:
        deadline = time.monotonic() + READY_TIMEOUT_S
        while not is_ready():
            if self._processes.has_ended(name) or time.monotonic() > deadline:
                raise InstanceFailed(f"{name} did not become ready; {self._processes.last_words(name)}")
            time.sleep(0.05)

    def _choose_port(self) -> int:
        """Return the wanted port, or the next free one of those that may be tried."""
        wanted = range(self.port, self.port + 1 + self.spare_ports)
        free = next((port for port in wanted if _is_free(port)), None)
        if free is None:
            raise InstanceFailed(f"port {self.port} of 127.0.0.1 is taken by another program; name another with --port")
        if free != self.port:
            self.tell(f"  ! 端口 {self.port} 已被占用，改用 {free} (port taken, using {free})")
        return free or _free_ports(1)[0]


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def _free_ports(count: int) -> list[int]:
    """Return different free ports."""
    with ExitStack() as held:
        probes = [held.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [int(probe.getsockname()[1]) for probe in probes]


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _answers(port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == HTTPStatus.OK
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
