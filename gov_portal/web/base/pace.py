"""Let nobody ask a page faster than people do; programs are counted at the API's own door."""

from hashlib import sha256

from flask import request

from gov_portal.kernel.errors import DomainError
from gov_portal.kernel.rates import Rate
from gov_portal.web.base.services import services


class TooFast(DomainError):
    """Ask somebody to wait; ``seconds`` says how long."""

    code = "too-fast"
    status = 429


def keep_pace(rate: Rate) -> None:
    """Count this request for its address.

    Raises:
        TooFast: there were too many of them.
    """
    subject = sha256(f"{rate.name}\naddress:{request.remote_addr}".encode()).digest()
    standing = services().rates.claim(rate, subject)
    if standing.wait_s:
        raise TooFast(seconds=standing.wait_s)
