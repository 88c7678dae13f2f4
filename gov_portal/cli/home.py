"""Say where an instance keeps its things, and let only one instance at a time use them."""

import fcntl
import json
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_LOCK_PATIENCE_S = 0.5
"""How long a start waits for the lock: whoever only asks holds it for an instant."""


class InstanceFailed(Exception):
    """Report that an instance did not become ready; the message says why and what to do."""


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

    @property
    def environment_file(self) -> Path:
        """Return the file in which a running instance leaves its settings for ``gov`` commands of the same user."""
        return self.platform / "environment.json"

    @property
    def _lock_file(self) -> Path:
        return self.root / "lock"

    def make(self) -> None:
        """Make the folders that are missing.

        Raises:
            InstanceFailed: the disk does not let us.
        """
        try:
            for folder in (self.platform / "secrets", self.platform / "files", self.departments):
                folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._lock_file.touch(mode=0o600)
        except OSError as error:
            reason = f"cannot write in the data folder {self.root} ({error.strerror}: {error.filename})"
            raise InstanceFailed(f"{reason}; name another one with --home") from error

    @contextmanager
    def claim(self) -> Iterator[None]:
        """Make the folders and keep every other instance out of them until the end.

        Raises:
            InstanceFailed: another instance runs here, or the disk is not writable.
        """
        self.make()
        with self._lock_file.open("r+") as lock:
            if not _takes(lock.fileno(), fcntl.LOCK_EX, patience_s=_LOCK_PATIENCE_S):
                raise InstanceFailed(
                    f"an instance (process {lock.read().strip() or 'unknown'}) already runs in {self.root}; "
                    "stop it with Ctrl-C where it was started, or name another folder with --home"
                )
            lock.truncate()
            lock.write(str(os.getpid()))
            lock.flush()
            try:
                yield
            finally:
                self.environment_file.unlink(missing_ok=True)

    def leave_environment(self, environment: Mapping[str, str]) -> None:
        """Write down the settings of the instance that runs here; they are gone when it ends."""
        written = self.environment_file.with_suffix(".new")
        written.touch(mode=0o600)
        written.write_text(json.dumps(dict(environment), indent=1))
        written.replace(self.environment_file)

    def running_environment(self) -> dict[str, str]:
        """Return the settings of the instance that runs here; nothing if none does."""
        try:
            with self._lock_file.open() as lock:
                if _takes(lock.fileno(), fcntl.LOCK_SH, patience_s=0):
                    return {}
                return dict(json.loads(self.environment_file.read_text()))
        except FileNotFoundError:
            return {}


def _takes(descriptor: int, kind: int, *, patience_s: float) -> bool:
    """Tell whether the lock could be taken; it is held until the file is closed, by whatever death."""
    deadline = time.monotonic() + patience_s
    while True:
        try:
            fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                return False
            time.sleep(0.02)
        else:
            return True
