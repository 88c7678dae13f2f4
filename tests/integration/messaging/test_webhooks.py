"""Webhooks belong to a unit, are signed, told at least once, tried again, and never lost."""

import json
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from examples.webhook_receiver import Untrusted, verify
from gov_portal.kernel import outbox
from gov_portal.kernel.cipher import KeyStore
from gov_portal.kernel.db import Database
from gov_portal.kernel.ids import OfficerId
from gov_portal.kernel.principal import Officer, Platform
from gov_portal.messaging.events import EVENTS, Event
from gov_portal.messaging.posting import Poster
from gov_portal.messaging.webhook_posts import PAUSES_S, WebhookDeliverer
from gov_portal.messaging.webhook_views import (
    TooManyWebhooks,
    WebhookDeliveryUnknown,
    WebhookEventUnknown,
    WebhookPaused,
    WebhookUnknown,
    WebhookUrlRefused,
)
from gov_portal.messaging.webhooks import Webhooks
from tests.factories.hooks import Hook, listening, with_status

UNIT = ("dept.health", "470101")
SYSTEM = Officer(OfficerId(UUID(int=21)), *UNIT, roles=frozenset({"assessor"}))
ELSEWHERE = Officer(OfficerId(UUID(int=22)), "dept.health", "470201", roles=frozenset({"assessor"}))
AT = datetime(2026, 3, 2, 1, tzinfo=UTC)


def an_event(source: str = "case:1:2:0", kind: str = "case.accepted", unit: tuple[str, str] = UNIT) -> Event:
    return Event(source=source, type=kind, at=AT, units=frozenset({unit}), data={"case": "c-1", "item": "i"})


class Office:
    """Keep webhooks and deliver as a worker does, however long the pauses are."""

    def __init__(self, database: Database, keys: KeyStore) -> None:
        self.database = database
        poster = Poster(is_sandbox=True, total_s=2)
        self.webhooks = Webhooks(database, keys=keys, poster=poster)
        self.deliverer = WebhookDeliverer(database, keys=keys, poster=poster)

    def tell(self, *events: Event) -> int:
        with self.database.begin() as uow:
            return self.webhooks.enqueue(uow, events)

    def run(self, turns: int = 1) -> None:
        for _ in range(turns):
            self.execute("UPDATE kernel_outbox SET available_at = now(), nudge_at = now(), claimed_until = NULL")
            for one in outbox.due(self.database, 50):
                message = outbox.claim(self.database, one)
                assert message is not None
                self.deliverer.deliver(message)

    def execute(self, sql: str) -> list[tuple]:
        with self.database.driver() as driver:
            cursor = driver.execute(sql)
            return cursor.fetchall() if cursor.description else []

    def pauses(self) -> list[float]:
        rows = self.execute("SELECT extract(epoch FROM available_at - now())::float8 FROM kernel_outbox")
        return [row[0] for row in rows]


@pytest.fixture
def office(database: Database, keys: KeyStore) -> Office:
    return Office(database, keys)


@pytest.fixture
def hook():
    with listening(Hook()) as hook:
        yield hook


def test_an_event_is_told_signed_and_with_ids_only(office: Office, hook: Hook) -> None:
    made = office.webhooks.subscribe(hook.url, ["case.accepted"], by=SYSTEM)
    assert office.tell(an_event()) == 1
    office.run()
    headers, body = hook.requests[0]
    assert verify(body, headers, secret=made.secret) == {
        "type": "case.accepted",
        "timestamp": "2026-03-02T01:00:00.000000Z",
        "data": {"case": "c-1", "item": "i"},
    }
    (told,) = office.webhooks.deliveries(made.webhook.id, by=SYSTEM)
    assert (told.status, told.attempts, told.answer, told.event) == ("delivered", 1, 204, "case.accepted")
    assert headers["webhook-id"] == f"msg_{told.id.hex}"


