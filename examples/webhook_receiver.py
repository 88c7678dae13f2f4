"""Receive webhooks of the portal: verify the signature, answer at once, do the work afterwards.

Signatures follow Standard Webhooks (standardwebhooks.com): HMAC-SHA-256 over id, time and body, with the secret
of the subscription. A delivery may come twice, so the id is remembered; during a rotation it carries two signatures.
"""

import base64
import hmac
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

TOLERANCE_S = 300
_PREFIX = "whsec_"


class Untrusted(Exception):
    """Refuse a delivery that was not signed by the portal, or not lately."""


def verify(body: bytes, headers: Mapping[str, str], *, secret: str, now: float | None = None) -> dict[str, Any]:
    """Return the event of a delivery.

    Args:
        body: the bytes as they came, not parsed and written again.
        headers: of the request, by lower-case name.
        secret: as the portal gave it, beginning with ``whsec_``.
        now: seconds since 1970; the clock's by default.

    Raises:
        Untrusted: a header is wanting, the time is off by more than five minutes, or no signature fits.
    """
    given, sent_at = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not given or not (sent_at.isascii() and sent_at.isdigit()):
        raise Untrusted("headers are wanting")
    if abs((time.time() if now is None else now) - int(sent_at)) > TOLERANCE_S:
        raise Untrusted("too old or from the future")
    key = base64.b64decode(secret.removeprefix(_PREFIX))
    signed = f"{given}.{sent_at}.".encode() + body
    wanted = base64.b64encode(hmac.digest(key, signed, "sha256"))
    for one in headers.get("webhook-signature", "").split():
        version, _, signature = one.partition(",")
        if version == "v1" and hmac.compare_digest(signature.encode(), wanted):
            event: dict[str, Any] = json.loads(body)
            return event
    raise Untrusted("no signature fits")


@dataclass
class Receiver:
    """Take deliveries; ``events`` are those not seen before, in the order in which they came."""

    secret: str
    events: list[dict[str, Any]] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)

    def listen(self, port: int = 0) -> ThreadingHTTPServer:
        """Return a server on this machine; port 0 takes a free one."""
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(min(int(self.headers.get("Content-Length", 0)), 1_000_000))
                headers = {name.lower(): value for name, value in self.headers.items()}
                self.send_response(receiver.take(body, headers))
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                """Write nothing: a delivery is nobody else's business."""

        return ThreadingHTTPServer(("127.0.0.1", port), Handler)

    def take(self, body: bytes, headers: Mapping[str, str]) -> int:
        """Return the status of the answer; 204 also for what has come before."""
        try:
            event = verify(body, headers, secret=self.secret)
        except Untrusted:
            return 401
        if headers["webhook-id"] not in self.seen:
            self.seen.add(headers["webhook-id"])
            self.events.append(event)
        return 204
