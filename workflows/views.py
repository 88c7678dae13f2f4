"""Define what the services hand to the fronts: frozen, already decrypted and masked for whoever asked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from gov_portal.kernel.ids import CaseId, FileId, ItemId, LicenceId, OfficerId, TaskKey
from gov_portal.kernel.types import FieldType
from workflows.bill_views import BillView
from workflows.domain.counter import AtCounter
from workflows.domain.definition import Phase
from workflows.domain.explaining import Explanation
from workflows.domain.state import Status, TaskKind
from workflows.engine.clock import ClockExplanation
from workflows.part_views import PartView, WholeView
from workflows.rule_views import FailedRule
from workflows.voice_views import ObjectionView, OpinionView, VoteView


class Card(StrEnum):
    """Name the colour of a deadline card (黄牌 红牌)."""

    NONE = "none"
    YELLOW = "yellow"
    RED = "red"


@dataclass(frozen=True, slots=True)
class FieldView:
    """Show one field on a page, a desk or a supplement.

    Attributes:
        path: ``<group>.<name>``, also the name of the input.
        value: typed value or ``None``; only where the viewer may see it in full.
        shown: text for the viewer; masked where the viewer may not see it in full.
        source: ``typed``, ``account``, ``step:<id>``, ``files`` or the resource's id; empty without a value.
        is_verified: false for what was typed because a department could not tell.
        options: id and label of each member of an enum.
        why: why the office asks, from the labels; may be empty.
        previous_shown: what stood here before a supplement or a later visit changed it; empty where nothing did.
    """

    path: str
    label: str
    type: FieldType
    value: object = field(repr=False)
    shown: str = field(repr=False)
    source: str = ""
    is_verified: bool = False
    is_required: bool = True
    options: tuple[tuple[str, str], ...] = ()
    why: str = ""
    previous_shown: str = field(repr=False, default="")


@dataclass(frozen=True, slots=True)
class MaterialView:
    """Show one material (材料).

    Attributes:
        path: ``materials.<id>``, the name of the upload where one is wanted.
        state: ``covered`` (a department or licence gives it), ``uploaded``, ``wanted``, ``promised`` (a promise stands
            for it), ``deferred`` (it follows) or ``pending``.
        stand_ins: what may be chosen instead of an upload: ``promised``, ``deferred``.
        source: where it comes from.
        explanation: why it is asked, where it is not asked of everybody.
    """

    id: str
    path: str
    name: str
    source: str
    state: str
    file: FileId | None = None
    stand_ins: tuple[str, ...] = ()
    explanation: Explanation | None = None


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


class QueueOrder(StrEnum):
    """Name what an officer's queue is sorted by: what is due first, or what came first."""

    DUE = "due"
    RECEIVED = "received"


@dataclass(frozen=True, slots=True)
class QueuePlace:
    """Hold a place in a sorted queue; what follows it is read from there, so that no page costs more than the first."""

    due_at: datetime | None
    opened_at: datetime
    case: CaseId
    task: TaskKey


@dataclass(frozen=True, slots=True)
class QueueFilters:
    """Narrow an officer's queue; every field is optional.

    Attributes:
        is_mine: what the officer holds, and what absent colleagues hold whom the officer covers.
        is_free: what nobody holds.
        is_suspended: only what stands still, or only what does not.
        received_from, received_to: days of the application's receipt, both included.
        opened_until: only tasks that were there at that moment.
        after, before: only what follows, or precedes, a place; with ``before`` the nearest ones.
    """

    is_mine: bool = False
    is_free: bool = False
    is_suspended: bool | None = None
    card: Card | None = None
    item: ItemId | None = None
    step: str = ""
    kind: TaskKind | None = None
    case_number: str = ""
    received_from: date | None = None
    received_to: date | None = None
    opened_until: datetime | None = None
    order: QueueOrder = QueueOrder.DUE
    after: QueuePlace | None = None
    before: QueuePlace | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class QueueRow:
    """Show one open task; the most urgent first.

    ``remaining_working_days`` is negative once overdue, ``None`` without limit. ``officer`` is ``None`` for the team's.

    Attributes:
        received_on: day on which the application was received.
        urged: how often the applicant has urged the case on (催办), ``urged_on`` when last.
        covers: name of the absent colleague who holds it, where the officer stands in for them (代理).
        place: where the row stands in the queue.
    """

    case: CaseId
    case_number: str
    task: TaskKey
    item: ItemId
    item_name: str
    step: str
    step_label: str
    kind: TaskKind
    applicant_masked: str
    remaining_working_days: int | None
    is_provisional: bool
    card: Card
    officer: OfficerId | None
    is_suspended: bool
    received_on: date | None = None
    urged: int = 0
    urged_on: date | None = None
    covers: str = ""
    place: QueuePlace | None = None


