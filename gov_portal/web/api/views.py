"""Name what goes out of the API, view by view; see ``shapes``."""

from typing import Any

from marshmallow import Schema, fields

from gov_portal.licences.annotated import CopyView
from gov_portal.licences.domain import CopyFacts, LicenceView, Verification
from gov_portal.licences.presentation import Presentation, PresentedLicence, ShownOnce
from gov_portal.messaging.services import ShownMessage
from gov_portal.web.api.shapes import Derived, Said, answer, listed, made
from gov_portal.web.base.clocks import Stretch
from gov_portal.web.base.labels import duration
from gov_portal.web.base.text import _
from gov_portal.web.base.timeline import Told
from identity.domain.values import Begun, SessionView, WardView
from workflows.domain.definition import Duration
from workflows.domain.letters import CaseLetters, LetterView, WaitingLetter
from workflows.services.external import Failure, Lease
from workflows.services.incoming import Receipt
from workflows.services.jobs import JobResult, JobView
from workflows.services.ratings import CaseRatings, ItemFigures, RatingFigure, RatingView
from workflows.views import (
    ActView,
    Assignable,
    BillLine,
    BillView,
    CaseRow,
    CaseView,
    ConditionView,
    DocumentView,
    DraftView,
    DueBill,
    ExpectedFee,
    ExpectedLine,
    ExternalTask,
    FieldView,
    Holder,
    ItemRow,
    JointBillView,
    MarkView,
    MaterialView,
    ObjectionView,
    OpinionView,
    PageView,
    PartView,
    Permitted,
    PublicNotice,
    QueueRow,
    SignersView,
    StandstillView,
    SupplementView,
    VoteView,
    WholeView,
    WorkView,
)
from workflows.views import LicenceView as IssuedView


class Typed(fields.Raw):
    """Give the stored form of a field's value: JSON as the field's own schema describes it."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> object:  # noqa: ANN401
        return None if value is None else obj.type.dump(value)


class Kind(fields.String):
    """Give the canonical spelling of a field's type."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str:  # noqa: ANN401
        return str(obj.type.name)


