"""Write messages, sealed, show them to whom they belong, and ask for their way out."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import orjson
from sqlalchemy import Row, Select, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from gov_portal.kernel import outbox
from gov_portal.kernel.cipher import KeyShredded, KeyStore
from gov_portal.kernel.clocks import Clock
from gov_portal.kernel.db import Database, UnitOfWork
from gov_portal.kernel.errors import NotFound
from gov_portal.kernel.ids import CaseId, KeyId, PersonId
from gov_portal.kernel.outbox import OutboxMessage
from gov_portal.kernel.prepared import run
from gov_portal.messaging.catalogue import CHINESE, Catalogue, shipped
from gov_portal.messaging.models import deliveries, messages
from gov_portal.messaging.news import CHANNELS, CODE_MESSAGE, EMAIL, SMS, Wishes
from gov_portal.messaging.ports import Addressee, Addressees
from gov_portal.messaging.preferences import MessagePreferences, StopLinks

TOPIC = "message.deliver"
"""Topic of the outbox messages that ask for one delivery; their payload is its id."""

_USUAL = Wishes()
_UNTOLD_SQL = """
SELECT key FROM unnest(%s::text[]) AS asked (key)
WHERE NOT EXISTS (SELECT 1 FROM messaging_messages m
                  WHERE m.idempotency_key >= (key || ':') COLLATE "C"
                    AND m.idempotency_key < (key || ';') COLLATE "C")"""

_UNREAD_SQL = "SELECT count(*) FROM messaging_messages WHERE recipient_id = %s AND read_at IS NULL"


class MessageUnknown(NotFound):
    """Answer that there is no such message, or that it is somebody else's."""

    code = "messages.unknown"


@dataclass(frozen=True, slots=True)
class ShownMessage:
    """Show one message; ``phone`` only on the sandbox's desk.

    Attributes:
        number: its place among all messages; older ones are asked for by it.
        case: the case that it is about, if it is about one.
    """

    told_at: datetime
    code: str
    text: str = field(repr=False)
    phone: str = field(repr=False, default="")
    id: UUID = UUID(int=0)
    number: int = 0
    case: CaseId | None = None
    is_read: bool = True


@dataclass(frozen=True, slots=True)
class Reader:
    """Say in which language messages are read; ``say`` knows the names of definitions in it."""

    language: str = CHINESE
    say: Callable[[str], str] = str


USUAL_READER = Reader()


