"""A PostgreSQL that follows another, made as the documents say."""

from pathlib import Path

from gov_portal.cli.embedded import EmbeddedPostgres


class Standby(EmbeddedPostgres):
    """Copies a running server at the first start and follows it from then on."""

    def __init__(self, folder: Path, *, primary: EmbeddedPostgres, name: str) -> None:
        super().__init__(folder)
        self._copied = f"host={primary.socket_folder} user=postgres application_name={name}"

    def start(self) -> None:
        if not self.data.exists():
            self.data.mkdir(parents=True, mode=0o700)
            self._hand_over(self.data)
            self._tool("pg_basebackup", "-R", "-c", "fast", "-d", self._copied)
            # Sockets of embedded servers lie in their data folders, and the copy has the lock of the first one's.
            (self.data / ".s.PGSQL.5432.lock").unlink(missing_ok=True)
        super().start()


def either(first: str, second: EmbeddedPostgres) -> str:
    """The address of whichever of two servers takes writes."""
    return f"{first},{second.socket_folder}&target_session_attrs=read-write"
