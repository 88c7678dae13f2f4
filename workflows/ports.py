"""Say what the workflows need from other packages; ``gov_portal.wiring`` joins them."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from gov_portal.kernel.ids import CaseId, ItemId, KeyId, LicenceId, OfficerId, PersonId
from gov_portal.kernel.principal import Officer, Principal
from gov_portal.kernel.types import Value
from workflows.domain.commands import ResultKind
from workflows.domain.definition import Definition


class PartnerUnavailable(Exception):
    """Tell that the other side does not answer now; raised by any port whose work is worth trying again."""


class PartnerRefused(Exception):
    """Tell that the other side will not do it however often it is asked; a person must look."""


class GrantBook(Protocol):
    """Keep what items may use of departments' data."""

    def enter(self, published: Iterable[Definition]) -> None:
        """Enter what the published items of all regions declare; entered twice, it is the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DataRequest:
    """Ask a resource of the exchange on the basis of a live case.

    Attributes:
        resource: id of the resource, such as ``police.person``.
        case, item, subject: the basis: a live case, its item, and the person whose matter it is.
        key: value of the resource's key field, such as a citizen id; personal data.
        fields: names of the resource's fields that are wanted (last parts of the item's paths).
        match: field name -> value to be compared by the department; empty for a query.
        hands: field name -> value that the department is to do something with; then it answers ``done`` or ``failed``.
        idempotency_key: the same for every attempt of one visit.
    """

    resource: str
    case: CaseId
    item: ItemId
    subject: PersonId
    key: str
    fields: tuple[str, ...]
    purpose: str
    actor: Principal
    idempotency_key: str
    match: Mapping[str, object] = field(default_factory=dict)
    hands: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DataAnswer:
    """Hold what came back: ``found absent mismatch unavailable``.

    Attributes:
        fields: field name -> raw JSON value, parsed by the item's own types on arrival.
        evidence: id or digest of the exchange's own record of the call.
    """

    kind: ResultKind
    fields: Mapping[str, object] = field(default_factory=dict)
    evidence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PredicateRequest:
    """Ask a yes-or-no resource about a person, under the standing programme that the item is."""

    resource: str
    item: ItemId
    subject: PersonId
    idempotency_key: str


class Exchange(Protocol):
    """Ask departments for data (数据共享), for prefill, for the ``call`` steps and for offers."""

    def holds(self, request: PredicateRequest) -> bool | None:
        """Return what the department says; ``None`` where it does not answer."""
        ...

    def ask(self, request: DataRequest) -> DataAnswer:
        """Query or match; never raises for an outage but answers ``unavailable``."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueRequest:
    """Ask for a licence; ``given`` stands in the order of the licence kind's fields, typed values of the kernel.

    An image among them is the ``FileId`` of a stored file of this case, sealed with ``key``. With ``replaces`` it is
    the next version of that licence.
    """

    kind: str
    seal: str
    case: CaseId
    case_number: str
    holder: PersonId
    key: KeyId
    given: tuple[Value, ...]
    idempotency_key: str
    replaces: LicenceId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldLicence:
    """Show a licence that somebody holds; ``values`` are raw JSON by the kind's own names, never printed.

    ``name`` and ``issuer`` are what stands on the card.
    """

    licence: LicenceId
    kind: str
    number: str
    issued_on: date
    valid_until: date | None
    is_revoked: bool
    values: Mapping[str, object] = field(repr=False, default_factory=dict)
    name: str = ""
    issuer: str = ""


@dataclass(frozen=True, slots=True)
class IssuedLicence:
    """Name the licence that was issued and where the public checks it."""

    licence: LicenceId
    verify_code: str


class Licences(Protocol):
    """Issue and revoke electronic licences (电子证照)."""

    def issue(self, request: IssueRequest) -> IssuedLicence:
        """Issue once per idempotency key; called again with a key, say what was issued under it.

        Raises:
            PartnerUnavailable: nothing was issued, and it is worth trying again. An adapter that cannot tell raises
                something else, so that the same message is tried again.
        """
        ...

    def revoke(self, licence: LicenceId, *, reason: str, idempotency_key: str) -> None:
        """Revoke; quietly does nothing when it is revoked already."""
        ...

    def held(self, holder: PersonId, *, kind: str) -> tuple[HeldLicence, ...]:
        """Return the licences of one kind that a person holds, ended ones too, newest first."""
        ...

    def ending(self, *, kind: str, first_on: date, last_on: date) -> tuple[tuple[PersonId, HeldLicence], ...]:
        """Return the valid licences of one kind whose last day lies between two days, each with its holder."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SendRequest:
    """Ask for the delivery (送达) of the result by ``way`` (``post``, ``pickup``).

    ``address`` is the value of the address field for a way that has one; ``office`` the unit for pick-up.
    """

    way: str
    case: CaseId
    case_number: str
    recipient: PersonId
    address: object | None
    office: str | None
    idempotency_key: str


class Deliveries(Protocol):
    """Hand the result to the post or to a counter."""

    def send(self, request: SendRequest) -> ResultKind:
        """Return ``done``, ``failed`` or ``unavailable``."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeRequest:
    """Ask for one notice (文书) such as 受理通知书.

    Attributes:
        document: name of the notice as the item spells it.
        facts: more by key: ``reason``, ``marks`` (pairs of label and reason), ``remedies``, ``limit``, ``due_on``.
    """

    document: str
    case_number: str
    item_name: str
    authority: str
    person: PersonId
    applicant_name: str
    on: date
    facts: Mapping[str, object] = field(default_factory=dict)


class Notices(Protocol):
    """Typeset notices."""

    def make(self, request: NoticeRequest) -> bytes:
        """Return the PDF."""
        ...


