"""Every message goes out once on each way that its addressee wants, is tried again, and never lost silently."""

import json
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from gov_portal.kernel import outbox
from gov_portal.kernel.cipher import KeyStore
from gov_portal.kernel.clocks import FixedClock
from gov_portal.kernel.db import Database
from gov_portal.kernel.ids import KeyId
from gov_portal.messaging.delivering import PAUSES_S, Deliverer
from gov_portal.messaging.news import EMAIL, SMS, Kind, Wishes
from gov_portal.messaging.ports import CarrierRefused, CarrierUnavailable
from gov_portal.messaging.services import MessageService
from tests.factories.messaging import InMemoryCarrier
from tests.integration.messaging.conftest import GUARDIAN, MAILBOX, PHONE

CASE = uuid4()
PARAMS = {"case_number": "N-1", "item": "残疾人证首次申办", "case": str(CASE)}


class Post:
    """Drive the deliverer over the outbox as a worker does, however long the pauses are."""

    def __init__(self, database: Database, keys: KeyStore) -> None:
        self.sms, self.email = InMemoryCarrier(), InMemoryCarrier()
        self.database = database
        self.clock = FixedClock(datetime.now(UTC))
        carriers = {SMS: self.sms, EMAIL: self.email}
        url = "https://portal.example"
        self.deliverer = Deliverer(database, keys=keys, carriers=carriers, base_url=url, clock=self.clock)

    def run(self, turns: int = 1) -> None:
        for _ in range(turns):
            with self.database.driver() as driver:
                driver.execute("UPDATE kernel_outbox SET available_at = now(), nudge_at = now(), claimed_until = NULL")
            for one in outbox.due(self.database, 50):
                message = outbox.claim(self.database, one)
                assert message is not None
                self.deliverer.deliver(message)

    def rows(self, columns: str = "channel, status, attempts, reason") -> list[tuple]:
        with self.database.driver() as driver:
            return driver.execute(f"SELECT {columns} FROM messaging_deliveries ORDER BY channel").fetchall()

    def waiting(self) -> list[tuple]:
        with self.database.driver() as driver:
            return driver.execute("SELECT key, payload, last_error FROM kernel_outbox").fetchall()


@pytest.fixture
def post(database: Database, keys: KeyStore) -> Post:
    return Post(database, keys)


def tell(messages: MessageService, code: str = "case.closed", *, key: str = "a") -> None:
    messages.tell(GUARDIAN, code, {**PARAMS, "outcome": "granted"}, idempotency_key=key)


def test_a_message_goes_to_phone_and_mailbox_once(messages: MessageService, post: Post) -> None:
    for _ in range(2):
        tell(messages)
    post.run(turns=2)
    assert [parcel.to for parcel in (*post.sms.taken, *post.email.taken)] == [PHONE, MAILBOX]
    assert post.rows() == [("email", "sent", 1, None), ("sms", "sent", 1, None)]
    assert post.waiting() == []


def test_outside_the_portal_nobody_reads_what_was_applied_for(messages: MessageService, post: Post) -> None:
    tell(messages)
    post.run()
    assert post.sms.taken[0].text == "您的申请 N-1已办结：准予。请登录查看结果和您可以采取的下一步。"
    assert "残疾" in messages.inbox(GUARDIAN)[0].text


def test_neither_outbox_nor_deliveries_hold_anything_personal(messages: MessageService, post: Post) -> None:
    tell(messages)
    written = json.dumps([*post.waiting(), *post.rows("*")], default=str, ensure_ascii=False)
    for secret in (PHONE, MAILBOX, "N-1", "残疾", str(GUARDIAN)):
        assert secret not in written


def test_a_carrier_that_does_not_answer_is_tried_again(messages: MessageService, post: Post) -> None:
    post.sms.failures = [CarrierUnavailable("sms-503")]
    tell(messages, "case.supplement-asked")
    post.run()
    assert post.rows() == [("email", "sent", 1, None), ("sms", "waiting", 1, "sms-503")]
    assert [error for _, _, error in post.waiting()] == ["sms-503"]
    post.run()
    assert post.rows()[1] == ("sms", "sent", 2, None)
    assert len({parcel.id for parcel in post.sms.taken}) == 1


def test_after_enough_attempts_it_is_put_aside_where_operators_see_it(messages: MessageService, post: Post) -> None:
    post.sms.failures = [CarrierUnavailable("sms-503")] * (len(PAUSES_S) + 1)
    tell(messages)
    post.run(turns=len(PAUSES_S) + 1)
    assert post.waiting() == []
    (parked,) = post.deliverer.parked()
    assert (parked.channel, parked.code, parked.reason, parked.attempts) == ("sms", "case.closed", "sms-503", 7)
    assert post.deliverer.retry() == 1
    post.run()
    assert post.deliverer.parked() == ()
    assert len(post.sms.taken) == 1


def test_what_will_never_be_taken_is_not_tried_again(messages: MessageService, post: Post) -> None:
    post.email.failures = [CarrierRefused("smtp-recipient-550")]
    tell(messages)
    post.run()
    assert post.rows()[0] == ("email", "parked", 1, "smtp-recipient-550")
    assert post.waiting() == []


