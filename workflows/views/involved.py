"""Show a case to a person whom it involves: the applicant asked again, or another party (当事人)."""

from dataclasses import dataclass, field
from datetime import date, datetime

from gov_portal.kernel.ids import CaseId, ItemId, TaskKey
from workflows.domain.state import Status
from workflows.views.cases import DocumentView
from workflows.views.fields import FieldView
from workflows.views.work import ActView


@dataclass(frozen=True, slots=True)
class InvolvedCase:
    """Show one case in the list of those that involve a person as a party."""

    case: CaseId
    case_number: str
    item: ItemId
    item_name: str
    party: str
    status: Status
    is_asked: bool
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class TurnView:
    """Show what a person is asked to do: the acts of an open step, each with the fields that it fills."""

    task: TaskKey
    step: str
    step_label: str
    acts: tuple[ActView, ...]
    fill: tuple[FieldView, ...]
    due_on: date | None


@dataclass(frozen=True, slots=True)
class InvolvedView:
    """Show the part of a case that is a party's own.

    Attributes:
        pinned: hash of the version of the item that the case goes by.
        party: label of the party; empty for the applicant.
        fields: what the party's steps show, and what the party filled in.
        documents: the notices that the party gets.
        turn: what is asked now, if anything is.
    """

    case: CaseId
    case_number: str
    item: ItemId
    item_name: str
    pinned: str
    party: str
    status: Status
    outcome: str
    fields: tuple[FieldView, ...] = field(repr=False)
    documents: tuple[DocumentView, ...]
    turn: TurnView | None
    may_appeal: bool = False
    appeal_until: date | None = None
