"""Write messages, sealed, and show them to whom they belong."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import orjson
from sqlalchemy import Row, Select, delete, select
from sqlalchemy.dialects.postgresql import insert

from gov_portal.kernel.cipher import KeyShredded, KeyStore
from gov_portal.kernel.clocks import Clock
from gov_portal.kernel.db import Database, UnitOfWork
from gov_portal.kernel.ids import KeyId, PersonId
from gov_portal.messaging.catalogue import CHINESE, Catalogue, shipped
from gov_portal.messaging.models import messages
from gov_portal.messaging.ports import Addressees, Channel

CODE_MESSAGE = "identity.code"


@dataclass(frozen=True, slots=True)
class ShownMessage:
    """Show one message; ``phone`` only on the sandbox's desk."""

    told_at: datetime
    code: str
    text: str = field(repr=False)
    phone: str = field(repr=False, default="")


@dataclass(frozen=True, slots=True)
class _Details:
    phone: str = field(repr=False)
    params: Mapping[str, object] = field(repr=False)


class SandboxChannel:
    """Carry nothing anywhere: the sandbox's desk shows what is stored."""

    name = "sandbox"

    def accept(self, uow: UnitOfWork, message: UUID) -> None:
        """Do nothing more; the row is the message."""


class MessageService:
    """Send codes and tell people news."""

    def __init__(self, db: Database, *, keys: KeyStore, clock: Clock, addressees: Addressees, channel: Channel) -> None:
        """Use business time for when a message was told, as the timeline of a case does."""
        self._db = db
        self._keys = keys
        self._clock = clock
        self._addressees = addressees
        self._channel = channel
        self._catalogue: Catalogue = shipped()

    def send_code(self, uow: UnitOfWork, *, to: str, code: str, minutes: int, key: KeyId) -> None:
        """Send a one-time code to a phone or an e-mail address in the caller's transaction; it is in no inbox."""
        details = {"phone": to, "params": {"code": code, "minutes": minutes}}
        self._store(uow, code=CODE_MESSAGE, key=key, details=details)

    def tell(self, person: PersonId, code: str, params: Mapping[str, object], *, idempotency_key: str) -> None:
        """Tell a person and their guardians; a repeated key changes nothing.

        Args:
            person: whose matter it is.
            code: key of the text; one that the catalogue does not have is told in general words.
            params: what the text needs; no personal data.
            idempotency_key: the same for every attempt at this message.
        """
        addressees = self._addressees.addressees(person)
        with self._db.begin() as uow:
            for addressee in addressees:
                details = {"phone": addressee.phone, "params": dict(params)}
                key = f"{idempotency_key}:{addressee.person}"
                self._store(uow, code=code, key=addressee.key, details=details, unique=(addressee.person, key))

    def inbox(self, person: PersonId, *, limit: int = 50, language: str = CHINESE) -> tuple[ShownMessage, ...]:
        """Return the person's latest messages, newest first."""
        query = select(messages).where(messages.c.recipient_id == person)
        return tuple(self._show(query, limit=limit, language=language))

    def desk(self, *, limit: int = 50, language: str = CHINESE) -> tuple[ShownMessage, ...]:
        """Return the latest messages to anybody, codes and phones included; for the desk of the sandbox only."""
        query = select(messages).where(messages.c.channel == SandboxChannel.name)
        return tuple(self._show(query, limit=limit, language=language, with_phone=True))

    def tidy(self, *, after: timedelta = timedelta(days=1)) -> int:
        """Remove codes that were sent so long ago; notices stay. Return how many."""
        old = delete(messages).where(messages.c.code == CODE_MESSAGE, messages.c.told_at < self._clock.now() - after)
        with self._db.begin() as uow:
            return len(uow.connection.execute(old.returning(messages.c.number)).all())

    def _store(
        self,
        uow: UnitOfWork,
        *,
        code: str,
        key: KeyId,
        details: Mapping[str, object],
        unique: tuple[PersonId, str] | None = None,
    ) -> None:
        message = uuid4()
        statement = insert(messages).values(
            id=message,
            recipient_id=unique[0] if unique else None,
            channel=self._channel.name,
            code=code,
            key_id=key,
            sealed=self._keys.seal(key, orjson.dumps(details, default=str), context=_context(message)),
            idempotency_key=unique[1] if unique else None,
            told_at=self._clock.now(),
        )
        written = statement.on_conflict_do_nothing().returning(messages.c.id)
        if uow.connection.scalar(written) is not None:
            self._channel.accept(uow, message)

    def _show(
        self, query: Select[tuple[object, ...]], *, limit: int, language: str, with_phone: bool = False
    ) -> list[ShownMessage]:
        with self._db.read() as connection:
            rows = connection.execute(query.order_by(messages.c.number.desc()).limit(limit)).all()
        shown = []
        for row in rows:
            details = self._open(row)
            if details is not None:
                text = self._catalogue.text(row.code, details.params, language=language)
                shown.append(ShownMessage(row.told_at, row.code, text, details.phone if with_phone else ""))
        return shown

    def _open(self, row: Row[tuple[object, ...]]) -> _Details | None:
        try:
            packed = self._keys.open(KeyId(row.key_id), row.sealed, context=_context(row.id))
        except KeyShredded:
            return None
        return _Details(**orjson.loads(packed))


def _context(message: UUID) -> bytes:
    return f"messaging:{message}".encode()
