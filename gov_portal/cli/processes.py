"""Start, watch and stop the processes of one instance on this machine."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

STOP_TIMEOUT_S = 10
RESTART_PAUSE_S = 1.0
LAST_LINES = 8


@dataclass(frozen=True, slots=True)
class Command:
    """Say how one process is started; its output goes to ``log``."""

    name: str
    argv: Sequence[str]
    environment: Mapping[str, str]
    log: Path


@dataclass(slots=True)
class _Child:
    command: Command
    process: subprocess.Popen[bytes]
    started_at: float


@dataclass(slots=True)
class Processes:
    """Keep a set of processes alive until told to stop."""

    _children: dict[str, _Child] = field(default_factory=dict)

    def start(self, command: Command) -> None:
        """Start a process in a group of its own, so that Ctrl-C reaches us first; it ends with the starting thread."""
        command.log.parent.mkdir(parents=True, exist_ok=True)
        with command.log.open("ab") as log:
            process = subprocess.Popen(
                [*_dying_with_us(), *command.argv],
                env={**os.environ, **command.environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._children[command.name] = _Child(command, process, time.monotonic())

    def pid(self, name: str) -> int:
        """Return the process id of a running process."""
        return self._children[name].process.pid

    def has_ended(self, name: str) -> bool:
        """Tell whether a process has ended by itself."""
        return self._children[name].process.poll() is not None

    def last_words(self, name: str) -> str:
        """Return where the log of a process lies, and its last lines."""
        log = self._children[name].command.log
        lines = log.read_text(errors="replace").splitlines()[-LAST_LINES:]
        return "\n".join([f"its log is {log} and ends:", *(f"  {line}" for line in lines)])

    def restart_fallen(self) -> list[str]:
        """Start again whatever has ended by itself; return the names."""
        fallen = [
            child
            for child in self._children.values()
            if child.process.poll() is not None and time.monotonic() - child.started_at > RESTART_PAUSE_S
        ]
        for child in fallen:
            self.start(child.command)
        return [child.command.name for child in fallen]

    def stop(self) -> None:
        """Stop all, last started first; kill what does not listen."""
        children = list(reversed(self._children.values()))
        for child in children:
            _signal_group(child.process, signal.SIGTERM)
        deadline = time.monotonic() + STOP_TIMEOUT_S
        for child in children:
            try:
                child.process.wait(timeout=max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                _signal_group(child.process, signal.SIGKILL)
                child.process.wait()
        self._children.clear()


def _dying_with_us() -> tuple[str, ...]:
    """Return what to put before a command so that it ends when we are killed without a chance to stop it."""
    program = shutil.which("setpriv")
    return (program, "--pdeathsig", "TERM", "--") if program else ()


def _signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    if process.poll() is None:
        os.killpg(process.pid, number)
