"""Messages are sealed under their addressee's key, told once per key, and shown to whom they belong."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from gov_portal.kernel.cipher import KeyStore
from gov_portal.kernel.clocks import FixedClock
from gov_portal.kernel.db import Database
from gov_portal.kernel.ids import KeyId, PersonId
from gov_portal.messaging.services import MessageService, MessageUnknown, Reader

WARD, GUARDIAN = PersonId(UUID(int=11)), PersonId(UUID(int=12))
PHONE = "12000000001"
ENGLISH = Reader("en", {"残疾人证": "Card"}.__getitem__)


def test_a_message_reaches_the_inbox_and_the_desk(messages: MessageService, clock: FixedClock) -> None:
    messages.tell(GUARDIAN, "case.accepted", {"case_number": "N-1", "item": "残疾人证"}, idempotency_key="a")
    (told,) = messages.inbox(GUARDIAN)
    assert (told.told_at, told.code, told.phone) == (clock.now(), "case.accepted", "")
    assert told.text == "您的申请 N-1（残疾人证）已受理。"
    assert messages.desk()[0].phone == PHONE
    assert messages.inbox(GUARDIAN, reader=ENGLISH)[0].text == "Your application N-1 (Card) has been accepted."


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


def test_what_is_new_is_counted_until_it_is_read(messages: MessageService) -> None:
    for number in range(3):
        messages.tell(GUARDIAN, "case.accepted", {}, idempotency_key=str(number))
    newest = messages.inbox(GUARDIAN)[0]
    assert (messages.unread(GUARDIAN), newest.is_read) == (3, False)
    messages.mark_read(GUARDIAN, message=newest.id)
    assert (messages.unread(GUARDIAN), messages.inbox(GUARDIAN)[0].is_read) == (2, True)
    messages.mark_read(GUARDIAN)
    assert messages.unread(GUARDIAN) == 0


def test_nobody_reads_or_marks_the_message_of_another(messages: MessageService) -> None:
    messages.tell(GUARDIAN, "case.accepted", {}, idempotency_key="a")
    message = messages.inbox(GUARDIAN)[0].id
    messages.mark_read(WARD, message=message)
    assert messages.unread(GUARDIAN) == 1
    with pytest.raises(MessageUnknown):
        messages.message(message, by=WARD)
    with pytest.raises(MessageUnknown):
        messages.message(uuid4(), by=GUARDIAN)
    assert messages.message(message, by=GUARDIAN).code == "case.accepted"


def test_older_messages_are_asked_for_by_the_last_one_shown(messages: MessageService) -> None:
    for number in range(5):
        messages.tell(GUARDIAN, "fallback", {"case_number": f"N-{number}"}, idempotency_key=str(number))
    first = messages.inbox(GUARDIAN, limit=3)
    rest = messages.inbox(GUARDIAN, limit=3, before=first[-1].number)
    assert [one.text[5:8] for one in (*first, *rest)] == ["N-4", "N-3", "N-2", "N-1", "N-0"]


def test_a_message_leads_to_its_case(messages: MessageService) -> None:
    case = uuid4()
    messages.tell(GUARDIAN, "case.accepted", {"case": str(case)}, idempotency_key="a")
    messages.tell(GUARDIAN, "identity.password-changed", {}, idempotency_key="b")
    assert [one.case for one in messages.inbox(GUARDIAN)] == [None, case]
