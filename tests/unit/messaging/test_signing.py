"""Signatures are those of the specification."""

import base64

from examples.webhook_receiver import verify
from gov_portal.messaging.signing import PREFIX, new_secret, signature

# The example of the Standard Webhooks specification (libraries' test vector).
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
BODY = b'{"test": 2432232314}'
MESSAGE, SENT_AT = "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330


def test_the_example_of_the_specification_is_signed_alike() -> None:
    signed = signature(MESSAGE, sent_at=SENT_AT, body=BODY, keys=[SECRET])
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_either_secret_verifies_while_both_hold() -> None:
    new, old = new_secret(), new_secret()
    header = signature(MESSAGE, sent_at=SENT_AT, body=BODY, keys=[new, old])
    headers = {"webhook-id": MESSAGE, "webhook-timestamp": str(SENT_AT), "webhook-signature": header}
    for secret in (new, old):
        assert verify(BODY, headers, secret=secret, now=SENT_AT) == {"test": 2432232314}


def test_a_secret_is_32_random_bytes() -> None:
    assert len(base64.b64decode(new_secret().removeprefix(PREFIX))) == 32
    assert new_secret() != new_secret()
