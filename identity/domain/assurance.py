"""Define the two axes of assurance, always used together.

``ial`` (可信等级) says how well the person was proven: 2 typed only, 3 two elements matched, 4 face, 5 certificate or
window. ``aal`` says how the session was opened: 1 one factor, 2 two factors, 3 phishing-resistant.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from gov_portal.kernel.principal import Citizen, Principal

HIGHEST_IAL = 5
HIGHEST_AAL = 3
TYPED_ONLY = 2
TWO_ELEMENTS_MATCHED = 3
SEEN_AT_A_COUNTER = 5


class Factor(StrEnum):
    """Name what a session was opened with (``amr``)."""

    PASSWORD = "password"  # noqa: S105 - the name of a factor, not a secret
    CODE = "code"
    KEY = "key"


def aal_of(factors: Collection[Factor]) -> int:
    """Return 2 for two different factors, else 1; nothing here resists phishing yet."""
    return 2 if len(set(factors)) >= 2 else 1


def effective_ial(ial: int, *, aal: int) -> int:
    """Return the level that counts in a session: 3 and above need two factors, else it falls to 2."""
    return ial if aal >= 2 else min(ial, TYPED_ONLY)


@dataclass(frozen=True, slots=True)
class Requirement:
    """State the levels that an item or a request needs; a missing level means the highest."""

    ial: int | None = None
    aal: int | None = None

    @property
    def needed_ial(self) -> int:
        """Return the identity assurance that is needed."""
        return HIGHEST_IAL if self.ial is None else self.ial

    @property
    def needed_aal(self) -> int:
        """Return the authentication assurance that is needed; an ``ial`` of 3 or more brings at least 2."""
        if self.aal is not None:
            return max(self.aal, 2) if self.needed_ial > TYPED_ONLY else self.aal
        return HIGHEST_AAL if self.ial is None else _floor(self.needed_ial)

    def is_met_by(self, principal: Principal | None) -> bool:
        """Tell whether a signed-in citizen reaches both levels; officers and the platform are no citizens."""
        if not isinstance(principal, Citizen):
            return False
        return effective_ial(principal.ial, aal=principal.aal) >= self.needed_ial and principal.aal >= self.needed_aal


def _floor(ial: int) -> int:
    return 2 if ial > TYPED_ONLY else 1
