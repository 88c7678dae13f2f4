"""Messages are sealed under their addressee's key, told once per key, and shown to whom they belong."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from gov_portal.kernel.cipher import KeyStore
from gov_portal.kernel.clocks import FixedClock
from gov_portal.kernel.db import Database
from gov_portal.kernel.ids import KeyId, PersonId
from gov_portal.messaging.services import MessageService

WARD, GUARDIAN = PersonId(UUID(int=11)), PersonId(UUID(int=12))
PHONE = "12000000001"


@dataclass(frozen=True)
class KnownAddressee:
    person: PersonId
    phone: str
    key: KeyId
    email: str = ""


@dataclass
class InMemoryAddressees:
    """Who is told what concerns whom."""

    known: dict[PersonId, list[KnownAddressee]] = field(default_factory=dict)

    def addressees(self, person: PersonId) -> list[KnownAddressee]:
        return self.known.get(person, [])


@pytest.fixture
def key(database: Database, keys: KeyStore) -> KeyId:
    with database.begin() as uow:
        return keys.create(uow)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(datetime(2026, 3, 2, 1, tzinfo=UTC))


@pytest.fixture
def messages(database: Database, keys: KeyStore, key: KeyId, clock: FixedClock) -> MessageService:
    addressee = KnownAddressee(GUARDIAN, PHONE, key)
    known = InMemoryAddressees({GUARDIAN: [addressee], WARD: [addressee]})
    return MessageService(database, keys=keys, clock=clock, addressees=known)


def test_a_message_reaches_the_inbox_and_the_desk(messages: MessageService, clock: FixedClock) -> None:
    messages.tell(GUARDIAN, "case.accepted", {"case_number": "N-1", "item": "残疾人证"}, idempotency_key="a")
    (told,) = messages.inbox(GUARDIAN)
    assert (told.told_at, told.code, told.phone) == (clock.now(), "case.accepted", "")
    assert told.text == "您的申请 N-1（残疾人证）已受理。"
    assert messages.desk()[0].phone == PHONE
    assert messages.inbox(GUARDIAN, language="en")[0].text == "Your application N-1 (残疾人证) has been accepted."


def test_a_repeated_message_is_told_once(messages: MessageService) -> None:
    for _ in range(3):
        messages.tell(GUARDIAN, "case.accepted", {}, idempotency_key="a")
    messages.tell(GUARDIAN, "case.accepted", {}, idempotency_key="b")
    assert len(messages.inbox(GUARDIAN)) == 2


def test_what_concerns_a_ward_stands_in_the_guardians_inbox(messages: MessageService) -> None:
    messages.tell(WARD, "case.accepted", {}, idempotency_key="a")
    assert (len(messages.inbox(GUARDIAN)), len(messages.inbox(WARD))) == (1, 0)


def test_somebody_whom_nobody_can_reach_stops_nothing(messages: MessageService) -> None:
    messages.tell(PersonId(UUID(int=99)), "case.accepted", {}, idempotency_key="a")
    assert messages.desk() == ()


def test_a_code_is_on_the_desk_and_in_nobodys_inbox(messages: MessageService, database: Database, key: KeyId) -> None:
    with database.begin() as uow:
        messages.send_code(uow, to=PHONE, code="012345", minutes=5, key=key)
    assert "012345" in messages.desk()[0].text
    assert messages.inbox(GUARDIAN) == ()


def test_a_code_of_a_transaction_that_fails_is_never_sent(
    messages: MessageService, database: Database, key: KeyId
) -> None:
    with pytest.raises(ZeroDivisionError), database.begin() as uow:
        messages.send_code(uow, to=PHONE, code="012345", minutes=5, key=key)
        raise ZeroDivisionError
    assert messages.desk() == ()


def test_neither_phone_nor_code_lies_in_plain_text(messages: MessageService, database: Database, key: KeyId) -> None:
    with database.begin() as uow:
        messages.send_code(uow, to=PHONE, code="987654", minutes=5, key=key)
    with database.read() as connection:
        row = connection.execute(text("SELECT m::text, sealed FROM messaging_messages m")).one()
    for secret in (PHONE, "987654"):
        assert secret not in row[0]
        assert secret.encode() not in row[1]


def test_messages_of_a_shredded_key_are_gone(
    messages: MessageService, database: Database, keys: KeyStore, key: KeyId
) -> None:
    messages.tell(GUARDIAN, "case.accepted", {}, idempotency_key="a")
    with database.begin() as uow:
        keys.shred(uow, key)
    assert messages.inbox(GUARDIAN) == ()


def test_codes_are_forgotten_after_a_day_and_notices_stay(
    messages: MessageService, database: Database, key: KeyId, clock: FixedClock
) -> None:
    messages.tell(GUARDIAN, "case.accepted", {}, idempotency_key="a")
    with database.begin() as uow:
        messages.send_code(uow, to=PHONE, code="987654", minutes=5, key=key)
    clock.move_to(clock.now() + timedelta(days=2))
    assert messages.tidy() == 1
    assert [message.code for message in messages.desk()] == ["case.accepted"]


def test_the_newest_comes_first_and_the_list_is_bounded(messages: MessageService) -> None:
    for number in range(5):
        messages.tell(GUARDIAN, "fallback", {"case_number": f"N-{number}"}, idempotency_key=str(number))
    assert [message.text[5:8] for message in messages.inbox(GUARDIAN, limit=2)] == ["N-4", "N-3"]