@dataclass(frozen=True, slots=True)
class Details:
    """Hold what is sealed of a message: where it goes, and what its text needs."""

    phone: str = field(repr=False)
    params: Mapping[str, object] = field(repr=False)
    email: str = field(repr=False, default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class _New:
    """Hold a message before it is written."""

    code: str
    key: KeyId
    details: Details
    channels: tuple[str, ...]
    recipient: PersonId | None = None
    idempotency_key: str | None = None


class MessageService:
    """Send codes and tell people news."""

    def __init__(
        self,
        db: Database,
        *,
        keys: KeyStore,
        clock: Clock,
        addressees: Addressees,
        channels: Collection[str] = (SMS,),
    ) -> None:
        """Use business time for when a message was told, as the timeline of a case does.

        Args:
            db: where messages are kept.
            keys: keys of the addressees.
            clock: business time.
            addressees: who is told what concerns whom.
            channels: ways out that this installation has.
        """
        self._db = db
        self._keys = keys
        self._clock = clock
        self._addressees = addressees
        self._channels = frozenset(channels)
        self._catalogue: Catalogue = shipped()
        self.preferences = MessagePreferences(db, StopLinks(keys))

    def send_code(self, uow: UnitOfWork, *, to: str, code: str, minutes: int, key: KeyId) -> None:
        """Send a one-time code to a phone or an e-mail address in the caller's transaction; it is in no inbox."""
        channel = EMAIL if "@" in to else SMS
        details = Details(to, {"code": code, "minutes": minutes}, email=to if channel == EMAIL else "")
        self._store(uow, _New(code=CODE_MESSAGE, key=key, details=details, channels=(channel,)))

    def tell(self, person: PersonId, code: str, params: Mapping[str, object], *, idempotency_key: str) -> None:
        """Tell a person and their guardians; a repeated key changes nothing.

        Args:
            person: whose matter it is.
            code: key of the text; one that the catalogue does not have is told in general words.
            params: what the text needs, and ``case`` where it is about one; no personal data.
            idempotency_key: the same for every attempt at this message.
        """
        addressees = self._addressees.addressees(person)
        wishes = self.preferences.of_many([one.person for one in addressees]) if addressees else {}
        with self._db.begin() as uow:
            for addressee in addressees:
                wanted = wishes.get(addressee.person, _USUAL).channels(code)
                new = _New(
                    code=code,
                    key=addressee.key,
                    details=Details(addressee.phone, dict(params), email=addressee.email),
                    channels=self._open(_reachable(addressee, wanted)),
                    recipient=addressee.person,
                    idempotency_key=f"{idempotency_key}:{addressee.person}",
                )
                self._store(uow, new)

    def untold(self, keys: Collection[str]) -> tuple[str, ...]:
        """Return those idempotency keys under which nobody was told anything yet, in one statement."""
        with self._db.driver() as driver:
            return tuple(row[0] for row in driver.execute(_UNTOLD_SQL, (list(keys),)).fetchall()) if keys else ()

    def inbox(
        self, person: PersonId, *, limit: int = 50, reader: Reader = USUAL_READER, before: int | None = None
    ) -> tuple[ShownMessage, ...]:
        """Return the person's latest messages, newest first; ``before`` a number only older ones."""
        query = select(messages).where(messages.c.recipient_id == person)
        if before is not None:
            query = query.where(messages.c.number < before)
        return tuple(self._show(query, limit=limit, reader=reader))

    def message(self, message: UUID, *, by: PersonId, reader: Reader = USUAL_READER) -> ShownMessage:
        """Return one message of a person's inbox.

        Raises:
            MessageUnknown: it is not there.
        """
        query = select(messages).where(messages.c.recipient_id == by, messages.c.id == message)
        found = self._show(query, limit=1, reader=reader)
        if not found:
            raise MessageUnknown
        return found[0]

    def unread(self, person: PersonId) -> int:
        """Return how many messages of a person are new."""
        with self._db.driver() as driver:
            row = run(driver, _UNREAD_SQL, (person,))
        return row[0] if row else 0

    def mark_read(self, person: PersonId, *, message: UUID | None = None) -> None:
        """Mark one message of a person as read, or all of them."""
        new = (messages.c.recipient_id == person) & messages.c.read_at.is_(None)
        which = new if message is None else new & (messages.c.id == message)
        with self._db.begin() as uow:
            uow.connection.execute(update(messages).where(which).values(read_at=self._clock.now()))

    def desk(self, *, limit: int = 50) -> tuple[ShownMessage, ...]:
        """Return the latest messages to anybody, codes and phones included; for the desk of the sandbox only."""
        return tuple(self._show(select(messages), limit=limit, reader=USUAL_READER, with_phone=True))

    def tidy(self, *, after: timedelta = timedelta(days=1), deliveries_after: timedelta = timedelta(days=90)) -> int:
        """Remove codes that were sent so long ago, and what is known of old deliveries; notices stay.

        Return how many codes.
        """
        old = delete(messages).where(messages.c.code == CODE_MESSAGE, messages.c.told_at < self._clock.now() - after)
        sent = delete(deliveries).where(
            deliveries.c.status == "sent", deliveries.c.ended_at < func.now() - deliveries_after
        )
        with self._db.begin() as uow:
            uow.connection.execute(sent)
            return len(uow.connection.execute(old.returning(messages.c.number)).all())

    def _open(self, wanted: Collection[str]) -> tuple[str, ...]:
        return tuple(channel for channel in CHANNELS if channel in wanted and channel in self._channels)

    def _store(self, uow: UnitOfWork, new: _New) -> None:
        message, details = uuid4(), new.details
        packed = orjson.dumps({"phone": details.phone, "params": details.params, "email": details.email}, default=str)
        statement = insert(messages).values(
            id=message,
            recipient_id=new.recipient,
            case_id=_case_of(details.params),
            code=new.code,
            key_id=new.key,
            sealed=self._keys.seal(new.key, packed, context=_context(message)),
            idempotency_key=new.idempotency_key,
            told_at=self._clock.now(),
        )
        written = statement.on_conflict_do_nothing().returning(messages.c.id)
        if uow.connection.scalar(written) is not None and new.channels:
            _ask_for_deliveries(uow, message, new.channels)

    def _show(
        self, query: Select[tuple[object, ...]], *, limit: int, reader: Reader, with_phone: bool = False
    ) -> list[ShownMessage]:
        with self._db.read() as connection:
            rows = connection.execute(query.order_by(messages.c.number.desc()).limit(limit)).all()
        shown = []
        for row in rows:
            try:
                details = opened(self._keys, row)
            except KeyShredded:
                continue
            shown.append(
                ShownMessage(
                    row.told_at,
                    row.code,
                    self._catalogue.text(row.code, details.params, language=reader.language, say=reader.say),
                    details.phone if with_phone else "",
                    id=row.id,
                    number=row.number,
                    case=CaseId(row.case_id) if row.case_id else None,
                    is_read=row.read_at is not None,
                )
            )
        return shown


def opened(keys: KeyStore, row: Row[tuple[object, ...]]) -> Details:
    """Return what is sealed of a row of messages.

    Raises:
        KeyShredded: the addressee's data were made unreadable.
    """
    packed = keys.open(KeyId(row.key_id), row.sealed, context=_context(row.id))
    return Details(**orjson.loads(packed))


def _reachable(addressee: Addressee, wanted: Collection[str]) -> tuple[str, ...]:
    addresses = {SMS: addressee.phone, EMAIL: addressee.email}
    return tuple(channel for channel in wanted if addresses[channel])


def _ask_for_deliveries(uow: UnitOfWork, message: UUID, channels: tuple[str, ...]) -> None:
    rows = [
        {"id": uuid4(), "message_id": message, "channel": channel, "status": "waiting", "attempts": 0}
        for channel in channels
    ]
    uow.connection.execute(insert(deliveries), rows)
    outbox.add(uow, *(OutboxMessage(TOPIC, f"message:{row['id']}", {"delivery": str(row["id"])}) for row in rows))


def _case_of(params: Mapping[str, object]) -> UUID | None:
    case = params.get("case")
    return UUID(str(case)) if case else None


def _context(message: UUID) -> bytes:
    return f"messaging:{message}".encode()
