"""Define what is shown of one open task to the officer who does it."""

from dataclasses import dataclass

from gov_portal.kernel.ids import CaseId, OfficerId, TaskKey
from workflows.domain.explaining import Explanation
from workflows.domain.state import TaskKind
from workflows.views.cases import CaseView
from workflows.views.fields import FieldView, MaterialView
from workflows.views.queues import Card
from workflows.views.voices import ObjectionView, VoteView


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