def test_only_who_asked_is_told(office: Office, hook: Hook) -> None:
    office.webhooks.subscribe(hook.url, ["case.closed"], by=SYSTEM)
    office.webhooks.subscribe(hook.url, ["case.accepted"], by=ELSEWHERE)
    assert office.tell(an_event()) == 0


def test_an_event_that_is_found_twice_is_told_once(office: Office, hook: Hook) -> None:
    office.webhooks.subscribe(hook.url, ["case.accepted"], by=SYSTEM)
    assert [office.tell(an_event()), office.tell(an_event())] == [1, 0]
    office.run(turns=2)
    assert len(hook.requests) == 1


def test_a_receiver_that_fails_is_tried_again_under_the_same_id(office: Office, hook: Hook) -> None:
    made = office.webhooks.subscribe(hook.url, ["case.accepted"], by=SYSTEM)
    hook.answers = [with_status(500), with_status(429, Retry_After="900")]
    office.tell(an_event())
    office.run()
    assert 4 < office.pauses()[0] < 6
    office.run()
    assert 890 < office.pauses()[0] < 910
    assert office.webhooks.webhook(made.webhook.id, by=SYSTEM).failing_since is not None
    office.run()
    assert len({headers["webhook-id"] for headers, _ in hook.requests}) == 1
    (told,) = office.webhooks.deliveries(made.webhook.id, by=SYSTEM)
    assert (told.status, told.attempts) == ("delivered", 3)
    assert office.webhooks.webhook(made.webhook.id, by=SYSTEM).failing_since is None


def test_what_cannot_be_told_is_dead_and_replayed_by_hand(office: Office, hook: Hook) -> None:
    made = office.webhooks.subscribe(hook.url, ["case.accepted"], by=SYSTEM)
    hook.answers = [with_status(500)] * (len(PAUSES_S) + 1)
    office.tell(an_event())
    office.run(turns=len(PAUSES_S) + 1)
    assert office.pauses() == []
    (dead,) = office.webhooks.dead()
    assert (dead.status, dead.attempts, dead.answer, dead.reason) == ("dead", 10, 500, "http-500")
    assert office.webhooks.replay(made.webhook.id, delivery=dead.id, by=SYSTEM) == 1
    office.run()
    assert office.webhooks.dead() == ()
    assert hook.requests[-1][0]["webhook-id"] == hook.requests[0][0]["webhook-id"]


def test_everything_since_a_moment_is_told_again(office: Office, hook: Hook) -> None:
    made = office.webhooks.subscribe(hook.url, ["case.accepted"], by=SYSTEM)
    office.tell(*(an_event(f"case:{n}:1:0") for n in range(3)))
    office.run()
    webhook = made.webhook.id
    assert office.webhooks.replay(webhook, since=datetime.now(UTC) + timedelta(seconds=5), by=SYSTEM) == 0
    assert office.webhooks.replay(webhook, since=datetime.now(UTC) - timedelta(minutes=5), by=SYSTEM) == 3
    assert office.webhooks.replay(webhook, since=datetime.now(UTC) - timedelta(minutes=5), by=SYSTEM) == 0
    office.run()
    assert len(hook.requests) == 6
    assert len({headers["webhook-id"] for headers, _ in hook.requests}) == 3
    with pytest.raises(WebhookDeliveryUnknown):
        office.webhooks.replay(webhook, delivery=uuid4(), by=SYSTEM)


def test_a_receiver_that_is_gone_is_not_asked_again(office: Office, hook: Hook) -> None:
    made = office.webhooks.subscribe(hook.url, ["case.accepted"], by=SYSTEM)
    hook.answers = [with_status(410)]
    office.tell(an_event())
    office.run()
    shown = office.webhooks.webhook(made.webhook.id, by=SYSTEM)
    assert shown.disabled_because == "gone"
    assert office.tell(an_event("case:2:1:0")) == 0
    assert [one.reason for one in office.webhooks.dead()] == ["disabled", "http-410"]
    assert office.webhooks.enable(made.webhook.id, by=SYSTEM).disabled_at is None
    assert office.webhooks.replay(made.webhook.id, by=SYSTEM) == 2
    office.run()
    assert len(hook.requests) == 3


