"""Anchor the heads of the ledger's streams in signed, chained Merkle roots (seals).

A seal covers every row whose transaction ended before it and after the seal before. Its leaves are the heads of the
streams that grew meanwhile: leaf = SHA-256(0x00 || length of stream || stream || seq || hash), every number as eight
big-endian bytes, node = SHA-256(0x01 || left || right), an odd node rises unchanged (the tree of RFC 6962).
The Ed25519 signature is over SHA-256("gov-seal-1" || number || until_xact || microseconds since 1970 || count ||
root || prev).
"""

import json
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import NamedTuple, Protocol

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from sqlalchemy import ARRAY, BigInteger, Column, DateTime, LargeBinary, Table, Text

from gov_portal.kernel.db import Database, Driver, metadata
from gov_portal.kernel.key_files import read_key, write_secret_once
from gov_portal.kernel.ledger.rows import GENESIS

kernel_ledger_seals = Table(
    "kernel_ledger_seals",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("until_xact", BigInteger, nullable=False),
    Column("streams", ARRAY(Text(collation="C")), nullable=False),
    Column("seqs", ARRAY(BigInteger), nullable=False),
    Column("hashes", ARRAY(LargeBinary), nullable=False),
    Column("root", LargeBinary, nullable=False),
    Column("prev", LargeBinary, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("signature", LargeBinary, nullable=False),
)
"""One row per seal with its leaves in three parallel arrays, sorted by stream."""

KEY_FILE = "ledger.key"
LEAVES_PER_SEAL = 10_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LOCK = 0x5EA1

_LAST_SQL = "SELECT number, until_xact, hash FROM kernel_ledger_seals ORDER BY number DESC LIMIT 1"
_HORIZON_SQL = "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint, clock_timestamp()"
_GROWN_SQL = """
SELECT DISTINCT ON (stream) stream, seq, hash FROM kernel_ledger WHERE xact >= %s AND xact < %s
ORDER BY stream, seq DESC"""
_INSERT_SQL = """
INSERT INTO kernel_ledger_seals (number, at, until_xact, streams, seqs, hashes, root, prev, hash, signature)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"""


class Signer(Protocol):
    """Sign seals; in production an HSM."""

    def sign(self, content: bytes) -> bytes:
        """Return an Ed25519 signature."""
        ...


class Anchor(Protocol):
    """Keep the newest seal outside the database, so that cutting the last seals is found."""

    def publish(self, number: int, digest: bytes) -> None:
        """Remember that seal ``number`` has the hash ``digest``."""
        ...

    def latest(self) -> tuple[int, bytes] | None:
        """Return number and hash of the newest seal that was published."""
        ...


class Head(NamedTuple):
    """Say where a stream ends: now, according to its owner, or then, as a seal saw it."""

    stream: str
    seq: int
    hash: bytes


@dataclass(frozen=True, slots=True)
class Seal:
    """Hold what a seal signs, beside its leaves."""

    number: int
    at: datetime
    until_xact: int
    count: int
    root: bytes
    prev: bytes

    @property
    def hash(self) -> bytes:
        """Return the hash that is signed and chained."""
        micros = (self.at - _EPOCH) // timedelta(microseconds=1)
        numbers = b"".join(
            n.to_bytes(8, "big", signed=True) for n in (self.number, self.until_xact, micros, self.count)
        )
        return sha256(b"gov-seal-1" + numbers + self.root + self.prev).digest()


@dataclass(frozen=True, slots=True)
class SealReport:
    """Say what a sealing run did: seals written, and streams anchored by them."""

    seals: int
    streams: int


class FileSigner:
    """Sign with a key file of the secrets folder."""

    def __init__(self, secrets_dir: Path) -> None:
        """Read ``ledger.key``.

        Raises:
            KeyMissing: it does not exist (see ``create``).
        """
        self._key = Ed25519PrivateKey.from_private_bytes(read_key(secrets_dir / KEY_FILE))

    @classmethod
    def create(cls, secrets_dir: Path) -> "FileSigner":
        """Make the key of a new installation if it is missing, and open it."""
        secrets_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_secret_once(secrets_dir / KEY_FILE, os.urandom(32))
        return cls(secrets_dir)

    def sign(self, content: bytes) -> bytes:
        """Return an Ed25519 signature."""
        return self._key.sign(content)

    @property
    def public_key(self) -> Ed25519PublicKey:
        """Return the key that verifies the seals."""
        return self._key.public_key()


class FileAnchor:
    """Keep the newest seal in a small file; put it on another machine or a write-once medium in production."""

    def __init__(self, path: Path) -> None:
        """Use ``path``, usually ``ledger.anchor`` in the secrets folder; it need not exist yet."""
        self._path = path

    def publish(self, number: int, digest: bytes) -> None:
        """Remember that seal ``number`` has the hash ``digest``; an older number changes nothing."""
        known = self.latest()
        if known is not None and known[0] >= number:
            return
        draft = self._path.with_name(f"{self._path.name}.{os.getpid()}.new")
        with draft.open("w") as file:
            json.dump({"number": number, "hash": digest.hex()}, file)
            file.flush()
            os.fsync(file.fileno())
        draft.rename(self._path)

    def latest(self) -> tuple[int, bytes] | None:
        """Return number and hash of the newest seal that was published."""
        if not self._path.exists():
            return None
        kept = json.loads(self._path.read_text())
        return kept["number"], bytes.fromhex(kept["hash"])


def merkle_root(leaves: Iterable[Head]) -> bytes:
    """Return the root over leaves in their order; 32 zero bytes for none."""
    level = [leaf_hash(leaf) for leaf in leaves]
    while len(level) > 1:
        pairs = [sha256(b"\x01" + level[i] + level[i + 1]).digest() for i in range(0, len(level) - 1, 2)]
        level = pairs + level[len(pairs) * 2 :]
    return level[0] if level else GENESIS


def leaf_hash(leaf: Head) -> bytes:
    """Return the hash of one leaf."""
    stream = leaf.stream.encode()
    seq = leaf.seq.to_bytes(8, "big", signed=True)
    return sha256(b"\x00" + len(stream).to_bytes(8, "big") + stream + seq + leaf.hash).digest()


def seal(db: Database, signer: Signer, *, anchor: Anchor | None = None) -> SealReport:
    """Seal what was written since the last seal; does nothing when nothing was, or when another process seals.

    Rows of transactions that are still open, and of all that began after the oldest of them, wait for the next run.
    """
    with db.begin() as uow:
        driver = uow.driver
        if driver.execute("SELECT pg_try_advisory_xact_lock(%s)", (_LOCK,)).fetchone() != (True,):
            return SealReport(0, 0)
        last = driver.execute(_LAST_SQL).fetchone() or (0, 0, GENESIS)
        number, since, prev = int(last[0]), int(last[1]), bytes(last[2])
        horizon, now = _required(driver.execute(_HORIZON_SQL).fetchone())
        # A restored cluster counts its transactions from anew: then look at everything once.
        leaves = _grown(driver, since=since if since <= horizon else 0, until=horizon)
        first = number
        streams = 0
        while chunk := list(islice(leaves, LEAVES_PER_SEAL)):
            number, streams = number + 1, streams + len(chunk)
            made = Seal(number, now, horizon, len(chunk), merkle_root(chunk), prev)
            prev = made.hash
            driver.execute(_INSERT_SQL, _row(made, chunk, signature=signer.sign(prev)))
        if anchor is not None and number > first:
            newest = (number, prev)
            uow.after_commit(lambda: anchor.publish(*newest))
    return SealReport(number - first, streams)


def last_sealed(db: Database) -> datetime | None:
    """Return when the newest seal was made; ``None`` without any."""
    with db.driver() as driver:
        row = driver.execute("SELECT at FROM kernel_ledger_seals ORDER BY number DESC LIMIT 1").fetchone()
    return None if row is None else row[0]


def is_unsealed(db: Database) -> bool:
    """Tell whether rows have been written since the newest seal; the index of transactions answers."""
    sql = """SELECT EXISTS (SELECT 1 FROM kernel_ledger WHERE xact >=
             coalesce((SELECT until_xact FROM kernel_ledger_seals ORDER BY number DESC LIMIT 1), 0))"""
    with db.driver() as driver:
        return driver.execute(sql).fetchone() == (True,)


def may_change(db: Database) -> bool:
    """Tell whether the role of these connections could change or remove a row of the ledger."""
    sql = "SELECT has_table_privilege('kernel_ledger', 'UPDATE, DELETE, TRUNCATE')"
    with db.driver() as driver:
        return driver.execute(sql).fetchone() == (True,)


def _grown(driver: Driver, *, since: int, until: int) -> Iterator[Head]:
    rows = driver.execute(_GROWN_SQL, (since, until)).fetchall()
    return (Head(*row) for row in rows)


def _row(made: Seal, leaves: Sequence[Head], *, signature: bytes) -> tuple[object, ...]:
    streams, seqs = [leaf.stream for leaf in leaves], [leaf.seq for leaf in leaves]
    hashes = [leaf.hash for leaf in leaves]
    head = (made.number, made.at, made.until_xact, streams, seqs, hashes)
    return (*head, made.root, made.prev, made.hash, signature)


def _required(row: tuple[int, datetime] | None) -> tuple[int, datetime]:
    assert row is not None  # noqa: S101 - a query without FROM always returns one row
    return row