@dataclass(frozen=True, slots=True)
class ActView:
    """Offer one act.

    Attributes:
        why_not: code of the reason why it is not enabled (``only``, ``max``, ``suspended``, ``distinct``, ``clock``).
        needs_reason: the applicant is shown a reason.
        asks_marks: a supplement: fields and materials must be marked, each with a reason.
        fill: fields that the act itself writes.
        returns_to: label of the step that it sends back to, if any.
        closes_with: outcome that it closes the case with, if any.
        explanation: why its own condition closes it (``case.act-not-allowed``).
    """

    id: str
    label: str
    needs_reason: bool
    is_enabled: bool
    why_not: str = ""
    asks_marks: bool = False
    document: str | None = None
    returns_to: str = ""
    closes_with: str | None = None
    fill: tuple[FieldView, ...] = ()
    explanation: Explanation | None = None


@dataclass(frozen=True, slots=True)
class Assignable:
    """Show one open task that may be handed to a colleague (转办): who has it, who could take it, id and name."""

    task: TaskKey
    step_label: str
    holder: str
    colleagues: tuple[tuple[OfficerId, str], ...]


@dataclass(frozen=True, slots=True)
class WorkView:
    """Show one open task with all that its officer needs.

    Attributes:
        fields: what this officer may see, with source and whether verified.
        acts: in the order of the item; a step without acts has the one act ``done``, a raised task ``confirm``.
        fill: fields that the step itself asks the officer for.
        markable: field paths and material ids that a supplement may mark, with labels.
        raised_reason: why a machine could not go on (``absent mismatch unavailable failed``); empty otherwise.
        case: the whole case as this officer sees it, with clock, timeline and documents.
        hand_over_to: colleagues who could take the task, id and name.
        covers: name of the absent colleague who holds the task, where the officer stands in for them.
        signs: what one signature is for: the department, or the row with what stands in it.
        askable: roles whose opinion may be asked about it now, id and label.
    """

    case_id: CaseId
    task: TaskKey
    step: str
    step_label: str
    kind: TaskKind
    officer: OfficerId | None
    is_mine: bool
    can_claim: bool
    fields: tuple[FieldView, ...]
    materials: tuple[MaterialView, ...]
    acts: tuple[ActView, ...]
    fill: tuple[FieldView, ...]
    markable: tuple[tuple[str, str], ...]
    vote: VoteView | None
    objections: tuple[ObjectionView, ...]
    raised_reason: str
    remaining_working_days: int | None
    is_provisional: bool
    card: Card
    case: CaseView
    hand_over_to: tuple[tuple[OfficerId, str], ...] = ()
    covers: str = ""
    signs: str = ""
    askable: tuple[tuple[str, str], ...] = ()


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
class ItemRow:
    """Show one published item in a list."""

    item: ItemId
    name: str
    authority: str
    version: int
    hash: str


@dataclass(frozen=True, slots=True)
class SweepFinding:
    """Name one case that nothing will ever move again, or a projection that disagrees with its case."""

    case: CaseId
    case_number: str
    kind: str


@dataclass(frozen=True, slots=True)
class ExternalTask:
    """Offer one open task to a system of its department; nothing personal, for the lease brings the data."""

    case: CaseId
    case_number: str
    task: TaskKey
    item: ItemId
    item_name: str
    step: str
    step_label: str
    remaining_working_days: int | None
    is_provisional: bool
