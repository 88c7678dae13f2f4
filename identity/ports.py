"""Say what identity needs from others; ``gov_portal.wiring`` joins them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from gov_portal.kernel.db import UnitOfWork
from gov_portal.kernel.ids import KeyId, OfficerId, PersonId


class CheckAnswer(StrEnum):
    """Name what a two-element check can answer."""

    MATCHED = "matched"
    UNMATCHED = "unmatched"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True, slots=True)
class RealNameCheck:
    """Ask whether name and number belong together; ``person`` is whose ledger shows the call, ``reference`` its key.

    ``by`` is the officer who has seen the card at a counter; without one the platform asks.
    """

    name: str = field(repr=False)
    id_no: str = field(repr=False)
    person: PersonId
    reference: UUID
    by: OfficerId | None = None


class RealNameProvider(Protocol):
    """Compare name and number with the population base (实名核验)."""

    def check(self, request: RealNameCheck) -> CheckAnswer:
        """Answer; never raises for an outage or an absent number."""
        ...


@dataclass(frozen=True, slots=True)
class GuardianQuery:
    """Ask who the guardians of a ward are, for the person who says to be one."""

    ward_id_no: str = field(repr=False)
    guardian: PersonId
    reference: UUID


@dataclass(frozen=True, slots=True)
class GuardianRecord:
    """Hold the answer: the numbers of the guardians, none where nothing is recorded.

    Attributes:
        is_available: false during an outage; nothing else is meant then.
        guardian_id_nos: citizen ids of the guardians.
        evidence: id of the exchange's own record of the call.
    """

    is_available: bool
    guardian_id_nos: tuple[str, ...] = field(default=(), repr=False)
    evidence: str = ""


class Guardians(Protocol):
    """Read the shared record of guardianships (civil.guardian)."""

    def record(self, query: GuardianQuery) -> GuardianRecord:
        """Answer; never raises for an outage or an absent ward."""
        ...


class Messenger(Protocol):
    """Send one-time codes and notices."""

    def send_code(self, uow: UnitOfWork, *, to: str, code: str, minutes: int, key: KeyId) -> None:
        """Send a code to a phone number or, known by its ``@``, to an e-mail address, in the caller's transaction.

        What is stored is sealed with ``key``.
        """
        ...

    def tell(self, person: PersonId, code: str, params: Mapping[str, object], *, idempotency_key: str) -> None:
        """Tell a person something of the message catalogue."""
        ...


@dataclass(frozen=True, slots=True)
class IdpAccount:
    """Name an officer whose password was right, and where their codes go."""

    officer: OfficerId
    key: KeyId
    phone: str = field(repr=False)


class IdpBackend(Protocol):
    """Know the accounts of civil servants; built-in, or an identity server behind an adapter."""

    def authenticate(self, login: str, password: str) -> IdpAccount | None:
        """Return the account where the password is right; do the same work where there is none."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityPorts:
    """Bundle every port."""

    real_name: RealNameProvider
    guardians: Guardians
    messenger: Messenger
    idp: IdpBackend