@dataclass(frozen=True, slots=True)
class Office:
    """Name one unit (实施主体) of a department: it serves ``region`` and everything in it.

    ``credit_code`` is its 统一社会信用代码, or a temporary one that begins with ``TE``; empty where none is known.
    """

    org: str
    region: str
    name: str
    credit_code: str = ""


class Officers(Protocol):
    """Know units, posts and officers."""

    def nearest(self, org: str, region: str | None) -> Office | None:
        """Return the unit of ``org`` that serves ``region`` most closely; the top unit where ``region`` is ``None``."""
        ...

    def eligible(self, office: Office, *, role: str, rank: str | None) -> tuple[OfficerId, ...]:
        """Return the officers in active posts of that role (and rank) at the unit, by id."""
        ...

    def at_post(self, officer: OfficerId, *, org: str, region: str) -> Officer | None:
        """Return the officer as they stand at a unit now, ``None`` where they hold no active post there."""
        ...

    def names(self, officers: Collection[OfficerId]) -> Mapping[OfficerId, str]:
        """Return display names, for officers' own pages only."""
        ...


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """Hold what the account knows of a person; never printed by ``repr``."""

    name: str = field(repr=False)
    id_no: str = field(repr=False)
    phone: str = field(repr=False)
    birth: date | None = field(repr=False, default=None)


class People(Protocol):
    """Know persons by id."""

    def facts(self, person: PersonId) -> PersonFacts:
        """Return what the account holds."""
        ...

    def key_of(self, person: PersonId) -> KeyId:
        """Return the envelope key that the person's data are sealed with."""
        ...

    def find(self, id_no: str) -> PersonId | None:
        """Return the person of a citizen id, ``None`` where the platform knows nobody."""
        ...

    def masked_names(self, persons: Collection[PersonId]) -> Mapping[PersonId, str]:
        """Return names such as 张*, all in one statement."""
        ...

    def phones(self, persons: Collection[PersonId]) -> Mapping[PersonId, str]:
        """Return the numbers of those whose account has one, all in one statement."""
        ...

    def is_guardian(self, guardian: PersonId, ward: PersonId) -> bool:
        """Tell whether a valid guardianship record stands."""
        ...

    def with_accounts(self, *, after: PersonId | None, most: int) -> tuple[PersonId, ...]:
        """Return people who have an account, by id, behind ``after``."""
        ...

    def person_of(self, id_no: str) -> PersonId | None:
        """Return the person of a citizen id who has an account."""
        ...


class Messages(Protocol):
    """Tell persons something; texts are keyed by code in the message catalogue."""

    def tell(self, person: PersonId, code: str, params: Mapping[str, object], *, idempotency_key: str) -> None:
        """Queue one message; ``params`` hold no personal data."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class BillRequest:
    """Ask for a bill (缴费单) at the payment department; it names no person.

    Attributes:
        step, visit: what it belongs to; with the case they are its key.
        payee: department that the money is for.
        lines: what for, and how much in fen; their sum is more than nothing.
    """

    case: CaseId
    case_number: str
    step: str
    visit: int
    payee: str
    title: str
    lines: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class BillStanding:
    """Say how a bill stands: ``new``, ``placed``, ``paid``, ``cancelled`` or ``refunded``.

    Attributes:
        pay_url: where it is paid; empty until the department has taken it.
        has_failed: a payment was tried in vain.
        number: 缴款单号.
        paid_on: day of the payment department.
    """

    step: str
    visit: int
    state: str
    amount_fen: int
    pay_url: str = ""
    has_failed: bool = False
    refunded_fen: int = 0
    number: str = ""
    paid_on: date | None = None


@dataclass(frozen=True, slots=True)
class JointRequest:
    """Name bills that are paid at once (合并缴款), each by case, step and visit, and the case that people return to."""

    case: CaseId
    case_number: str
    bills: tuple[tuple[CaseId, str, int], ...]


class Payments(Protocol):
    """Bill applicants; what becomes of a bill comes back as a result of its step."""

    def bill(self, request: BillRequest) -> None:
        """Place a bill once per case, step and visit.

        Raises:
            PartnerUnavailable: nobody answers now.
        """
        ...

    def take_back(self, case: CaseId, step: str, visit: int, *, refund_fen: int) -> None:
        """Cancel a bill that is not paid, or give back so much of one that is; nothing where there is none.

        Raises:
            PartnerUnavailable: nobody answers now.
        """
        ...

    def join(self, request: JointRequest) -> str:
        """Let bills be paid at once, all or none, and return where; the same again for the same bills.

        Raises:
            PartnerUnavailable: nobody answers now.
            PartnerRefused: one of them is not open any more.
        """
        ...

    def joint_url(self, request: JointRequest) -> str:
        """Return where such bills are paid; empty where they are not joined.

        Raises:
            PartnerUnavailable: nobody answers now.
        """
        ...

    def standings(self, case: CaseId) -> tuple[BillStanding, ...]:
        """Return how the bills of a case stand, the oldest first."""
        ...


@dataclass(frozen=True, slots=True)
class Reading:
    """Tell that somebody read the report of a case, with what it says of a person."""

    case: CaseId
    item: ItemId
    subject: PersonId
    by: Principal


class Readings(Protocol):
    """Keep who read what of a person, for that person to see."""

    def note(self, reading: Reading) -> None:
        """Write one reading down; it is durable when this returns."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """Bundle every port."""

    exchange: Exchange
    licences: Licences
    deliveries: Deliveries
    notices: Notices
    officers: Officers
    people: People
    messages: Messages
    payments: Payments
    readings: Readings
