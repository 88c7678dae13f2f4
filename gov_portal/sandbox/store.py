"""Keep what a department received, in a database of its own; nothing of it is the platform's."""

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

FILE_NAME = "store.sqlite"
_LOCK_TIMEOUT_S = 10
_SCHEMA = """
CREATE TABLE IF NOT EXISTS statements (jti TEXT PRIMARY KEY, expires_at INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS received (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    idempotency_key TEXT NOT NULL UNIQUE,
    resource TEXT NOT NULL,
    digest TEXT NOT NULL,
    content TEXT NOT NULL,
    received_at TEXT NOT NULL
);
"""


class KeyReused(Exception):
    """Tell that an idempotency key came back with another content."""


@dataclass(frozen=True, slots=True)
class Received:
    """Hold one thing that a department took, under its sender's key; ``is_repeat`` where it was there already."""

    number: int
    resource: str
    content: Mapping[str, Any]
    received_at: str
    idempotency_key: str
    is_repeat: bool = False


class Store:
    """Be one department's store; safe for threads and for a command beside the process."""

    def __init__(self, folder: Path) -> None:
        """Open or make the store of ``folder``."""
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self._path = folder / FILE_NAME
        with self._open() as connection:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.executescript(_SCHEMA)

    def remember_statement(self, jti: str, *, expires_at: int, now: int) -> bool:
        """Note a signed statement; return whether it is new. Expired ones are forgotten."""
        with self._open() as connection:
            connection.execute("DELETE FROM statements WHERE expires_at < ?", (now,))
            statement = "INSERT INTO statements (jti, expires_at) VALUES (?, ?) ON CONFLICT DO NOTHING"
            return connection.execute(statement, (jti, expires_at)).rowcount == 1

    def receive(self, resource: str, content: Mapping[str, Any], *, idempotency_key: str) -> Received:
        """Take something once per key; a repeat gives back what the first one did.

        Raises:
            KeyReused: the key was used for something else.
        """
        text = json.dumps([resource, content], ensure_ascii=False, sort_keys=True)
        digest = sha256(text.encode()).hexdigest()
        now = datetime.now(UTC).isoformat(timespec="seconds")
        with self._open() as connection:
            added = connection.execute(
                "INSERT INTO received (idempotency_key, resource, digest, content, received_at) VALUES (?, ?, ?, ?, ?)"
                " ON CONFLICT DO NOTHING",
                (idempotency_key, resource, digest, json.dumps(content, ensure_ascii=False), now),
            )
            row = connection.execute(
                "SELECT number, resource, digest, content, received_at FROM received WHERE idempotency_key = ?",
                (idempotency_key,),
            ).fetchone()
        if row[2] != digest:
            raise KeyReused
        is_repeat = added.rowcount == 0
        return Received(row[0], row[1], json.loads(row[3]), row[4], idempotency_key, is_repeat=is_repeat)

    def received(self) -> tuple[Received, ...]:
        """Return everything the department took, oldest first."""
        with self._open() as connection:
            sql = "SELECT number, resource, content, received_at, idempotency_key FROM received ORDER BY number"
            return tuple(Received(row[0], row[1], json.loads(row[2]), *row[3:]) for row in connection.execute(sql))

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        connection = sqlite3.connect(self._path, timeout=_LOCK_TIMEOUT_S)
        try:
            with connection:
                yield connection
        finally:
            connection.close()


def reset(folder: Path) -> None:
    """Forget what a department received and its switches; its log stays."""
    for pattern in (f"{FILE_NAME}*", "till.sqlite*", "faults.json*"):
        for path in folder.glob(pattern):
            path.unlink()
