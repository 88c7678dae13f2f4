"""Declare what comes in; unknown names are refused."""

from typing import Any

from flask_smorest.fields import Upload  # type: ignore[import-untyped]
from marshmallow import Schema, ValidationError, fields, validate
from werkzeug.datastructures import FileStorage

from gov_portal.licences.annotated import TEXT
from gov_portal.web.api.paging import PageQuery
from gov_portal.web.api.shapes import Plain
from workflows.domain.letters import LONGEST_TEXT
from workflows.domain.ratings import RatingLevel, RatingReason
from workflows.services.incoming import Fate

REASON_LENGTH = 500
OBJECTION_LENGTH = 1000
MOST_FIELDS = 200
MOST_FEN = 10**13
COPY_TEXT_LENGTH = TEXT.length


MOST_NUMBER = 2**31 - 1
"""What an ``integer`` column holds."""


_SEEN = validate.Regexp(r"^[^\x00-\x1f\x7f]*$")


def text(longest: int) -> fields.String:
    """Take a short text that a service parses itself."""
    return fields.String(required=True, validate=[validate.Length(1, longest), _SEEN])


def inputs_by_path() -> Any:  # noqa: ANN401 - marshmallow's own generic
    """Take inputs of a form by field path."""
    return fields.Dict(keys=fields.String(), values=fields.Raw(allow_none=True), load_default=dict, data_key="fields")


def word(longest: int) -> fields.String:
    """Take a text to look for; control characters are in none."""
    return fields.String(load_default="", validate=[validate.Length(max=longest), _SEEN])


def upload() -> Upload:
    """Take one file; a text in its place is refused."""
    return Upload(required=True, validate=_is_file)


def _is_file(part: object) -> None:
    if not isinstance(part, FileStorage):
        raise ValidationError("a file is wanted")


def answers() -> fields.Dict:
    """Take raw values by the path of their field; the item's own types judge them."""
    return fields.Dict(keys=fields.String(), values=fields.Raw(allow_none=True), required=True)


DEEPEST = 4
"""How many lists and objects lie within each other in one answer: rows of groups of values."""


def _is_shallow(value: object, depth: int = DEEPEST) -> None:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    if inner and not depth:
        raise ValidationError("too deep")
    for one in inner:
        _is_shallow(one, depth - 1)


class LicenceToken(Schema):
    """Hand in an SD-JWT."""

    sd_jwt = text(200_000)


class NewRegistration(Schema):
    """Begin a registration."""

    name = text(100)
    id_no = text(100)
    phone = text(100)
    password = text(1000)


class NewSignIn(Schema):
    """Begin a sign-in; ``kind`` says whether a citizen or an officer."""

    kind = fields.String(load_default="citizen", validate=validate.OneOf(["citizen", "officer"]))
    login = text(100)
    password = text(1000)


class Code(Schema):
    """Hand in the one-time code."""

    token = text(200)
    code = text(20)


class SignInCode(Code):
    """Hand in the one-time code of a sign-in."""

    kind = fields.String(load_default="citizen", validate=validate.OneOf(["citizen", "officer"]))


class Token(Schema):
    """Name what was begun."""

    token = text(200)


class ActingFor(Schema):
    """Choose for whom to act; ``null`` for oneself."""

    ward = fields.UUID(required=True, allow_none=True)


class NewWard(Schema):
    """Enter a ward by name and number."""

    name = text(100)
    id_no = text(100)


class NewDraft(Schema):
    """Begin a draft; with ``again`` another one although one is open, ``about`` names the licence that it is about.

    ``region`` is where one applies; without it the division that the account names.
    """

    again = fields.Boolean(load_default=False)
    about = fields.UUID(load_default=None, allow_none=True)
    region = word(12)


class PageAnswers(Schema):
    """Answer one page; ``mark`` is that of the page as it was shown."""

    answers: Any = answers()
    mark = word(100)


class TypedAnswers(PageAnswers):
    """Keep what is being typed: texts as they stand in the inputs, by path."""

    answers = fields.Dict(
        keys=fields.String(),
        values=fields.Raw(allow_none=True, validate=_is_shallow),
        required=True,
        validate=validate.Length(max=MOST_FIELDS),
    )


class Submission(Schema):
    """Submit; ``insist`` although a condition does not hold."""

    insist = fields.Boolean(load_default=False)


class Attachment(Schema):
    """Attach a file to the field or material of that path."""

    path = text(100)
    file = upload()


class LicenceFile(Schema):
    """Show the PDF of a licence, to learn how it stands with it."""

    file = upload()


class NewCopy(Schema):
    """Ask for an annotated copy: for what, for whom, and its last day."""

    purpose = text(COPY_TEXT_LENGTH)
    recipient = text(COPY_TEXT_LENGTH)
    valid_until = fields.Date(required=True)


class MaybeReason(Schema):
    """Say why, if you like."""

    reason = Plain(REASON_LENGTH, is_required=False)


