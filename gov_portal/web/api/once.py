"""Carry out a request with an ``Idempotency-Key`` once, and answer its repetitions with the first answer.

Source: draft-ietf-httpapi-idempotency-key-header.
"""

from collections.abc import Callable
from functools import wraps
from hashlib import sha256
from typing import Any

import orjson
from flask import Response, current_app, request

from gov_portal.kernel.errors import DomainError
from gov_portal.kernel.principal import Citizen, actor_of
from gov_portal.web.base.access import principal
from gov_portal.web.base.services import services

HEADER = "Idempotency-Key"
REPLAYED = "Idempotent-Replayed"
LONGEST = 255
_KEPT = ("Content-Type", "Location", "Content-Language")


class KeyMalformed(DomainError):
    """Refuse a key that is empty, too long, or has other than visible ASCII characters."""

    code = "idempotency.malformed"
    status = 400


def request_key() -> str | None:
    """Return the key of this request as the services take it: of one length, and the caller's own by their actor."""
    given = request.headers.get(HEADER)
    return None if given is None else sha256(_checked(given).encode()).hexdigest()


def once(view: Callable[..., Any]) -> Callable[..., Any]:
    """Let a view run once for each key of a caller."""

    @wraps(view)
    def guarded(*args: object, **kwargs: object) -> Response:
        who, given = principal(), request.headers.get(HEADER)
        if given is None or who is None:
            return current_app.make_response(view(*args, **kwargs))
        # A guardian acts for one ward now and for another later: a key belongs to both of them together.
        subject = who.subject if isinstance(who, Citizen) else who.officer
        owner = f"{actor_of(who)}\n{subject}\n{_checked(given)}".encode()
        with services().answers.turn(owner, request=_fingerprint()) as turn:
            if turn.earlier is not None:
                return _replay(turn.earlier)
            response = current_app.make_response(view(*args, **kwargs))
            turn.answer = _packed(response)
            return response

    return guarded


def _checked(given: str) -> str:
    key = given.strip()
    if not key or len(key) > LONGEST or not all(" " < letter <= "~" for letter in key):
        raise KeyMalformed
    return key


def _fingerprint() -> bytes:
    """Return everything that makes the request what it is; parts of a form without their random boundary."""
    if request.mimetype == "multipart/form-data":
        parts = [(name, sha256(part.stream.read()).hexdigest()) for name, part in sorted(request.files.items())]
        for part in request.files.values():
            part.stream.seek(0)
        body = orjson.dumps([sorted(request.form.items()), parts])
    else:
        body = request.get_data()
    return b"\n".join((request.method.encode(), request.full_path.encode(), body))


def _packed(response: Response) -> bytes:
    kept = {name: response.headers[name] for name in _KEPT if name in response.headers}
    return orjson.dumps([response.status_code, kept, response.get_data(as_text=True)])


def _replay(packed: bytes) -> Response:
    status, headers, text = orjson.loads(packed)
    return Response(text, status, headers={**headers, REPLAYED: "true"})