def test_what_a_paused_webhook_misses_is_told_when_it_is_replayed(office: Office, hook: Hook) -> None:
    made = office.webhooks.subscribe(hook.url, ["case.accepted"], by=SYSTEM)
    assert office.webhooks.pause(made.webhook.id, by=SYSTEM).disabled_because == "paused"
    office.tell(an_event())
    office.run()
    assert hook.requests == []
    with pytest.raises(WebhookPaused):
        office.webhooks.send_test(made.webhook.id, by=SYSTEM)
    assert office.webhooks.enable(made.webhook.id, by=SYSTEM).disabled_because == ""
    assert office.webhooks.replay(made.webhook.id, by=SYSTEM) == 1
    office.run()
    assert len(hook.requests) == 1


def test_a_webhook_that_was_disabled_for_failing_is_not_said_to_be_paused(office: Office, hook: Hook) -> None:
    made = office.webhooks.subscribe(hook.url, ["case.accepted"], by=SYSTEM)
    hook.answers = [with_status(410)]
    office.tell(an_event())
    office.run()
    assert office.webhooks.pause(made.webhook.id, by=SYSTEM).disabled_because == "gone"


def test_a_test_is_told_whatever_was_asked_for(office: Office, hook: Hook) -> None:
    made = office.webhooks.subscribe(hook.url, ["case.closed"], by=SYSTEM)
    office.webhooks.send_test(made.webhook.id, by=SYSTEM)
    office.run()
    headers, body = hook.requests[0]
    event = verify(body, headers, secret=made.secret)
    assert (event["type"], event["data"]) == ("webhook.test", {"webhook": str(made.webhook.id)})


def test_a_receiver_that_fails_for_days_is_disabled(office: Office, hook: Hook) -> None:
    made = office.webhooks.subscribe(hook.url, ["case.accepted"], by=SYSTEM)
    hook.answers = [with_status(500)] * 2
    office.tell(an_event(), an_event("case:2:1:0"))
    office.execute("UPDATE messaging_webhooks SET failing_since = now() - interval '6 days'")
    office.run()
    assert office.webhooks.webhook(made.webhook.id, by=SYSTEM).disabled_because == "failing"
    office.run()
    assert {one.reason for one in office.webhooks.dead()} == {"disabled"}


def test_while_a_secret_is_rotated_either_verifies(office: Office, hook: Hook) -> None:
    made = office.webhooks.subscribe(hook.url, ["case.accepted"], by=SYSTEM)
    fresh = office.webhooks.rotate(made.webhook.id, by=SYSTEM)
    assert fresh.secret != made.secret
    office.tell(an_event())
    office.run()
    headers, body = hook.requests[0]
    for secret in (made.secret, fresh.secret):
        assert verify(body, headers, secret=secret)
    office.execute("UPDATE messaging_webhooks SET previous_until = now() - interval '1 second'")
    office.tell(an_event("case:2:1:0"))
    office.run()
    headers, body = hook.requests[1]
    assert verify(body, headers, secret=fresh.secret)
    with pytest.raises(Untrusted):
        verify(body, headers, secret=made.secret)


def test_secrets_lie_sealed(office: Office, hook: Hook) -> None:
    made = office.webhooks.subscribe(hook.url, ["case.accepted"], by=SYSTEM)
    (row,) = office.execute("SELECT w::text, sealed FROM messaging_webhooks w")
    assert made.secret not in row[0]
    assert made.secret.encode() not in row[1]
    assert made.secret not in repr(made)


def test_outbox_and_deliveries_name_ids_only(office: Office, hook: Hook) -> None:
    office.webhooks.subscribe(hook.url, ["case.accepted"], by=SYSTEM)
    office.tell(an_event())
    ((payload,),) = office.execute("SELECT payload FROM kernel_outbox")
    assert set(payload) == {"delivery"}
    assert json.dumps(office.execute("SELECT data FROM messaging_webhook_deliveries")).count("c-1") == 1


