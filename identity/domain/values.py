"""Define what identity takes and gives; the text of a person's data never shows in a ``repr``."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import NewType
from uuid import UUID

from gov_portal.kernel.ids import KeyId, OfficerId, PersonId
from gov_portal.kernel.principal import Citizen

ChallengeToken = NewType("ChallengeToken", str)
"""Random secret of one begun registration or sign-in; goes to the browser, stored hashed."""

SessionToken = NewType("SessionToken", str)
"""Random secret of one session; goes into the cookie, stored hashed."""

SessionId = NewType("SessionId", UUID)
"""Names a session in the owner's list; opens nothing."""


class Language(StrEnum):
    """Name the two catalogues."""

    CHINESE = "zh"
    ENGLISH = "en"


@dataclass(frozen=True, slots=True)
class Client:
    """Describe where a request comes from: network address, and the device in coarse words such as 手机浏览器."""

    address: str = field(repr=False)
    device: str = ""


@dataclass(frozen=True, slots=True)
class RegistrationForm:
    """Hold what a person typed to register (注册); nothing is checked yet."""

    name: str = field(repr=False)
    id_no: str = field(repr=False)
    phone: str = field(repr=False)
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """Hold who a person is, in plain text; for pages and prefill only, never for logs."""

    person: PersonId
    name: str = field(repr=False)
    id_no: str = field(repr=False)
    phone: str = field(repr=False)
    birth: date = field(repr=False)
    key: KeyId = field(repr=False)
    ial: int = 2
    email: str = field(repr=False, default="")


@dataclass(frozen=True, slots=True)
class Unit:
    """Name one unit (实施主体) of a department: it serves ``region`` and everything in it."""

    org: str
    region: str
    name: str
    credit_code: str = ""


@dataclass(frozen=True, slots=True)
class PostView:
    """Show the posts of an officer at one unit."""

    unit: Unit
    roles: frozenset[str]
    rank: str = ""


@dataclass(frozen=True, slots=True)
class OfficerFacts:
    """Hold who an officer is, for the pages of the department."""

    officer: OfficerId
    name: str = field(repr=False)
    org: str = ""
    region: str = ""
    roles: frozenset[str] = frozenset()
    rank: str = ""


@dataclass(frozen=True, slots=True)
class WardView:
    """Show one ward (被监护人) that a person may act for; the number is masked.

    Attributes:
        name: in full, for the guardian's own pages: two children of one family name look alike once masked.
        ends_on: the 18th birthday of a minor; ``None`` for a guarded adult.
    """

    person: PersonId
    name_masked: str
    id_no_masked: str
    ends_on: date | None
    name: str = field(repr=False, default="")


class VisitPurpose(StrEnum):
    """Say why an officer looks at a person's matters; every visit has one, and it is kept."""

    ENTRY = "entry"
    ENQUIRY = "enquiry"
    SUPPLEMENT = "supplement"
    COLLECTION = "collection"


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitForm:
    """Hold what an officer read from the card of the person before them; nothing is checked yet.

    Attributes:
        is_card_seen: the officer states that the card was shown and its face is the person's.
        purpose: ``None`` where none was chosen, which is refused.
        ward_name, ward_id_no: of whom the person is guardian, where they come for somebody else.
    """

    name: str = field(repr=False)
    id_no: str = field(repr=False)
    is_card_seen: bool = False
    purpose: VisitPurpose | None = VisitPurpose.ENTRY
    ward_name: str = field(repr=False, default="")
    ward_id_no: str = field(repr=False, default="")

    @property
    def is_for_ward(self) -> bool:
        """Tell whether anything of a ward was typed."""
        return bool(self.ward_name.strip() or self.ward_id_no.strip())


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitView:
    """Show an open visit to its officer: no phone, no address, the number masked.

    Attributes:
        citizen: the person with their ward, by this officer's hand; what services act with.
        name: in full, as the officer has read it from the card.
        ward_name: of the ward, in full; empty without one.
    """

    id: UUID
    citizen: Citizen
    name: str = field(repr=False)
    id_no_masked: str = field(repr=False)
    ward_name: str = field(repr=False, default="")
    purpose: VisitPurpose
    opened_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class SessionView:
    """Show one open session to its owner."""

    session: SessionId
    device: str
    started_at: datetime
    last_seen_at: datetime
    is_current: bool


@dataclass(frozen=True, slots=True)
class Begun:
    """Tell that a registration or sign-in was begun and a code may be on its way.

    Attributes:
        token: to be handed in with the code.
        code_expires_at: security time.
    """

    token: ChallengeToken = field(repr=False)
    code_expires_at: datetime


@dataclass(frozen=True, slots=True)
class SystemKey:
    """Describe one key of a department's system; the secret is not part of it."""

    id: UUID
    officer: OfficerId
    label: str
    org: str
    region: str
    roles: frozenset[str]
    created_at: datetime
    expires_at: datetime
    seen_at: datetime | None = None
    revoked_at: datetime | None = None
