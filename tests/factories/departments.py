"""Run real department processes for a test and stop them after it."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from gov_portal.exchange.adapters.assertion import PUBLIC_NAME
from gov_portal.sandbox.faults import Faults, write_faults
from gov_portal.sandbox.store import Received, Store

SERVE = (sys.executable, "-m", "gov_portal.cli.sandbox", "serve")
STOP_TIMEOUT_S = 10


@dataclass(frozen=True)
class RunningDepartment:
    """One department's process; ``folder`` is its own."""

    process: subprocess.Popen[str]
    address: str
    folder: Path

    def set_faults(self, faults: Faults) -> None:
        write_faults(self.folder, faults)

    def received(self) -> tuple[Received, ...]:
        return Store(self.folder).received()

    def log(self) -> str:
        return (self.folder / "department.log").read_text("utf-8")


@contextmanager
def running(department: str, *, store: Path, secrets_dir: Path, port: int = 0) -> Iterator[RunningDepartment]:
    command = [*SERVE, department, "--store", str(store), "--trust", str(secrets_dir / PUBLIC_NAME)]
    with subprocess.Popen([*command, "--port", str(port)], stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            assert "listens on" in line, f"{department} did not start"
            yield RunningDepartment(process, line.split()[-1], store / department)
        finally:
            process.terminate()
            process.wait(STOP_TIMEOUT_S)
