"""Hold the values of a presentation (亮证) and read and write its code; pure.

A code is 36 bytes in 48 letters: the place of the version in the status lists, the millisecond at which it was made,
ten random bytes, and sixteen bytes of a MAC over them. It tells nothing of a person, and nothing is stored to make it.
"""

import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from hmac import compare_digest

from gov_portal.kernel.errors import Conflict
from gov_portal.licences.domain import LicenceStatus

LIFE = timedelta(seconds=60)
"""How long a code may be checked."""
PHOTO_LIFE = timedelta(seconds=90)
"""How long the picture may be fetched for a code that was checked in time: the page asks for it a moment later."""
SLACK = timedelta(seconds=5)
"""How far the clocks of two machines may be apart."""

_CODE_LENGTH = 48
_PLACE_BYTES, _TIME_BYTES, _NONCE_BYTES, _MAC_BYTES = 4, 6, 10, 16
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)

Sign = Callable[[bytes], bytes]
"""Returns the MAC of what it is given, of at least sixteen bytes."""


class LicenceNotInForce(Conflict):
    """Refuse to show or to copy a licence that is no longer in force."""

    code = "licence.not-in-force"


@dataclass(frozen=True, slots=True)
class Ticket:
    """Hold what a code says: of which version it was made, and when by security time."""

    status_index: int
    made_at: datetime
    nonce: bytes

    @property
    def expires_at(self) -> datetime:
        """Return the instant from which the code is worth nothing."""
        return self.made_at + LIFE

    def is_fresh(self, now: datetime, *, life: timedelta = LIFE) -> bool:
        """Tell whether the code may still be used."""
        return -SLACK <= now - self.made_at < life


def new_ticket(status_index: int, *, now: datetime) -> Ticket:
    """Return a fresh ticket; its time is cut to the millisecond, as the code holds it."""
    return Ticket(
        status_index, _EPOCH + (now - _EPOCH) // _MILLISECOND * _MILLISECOND, secrets.token_bytes(_NONCE_BYTES)
    )


def write_code(ticket: Ticket, sign: Sign) -> str:
    """Return the code of a ticket."""
    made = (ticket.made_at - _EPOCH) // _MILLISECOND
    told = ticket.status_index.to_bytes(_PLACE_BYTES) + made.to_bytes(_TIME_BYTES) + ticket.nonce
    return urlsafe_b64encode(told + sign(told)[:_MAC_BYTES]).decode()


def read_code(code: str, sign: Sign) -> Ticket | None:
    """Return the ticket of a code that we made; ``None`` for anything else, however it is broken."""
    if len(code) != _CODE_LENGTH or not code.isascii() or not code.replace("-", "").replace("_", "").isalnum():
        return None
    packed = urlsafe_b64decode(code)
    told, mac = packed[:-_MAC_BYTES], packed[-_MAC_BYTES:]
    if not compare_digest(mac, sign(told)[:_MAC_BYTES]):
        return None
    made = int.from_bytes(told[_PLACE_BYTES : _PLACE_BYTES + _TIME_BYTES])
    return Ticket(int.from_bytes(told[:_PLACE_BYTES]), _EPOCH + made * _MILLISECOND, told[-_NONCE_BYTES:])


@dataclass(frozen=True, slots=True, kw_only=True)
class Presentation:
    """Hold what the holder shows: a code that lives for a minute, and what stands beside it.

    Attributes:
        url: address that the QR code holds.
        now: security time of the answer, so that a clock that is wrong elsewhere does no harm.
        number_masked: the holder's own number, such as 4701**********0028; empty where the kind has none.
    """

    code: str = field(repr=False)
    url: str = field(repr=False)
    now: datetime
    expires_at: datetime
    holder: str = field(repr=False)
    number_masked: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class PresentedLicence:
    """Tell whoever scanned a code what the holder chose to show; ``unknown`` tells nothing, whatever the reason.

    Attributes:
        checked_at: security time of this check.
        first_checked_at: of the first one; the same unless the code was checked before.
        checks: how often the code was checked, this time included.
    """

    status: LicenceStatus
    name: str = ""
    issuer: str = ""
    holder: str = field(default="", repr=False)
    number_masked: str = field(default="", repr=False)
    issued_on: date | None = None
    valid_until: date | None = None
    ended_on: date | None = None
    has_photo: bool = False
    checked_at: datetime | None = None
    first_checked_at: datetime | None = None
    checks: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownOnce:
    """Tell the holder of one presentation that somebody checked; by whom is not recorded."""

    made_at: datetime
    checked_at: datetime
    checks: int
