"""Keep the record of calls (留痕) in the kernel's ledger: one stream per subject, salted hashes instead of values."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Protocol

from sqlalchemy import select

from gov_portal.exchange.domain import Attachment
from gov_portal.exchange.ports import Record
from gov_portal.kernel import ledger
from gov_portal.kernel.clocks import Clock
from gov_portal.kernel.db import Database
from gov_portal.kernel.ledger.rows import kernel_ledger

KIND_PREFIX = "exchange."


class Indexes(Protocol):
    """Make keyed hashes; the key never leaves the key service."""

    def blind_index(self, purpose: str, value: str) -> bytes:
        """Return the keyed hash of a value for one purpose."""
        ...


@dataclass(frozen=True, slots=True)
class Usage:
    """Tell one request for a person's data, as the person may read it; refused ones too.

    Attributes:
        outcome: ``found``, ``refused``, …; ``unanswered`` where the platform stopped between question and answer.
        facts: who asked for what, why, and which checks it passed; JSON without personal data.
    """

    call: str
    at: datetime
    actor: str
    outcome: str
    facts: Mapping[str, Any]


class LedgerJournal:
    """Write records to the ledger and read them back for the person they are about.

    A subject's stream is named by a blind index, so the ledger names nobody, and only requests about one person wait
    for each other. A field's hash is SHA-256(salt, name, value); the salt is a keyed hash of the row's nonce, so small
    value spaces cannot be searched by whoever reads the ledger, and one row can be opened for its subject alone.
    """

    def __init__(self, db: Database, *, indexes: Indexes, clock: Clock) -> None:
        """Keep what is needed; ``clock`` is that of business time."""
        self._db = db
        self._indexes = indexes
        self._clock = clock

    def write(self, record: Record) -> None:
        """Append one row; it is durable when this returns."""
        body = dict(record.facts)
        if record.values:
            nonce = secrets.token_hex(16)
            salt = self.salt(nonce)
            body["nonce"] = nonce
            body["hashes"] = {name: field_hash(salt, name=name, value=v) for name, v in record.values.items()}
        with self._db.begin() as uow:
            fact = ledger.Fact(
                stream=self._stream(record.subject),
                kind=KIND_PREFIX + record.kind,
                actor=record.actor,
                body=json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode(),
                at=self._clock.now(),
            )
            ledger.append(uow, fact)

    def salt(self, nonce: str) -> bytes:
        """Return the salt of one row, which the row's subject may be given to check its hashes."""
        return self._indexes.blind_index("exchange.salt", nonce)

    def usage_of(self, subject: str, *, limit: int = 200) -> tuple[Usage, ...]:
        """Return the latest requests about a subject, latest first, at most ``limit`` rows of the ledger."""
        table = kernel_ledger
        statement = select(table.c.kind, table.c.at, table.c.actor, table.c.body).where(
            table.c.stream == self._stream(subject)
        )
        with self._db.read() as connection:
            rows = connection.execute(statement.order_by(table.c.seq.desc()).limit(limit)).all()
        usages: dict[str, Usage] = {}
        for row in rows:
            facts = json.loads(row.body)
            outcome = facts.get("outcome") or ("refused" if row.kind == f"{KIND_PREFIX}refused" else "unanswered")
            usages.setdefault(facts["call"], Usage(facts["call"], row.at, row.actor, outcome, facts))
        return tuple(usages.values())

    def _stream(self, subject: str) -> str:
        return f"exchange:{self._indexes.blind_index('exchange.subject', subject).hex()}"


def field_hash(salt: bytes, *, name: str, value: object) -> str:
    """Return the salted hash of one field in hex; ``name`` is ``<row>.<field>``."""
    if isinstance(value, Attachment):
        encoded = value.content
    else:
        encoded = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    return sha256(salt + name.encode() + b"\0" + encoded).hexdigest()
