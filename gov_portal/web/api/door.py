"""Count every request of a program, and tell it how many may follow.

Source: RFC 9110 for ``Retry-After``; draft-ietf-httpapi-ratelimit-headers for ``RateLimit`` and ``RateLimit-Policy``.
"""

from hashlib import sha256

from flask import Response, request

from gov_portal.kernel.errors import DomainError
from gov_portal.kernel.principal import Citizen, Officer, actor_of
from gov_portal.kernel.rates import Rate, Standing
from gov_portal.web.base.access import principal
from gov_portal.web.base.present import present_g, present_request
from gov_portal.web.base.problems import answer_domain_error
from gov_portal.web.base.programs import is_program
from gov_portal.web.base.services import services

ANONYMOUS = Rate("anonymous", requests=120, window_s=60)
CITIZEN = Rate("citizen", requests=300, window_s=60)
OFFICER = Rate("officer", requests=1200, window_s=60)


class TooManyRequests(DomainError):
    """Ask a program to wait; ``seconds`` says how long."""

    code = "api.too-many-requests"
    status = 429


def count() -> None:
    """Count the request of whoever was admitted.

    Raises:
        TooManyRequests: the caller's bucket is full.
    """
    if not is_program() or present_request().endpoint is None:
        return
    standing = _claim(principal())
    if standing.wait_s:
        raise TooManyRequests(seconds=standing.wait_s)


def finish(response: Response) -> Response:
    """Add the headers of limits; a caller who was turned away at the door is counted by address."""
    if not is_program():
        return response
    if response.status_code == 401:
        response.headers.setdefault("WWW-Authenticate", "Bearer")
        if present_g().get("standing") is None and (standing := _claim(None)).wait_s:
            response = answer_domain_error(TooManyRequests(seconds=standing.wait_s))
    standing_now: Standing | None = present_g().get("standing")
    if standing_now is not None:
        rate = standing_now.rate
        response.headers.add("RateLimit-Policy", f'"{rate.name}";q={rate.requests};w={rate.window_s}')
        response.headers.add("RateLimit", f'"{rate.name}";r={standing_now.remaining};t={standing_now.reset_s}')
    response.headers.add("Vary", "Authorization, Accept-Language")
    return response


def _claim(who: Citizen | Officer | None) -> Standing:
    if who is None:
        rate, subject = ANONYMOUS, f"address:{request.remote_addr}"
    else:
        rate, subject = (OFFICER if isinstance(who, Officer) else CITIZEN), actor_of(who)
    standing = services().rates.claim(rate, sha256(f"{rate.name}\n{subject}".encode()).digest())
    present_g().standing = standing
    return standing
