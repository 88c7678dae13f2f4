"""Hold the values of the data-sharing platform: directory, grant, basis, request, answer; pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NewType
from uuid import UUID

from gov_portal.kernel.errors import DomainError
from gov_portal.kernel.ids import CaseId, ItemId
from gov_portal.kernel.principal import Principal
from gov_portal.kernel.types import FieldType

ResourceId = NewType("ResourceId", str)
"""Dotted id of a resource: system, then what it tells, such as ``police.person``."""

SystemId = NewType("SystemId", str)
"""Id of a department's system, such as ``police``."""


class SharingClass(StrEnum):
    """Name the sharing classes (共享类型) of the directory."""

    UNCONDITIONAL = "unconditional"
    CONDITIONAL = "conditional"
    WITHHELD = "withheld"


class ResourceKind(StrEnum):
    """Say which way a resource's data move."""

    QUERY = "query"
    PUSH = "push"


class Operation(StrEnum):
    """Name what a caller can do with a resource."""

    QUERY = "query"
    CHECK = "check"
    PUSH = "push"


class Refusal(StrEnum):
    """Name why a request was refused; the codes are stable and shown to callers."""

    RESOURCE = "DX-RESOURCE"
    OPERATION = "DX-OPERATION"
    KEY = "DX-KEY"
    VALUE = "DX-VALUE"
    SYSTEM = "DX-SYSTEM"
    WITHHELD = "DX-WITHHELD"
    GRANT_ITEM = "DX-GRANT-ITEM"
    GRANT_ACCOUNT = "DX-GRANT-ACCOUNT"
    GRANT_ENDED = "DX-GRANT-ENDED"
    PURPOSE = "DX-PURPOSE"
    PROGRAMME = "DX-PROGRAMME"
    CASE_UNKNOWN = "DX-CASE-UNKNOWN"
    CASE_ITEM = "DX-CASE-ITEM"
    CASE_CLOSED = "DX-CASE-CLOSED"
    CASE_PARTY = "DX-CASE-PARTY"
    FIELD = "DX-FIELD"


class Failure(StrEnum):
    """Name why a permitted request came back without an answer."""

    BREAKER = "DX-BREAKER"
    TIMEOUT = "DX-TIMEOUT"
    PROVIDER = "DX-PROVIDER"
    PROVIDER_REFUSED = "DX-PROVIDER-REFUSED"
    SCHEMA = "DX-SCHEMA"


class AnswerKind(StrEnum):
    """Name how a request came back; the spellings are those of the results of a step."""

    FOUND = "found"
    ABSENT = "absent"
    MISMATCH = "mismatch"
    UNAVAILABLE = "unavailable"
    DONE = "done"
    FAILED = "failed"


class AccessRefused(DomainError):
    """Refuse a request for data; ``code`` is one of :class:`Refusal`, and the attempt is in the ledger."""

    status = 403

    def __init__(self, refusal: Refusal, *, resource: str) -> None:
        """Take the refusal's stable code as the code of the error."""
        self.code = refusal.value
        self.refusal = refusal
        super().__init__(resource=resource)


@dataclass(frozen=True, slots=True)
class ResourceField:
    """Declare one datum that a resource tells or takes; ``is_maybe`` where the provider may leave it out."""

    name: str
    type: FieldType
    is_maybe: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """Name one department system (系统); an operator can switch it off."""

    id: SystemId
    name: str
    organisation: str
    is_active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """Describe one data resource (数据资源) of the directory.

    Attributes:
        key: type of the value that picks the subject; the citizen id (公民身份号码) so far.
        subject_field: field of an answer that must repeat the key, where there is one.
        is_list: an answer may hold several rows.
        can_check: the provider compares values and tells only whether they match (核验).
        basis: the law or agreement that it is shared under.
    """

    id: ResourceId
    system: SystemId
    name: str
    kind: ResourceKind
    sharing: SharingClass
    basis: str
    key: FieldType
    fields: Mapping[str, ResourceField]
    subject_field: str | None = None
    is_list: bool = False
    can_check: bool = False


ACCOUNT_SCOPE = ItemId("account")
"""Stands for the proofing of an account where a grant names an item; no item id is without a dot."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """Allow one item, or the proofing of accounts, to use fields of one resource (授权)."""

    item: ItemId
    resource: ResourceId
    fields: frozenset[str]
    purposes: frozenset[str]
    until: date | None = None
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class LiveCase:
    """Base a request on a case (办件) that is under way."""

    case: CaseId
    item: ItemId


@dataclass(frozen=True, slots=True)
class AccountProofing:
    """Base a request on the proofing (实名核验) of an account, or of one that is being registered."""

    reference: UUID


@dataclass(frozen=True, slots=True)
class StandingProgramme:
    """Base a request on a standing programme (常设项目) that offers an item by itself; only yes or no is asked."""

    item: ItemId


Basis = LiveCase | AccountProofing | StandingProgramme

PREDICATE_FIELD = "holds"
"""The one field of a predicate: a resource that tells yes or no and nothing else."""


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """Hold what the decision needs to know of a case; ``is_party`` speaks of the subject asked about."""

    case_number: str
    item: ItemId
    is_open: bool
    is_party: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """Ask a resource for fields of one subject, or, with ``expected``, only whether values match.

    Attributes:
        key: the subject's key; personal, so never in ``repr``.
        expected: field name -> value to compare; where given, no field comes back.
        purpose: what the grant allows it for.
        idempotency_key: the same for every attempt of one act.
    """

    resource: ResourceId
    key: str = field(repr=False)
    fields: tuple[str, ...]
    basis: Basis
    purpose: str
    actor: Principal
    idempotency_key: str
    expected: Mapping[str, object] = field(repr=False, default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """Push data of one subject to a department, such as a shipment or an issued card."""

    resource: ResourceId
    key: str = field(repr=False)
    body: Mapping[str, object] = field(repr=False)
    basis: Basis
    purpose: str
    actor: Principal
    idempotency_key: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """Hold a file that a department sent with its answer."""

    media_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """Hold what came back.

    Attributes:
        rows: field name -> JSON value, checked by the field's type, or an :class:`Attachment`.
        failure: why there is no answer, where ``kind`` is ``unavailable`` or ``failed``.
        evidence: id of the call in the ledger.
    """

    kind: AnswerKind
    rows: tuple[Mapping[str, object], ...] = field(repr=False, default=())
    failure: Failure | None = None
    evidence: str = ""

    @property
    def fields(self) -> Mapping[str, object]:
        """Return the first row; nothing where nothing was found."""
        return self.rows[0] if self.rows else {}
