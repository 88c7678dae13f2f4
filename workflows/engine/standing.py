"""Say why the offices of a case cannot go on with it: what a bundle (一件事) must know of its parts; pure."""

from workflows.domain.definition import APPLICANT, AllStep, Definition
from workflows.domain.state import CaseState, Status

FROM_APPLICANT = "等申请人办理"
"""Ground where nobody but the applicant is awaited: a draft to complete, a supplement, a bill."""


def why_it_stands(definition: Definition, state: CaseState) -> tuple[str, str] | None:
    """Return ground and basis, or ``None`` where an office or a machine has something to do, or all is done."""
    if state.status is Status.CLOSED:
        return None
    if state.status is Status.SUSPENDED:
        standing = state.clock.standing
        return state.suspended_ground, standing.basis if standing else ""
    if state.clock.standing is not None:
        return state.clock.standing.ground, state.clock.standing.basis
    if state.status is Status.DRAFT or _waits_for_applicant(definition, state):
        return FROM_APPLICANT, ""
    return None


def _waits_for_applicant(definition: Definition, state: CaseState) -> bool:
    asked = {task.step for task in state.tasks.values() if task.role == APPLICANT}
    others = {task.step for task in state.tasks.values() if task.role != APPLICANT}
    open_ = {active.step for active in state.active if not isinstance(definition.steps[active.step], AllStep)}
    return bool(open_) and not others and open_ <= asked
