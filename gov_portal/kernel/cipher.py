"""Seal personal data with envelope keys; one key per person, so that shredding it makes their data unreadable."""

import hmac
import os
import time
from collections import OrderedDict
from pathlib import Path
from threading import Lock
from typing import Protocol
from uuid import UUID, uuid4

import structlog
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Column, DateTime, LargeBinary, Table, Uuid, func

from gov_portal.kernel.db import Database, UnitOfWork, metadata
from gov_portal.kernel.errors import Conflict, DomainError
from gov_portal.kernel.ids import KeyId
from gov_portal.kernel.key_files import read_key, write_secret_once

kernel_keys = Table(
    "kernel_keys",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("wrapped", LargeBinary),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
)
"""Data keys, wrapped by the KMS; ``wrapped`` is null once the key is shredded."""

INSERT_SQL = "INSERT INTO kernel_keys (id, wrapped) VALUES (%s, %s)"

KEY_FILES = ("master.key", "blind.key")
"""What ``FileKms`` keeps in the secrets folder: whoever loses them loses everything that is sealed."""

_VERSION = b"\x01"
_NONCE_BYTES = 12
_CACHE_KEYS = 10_000
_CACHE_S = 300.0
_log = structlog.get_logger(__name__)
_PLATFORM_KEY = KeyId(UUID(int=1))


class KeyShredded(DomainError):
    """Answer that the data has been made unreadable for good."""

    code = "cipher.key-shredded"
    status = 410


class SealBroken(Conflict):
    """Answer that sealed bytes were changed, or belong to another key or place; operators are told as well."""

    code = "cipher.seal-broken"


class Kms(Protocol):
    """Guard the master keys; in production an HSM or a key management service."""

    def wrap(self, key: bytes) -> bytes:
        """Return ``key`` wrapped by the master key."""
        ...

    def unwrap(self, wrapped: bytes) -> bytes:
        """Return the key that ``wrap`` was given."""
        ...

    def blind_key(self) -> bytes:
        """Return the secret of the blind indexes."""
        ...


class FileKms:
    """Keep the master keys in two files of the secrets folder, for development and small installations."""

    def __init__(self, secrets_dir: Path) -> None:
        """Read ``master.key`` and ``blind.key``.

        Raises:
            KeyMissing: one of them does not exist (see ``create``).
        """
        master, self._blind = (read_key(secrets_dir / name) for name in KEY_FILES)
        self._master = AESGCM(master)

    @classmethod
    def create(cls, secrets_dir: Path) -> "FileKms":
        """Make the folder and the missing keys of a new installation, readable by the owner only, and open them."""
        secrets_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        for name in KEY_FILES:
            write_secret_once(secrets_dir / name, os.urandom(32))
        return cls(secrets_dir)

    def wrap(self, key: bytes) -> bytes:
        """Return ``key`` wrapped by the master key."""
        nonce = os.urandom(_NONCE_BYTES)
        return _VERSION + nonce + self._master.encrypt(nonce, key, b"gov-key")

    def unwrap(self, wrapped: bytes) -> bytes:
        """Return the key that ``wrap`` was given.

        Raises:
            SealBroken: the bytes were changed or come from another master key.
        """
        return _open(self._master, wrapped, b"gov-key")

    def blind_key(self) -> bytes:
        """Return the secret of the blind indexes."""
        return self._blind


class Cipher:
    """Seal and open with one data key."""

    __slots__ = ("_aead",)

    def __init__(self, key: bytes) -> None:
        """Take the unwrapped key of 32 bytes."""
        self._aead = AESGCM(key)

    def seal(self, plaintext: bytes, context: bytes) -> bytes:
        """Return version, nonce and AES-256-GCM ciphertext; ``context`` names the place and must be given to open."""
        nonce = os.urandom(_NONCE_BYTES)
        return _VERSION + nonce + self._aead.encrypt(nonce, plaintext, context)

    def open(self, sealed: bytes, context: bytes) -> bytes:
        """Return the plaintext.

        Raises:
            SealBroken: the bytes were changed, or sealed with another key or context.
        """
        return _open(self._aead, sealed, context)


