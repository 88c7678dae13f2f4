"""Define what is shown of the open work of a unit, and how a queue is narrowed and sorted."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from gov_portal.kernel.ids import CaseId, ItemId, OfficerId, TaskKey
from workflows.domain.state import TaskKind


class Card(StrEnum):
    """Name the colour of a deadline card (黄牌 红牌)."""

    NONE = "none"
    YELLOW = "yellow"
    RED = "red"


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
