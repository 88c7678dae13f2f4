"""Define what is shown of a case: to its applicant, or to an officer who may see it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from gov_portal.kernel.ids import CaseId, FileId, ItemId, LicenceId, TaskKey
from workflows.domain.counter import AtCounter
from workflows.domain.definition import Phase
from workflows.domain.state import Status
from workflows.engine.clock import ClockExplanation
from workflows.views.bills import BillView
from workflows.views.fields import FieldView, MaterialView
from workflows.views.parts import PartView, WholeView
from workflows.views.rules import FailedRule
from workflows.views.voices import OpinionView


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """Tell one thing that happened.

    Attributes:
        kind: word of ``Happening.kind``; the fronts' catalogue knows it.
        label: label of the step or act it belongs to, Chinese, may be empty.
        organ: name of the office that acted, empty for applicant and platform.
        detail: further facts by key such as ``reason``, ``ground``, ``document``, ``outcome``.
    """

    at: datetime
    kind: str
    step: str = ""
    label: str = ""
    organ: str = ""
    detail: Mapping[str, object] = field(default_factory=dict)
    visit: int = 0


@dataclass(frozen=True, slots=True)
class Holder:
    """Say who has the case now; officers are not named to citizens. ``step`` is empty for an opinion asked for."""

    step: str
    step_label: str
    organ: str
    since: datetime
    due_on: date | None = None
    is_provisional: bool = False


@dataclass(frozen=True, slots=True)
class MarkView:
    """Show one marked field or material of a supplement with the officer's reason."""

    target: str
    label: str
    reason: str
    field: FieldView | None = None
    material: MaterialView | None = None


@dataclass(frozen=True, slots=True)
class SupplementView:
    """Show what the applicant must hand in (补正), until when, and what else a changed answer made necessary.

    ``is_owed`` where these are papers that may follow (容缺受理), and nothing was found wanting.
    """

    task: TaskKey
    marks: tuple[MarkView, ...]
    due_on: date | None
    is_owed: bool = False


@dataclass(frozen=True, slots=True)
class Permitted:
    """Say what the viewer may do to the case now."""

    withdraw: bool = False
    urge: bool = False
    supplement: bool = False
    appeal: bool = False
    suspend: bool = False
    resume: bool = False
    extend: bool = False
    hand_over: bool = False
    signers: bool = False
    correct: bool = False


@dataclass(frozen=True, slots=True)
class StandstillView:
    """Say why nothing moves: ``paused`` (decision clock), ``suspended`` or ``unavailable`` (a department is down)."""

    kind: str
    since: datetime
    step: str = ""
    label: str = ""
    ground: str = ""
    basis: str = ""


@dataclass(frozen=True, slots=True)
class SignersView:
    """Show who signs an open step, id and label: those who have, those who have not, and who may be added."""

    step: str
    step_label: str
    signed: tuple[tuple[str, str], ...]
    waiting: tuple[tuple[str, str], ...]
    addable: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class DocumentView:
    """Name one notice that the case issued."""

    file: FileId
    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class LicenceView:
    """Name the licence that came out; ``is_valid`` is false once undone."""

    licence: LicenceId
    kind: str
    verify_code: str
    is_valid: bool


@dataclass(frozen=True, slots=True)
class CaseView:
    """Show a case to its applicant, or to an officer who may see it.

    Attributes:
        case_number: 办件编号; empty for a draft.
        pinned: hash of the version of the item that the case goes by.
        phase: furthest legal phase reached; ``is_returned`` puts 退回 beside it.
        outcome, closing, remedies: set once closed; ``refusal_reason`` where a human denied or refused.
        timeline: oldest first.
        holders: open work, by whom.
        standstills: everything that is paused now and why.
        appeal_of, appealed_by: the other case of an appeal.
        counter: where an officer entered it for the applicant, if one did.
        parts: what a bundle (一件事) holds; ``whole`` is the bundle that a part belongs to.
        signers: open steps that several sign, for whoever may change who does.
        about_number: number of the licence that it is about (变更 换证 注销), where it is about one.
        results: what the case came to, beside its outcome.
        failed: where it was turned down: the rules that it did not meet, for its own applicant.
        is_my_turn: the applicant is asked to do a step of the flow now.
        corrects, corrected_by: the other case of a correction.
        correctable: fields of the application, for whoever may correct it now.
        opinions: what other roles were asked, for officers who may read it.
    """

    case: CaseId
    case_number: str
    item: ItemId
    item_name: str
    pinned: str
    status: Status
    phase: Phase
    is_returned: bool
    submitted_at: datetime | None
    outcome: str | None
    closing: str
    remedies: tuple[str, ...]
    refusal_reason: str
    timeline: tuple[TimelineEntry, ...]
    clock: ClockExplanation | None
    due_on: date | None
    is_due_provisional: bool
    holders: tuple[Holder, ...]
    standstills: tuple[StandstillView, ...]
    supplement: SupplementView | None
    permitted: Permitted
    fields: tuple[FieldView, ...]
    materials: tuple[MaterialView, ...]
    documents: tuple[DocumentView, ...]
    licence: LicenceView | None
    suspend_grounds: tuple[str, ...] = ()
    appeal_until: date | None = None
    appeal_of: CaseId | None = None
    appealed_by: CaseId | None = None
    counter: AtCounter | None = None
    parts: tuple[PartView, ...] = ()
    whole: WholeView | None = None
    signers: tuple[SignersView, ...] = ()
    is_my_turn: bool = False
    bills: tuple[BillView, ...] = ()
    about_number: str = ""
    results: tuple[FieldView, ...] = ()
    failed: tuple[FailedRule, ...] = ()
    opinions: tuple[OpinionView, ...] = ()
    corrects: CaseId | None = None
    corrected_by: CaseId | None = None
    correctable: tuple[FieldView, ...] = ()


@dataclass(frozen=True, slots=True)
class CaseRow:
    """Show one case in a person's list; newest first. ``pinned`` is the hash of the version that it goes by."""

    case: CaseId
    case_number: str
    item: ItemId
    item_name: str
    pinned: str
    status: Status
    phase: Phase
    is_returned: bool
    outcome: str | None
    needs_applicant: bool
    changed_at: datetime
    has_new_letter: bool = False
    needs_payment: bool = False


@dataclass(frozen=True, slots=True)
class PublicNotice:
    """Show what is open to objections (公示); ``fields`` are only what the item makes public, sensitive ones masked."""

    case: CaseId
    step: str
    case_number: str
    item_name: str
    step_label: str
    ground: str
    fields: tuple[FieldView, ...]
    started_on: date
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class SweepFinding:
    """Name one case that nothing will ever move again, or a projection that disagrees with its case."""

    case: CaseId
    case_number: str
    kind: str
