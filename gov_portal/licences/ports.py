"""Say what licences need from others; ``gov_portal.wiring`` joins them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from gov_portal.licences.domain import CardSheet, Registration
from gov_portal.licences.kinds import KindBook


class RegisterUnavailable(Exception):
    """Tell that a register does not answer now; worth trying again."""


class Cards(Protocol):
    """Set licences as cards."""

    def make(self, card: CardSheet, *, at: datetime) -> bytes:
        """Return the PDF."""
        ...

    def portrait(self, photo: bytes) -> bytes:
        """Return a holder's picture as a small JPEG for a page."""
        ...


class Seals(Protocol):
    """Put the electronic seal of an authority under a file."""

    def seal(self, pdf: bytes, *, authority: str) -> bytes:
        """Return the sealed file; later changes of it can be found."""
        ...


class SealMark(Protocol):
    """Tell what the seal of a file says: ``whole``, ``altered`` or ``none``."""

    @property
    def state(self) -> str:
        """Return the word."""
        ...

    @property
    def authority(self) -> str:
        """Return whose seal it is."""
        ...


class SealMarks(Protocol):
    """Look for our seal in a file that anyone may have made."""

    def inspect(self, pdf: bytes) -> SealMark:
        """Say what the seal says; never fails, whatever the file is."""
        ...


class Registers(Protocol):
    """Tell departments' registers of what was issued and revoked."""

    def push(self, registration: Registration) -> None:
        """Hand over one act; the receiver honours the idempotency key.

        Raises:
            RegisterUnavailable: worth trying again.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """Bundle what surrounds the service.

    Attributes:
        kinds: what may be issued, and by whom.
        base_url: address of the platform as the public sees it, without a slash at the end.
    """

    kinds: KindBook
    cards: Cards
    seals: Seals
    seal_marks: SealMarks
    registers: Registers
    base_url: str
