"""Go on where the platform could not do its own work again and again, and an operator decided (搁置)."""

from workflows.domain.commands import Mend, Result, ResultKind
from workflows.domain.definition import NEXT, CallStep, OpenStep, WaitStep
from workflows.domain.paying import PayStep
from workflows.domain.state import ActiveStep, Status, TaskKind
from workflows.engine.closing import UNDO_FAILED, ask_undo
from workflows.engine.entering import Work, complete, open_task
from workflows.engine.messages import pass_over
from workflows.engine.part_results import apply_part
from workflows.engine.paying import let_bill_pass
from workflows.engine.plan import Place
from workflows.engine.raised import ABANDONED, CONFIRM, last_role, raise_task, raise_undo
from workflows.engine.refusals import CaseSuspended
from workflows.engine.run import BY_HAND, Run

FIRE = "fire"
"""Kind of the work that fires what is due in a case."""

HAPPENED = {"resume": "work-resumed", "skip": "work-skipped", "abandon": "work-abandoned"}

_AWAITED = frozenset({"call", "issue", "send", "await", "bill", "child", "part"})
"""Effects for whose result an open step waits; all others leave the flow alone."""


def mend(run: Run, command: Mend) -> None:
    """Note the decision, and go on by it: to resume changes nothing, to skip or abandon ends the work.

    Raises:
        CaseSuspended: the flow of a suspended case stands; only to resume is possible, or what nothing waits for.
    """
    decision = command.decision
    run.writes["mend.reason"] = decision.reason.strip()
    run.happen(HAPPENED[decision.way], command.step, command.visit, work=command.work)
    if decision.way == "resume":
        return
    is_left = decision.way == "abandon"
    active = run.active.get(command.step)
    if command.work == FIRE:
        _strike_out(run, is_left=is_left)
    elif command.work == "undo":
        _leave_undo(run, command)
    elif command.work in _AWAITED:
        if active is not None and active.visit == command.visit and run.status is not Status.CLOSED:
            _go_on(run, active, is_left=is_left)
    elif is_left:
        _leave_by_hand(run, command.step)


def _go_on(run: Run, active: ActiveStep, *, is_left: bool) -> None:
    if run.status is Status.SUSPENDED:
        raise CaseSuspended
    place = run.plan.places[active.step]
    if isinstance(place.step, OpenStep):
        # What was opened, or was not, is nobody's to confirm here: the whole goes on without it.
        lapsed = Result(place.id, active.visit, ResultKind.LAPSED)
        apply_part(run, place, step=place.step, active=active, result=lapsed)
        if is_left:
            _leave_by_hand(run, place.id)
    elif is_left:
        raise_task(run, place, lane=None, reason=ABANDONED)
    else:
        _skip(run, place)


def _skip(run: Run, place: Place) -> None:
    """Take the road of what was not done: the lane of the item, the end of a wait, else an officer."""
    match place.step:
        case CallStep(unavailable=None):
            complete(run, place)
        case CallStep(unavailable=lane):
            raise_task(run, place, lane=lane, reason="unavailable")
        case WaitStep() as step:
            pass_over(run, place, step)
        case PayStep(late=late) as step if late == NEXT:
            let_bill_pass(run, place, step)
        case _:
            raise_task(run, place, lane=None, reason="failed")


def _strike_out(run: Run, *, is_left: bool) -> None:
    """Strike out what is due and does not fire, as if it had never been set."""
    struck = sorted(key for key, due_at in run.timers.items() if due_at <= run.now)
    for key in struck:
        del run.timers[key]
    run.happen("struck-out", timers=", ".join(struck))
    if is_left:
        _leave_by_hand(run, "")


def _leave_undo(run: Run, command: Mend) -> None:
    """Leave an undo to a person; in a closed case, where nobody has a task, go on to the next."""
    job = (command.step, command.visit)
    if not run.pending_undos or run.pending_undos[0] != job:
        return
    if run.status is not Status.CLOSED:
        if not any(task.reason == UNDO_FAILED for task in run.tasks.values()):
            raise_undo(run, run.plan.places[command.step], command.visit)
        return
    run.happen("undo-failed", *job)
    run.pending_undos, run.undo_attempts = run.pending_undos[1:], 0
    if run.pending_undos:
        ask_undo(run)


def _leave_by_hand(run: Run, step: str) -> None:
    """Give whoever acted last a task that stands beside the flow: to do by hand what is wanting."""
    if run.status not in (Status.OPEN, Status.SUSPENDED):
        return
    reached = [name for name in (step, *run.active) if name in run.visits and not run.plan.places[name].is_block]
    if not reached:
        return
    place = run.plan.places[reached[0]]
    key = f"{place.id}.{run.visits[place.id]}.h"
    open_task(run, place, Work(key, TaskKind.RAISED, last_role(run), None, (CONFIRM,), reason=BY_HAND))