def test_a_unit_reaches_its_own_webhooks_only(office: Office, hook: Hook) -> None:
    made = office.webhooks.subscribe(hook.url, ["case.accepted"], label="registry", by=SYSTEM)
    webhook = made.webhook.id
    assert [one.label for one in office.webhooks.list(SYSTEM)] == ["registry"]
    assert office.webhooks.list(ELSEWHERE) == ()
    assert len(office.webhooks.list(Platform("operator"))) == 1
    for act in (
        lambda: office.webhooks.webhook(webhook, by=ELSEWHERE),
        lambda: office.webhooks.rotate(webhook, by=ELSEWHERE),
        lambda: office.webhooks.enable(webhook, by=ELSEWHERE),
        lambda: office.webhooks.pause(webhook, by=ELSEWHERE),
        lambda: office.webhooks.send_test(webhook, by=ELSEWHERE),
        lambda: office.webhooks.delete(webhook, by=ELSEWHERE),
        lambda: office.webhooks.deliveries(webhook, by=ELSEWHERE),
        lambda: office.webhooks.replay(webhook, by=ELSEWHERE),
    ):
        with pytest.raises(WebhookUnknown):
            act()
    office.webhooks.delete(webhook, by=SYSTEM)
    assert office.webhooks.list(SYSTEM) == ()


def test_a_webhook_that_was_deleted_is_told_nothing_more(office: Office, hook: Hook) -> None:
    made = office.webhooks.subscribe(hook.url, ["case.accepted"], by=SYSTEM)
    office.tell(an_event())
    office.webhooks.delete(made.webhook.id, by=SYSTEM)
    office.run()
    assert hook.requests == []
    assert office.execute("SELECT 1 FROM kernel_outbox") == []


@pytest.mark.parametrize("events", [[], ["case.unknown"], [*EVENTS, "x"]])
def test_only_known_events_are_told(office: Office, hook: Hook, events: list[str]) -> None:
    with pytest.raises(WebhookEventUnknown):
        office.webhooks.subscribe(hook.url, events, by=SYSTEM)


def test_addresses_inside_are_refused_at_once(office: Office) -> None:
    with pytest.raises(WebhookUrlRefused):
        office.webhooks.subscribe("https://10.0.0.1/hook", ["case.accepted"], by=SYSTEM)


def test_a_unit_has_twenty_webhooks_at_most(office: Office, hook: Hook) -> None:
    for _ in range(20):
        office.webhooks.subscribe(hook.url, ["case.accepted"], by=SYSTEM)
    with pytest.raises(TooManyWebhooks):
        office.webhooks.subscribe(hook.url, ["case.accepted"], by=SYSTEM)
    office.webhooks.subscribe(hook.url, ["case.accepted"], by=ELSEWHERE)


def test_what_was_told_is_forgotten_after_a_month(office: Office, hook: Hook) -> None:
    made = office.webhooks.subscribe(hook.url, ["case.accepted"], by=SYSTEM)
    office.tell(an_event())
    office.run()
    assert office.webhooks.tidy() == 0
    office.execute("UPDATE messaging_webhook_deliveries SET created_at = now() - interval '31 days'")
    assert office.webhooks.tidy() == 1
    assert office.webhooks.deliveries(made.webhook.id, by=SYSTEM) == ()


def test_older_deliveries_are_asked_for_by_the_last_one_shown(office: Office, hook: Hook) -> None:
    made = office.webhooks.subscribe(hook.url, ["case.accepted"], by=SYSTEM)
    office.tell(*(an_event(f"case:{n}:1:0") for n in range(5)))
    first = office.webhooks.deliveries(made.webhook.id, by=SYSTEM, limit=3)
    rest = office.webhooks.deliveries(made.webhook.id, by=SYSTEM, limit=3, before=first[-1].number)
    assert len({one.id for one in (*first, *rest)}) == 5
    assert office.webhooks.deliveries(made.webhook.id, by=SYSTEM, status="dead") == ()
