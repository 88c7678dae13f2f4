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
    registers: Registers
    base_url: str
