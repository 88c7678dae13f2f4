"""Define who acts: a citizen, an officer or the platform itself."""

from dataclasses import dataclass
from uuid import UUID

from gov_portal.kernel.ids import OfficerId, PersonId


@dataclass(frozen=True, slots=True)
class Citizen:
    """A signed-in person (自然人), perhaps acting for a ward (被监护人).

    Attributes:
        person: whose account it is.
        ial: identity assurance, 2 to 5 (统一身份认证 可信等级 二级 … 五级).
        aal: authentication assurance, 1 to 3.
        acting_for: the ward, if this request is made for one.
        hand: the officer at whose counter the person stands and who types for them (代录), a named second person.
    """

    person: PersonId
    ial: int
    aal: int
    acting_for: PersonId | None = None
    hand: OfficerId | None = None

    @property
    def subject(self) -> PersonId:
        """Return the person whose matter it is: the ward, or the person."""
        return self.acting_for or self.person


@dataclass(frozen=True, slots=True)
class Officer:
    """A signed-in civil servant (公务员) at one post.

    Attributes:
        officer: who.
        org: department code, such as ``dept.cdpf``.
        region: division code of the post's unit; the unit serves this division.
        roles: names of the posts held: ``window``, ``checker``, ``assessor``.
        rank: ``leader``, or empty.
        aal: authentication assurance, 1 to 3.
        covers: absent colleagues of the same unit for whom this officer stands in now (代理).
        is_system: no person but a department's own system, by its key.
    """

    officer: OfficerId
    org: str
    region: str
    roles: frozenset[str]
    rank: str = ""
    aal: int = 1
    covers: frozenset[OfficerId] = frozenset()
    is_system: bool = False

    def stands_for(self, other: OfficerId) -> bool:
        """Tell whether ``other`` is this officer, or an absent one whom this officer covers."""
        return other == self.officer or other in self.covers


@dataclass(frozen=True, slots=True)
class Platform:
    """The platform itself: a timer, a worker, an operator's command."""

    name: str = "platform"


Principal = Citizen | Officer | Platform


_HAND = " by officer:"


def actor_of(principal: Principal) -> str:
    """Return how the ledger spells a principal: kind and id, never a name; at a counter the officer's hand too."""
    match principal:
        case Citizen(hand=hand) if hand is not None:
            return f"citizen:{principal.person}{_HAND}{hand}"
        case Citizen():
            return f"citizen:{principal.person}"
        case Officer():
            return f"officer:{principal.officer}"
        case Platform():
            return f"platform:{principal.name}"


def hand_in(actor: str) -> OfficerId | None:
    """Return the officer who typed for a person at a counter, from how the ledger spells the actor."""
    _person, found, officer = actor.partition(_HAND)
    return OfficerId(UUID(officer)) if found else None