def test_a_worker_that_is_lost_after_the_carriers_yes_repeats_the_same_parcel(
    messages: MessageService, post: Post
) -> None:
    tell(messages)
    for one in outbox.due(post.database, 50):
        message = outbox.claim(post.database, one)
        assert message is not None
        with post.database.driver() as driver:
            driver.execute("UPDATE kernel_outbox SET attempts = attempts + 1")
        with pytest.raises(outbox.ClaimLost):
            post.deliverer.deliver(message)
    post.run()
    assert len(post.sms.taken) == 2
    assert len({parcel.id for parcel in post.sms.taken}) == 1


def test_a_code_goes_to_the_phone_at_once_and_is_not_kept_for_later(
    messages: MessageService, post: Post, database: Database, key: KeyId
) -> None:
    with database.begin() as uow:
        messages.send_code(uow, to=PHONE, code="012345", minutes=5, key=key)
    assert len(outbox.due(database, 10)) == 1
    post.run()
    assert "012345" in post.sms.taken[0].text
    with database.begin() as uow:
        messages.send_code(uow, to=PHONE, code="543210", minutes=5, key=key)
    post.clock.move_to(datetime.now(UTC) + timedelta(minutes=6))
    post.run()
    assert len(post.sms.taken) == 1
    assert post.deliverer.parked()[0].reason == "expired"
    assert post.deliverer.retry() == 0


def test_a_code_for_a_mailbox_goes_there(messages: MessageService, post: Post, database: Database, key: KeyId) -> None:
    with database.begin() as uow:
        messages.send_code(uow, to=MAILBOX, code="012345", minutes=5, key=key)
    post.run()
    assert [parcel.to for parcel in post.email.taken] == [MAILBOX]
    assert post.email.taken[0].stop == ""


def test_without_a_gateway_a_code_is_put_aside_and_not_forgotten(
    messages: MessageService, database: Database, keys: KeyStore, key: KeyId, post: Post
) -> None:
    post.deliverer = Deliverer(database, keys=keys, carriers={}, base_url="", clock=post.clock)
    with database.begin() as uow:
        messages.send_code(uow, to=PHONE, code="012345", minutes=5, key=key)
    post.run()
    assert post.deliverer.parked()[0].reason == "no-carrier"


def test_what_a_person_does_not_want_stays_in_the_inbox(messages: MessageService, post: Post) -> None:
    messages.preferences.change(GUARDIAN, Wishes(sms=frozenset(), email=frozenset({Kind.PROGRESS})))
    tell(messages, "case.closed", key="a")
    tell(messages, "case.received", key="b")
    post.run()
    assert post.sms.taken == []
    assert [parcel.code for parcel in post.email.taken] == ["case.received"]
    assert len(messages.inbox(GUARDIAN)) == 2


def test_what_is_about_safety_goes_out_whatever_somebody_wants(messages: MessageService, post: Post) -> None:
    messages.preferences.change(GUARDIAN, Wishes(sms=frozenset(), email=frozenset()))
    tell(messages, "identity.password-changed")
    post.run()
    assert (len(post.sms.taken), len(post.email.taken)) == (1, 1)
    assert post.email.taken[0].stop == ""


def test_the_language_is_the_addressees(messages: MessageService, post: Post) -> None:
    messages.preferences.change(GUARDIAN, Wishes(language="en"))
    tell(messages)
    post.run()
    assert post.sms.taken[0].text.startswith("Your application N-1 is closed: granted.")


def test_phones_are_silent_in_quiet_hours_and_mailboxes_are_not(messages: MessageService, post: Post) -> None:
    messages.preferences.change(GUARDIAN, Wishes(quiet_from=22, quiet_until=7))
    post.clock.move_to(datetime(2026, 11, 24, 15, 30, tzinfo=UTC))  # 23:30 in Shanghai
    tell(messages)
    tell(messages, "identity.password-changed", key="b")
    post.run()
    assert [parcel.code for parcel in post.sms.taken] == ["identity.password-changed"]
    assert len(post.email.taken) == 2
    with post.database.driver() as driver:
        row = driver.execute("SELECT available_at - now() FROM kernel_outbox").fetchone()
    assert timedelta(hours=7, minutes=25) < row[0] < timedelta(hours=7, minutes=31)
    post.clock.move_to(datetime(2026, 11, 24, 23, 0, tzinfo=UTC))  # 07:00
    post.run()
    assert len(post.sms.taken) == 2


def test_a_link_ends_e_mails_of_its_kind_and_nothing_else(messages: MessageService, post: Post) -> None:
    tell(messages, "case.received")
    post.run()
    stop = post.email.taken[0].stop
    token = stop.removeprefix("https://portal.example/messages/stop/")
    assert str(GUARDIAN) not in stop
    assert messages.preferences.stoppable(token) is Kind.PROGRESS
    for _ in range(2):
        assert messages.preferences.stop_emails(token) is Kind.PROGRESS
    tell(messages, "case.received", key="b")
    tell(messages, "case.closed", key="c")
    post.run()
    assert [parcel.code for parcel in post.email.taken] == ["case.received", "case.closed"]


def test_messages_of_a_shredded_key_are_put_aside(
    messages: MessageService, post: Post, database: Database, keys: KeyStore, key: KeyId
) -> None:
    tell(messages)
    with database.begin() as uow:
        keys.shred(uow, key)
    post.run()
    assert {parked.reason for parked in post.deliverer.parked()} == {"shredded"}
    assert UUID(int=0) not in {parked.id for parked in post.deliverer.parked()}
