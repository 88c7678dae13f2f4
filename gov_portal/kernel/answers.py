"""Answer a repeated request with the answer that it had the first time, and carry it out once.

Source: draft-ietf-httpapi-idempotency-key-header. A row is begun in a transaction of its own before the work: of
two equal requests at once one is told to wait; a request that failed gives its key back, for it has written nothing. A
process that died leaves a row that may be taken over after a while: the services know the key as well.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256

from sqlalchemy import Column, DateTime, Index, LargeBinary, Table, Uuid, func

from gov_portal.kernel.cipher import KeyStore
from gov_portal.kernel.db import Database, metadata
from gov_portal.kernel.errors import Conflict, DomainError
from gov_portal.kernel.ids import KeyId

kernel_answers = Table(
    "kernel_answers",
    metadata,
    Column("owner", LargeBinary, primary_key=True),
    Column("fingerprint", LargeBinary, nullable=False),
    Column("key_id", Uuid),
    Column("sealed", LargeBinary),
    Column("begun_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Index("kernel_answers_begun_at_idx", "begun_at"),
)
"""Answers by whose key it is; ``sealed`` is empty while the request is under way."""

KEPT_H = 24
DEAD_AFTER_S = 15
"""After so long a request without an answer is taken for one whose process died: longer than any takes, and as short as
may be, for its caller waits."""

_BEGIN_SQL = """
INSERT INTO kernel_answers AS a (owner, fingerprint) VALUES (%(owner)s, %(fingerprint)s)
ON CONFLICT (owner) DO UPDATE SET fingerprint = %(fingerprint)s, sealed = NULL, key_id = NULL, begun_at = now()
WHERE a.begun_at < now() - make_interval(hours => %(kept)s)
   OR a.sealed IS NULL AND a.fingerprint = %(fingerprint)s AND a.begun_at < now() - make_interval(secs => %(dead)s)
RETURNING begun_at"""
_READ_SQL = "SELECT fingerprint, key_id, sealed FROM kernel_answers WHERE owner = %s"
_KEEP_SQL = "UPDATE kernel_answers SET key_id = %s, sealed = %s WHERE owner = %s AND begun_at = %s"
_GIVE_BACK_SQL = "DELETE FROM kernel_answers WHERE owner = %s AND begun_at = %s AND sealed IS NULL"
_TIDY_SQL = "DELETE FROM kernel_answers WHERE begun_at < now() - make_interval(hours => %s)"


class RequestUnderWay(Conflict):
    """Ask to wait: the same request is being carried out now."""

    code = "idempotency.under-way"


class RequestChanged(DomainError):
    """Refuse a key that came with another request before."""

    code = "idempotency.changed"
    status = 422


@dataclass(slots=True)
class Turn:
    """Hold one attempt at a request; ``earlier`` is the stored answer of the first, ``answer`` what is to be stored."""

    earlier: bytes | None = field(repr=False, default=None)
    answer: bytes | None = field(repr=False, default=None)


class Answers:
    """Keep answers for a day, sealed with the platform's key: they may hold what only their owner may read."""

    def __init__(self, db: Database, keys: KeyStore) -> None:
        """Use a database and its keys."""
        self._db = db
        self._keys = keys

    @contextmanager
    def turn(self, owner: bytes, *, request: bytes) -> Iterator[Turn]:
        """Let one request through at a time; set ``answer`` to keep it, else the key is given back.

        Args:
            owner: who asks, together with the key.
            request: everything that makes the request what it is.

        Raises:
            RequestUnderWay: the same request is being carried out.
            RequestChanged: the key came with another request.
        """
        owner, fingerprint = sha256(owner).digest(), sha256(request).digest()
        parameters = {"owner": owner, "fingerprint": fingerprint, "kept": KEPT_H, "dead": DEAD_AFTER_S}
        with self._db.driver() as driver:
            begun = driver.execute(_BEGIN_SQL, parameters).fetchone()
        if begun is None:
            yield Turn(earlier=self._earlier(owner, fingerprint))
            return
        turn = Turn()
        try:
            yield turn
        finally:
            self._end(owner, turn, begun_at=begun[0])

    def tidy(self) -> int:
        """Remove what is older than a day; return how many."""
        with self._db.driver() as driver:
            return driver.execute(_TIDY_SQL, (KEPT_H,)).rowcount

    def _earlier(self, owner: bytes, fingerprint: bytes) -> bytes:
        with self._db.driver() as driver:
            row = driver.execute(_READ_SQL, (owner,)).fetchone()
        if row is None or (row[2] is None and row[0] == fingerprint):
            raise RequestUnderWay(seconds=1)
        if row[0] != fingerprint:
            raise RequestChanged
        return self._keys.open(KeyId(row[1]), row[2], context=_context(owner))

    def _end(self, owner: bytes, turn: Turn, *, begun_at: object) -> None:
        if turn.answer is None:
            with self._db.driver() as driver:
                driver.execute(_GIVE_BACK_SQL, (owner, begun_at))
            return
        key = self._keys.platform_key
        sealed = self._keys.seal(key, turn.answer, context=_context(owner))
        with self._db.driver() as driver:
            driver.execute(_KEEP_SQL, (key, sealed, owner, begun_at))


def _context(owner: bytes) -> bytes:
    return b"kernel.answer:" + owner
