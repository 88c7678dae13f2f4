"""Say what messaging needs from others; ``gov_portal.wiring`` joins them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

from gov_portal.kernel.ids import KeyId, PersonId


class Addressee(Protocol):
    """Hold where a message goes."""

    @property
    def person(self) -> PersonId:
        """Return whose inbox shows it."""
        ...

    @property
    def phone(self) -> str:
        """Return the phone, empty where there is none."""
        ...

    @property
    def email(self) -> str:
        """Return the confirmed e-mail address, empty where there is none."""
        ...

    @property
    def key(self) -> KeyId:
        """Return the key that what is kept is sealed with."""
        ...


class Addressees(Protocol):
    """Know who is told what concerns a person: they themselves, and their guardians."""

    def addressees(self, person: PersonId) -> Sequence[Addressee]:
        """Return them; none for a person whom nobody can reach."""
        ...


@dataclass(frozen=True, slots=True)
class Parcel:
    """Hold one message on its way out.

    Attributes:
        id: of the delivery; the same in every attempt, so that a carrier that can tell delivers it once.
        to: phone number or e-mail address.
        code: of the message, for the subject of an e-mail.
        text: in the addressee's language.
        language: ``zh`` or ``en``.
        case: address of the case's page, empty without one.
        stop: address that ends e-mails of this kind, empty where they cannot be ended.
    """

    id: UUID
    to: str = field(repr=False)
    code: str
    text: str = field(repr=False)
    language: str
    case: str = ""
    stop: str = ""


class CarrierUnavailable(Exception):
    """Tell that a carrier took nothing now; ``reason`` is a code without personal data. Worth trying again."""

    def __init__(self, reason: str) -> None:
        """Name the reason."""
        self.reason = reason
        super().__init__(reason)


class CarrierRefused(CarrierUnavailable):
    """Tell that a carrier will never take this parcel, as for a mailbox that does not exist."""


class Carrier(Protocol):
    """Carry messages out: to phones, to mailboxes."""

    def carry(self, parcel: Parcel) -> None:
        """Hand a parcel over; what returns was taken.

        Raises:
            CarrierRefused: it will never be taken.
            CarrierUnavailable: not now.
        """
        ...
