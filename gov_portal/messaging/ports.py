"""Say what messaging needs from others; ``gov_portal.wiring`` joins them."""

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from gov_portal.kernel.db import UnitOfWork
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


class Channel(Protocol):
    """Carry stored messages to phones; the platform's own inbox shows them in any case."""

    @property
    def name(self) -> str:
        """Return the word that rows carry."""
        ...

    def accept(self, uow: UnitOfWork, message: UUID) -> None:
        """Take over a stored message in the transaction that stores it; a real carrier adds an outbox row here."""
        ...
