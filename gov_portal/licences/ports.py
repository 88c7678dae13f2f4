"""Say what licences need from others; ``gov_portal.wiring`` joins them."""

from collections.abc import Iterable, Mapping
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

    def seal(self, pdf: bytes, *, authority: str, claims: Mapping[str, object] | None = None) -> bytes:
        """Return the sealed file; later changes of it can be found, and a program finds the claims in the seal."""
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

    @property
    def stamped_at(self) -> datetime | None:
        """Return when a time-stamp service saw the seal, where it bears a stamp that we trust."""
        ...


class SealMarks(Protocol):
    """Look for our seal in a file that anyone may have made."""

    def inspect(self, pdf: bytes) -> SealMark:
        """Say what the seal says; never fails, whatever the file is."""
        ...


class SignedStatement(Protocol):
    """Tell what a token states, and who signed it."""

    @property
    def authority(self) -> str:
        """Return whose certificate it bears; empty for none of ours."""
        ...

    @property
    def is_whole(self) -> bool:
        """Tell whether the signature fits."""
        ...

    @property
    def claims(self) -> Mapping[str, object]:
        """Return what is stated; empty where the signature does not fit."""
        ...


class Tokens(Protocol):
    """Sign statements with the seal keys of the authorities, so that they can be checked without us."""

    def sign(self, claims: Mapping[str, object], *, typ: str, authority: str) -> str:
        """Return the claims as a signed token of a type."""
        ...

    def read(self, token: str, *, typ: str) -> SignedStatement:
        """Return what a token of a type states; never fails, whatever the token is."""
        ...

    def root_pem(self) -> bytes:
        """Return the root certificate that every signature leads to."""
        ...

    def keys(self, authorities: Iterable[str]) -> list[dict[str, object]]:
        """Return the public keys of authorities as JSON Web Keys."""
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
