"""Define what is shown of a bundle (一件事) and of its parts."""

from dataclasses import dataclass
from datetime import datetime

from gov_portal.kernel.ids import CaseId, ItemId
from workflows.domain.definition import Phase
from workflows.domain.state import Status


@dataclass(frozen=True, slots=True)
class PartView:
    """Show one part of a bundle.

    Attributes:
        step: step of the bundle that opens it.
        state: ``waiting`` (for parts before it), ``opening``, ``wanting`` (the applicant must add something before it
            is handed in), ``open``, or how it ended: ``done refused withdrawn lapsed left_out``.
        case: the part's own case, once there is one.
        needs_applicant: something in it waits for the applicant.
        after: names of the parts that it waits for.
    """

    step: str
    item: ItemId
    name: str
    state: str
    case: CaseId | None = None
    case_number: str = ""
    status: Status | None = None
    phase: Phase | None = None
    is_returned: bool = False
    outcome: str | None = None
    outcome_label: str = ""
    needs_applicant: bool = False
    changed_at: datetime | None = None
    after: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WholeView:
    """Show to whoever sees a part which bundle it belongs to and how its other parts stand; nothing personal.

    Attributes:
        case: the bundle's case, for its applicant only.
        step: the step of the bundle that opened the part.
    """

    item: ItemId
    name: str
    case_number: str
    step: str
    parts: tuple[PartView, ...]
    case: CaseId | None = None
