"""Raise a task where a machine could not go on, and settle it by hand."""

from workflows.domain.commands import ActOn
from workflows.domain.definition import HumanStep, IssueStep, Lane, SendStep
from workflows.domain.paying import UNPAID, PayStep
from workflows.domain.state import ActiveStep, Task, TaskKind
from workflows.engine import posts
from workflows.engine.acts import Choice, check_fields, record
from workflows.engine.bills import settle_bill
from workflows.engine.closing import UNDO_FAILED, ask_undo, drop_task
from workflows.engine.entering import Work, ask, complete, open_task, open_vote
from workflows.engine.jumps import enter_pending
from workflows.engine.plan import Place
from workflows.engine.refusals import ActUnknown, ElectorateShort, ReasonMissing, StaleTask
from workflows.engine.run import BY_HAND, Run

CONFIRM = "confirm"
UNSTAFFED = "unstaffed"
ABANDONED = "abandoned"
"""Reason of the task that is raised where an operator gave up what the platform could not do."""


def raise_task(run: Run, place: Place, *, lane: Lane | None, reason: str) -> None:
    """Raise a task of an open step for the item's lane, else for the role that acted last; one per visit."""
    active = run.active[place.id]
    for task in run.tasks_at(place.id):
        drop_task(run, task)
    run.happen("raised", place.id, active.visit, reason=reason)
    role = lane.by if lane else last_role(run)
    key = place.keys[active.visit]
    work = Work(key, TaskKind.RAISED, role, lane.limit if lane else None, (CONFIRM,), reason=reason)
    open_task(run, place, work)


def raise_undo(run: Run, place: Place, visit: int) -> None:
    """Raise a task because an undo failed again and again; it is an incident as well."""
    run.happen("undo-failed", place.id, visit)
    key = f"{place.id}.{visit}.u"
    open_task(run, place, Work(key, TaskKind.RAISED, last_role(run), None, (CONFIRM,), reason=UNDO_FAILED))


def last_role(run: Run) -> str:
    """Return the role whose officer acted last; before any did, the first role of the item."""
    return run.decider or next(iter(run.plan.definition.roles))


def confirm(run: Run, task: Task, command: ActOn) -> None:
    """Settle by hand what a machine could not, with a reason.

    A call goes on, a delivery was made by hand, an undo was done by hand; a failed issue is tried again, because
    nobody may hand out by hand what only the licence platform can issue; a vote without enough voters is drawn anew;
    a bill that could not be placed counts as unpaid. What stands beside the flow is done, and the flow stays.

    Raises:
        ActUnknown, ReasonMissing: only ``confirm``, and never without a reason.
        ElectorateShort: there are still too few voters.
    """
    place = run.plan.places[task.step]
    officer = posts.worker(run, task)
    if command.act not in task.acts:
        raise ActUnknown(act=command.act)
    if not command.reason.strip():
        raise ReasonMissing(act=command.act)
    check_fields(run, command.fields, allowed=(), needed=())
    run.happen("confirmed", place.id, task.visit, reason=task.reason)
    if task.reason == UNSTAFFED:
        _draw_anew(run, place, task)
        return
    if task.reason == BY_HAND:
        run.writes["by_hand.reason"] = command.reason.strip()
        drop_task(run, task)
        return
    record(run, place, Choice(command.act, task.role, officer, command.reason.strip()))
    drop_task(run, task)
    if task.reason == UNDO_FAILED:
        acknowledge_undo(run)
    elif isinstance(place.step, IssueStep):
        active = run.active[place.id] = run.active[place.id]._replace(attempts=1)
        ask_again(run, place, active, delay_s=0)
    else:
        if isinstance(place.step, SendStep):
            run.happen("delivered", place.id, task.visit)
        elif isinstance(place.step, PayStep):
            settle_bill(run, place, UNPAID)
        complete(run, place)


def ask_again(run: Run, place: Place, active: ActiveStep, *, delay_s: int) -> None:
    """Ask for a call, issue or delivery once more."""
    ask(run, place, active, delay_s=delay_s)
    run.happen("asked-again", place.id, active.visit, attempt=active.attempts)


def acknowledge_undo(run: Run) -> None:
    """Take the first undo as done; ask for the next, or enter where the jumps lead."""
    (step, visit), *rest = run.pending_undos
    run.pending_undos = tuple(rest)
    run.undo_attempts = 0
    run.happen("undone", step, visit)
    if rest:
        ask_undo(run)
    elif run.pending_entries:
        enter_pending(run)


def _draw_anew(run: Run, place: Place, task: Task) -> None:
    step = place.step
    if not isinstance(step, HumanStep) or step.vote is None:
        raise StaleTask(task=task.key)
    drop_task(run, task)
    open_vote(run, place, step, step.vote)
    if task.key in run.tasks:
        raise ElectorateShort(step=place.id)
    run.happen("redrawn", place.id, task.visit)
