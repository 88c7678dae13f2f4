"""Declare what comes in at the desk; unknown names are refused."""

from datetime import date
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from gov_portal.kernel.ids import ItemId
from gov_portal.web.api.bodies import MOST_FIELDS, NewAct, text, word
from gov_portal.web.api.front import Json
from gov_portal.web.api.paging import PageQuery
from gov_portal.web.api.shapes import Plain
from workflows.domain.checks import Verdict, WantingReason
from workflows.domain.state import TaskKind
from workflows.services.checks import LONGEST_WORDS
from workflows.services.preferences import COLUMNS, LONGEST_NAME
from workflows.services.snippets import LONGEST
from workflows.views import Card, QueueFilters, QueueOrder

SUSPENDED = {"": None, "only": True, "none": False}
"""How a program spells whether cases that stand still are among the tasks."""

_YEARS = range(2000, 3000)


def _of_our_time(value: date) -> None:
    if value.year not in _YEARS:
        raise ValidationError("out of range")


def day(*, is_required: bool = False) -> fields.Date:
    """Take a day of these centuries, for which working days can be counted."""
    if is_required:
        return fields.Date(required=True, validate=_of_our_time)
    return fields.Date(load_default=None, allow_none=True, validate=_of_our_time)


def moment() -> fields.AwareDateTime:
    """Take a moment of these centuries, if one is given."""
    return fields.AwareDateTime(load_default=None, allow_none=True, validate=_of_our_time)


class QueueFilter(Schema):
    """Narrow the queue."""

    mine = fields.Boolean(load_default=False)
    free = fields.Boolean(load_default=False)
    suspended = fields.String(load_default="", validate=validate.OneOf(list(SUSPENDED)))
    card = fields.Enum(Card, by_value=True, load_default=None, allow_none=True)
    item = word(100)
    step = word(100)
    kind = fields.Enum(TaskKind, by_value=True, load_default=None, allow_none=True)
    number = word(40)
    received_from = day()
    received_to = day()
    order = fields.Enum(QueueOrder, by_value=True, load_default=QueueOrder.DUE)


def filters_of(query: Json) -> QueueFilters:
    """Return the filters that ``QueueFilter`` has loaded."""
    return QueueFilters(
        is_mine=query["mine"],
        is_free=query["free"],
        is_suspended=SUSPENDED[query["suspended"]],
        card=query["card"],
        item=ItemId(query["item"]) if query["item"] else None,
        step=query["step"],
        kind=query["kind"],
        case_number=query["number"],
        received_from=query["received_from"],
        received_to=query["received_to"],
        order=query["order"],
    )


def spelled(filters: QueueFilters) -> dict[str, object]:
    """Return what ``QueueFilter`` would load as the filters."""
    return {
        "mine": filters.is_mine,
        "free": filters.is_free,
        "suspended": next(word for word, meant in SUSPENDED.items() if meant is filters.is_suspended),
        "card": filters.card,
        "item": filters.item or "",
        "step": filters.step,
        "kind": filters.kind,
        "number": filters.case_number,
        "received_from": filters.received_from,
        "received_to": filters.received_to,
        "order": filters.order,
    }


class QueueQuery(PageQuery, QueueFilter):
    """Narrow the queue, and ask for one page of it."""


class NumberQuery(PageQuery):
    """Find cases by the beginning of their number, at least six characters of it."""

    number = text(40)


class DayQuery(Schema):
    """Choose a day; today without one."""

    on = day()


class NewSavedFilter(QueueFilter):
    """Keep filters under a name."""

    name = text(LONGEST_NAME)


class FirstFilter(Schema):
    """Choose the filter that opens the desk; ``null`` for all tasks."""

    filter = fields.UUID(required=True, allow_none=True)


class NewColumns(Schema):
    """Choose the columns of the queue."""

    columns = fields.List(
        fields.String(validate=validate.OneOf(COLUMNS)), required=True, validate=validate.Length(max=len(COLUMNS))
    )


class NewNote(Schema):
    """Note of one field or material whether it is in order; a reason and words where it is wanting."""

    target = text(100)
    verdict = fields.Enum(Verdict, by_value=True, required=True)
    reason = fields.Enum(WantingReason, by_value=True, load_default=WantingReason.OTHER)
    words = Plain(LONGEST_WORDS, is_required=False)


class NewChecks(Schema):
    """Keep these notes in the place of the earlier ones."""

    notes = fields.List(fields.Nested(NewNote), required=True, validate=validate.Length(max=MOST_FIELDS))


class NewPhrase(Schema):
    """Keep a phrase for replies, one's own or, as its leader, the unit's."""

    text: Any = fields.String(required=True, validate=validate.Length(1, LONGEST))
    units = fields.Boolean(load_default=False)


class NewHeldAct(NewAct):
    """Carry out an act that can be undone for some seconds; ``insist`` although one's own notes speak against it."""

    insist = fields.Boolean(load_default=False)


class OneUnit(Schema):
    """Name one of the officer's units."""

    org = text(100)
    region = text(20)


class NewAbsence(Schema):
    """Enter from which day to which somebody is away, oneself without ``absent``, and who stands in."""

    absent = fields.UUID(load_default=None, allow_none=True)
    deputy = fields.UUID(required=True)
    first_on = day(is_required=True)
    last_on = day(is_required=True)


class JobPreview(QueueFilter):
    """Ask what a job would do to the tasks of a step that the filters find; without ``act`` which acts there are."""

    item = text(100)
    step = text(100)
    act = word(100)


class NewJob(JobPreview):
    """Carry out one act on them; with ``until`` only on what was there at that moment of a preview."""

    act = text(100)
    until = moment()
