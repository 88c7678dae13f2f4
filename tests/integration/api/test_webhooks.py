"""A department's system subscribes, is told signed news of its unit, and has told again what it missed."""

import pytest

from examples.webhook_receiver import Receiver
from tests.factories.hooks import Hook, listening, with_status
from tests.factories.ledger import settle
from tests.factories.province import Province

EVENTS = ["task.opened", "case.closed"]


@pytest.fixture
def hook():
    with listening(Hook()) as hook:
        yield hook


@pytest.fixture
def ask(live: Province):
    token = live.system("dept.health", "assessor")

    def ask(method: str, path: str = "", *, by: str = token, **more):
        headers = {"Authorization": f"Bearer {by}", **more.pop("headers", {})}
        return live.app.test_client().open(f"/api/v1/webhooks{path}", method=method, headers=headers, **more)

    return ask


@pytest.fixture
def subscribed(ask, hook: Hook):
    made = ask("POST", json={"url": hook.url, "events": EVENTS, "label": "registry"})
    assert made.status_code == 201, made.json
    yield made.json
    ask("DELETE", f"/{made.json['webhook']['id']}")


def happen(live: Province) -> None:
    """Let something happen in the unit, and be told."""
    live.accepted(live.citizen()[1])
    settle(live.platform.base.db)
    live.platform.outgoing.follower.follow()
    live.deliver_all()


def test_what_happens_is_told_so_that_the_receiver_of_the_documents_trusts_it(live, ask, hook, subscribed) -> None:
    happen(live)
    receiver = Receiver(subscribed["secret"])
    assert {receiver.take(body, headers) for headers, body in hook.requests} == {204}
    assert "assess" in {event["data"].get("step") for event in receiver.events}
    told = ask("GET", f"/{subscribed['webhook']['id']}/deliveries").json["items"]
    assert {one["status"] for one in told} == {"delivered"}


def test_a_test_event_can_be_asked_for(live, ask, hook, subscribed) -> None:
    assert ask("POST", f"/{subscribed['webhook']['id']}/test-events").status_code == 202
    live.deliver_all()
    receiver = Receiver(subscribed["secret"])
    assert receiver.take(hook.requests[0][1], hook.requests[0][0]) == 204
    assert receiver.events[0]["type"] == "webhook.test"


def test_dead_letters_are_listed_and_told_again_one_or_all(live, ask, hook, subscribed) -> None:
    own = f"/{subscribed['webhook']['id']}"
    hook.answers = [with_status(410)]
    happen(live)
    happen(live)
    assert ask("GET", own).json["disabled_because"] == "gone"
    first = ask("GET", f"{own}/deliveries?status=dead&limit=1")
    assert len(first.json["items"]) == 1
    assert 'rel="next"' in first.headers["Link"]
    assert ask("POST", f"{own}/resumption").json["disabled_at"] is None
    one = ask("POST", f"{own}/replays", json={"delivery": first.json["items"][0]["id"]})
    assert (one.status_code, one.json) == (202, {"replayed": 1})
    dead = len(ask("GET", f"{own}/deliveries?status=dead").json["items"])
    assert ask("POST", f"{own}/replays", json={}).json == {"replayed": dead}
    live.deliver_all()
    assert ask("GET", f"{own}/deliveries?status=dead").json["items"] == []
    assert len({headers["webhook-id"] for headers, _body in hook.requests}) == dead + 1


def test_a_secret_is_shown_once_and_another_one_replaces_it(ask, subscribed) -> None:
    own = f"/{subscribed['webhook']['id']}"
    assert subscribed["secret"] not in ask("GET").text + ask("GET", own).text
    fresh = ask("POST", f"{own}/secret", json={"overlap_hours": 1}).json
    assert fresh["secret"] != subscribed["secret"]
    assert fresh["webhook"]["previous_until"] is not None


def test_a_repeated_subscription_is_one(ask, hook: Hook) -> None:
    again = {"json": {"url": hook.url, "events": EVENTS}, "headers": {"Idempotency-Key": "one-and-the-same"}}
    first, second = ask("POST", **again), ask("POST", **again)
    assert first.json == second.json
    assert [one["id"] for one in ask("GET").json["items"]] == [first.json["webhook"]["id"]]
    assert ask("DELETE", f"/{first.json['webhook']['id']}").status_code == 204


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"url": "https://10.0.0.1/in", "events": EVENTS}, "url"),
        ({"url": "ftp://hooks.example/in", "events": EVENTS}, "url"),
        ({"url": "https://hooks.example/in", "events": []}, "events"),
    ],
    ids=["inside", "not https", "no event"],
)
def test_a_refused_subscription_says_what_is_wrong(ask, body: dict, field: str) -> None:
    refused = ask("POST", json=body)
    assert (refused.status_code, refused.json["errors"][0]["field"]) == (422, field)


def test_another_unit_and_whoever_does_not_lead_reach_nothing(live: Province, ask, subscribed) -> None:
    own = f"/{subscribed['webhook']['id']}"
    elsewhere = live.system("dept.subdistrict", "window")
    assert ask("GET", own, by=elsewhere).status_code == 404
    window, _officer = live.officer("dept.subdistrict", "window")
    assert ask("GET", by=window).status_code == 403
    leader, _officer = live.officer("dept.cdpf", "leader")
    assert ask("GET", by=leader).status_code == 200
