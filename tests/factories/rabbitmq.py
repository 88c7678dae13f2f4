"""A RabbitMQ of the test's own, from the packages that `make test-rabbitmq` unpacks."""

import os
import signal
import socket
import subprocess
import time
from pathlib import Path
from typing import Self

from gov_portal.kernel.monitoring.readiness import Unready
from gov_portal.wiring.checks import ask_broker

UNPACKED = Path(__file__).resolve().parents[2] / ".cache" / "rabbitmq"
ERLANG = UNPACKED / "usr" / "lib" / "erlang"
START_S = 60


class RabbitMq:
    """One node with a name service of its own, on free ports of this machine."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir()
        self.port, distribution, names = free_ports(3)
        (server,) = (UNPACKED / "usr" / "lib" / "rabbitmq" / "lib").glob("rabbitmq_server-*")
        self._program = server / "sbin" / "rabbitmq-server"
        nowhere = str(folder / "none")
        self._environment = {
            **os.environ,
            "PATH": f"{ERLANG / 'bin'}:{os.environ['PATH']}",
            "HOME": str(folder),
            "ERL_EPMD_PORT": str(names),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODENAME": f"gov{self.port}@localhost",
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": str(self.port),
            "RABBITMQ_DIST_PORT": str(distribution),
            "RABBITMQ_MNESIA_BASE": str(folder / "mnesia"),
            "RABBITMQ_LOG_BASE": str(folder / "log"),
            "RABBITMQ_LOGS": "-",
            "RABBITMQ_CONF_ENV_FILE": nowhere,
            "RABBITMQ_CONFIG_FILE": nowhere,
            "RABBITMQ_ENABLED_PLUGINS_FILE": nowhere,
            "RABBITMQ_PLUGINS_DIR": str(server / "plugins"),
        }
        self._running: list[subprocess.Popen[bytes]] = []

    @property
    def url(self) -> str:
        return f"amqp://guest:guest@127.0.0.1:{self.port}//"

    def __enter__(self) -> Self:
        (epmd,) = ERLANG.glob("erts-*/bin/epmd")
        self._spawn(str(epmd))
        self.start()
        return self

    def __exit__(self, *error: object) -> None:
        while self._running:
            self.kill()

    def start(self) -> None:
        self._spawn(str(self._program))
        deadline = time.monotonic() + START_S
        while not self._answers():
            assert time.monotonic() < deadline, (self._folder / "rabbitmq.log").read_text(errors="replace")[-2000:]
            time.sleep(0.2)

    def kill(self) -> None:
        """Kill what was started last, with everything that it has started."""
        process = self._running.pop()
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def _spawn(self, program: str) -> None:
        with (self._folder / "rabbitmq.log").open("ab") as log:
            process = subprocess.Popen(
                [program], env=self._environment, cwd=self._folder, stdout=log, stderr=log, start_new_session=True
            )
        self._running.append(process)

    def _answers(self) -> bool:
        try:
            ask_broker(self.url)
        except Unready:
            return False
        return True


def free_ports(count: int) -> list[int]:
    probes = [socket.socket() for _ in range(count)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports
