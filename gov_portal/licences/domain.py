"""Hold the values of licences: kinds, orders, what the public is told; pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from gov_portal.kernel.errors import Conflict, Invalid, NotFound
from gov_portal.kernel.ids import CaseId, FileId, KeyId, LicenceId, PersonId
from gov_portal.kernel.types import FieldType, Value


class LicenceStatus(StrEnum):
    """Name what the public page says of a code or a file.

    Of a file only: ``altered`` (our seal, but changed since) and ``sealed`` (a paper of ours that is no licence). Of an
    annotated copy only: ``withdrawn``.
    """

    VALID = "valid"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"
    REVOKED = "revoked"
    WITHDRAWN = "withdrawn"
    ALTERED = "altered"
    SEALED = "sealed"
    UNKNOWN = "unknown"


class CopyStatus(StrEnum):
    """Name how it stands with an annotated copy itself; its licence may stand otherwise."""

    VALID = "valid"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class LicenceNotFound(NotFound):
    """Answer that there is no such licence, or that this principal may not know of it."""

    code = "licence.not-found"


class LicenceKindUnknown(NotFound):
    """Refuse a kind of licence that the platform does not issue."""

    code = "licence.kind-unknown"


class IssuerUnknown(NotFound):
    """Refuse to issue for a department that no issuing authority is known of."""

    code = "licence.issuer-unknown"


class LicenceValuesInvalid(Invalid):
    """Refuse values that do not fit the fields of the kind."""

    code = "licence.values"


class LicenceRevoked(Conflict):
    """Refuse to supersede a licence that was revoked."""

    code = "licence.revoked"


class LicenceEnded(Conflict):
    """Refuse to hand out a signed form of a licence that is no longer valid."""

    code = "licence.ended"


class DisclosureUnknown(Invalid):
    """Refuse to disclose what the kind does not have."""

    code = "licence.disclosure-unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class KindField:
    """Declare one value of a kind, in the order in which it is given.

    Attributes:
        name: the kind's own name of it.
        type: its type.
        labels: enum member -> how the card prints it.
        is_optional: it may be absent or empty.
    """

    name: str
    type: FieldType
    labels: Mapping[str, str] = field(default_factory=dict)
    is_optional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CardLine:
    """Print one fact: the field ``of``, or what is derived from it (``birth`` or ``sex`` of a citizen id)."""

    label: str
    of: str
    derived: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenceKind:
    """Describe one kind of licence (证照类型).

    Attributes:
        type_code: 证照类型代码.
        valid_years: how long it is valid, ``None`` for good.
        fields: what is given, in order.
        lines: what the card prints.
        holder: name of the field with the holder's name.
        register: resource of the register that is told of every act, where there is one.
        registered: field of that resource -> field of the kind.
    """

    id: str
    name: str
    type_code: str
    valid_years: int | None
    fields: tuple[KindField, ...]
    lines: tuple[CardLine, ...]
    holder: str
    register: str | None = None
    registered: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuer:
    """Name an issuing authority (颁发机构) of a department; it serves ``region`` and everything in it."""

    org: str
    region: str
    name: str
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueOrder:
    """Ask for a licence.

    Attributes:
        kind: id of the kind.
        seal: department that issues, such as ``dept.cdpf``.
        region: division code that picks its authority.
        case, case_number: on whose basis.
        holder: whose licence it is.
        key: envelope key of the holder; everything personal is sealed with it.
        given: values in the order of the kind's fields; an image is the id of a stored file.
        idempotency_key: the same for every attempt.
    """

    kind: str
    seal: str
    region: str
    case: CaseId
    case_number: str
    holder: PersonId
    key: KeyId
    given: tuple[Value, ...] = field(repr=False)
    idempotency_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenceView:
    """Show one version of a licence to who may know of it; holds nothing personal but ids.

    Attributes:
        identifier: 证照标识.
        number: 证照编号.
        file: the PDF, sealed with the holder's key.
    """

    licence: LicenceId
    kind: str
    name: str
    identifier: str
    number: str
    version: int
    status: LicenceStatus
    issuer: str
    issued_on: date
    valid_until: date | None
    verify_code: str
    file: FileId
    holder: PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyFacts:
    """Tell the public about an annotated copy (加注件): what stands across its page, and how it stands.

    Attributes:
        status: of the copy itself.
        licence_status: of the licence that it is a copy of.
    """

    purpose: str = field(repr=False)
    recipient: str = field(repr=False)
    made_on: date
    valid_until: date
    status: CopyStatus
    licence_status: LicenceStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """Tell the public about a code or a file; the holder only in part, such as 张*.

    Attributes:
        status: what to rely on; a copy is worth no more than its licence.
        ended_on: when it was revoked, superseded or expired.
        copy: where it is an annotated copy.
        stamped_at: of a file, when its seal was stamped by a time-stamp service.
    """

    status: LicenceStatus
    name: str = ""
    issuer: str = ""
    identifier: str = ""
    holder_masked: str = ""
    issued_on: date | None = None
    valid_until: date | None = None
    ended_on: date | None = None
    copy: CopyFacts | None = None
    stamped_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CardSheet:
    """Hold what stands on a card; never printed by ``repr``.

    Attributes:
        marking: what stands across the page of an annotated copy.
    """

    title: str
    number: str
    identifier: str
    authority: str
    facts: Sequence[tuple[str, str]] = field(repr=False)
    photo: bytes | None = field(repr=False)
    verify_code: str
    verify_url: str
    marking: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """Tell a department's register of one act on a licence.

    Attributes:
        resource: which register.
        subject: citizen id of the holder.
        status: ``valid`` or ``revoked``.
        values: field of the resource -> storage form.
        idempotency_key: the same for every attempt of one act.
    """

    resource: str
    case: CaseId
    case_number: str
    subject: str = field(repr=False)
    licence: str
    status: LicenceStatus
    values: Mapping[str, object] = field(repr=False)
    idempotency_key: str