class Options(fields.Field[Any]):
    """Give pairs of id and label as objects."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> object:  # noqa: ANN401
        return [{"id": str(one), "label": _(str(label))} for one, label in value]


def one(schema: Any, *, is_maybe: bool = False) -> fields.Nested:  # noqa: ANN401 - a schema
    """Nest one thing."""
    return fields.Nested(schema, allow_none=is_maybe)


def many(schema: Any) -> fields.Field[Any]:  # noqa: ANN401 - a schema
    """Nest several things."""
    return fields.List(fields.Nested(schema))


def options() -> Options:
    """List pairs of id and label."""
    return Options(metadata={"type": "array", "items": {"$ref": "#/components/schemas/Option"}})


OPTION = made("Option", id=fields.String(), label=fields.String())
FIELD = answer(
    "Field",
    FieldView,
    "path label* type value shown source is_verified is_required options why* previous_shown",
    type=Kind(),
    value=Typed(allow_none=True),
    options=options(),
)
MATERIAL = answer("Material", MaterialView, "id path name* source state file")
PAGE = answer(
    "Page",
    PageView,
    "id label* is_complete mark",
    fields=many(FIELD),
    typed=fields.Dict(keys=fields.String(), values=fields.Raw(allow_none=True)),
)
PAGE_MARK = made("PageMark", mark=fields.String())
CONDITION = answer("Condition", ConditionView, "text* basis* holds")
EXPECTED_FEE = answer(
    "ExpectedFee",
    ExpectedFee,
    "item_name* payee",
    amount_fen=fields.Integer(),
    is_open=fields.Boolean(),
    lines=many(answer("ExpectedLine", ExpectedLine, "name* amount_fen basis")),
)
DRAFT = answer(
    "Draft",
    DraftView,
    "case item item_name* unavailable next_page can_submit",
    pages=many(PAGE),
    prefilled=many(FIELD),
    materials=many(MATERIAL),
    conditions=many(CONDITION),
    fees=many(EXPECTED_FEE),
)
HOLDER = answer("Holder", Holder, "step step_label* organ* since due_on is_provisional")
STANDSTILL = answer("Standstill", StandstillView, "kind since step label* ground* basis*")
MARK = answer(
    "Mark", MarkView, "target label* reason", field=one(FIELD, is_maybe=True), material=one(MATERIAL, is_maybe=True)
)
SUPPLEMENT = answer("Supplement", SupplementView, "task due_on", marks=many(MARK))
PERMITTED = answer(
    "Permitted", Permitted, "withdraw urge supplement appeal suspend resume extend hand_over signers correct"
)
OPINION = answer("Opinion", OpinionView, "number step_label* asker* asked* question answer asked_at ended_at due_on")
DOCUMENT = answer("Document", DocumentView, "file name* at")
ISSUED = answer("IssuedLicence", IssuedView, "licence kind verify_code is_valid")
PART = answer(
    "Part",
    PartView,
    "step item name* state case case_number status phase is_returned outcome outcome_label* needs_applicant after*",
)
WHOLE = answer("Whole", WholeView, "item name* case_number step case", parts=many(PART))
BILL_LINE = answer("BillLine", BillLine, "number name* amount_fen basis")
BILL = answer(
    "Bill",
    BillView,
    "step step_label* amount_fen state pay_url due_on has_failed refunded_fen may_revise",
    lines=many(BILL_LINE),
)
JOINT_BILL = answer(
    "JointBill",
    JointBillView,
    "case case_number item_name* pay_url",
    amount_fen=fields.Integer(),
    bills=many(answer("DueBill", DueBill, "case item_name* payee visit", bill=one(BILL))),
)
SIGNERS = answer("Signers", SignersView, "step step_label*", signed=options(), waiting=options(), addable=options())
CASE = answer(
    "Case",
    CaseView,
    "case case_number item item_name* status phase is_returned submitted_at outcome closing* remedies* refusal_reason"
    " due_on is_due_provisional suspend_grounds* appeal_until appeal_of appealed_by corrects corrected_by"
    " about_number",
    results=many(FIELD),
    holders=many(HOLDER),
    standstills=many(STANDSTILL),
    supplement=one(SUPPLEMENT, is_maybe=True),
    permitted=one(PERMITTED),
    fields=many(FIELD),
    materials=many(MATERIAL),
    documents=many(DOCUMENT),
    licence=one(ISSUED, is_maybe=True),
    parts=many(PART),
    whole=one(WHOLE, is_maybe=True),
    bills=many(BILL),
    opinions=many(OPINION),
    correctable=many(FIELD),
    signers=many(SIGNERS),
)
CASE_ROW = answer(
    "CaseSummary",
    CaseRow,
    "case case_number item item_name* status phase is_returned outcome needs_applicant needs_payment has_new_letter"
    " changed_at",
)
CASES = listed("Cases", CASE_ROW)
TOLD = answer("Event", Told, "at kind title* organ* lines tone part")
STRETCH = answer("ClockLine", Stretch, "first_on last_on kind what* why working_days is_counted")
TIMELINE = made("Timeline", events=many(TOLD), clock=many(STRETCH))

DURATION = answer("Duration", Duration, "amount unit", text=Derived(duration))
ITEM_ROW = answer("ItemSummary", ItemRow, "item name* authority version hash code")
ITEMS = listed("Items", ITEM_ROW)
NOTICE = answer(
    "PublicNotice",
    PublicNotice,
    "case step case_number item_name* step_label* ground* started_on ends_on",
    fields=many(FIELD),
)
NOTICES = listed("PublicNotices", NOTICE)

LICENCE = answer(
    "Licence",
    LicenceView,
    "licence kind name* identifier number version status issuer* issued_on valid_until verify_code",
)
LICENCES = listed("Licences", LICENCE)
COPY_FACTS = answer("CopyFacts", CopyFacts, "purpose recipient made_on valid_until status licence_status")
VERIFICATION = answer(
    "Verification",
    Verification,
    "status name* issuer* identifier holder_masked issued_on valid_until ended_on stamped_at",
    copy=one(COPY_FACTS, is_maybe=True),
)
COPY = answer(
    "Copy",
    CopyView,
    "copy licence purpose recipient status made_on valid_until withdrawn_on verify_code",
)
COPIES = listed("Copies", COPY)
PRESENTATION = answer("Presentation", Presentation, "code url now expires_at")
PRESENTED = answer(
    "PresentedLicence",
    PresentedLicence,
    "status name* issuer* holder number_masked issued_on valid_until ended_on has_photo checked_at first_checked_at"
    " checks",
)
SHOWN_ONCE = answer("PastPresentation", ShownOnce, "made_at checked_at checks")
SHOWN = listed("PastPresentations", SHOWN_ONCE)
PLAIN_LICENCE = made(
    "PlainLicence",
    type=fields.String(),
    licence=one(
        made(
            "LicenceStatement",
            name=fields.String(),
            identifier=fields.String(),
            number=fields.String(),
            issuer=fields.String(),
            issued_on=fields.String(),
            valid_until=fields.String(allow_none=True),
            version=fields.Integer(),
            status=fields.String(),
            verify_code=fields.String(),
        )
    ),
    values=fields.Dict(keys=fields.String(), values=fields.Raw(allow_none=True)),
)
MESSAGE = answer("Message", ShownMessage, "id told_at code text case is_read")
MESSAGES = listed("Messages", MESSAGE)

BEGUN = answer("Challenge", Begun, "token code_expires_at")
SESSION_OPENED = made("OpenedSession", access_token=fields.String(), token_type=fields.String())
SESSION = answer("Session", SessionView, "session device* started_at last_seen_at is_current")
SESSIONS = listed("Sessions", SESSION)
WARD = answer("Ward", WardView, "person name_masked id_no_masked ends_on")
WARDS = listed("Wards", WARD)
ME = made(
    "Me",
    kind=fields.String(),
    id=fields.UUID(),
    ial=fields.Integer(allow_none=True),
    aal=fields.Integer(),
    acting_for=fields.UUID(allow_none=True),
    org=fields.String(allow_none=True),
    region=fields.String(allow_none=True),
    roles=fields.List(fields.String()),
    rank=fields.String(allow_none=True),
)

FILE = made("StoredFile", file=fields.UUID())
NEW_CASE = made("NewCase", case=fields.UUID())
NEW = made("New", id=fields.UUID())
RECEIPT = made(
    "Receipt",
    case=fields.UUID(),
    case_number=fields.String(),
    item=fields.String(),
    item_name=Said(),
    submitted_at=fields.AwareDateTime(),
    holders=many(HOLDER),
    promised=one(DURATION),
    statutory=one(DURATION),
)

ACT = answer(
    "Act",
    ActView,
    "id label* needs_reason is_enabled why_not asks_marks document returns_to* closes_with",
    fill=many(FIELD),
)
VOTE = answer("Vote", VoteView, "of need cast mine")
OBJECTION = answer("Objection", ObjectionView, "text at")
QUEUE_ROW = answer(
    "Task",
    QueueRow,
    "case case_number task item item_name* step step_label* kind applicant_masked remaining_working_days is_provisional"
    " card officer is_suspended",
)
QUEUE = listed("Queue", QUEUE_ROW)
ASSIGNABLE = answer("Assignable", Assignable, "task step_label* holder", colleagues=options())
OPEN_TASKS = made("OpenTasks", mine=fields.String(allow_none=True), assignable=many(ASSIGNABLE))
WORK = answer(
    "Work",
    WorkView,
    "case_id task step step_label* kind officer is_mine can_claim raised_reason remaining_working_days is_provisional"
    " card markable hand_over_to askable",
    fields=many(FIELD),
    materials=many(MATERIAL),
    acts=many(ACT),
    fill=many(FIELD),
    vote=one(VOTE, is_maybe=True),
    objections=many(OBJECTION),
    case=one(CASE),
    markable=options(),
    hand_over_to=options(),
    askable=options(),
)
EXTERNAL = answer(
    "ExternalTask",
    ExternalTask,
    "case case_number task item item_name* step step_label* remaining_working_days is_provisional",
)
EXTERNALS = listed("ExternalTasks", EXTERNAL)
LEASE = answer("Lease", Lease, "leased_until failures", work=one(WORK))
MESSAGE_RECEIPT = answer("MessageReceipt", Receipt, "fate")
FAILURE = answer("Failure", Failure, "failures failed_at is_raised reason")


class _JsonSchema(Schema):
    """Describe any JSON Schema."""

    class Meta:
        """Let everything through."""

        unknown = "include"

    def dump(self, obj: Any, *, many: bool | None = None) -> Any:  # noqa: ANN401 - as marshmallow declares it
        """Return the object itself."""
        return obj


JSON_SCHEMA = type("JsonSchema", (_JsonSchema,), {})()

RATING = answer(
    "Rating", RatingView, "rating case case_number item item_name* round level reasons at text answer answered_at"
)
CASE_RATINGS = answer("CaseRatings", CaseRatings, "may_rate is_last", ratings=many(RATING))
FOLLOW_UP = answer(
    "FollowUp",
    RatingView,
    "rating case case_number item item_name* round level reasons at text contacted_at contact_due_on due_on"
    " remaining_working_days card",
)
FOLLOW_UPS = listed("FollowUps", FOLLOW_UP)
RATING_FIGURE = answer(
    "RatingFigure",
    RatingFigure,
    "item item_name* org total",
    counts=fields.Dict(keys=fields.String(), values=fields.Integer(), allow_none=True),
    average=fields.Float(allow_none=True),
)
RATING_FIGURES = listed("RatingFigures", RATING_FIGURE)
ITEM_FIGURES = answer("ItemFigures", ItemFigures, "closed median_days", rating=one(RATING_FIGURE, is_maybe=True))
LETTER = answer("Letter", LetterView, "letter number side at organ* is_own is_by_delegate is_read text")
LETTERS = answer(
    "Letters",
    CaseLetters,
    "may_write is_closed left unread readers",
    items=fields.List(fields.Nested(LETTER), attribute="letters"),
)
WAITING_LETTER = answer("CaseWithLetters", WaitingLetter, "case case_number item item_name* unread since")
WAITING_LETTERS = listed("CasesWithLetters", WAITING_LETTER)
NEW_JOB = made("NewJobAnswer", job=fields.UUID(allow_none=True), total=fields.Integer())
JOB = answer(
    "Job",
    JobView,
    "id item item_name* step_label* act_label* status total left_out created_at finished_at done refused stopped",
)
JOBS = listed("Jobs", JOB)
JOB_RESULT = answer("JobResult", JobResult, "place case case_number task outcome code at")
JOB_RESULTS = listed("JobResults", JOB_RESULT)