class KeyStore:
    """Create, fetch and shred envelope keys; unwrapped ones are kept in memory for five minutes."""

    def __init__(self, db: Database, kms: Kms) -> None:
        """Use ``kms`` to wrap the keys that are stored in ``db``."""
        self._db = db
        self._kms = kms
        self._cache: OrderedDict[KeyId, tuple[float, Cipher]] = OrderedDict()
        self._lock = Lock()
        self._blind_keys: dict[str, bytes] = {}

    def create(self, uow: UnitOfWork) -> KeyId:
        """Make a key in the caller's transaction."""
        key_id, wrapped = self.prepare()
        uow.driver.execute(INSERT_SQL, (key_id, wrapped))
        return key_id

    def prepare(self) -> tuple[KeyId, bytes]:
        """Make a key without storing it: the caller writes both with ``INSERT_SQL``, as in a pipeline."""
        key = AESGCM.generate_key(256)
        key_id = KeyId(uuid4())
        self._remember(key_id, Cipher(key))
        return key_id, self._kms.wrap(key)

    def seal(self, key_id: KeyId, plaintext: bytes, *, context: bytes) -> bytes:
        """Seal with a stored key; see ``Cipher.seal``."""
        return self.cipher(key_id).seal(plaintext, context)

    def open(self, key_id: KeyId, sealed: bytes, *, context: bytes) -> bytes:
        """Open with a stored key; see ``Cipher.open``."""
        return self.cipher(key_id).open(sealed, context)

    def cipher(self, key_id: KeyId) -> Cipher:
        """Return the cipher of a stored key.

        Raises:
            KeyShredded: the key is gone.
        """
        cached = self._recall(key_id)
        if cached is not None:
            return cached
        with self._db.driver() as driver:
            row = driver.execute("SELECT wrapped FROM kernel_keys WHERE id = %s", (key_id,)).fetchone()
        return self.cipher_for(key_id, row[0] if row else None)

    def cipher_for(self, key_id: KeyId, wrapped: bytes | None) -> Cipher:
        """Return the cipher of a key whose row the caller has read already.

        Raises:
            KeyShredded: ``wrapped`` is ``None``.
        """
        if wrapped is None:
            self._forget(key_id)
            raise KeyShredded(key=str(key_id))
        cached = self._recall(key_id)
        if cached is not None:
            return cached
        return self._remember(key_id, Cipher(self._kms.unwrap(wrapped)))

    def shred(self, uow: UnitOfWork, key_id: KeyId) -> None:
        """Destroy a key; everything sealed with it is unreadable, in other processes after five minutes at most."""
        uow.driver.execute("UPDATE kernel_keys SET wrapped = NULL WHERE id = %s", (key_id,))
        uow.after_commit(lambda: self._forget(key_id))

    @property
    def platform_key(self) -> KeyId:
        """Return the key for what belongs to no person; made when first asked for."""
        try:
            self.cipher(_PLATFORM_KEY)
        except KeyShredded:
            wrapped = self._kms.wrap(AESGCM.generate_key(256))
            with self._db.driver() as driver:
                driver.execute(f"{INSERT_SQL} ON CONFLICT DO NOTHING", (_PLATFORM_KEY, wrapped))
            self.cipher(_PLATFORM_KEY)
        return _PLATFORM_KEY

    def is_foreign(self) -> bool:
        """Tell whether what is stored was wrapped by another master key than ours."""
        with self._db.driver() as driver:
            row = driver.execute("SELECT wrapped FROM kernel_keys WHERE id = %s", (_PLATFORM_KEY,)).fetchone()
        try:
            return row is not None and not self._kms.unwrap(row[0])
        except SealBroken:
            return True

    def blind_index(self, purpose: str, value: str) -> bytes:
        """Return what stands for ``value`` in a searchable column: HMAC-SHA-256 under a key of that purpose.

        The caller normalises ``value`` first; equal values of different purposes do not match.
        """
        key = self._blind_keys.get(purpose)
        if key is None:
            key = hmac.digest(self._kms.blind_key(), b"gov-blind:" + purpose.encode(), "sha256")
            self._blind_keys[purpose] = key
        return hmac.digest(key, value.encode(), "sha256")

    def _remember(self, key_id: KeyId, cipher: Cipher) -> Cipher:
        with self._lock:
            self._cache[key_id] = (time.monotonic() + _CACHE_S, cipher)
            if len(self._cache) > _CACHE_KEYS:
                self._cache.popitem(last=False)
        return cipher

    def _recall(self, key_id: KeyId) -> Cipher | None:
        with self._lock:
            kept = self._cache.get(key_id)
            if kept is None or kept[0] < time.monotonic():
                self._cache.pop(key_id, None)
                return None
            return kept[1]

    def _forget(self, key_id: KeyId) -> None:
        with self._lock:
            self._cache.pop(key_id, None)


def _open(aead: AESGCM, sealed: bytes, context: bytes) -> bytes:
    try:
        if sealed[:1] != _VERSION:
            raise ValueError("unknown version of sealed bytes")
        return aead.decrypt(sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :], context)
    except (InvalidTag, ValueError) as error:
        _log.error("seal-broken", place=context.decode(errors="replace"))
        raise SealBroken from error
