"""The receiver of the documents trusts what the portal signed lately, and nothing else."""

import base64
import hmac
import json

import pytest

from examples.webhook_receiver import Receiver, Untrusted, verify

# The example of the Standard Webhooks specification (libraries' test vector).
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
ID, SENT_AT = "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330
BODY = b'{"test": 2432232314}'
SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
HEADERS = {"webhook-id": ID, "webhook-timestamp": str(SENT_AT), "webhook-signature": SIGNATURE}


def test_the_example_of_the_specification_is_trusted() -> None:
    assert verify(BODY, HEADERS, secret=SECRET, now=SENT_AT) == {"test": 2432232314}


def test_one_of_two_signatures_is_enough_while_a_secret_is_rotated() -> None:
    both = {**HEADERS, "webhook-signature": f"v1,b2xk v2,x {SIGNATURE}"}
    assert verify(BODY, both, secret=SECRET, now=SENT_AT)


@pytest.mark.parametrize(
    ("body", "headers", "now"),
    [
        (b'{"test": 2432232315}', {}, SENT_AT),
        (BODY, {"webhook-id": "msg_other"}, SENT_AT),
        (BODY, {"webhook-timestamp": str(SENT_AT + 1)}, SENT_AT),
        (BODY, {"webhook-signature": "v1,"}, SENT_AT),
        (BODY, {"webhook-signature": ""}, SENT_AT),
        (BODY, {"webhook-timestamp": "soon"}, SENT_AT),
        (BODY, {}, SENT_AT + 301),
        (BODY, {}, SENT_AT - 301),
    ],
    ids=["body", "id", "time", "signature", "none", "no time", "old", "future"],
)
def test_anything_else_is_not(body: bytes, headers: dict[str, str], now: int) -> None:
    with pytest.raises(Untrusted):
        verify(body, {**HEADERS, **headers}, secret=SECRET, now=now)


def test_a_delivery_that_comes_twice_counts_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("examples.webhook_receiver.time.time", lambda: float(SENT_AT))
    receiver = Receiver(SECRET)
    assert [receiver.take(BODY, HEADERS) for _ in range(2)] == [204, 204]
    assert receiver.events == [json.loads(BODY)]
    assert receiver.take(BODY, {**HEADERS, "webhook-signature": "v1,x"}) == 401


def test_the_vector_is_what_the_specification_computes() -> None:
    key = base64.b64decode(SECRET.removeprefix("whsec_"))
    digest = hmac.digest(key, f"{ID}.{SENT_AT}.".encode() + BODY, "sha256")
    assert base64.b64encode(digest).decode() == SIGNATURE.removeprefix("v1,")