class Reason(Schema):
    """Say why."""

    reason = Plain(REASON_LENGTH)


class NewObjection(Schema):
    """Object."""

    text = Plain(OBJECTION_LENGTH)


class NewSupplement(Schema):
    """Hand in what was found wanting."""

    task = text(100)
    answers: Any = answers()


class NewMark(Schema):
    """Mark a field or material as wanting, and say how."""

    target = text(100)
    reason = Plain(REASON_LENGTH)


class NewAct(Schema):
    """Carry out an act: its fields by path, its reason, and marks where it asks for a supplement."""

    act = text(100)
    fields_ = inputs_by_path()
    reason = Plain(REASON_LENGTH, is_required=False)
    marks = fields.List(fields.Nested(NewMark), load_default=list, validate=validate.Length(max=MOST_FIELDS))


class NewTurn(Schema):
    """Carry out an act of one's own step, with its fields by path."""

    task = text(100)
    act = text(100)
    fields_: Any = fields.Dict(
        keys=fields.String(), values=fields.Raw(allow_none=True), load_default=dict, data_key="fields"
    )


class HandOver(MaybeReason):
    """Hand a task to a colleague."""

    to = fields.UUID(required=True)


class NewCorrection(Reason):
    """Correct a closed case: inputs by path where they differ."""

    fields_ = inputs_by_path()


class NewOpinion(Schema):
    """Ask a role of the item for an opinion."""

    to = text(100)
    question = Plain(REASON_LENGTH)


class Suspension(Reason):
    """Suspend on one of the item's grounds."""

    ground = text(200)


class SignersChange(Reason):
    """Name an open step, and who shall sign it too or no longer."""

    step = text(100)
    add = word(100)
    remove = word(100)


class FetchQuery(Schema):
    """Ask for open tasks, perhaps of one item or step only."""

    limit = fields.Integer(load_default=10, validate=validate.Range(1, 100))
    item = word(100)
    step = word(100)


class NewLease(Schema):
    """Lease a task for so many seconds."""

    seconds = fields.Integer(load_default=300, validate=validate.Range(10, 3600), strict=True)


class NewFailure(Schema):
    """Give a task back; ``is_final`` hands it to people at once."""

    reason = Plain(REASON_LENGTH)
    is_final = fields.Boolean(load_default=False)


class NewMessage(Schema):
    """Say what a case waits for: the sender's own id, the name of the message, which matter, and its values."""

    id = text(100)
    name = text(100)
    key = text(200)
    content = fields.Dict(keys=fields.String(), values=fields.Raw(allow_none=True), load_default=dict)


class SentQuery(PageQuery):
    """Narrow what was sent to what met one fate."""

    fate = fields.Enum(Fate, by_value=True, load_default=None, allow_none=True)


class NewEvent(Schema):
    """Tell an event: the sender's own id, what it is called, and the citizen id of whom it is about."""

    id = text(100)
    event = text(100)
    id_no = text(40)


class RevisedLine(Schema):
    """Name a line of a bill and its new amount."""

    number = fields.Integer(required=True, validate=validate.Range(1, 100), strict=True)
    amount_fen = fields.Integer(required=True, validate=validate.Range(0, MOST_FEN), strict=True)


class BillRevision(Schema):
    """Correct lines of a bill."""

    lines = fields.List(fields.Nested(RevisedLine), required=True, validate=validate.Length(1, 20))
    reason = Plain(REASON_LENGTH)


class PaymentNotice(Schema):
    """Name an order of the payment department."""

    order = fields.UUID(required=True)


class SearchQuery(PageQuery):
    """Find items by what people call them, perhaps only those of one life event."""

    q = word(100)
    event = word(100)
    region = word(12)


class RegionQuery(Schema):
    """Say for which division: where regions have versions of an item of their own, the nearest around it is meant."""

    region = word(12)


class NewRating(Schema):
    """Rate a case."""

    level = fields.Enum(RatingLevel, by_value=True, required=True)
    reasons = fields.List(fields.Enum(RatingReason, by_value=True), load_default=list, validate=validate.Length(max=10))
    text = Plain(REASON_LENGTH, is_required=False)


class Text(Schema):
    """Say something."""

    text = Plain(REASON_LENGTH)


class ResultQuery(PageQuery):
    """Narrow the results of a job."""

    outcome = fields.String(load_default="", validate=validate.OneOf(["", "done", "refused", "stopped"]))


class NewLetter(Schema):
    """Write a letter in a case."""

    text = Plain(LONGEST_TEXT)


class ReadLetters(Schema):
    """Name the first and the last letter that were shown, by their numbers."""

    first = fields.Integer(required=True, validate=validate.Range(1, MOST_NUMBER), strict=True)
    last = fields.Integer(required=True, validate=validate.Range(1, MOST_NUMBER), strict=True)
