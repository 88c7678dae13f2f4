"""Hold what every use case of identity stands on: database, keys, both clocks and the limits."""

import secrets
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256

from gov_portal.kernel.cipher import KeyStore
from gov_portal.kernel.clocks import Clock, SystemClock
from gov_portal.kernel.db import Database
from gov_portal.kernel.monitoring.tally import Tally
from gov_portal.kernel.working_days import local_date
from identity.domain.limits import Limits

_TOKEN_BYTES = 32


@dataclass(frozen=True)
class Foundation:
    """Bundle what the use cases share.

    Attributes:
        clock: business time; only ends of guardianships are measured by it.
        security_clock: the system's time; everything else is.
        tally: where this process counts sign-ins and lock-outs.
    """

    db: Database
    keys: KeyStore
    clock: Clock
    security_clock: Clock = field(default_factory=SystemClock)
    limits: Limits = field(default_factory=Limits)
    tally: Tally = field(default_factory=Tally)

    def now(self) -> datetime:
        """Return security time."""
        return self.security_clock.now()

    def today(self) -> date:
        """Return the date of business time in Shanghai."""
        return local_date(self.clock.now())

    def id_no_index(self, id_no: str) -> bytes:
        """Return what stands for a citizen id in searchable columns."""
        return self.keys.blind_index("identity.id-no", id_no)

    def phone_index(self, phone: str) -> bytes:
        """Return what stands for a phone number in searchable columns."""
        return self.keys.blind_index("identity.phone", phone)

    def login_index(self, login: str) -> bytes:
        """Return what stands for an officer's login name in searchable columns."""
        return self.keys.blind_index("identity.login", login.strip().casefold())


def new_token() -> str:
    """Return a random secret for a URL-safe place."""
    return secrets.token_urlsafe(_TOKEN_BYTES)


def hash_of(token: str) -> bytes:
    """Return what is stored of a random secret; it is long enough to need no slow hash."""
    return sha256(token.encode()).digest()
