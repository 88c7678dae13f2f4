"""Sign webhooks by Standard Webhooks (standardwebhooks.com): HMAC-SHA-256 over id, time and body; pure."""

import base64
import hmac
import secrets
from collections.abc import Iterable

PREFIX = "whsec_"
_SECRET_BYTES = 32


def new_secret() -> str:
    """Return a fresh secret, as the receiver keeps it."""
    return PREFIX + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def signature(message: str, *, sent_at: int, body: bytes, keys: Iterable[str]) -> str:
    """Return the header ``webhook-signature``: one signature for each secret, with a space between them.

    Args:
        message: the ``webhook-id``.
        sent_at: seconds since 1970, the ``webhook-timestamp``.
        body: as it is sent.
        keys: secrets that the receiver may hold, the newest first.
    """
    signed = f"{message}.{sent_at}.".encode() + body
    return " ".join(f"v1,{_signed(secret, signed)}" for secret in keys)


def _signed(secret: str, content: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(PREFIX))
    return base64.b64encode(hmac.digest(key, content, "sha256")).decode()
