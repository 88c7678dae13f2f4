"""Hold what the report of a case is made of, gathered beforehand, so that the rest is pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from gov_portal.kernel.working_days import Calendar
from workflows.domain.definition import Definition
from workflows.domain.ratings import RatingLevel
from workflows.domain.state import CaseState
from workflows.ports import BillStanding, Office


class Moment(NamedTuple):
    """Tell one thing that happened, as the ledger keeps it, with who did it and the reason that they gave."""

    kind: str
    at: datetime
    step: str
    visit: int
    detail: Mapping[str, object]
    actor: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Party:
    """Name a person by what a report says of them; never printed by ``repr``."""

    name: str = field(repr=False)
    id_no: str = field(repr=False)
    phone: str = field(repr=False, default="")


@dataclass(frozen=True, slots=True)
class Paper:
    """Name a paper of the application: ``uploaded``, ``covered`` by what the state has, or not there (yet)."""

    name: str
    state: str
    at: datetime | None = None
    file: str = ""


@dataclass(frozen=True, slots=True)
class Certificate:
    """Name the licence that a case came to; ``valid_until`` is ``None`` where it does not end."""

    name: str
    number: str
    valid_until: date | None
    issuer: str


@dataclass(frozen=True, kw_only=True)
class CaseFile:
    """Hold everything that a report is made of.

    Attributes:
        moments: all that happened, in the order of the ledger.
        agent: who began the case for the applicant, where that is somebody else.
        is_at_counter: an officer typed for the person who stood there.
        lead: number of the case that it is a part of or appeals; empty for one of its own.
        office_of: role -> unit that has its work in this case.
        authority: unit that answers for the item here.
        officers: how the ledger spells an officer -> name.
    """

    case_number: str
    definition: Definition
    state: CaseState
    moments: Sequence[Moment]
    values: Mapping[str, object]
    applicant: Party
    calendar: Calendar
    now: datetime
    submitted_at: datetime | None
    region: str
    agent: Party | None = None
    is_at_counter: bool = False
    lead: str = ""
    office_of: Callable[[str], Office | None] = lambda role: None
    authority: Office | None = None
    officers: Mapping[str, str] = field(default_factory=dict)
    papers: Sequence[Paper] = ()
    bills: Sequence[BillStanding] = ()
    certificate: Certificate | None = None
    rating: RatingLevel | None = None
