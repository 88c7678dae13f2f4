"""Leave steps, cancel them, and close the case."""

from workflows.domain.definition import CallStep, IssueStep, OpenStep, Step, WaitStep
from workflows.domain.paying import REFUND, PayStep
from workflows.domain.state import ActiveStep, Status, Task
from workflows.engine import posts
from workflows.engine.clock import stop_clock
from workflows.engine.plan import Place
from workflows.engine.reminding import arm_appeal_reminders
from workflows.engine.run import Run

MAX_UNDO_ATTEMPTS = 5
UNDO_FAILED = "undo-failed"
"""Reason of the task that is raised where an undo failed again and again."""


def leave(run: Run, place: Place) -> ActiveStep:
    """Take a step out of the marking with all that hangs on its visit."""
    active = run.active.pop(place.id)
    if not place.is_block:
        _drop_work(run, place, active)
    return active


def cancel(run: Run, place: Place) -> None:
    """Leave a step without a result; one that arrives later is late."""
    active = leave(run, place)
    if not place.is_block:
        run.happen("cancelled", place.id, active.visit)
    if isinstance(place.step, OpenStep) and active.attempts:
        run.effect("recall", place.id, active.visit)


def drop_task(run: Run, task: Task) -> None:
    """Take a task away and remember who had it."""
    del run.tasks[task.key]
    if task.officer is not None:
        posts.remember_holder(run, task, task.officer)
    run.disarm(task.key)


def close_case(run: Run, outcome: str, *, step: str = "") -> None:
    """Close the case with an outcome; everything still open is cancelled.

    An undo that waited for a person's hand is tried by the platform again, since no task outlives the case.
    """
    has_failed_undo = any(task.reason == UNDO_FAILED for task in run.tasks.values())
    for place_id in list(run.active):
        cancel(run, run.plan.places[place_id])
    run.pending_entries = ()
    stop_clock(run)
    run.status = Status.CLOSED
    run.outcome = outcome
    run.returned_from = None
    run.tasks.clear()
    run.timers.clear()
    run.cards = ()
    run.closed_at, run.closed_on = run.at, run.on
    arm_appeal_reminders(run)
    run.happen("closed", step, run.visits.get(step, 0), outcome=outcome)
    run.tell("case.closed", step, outcome=outcome)
    for party in run.plan.definition.parties:
        run.tell("case.closed", step, outcome=outcome, to=party)
    if has_failed_undo:
        ask_undo(run)


def lapse(run: Run, place: Place, outcome: str) -> None:
    """Close the case because nothing came in time; what it issued is undone."""
    run.happen("elapsed", place.id, run.visits[place.id])
    undo_issued(run, (), from_index=0)
    close_case(run, outcome, step=place.id)


def close_at(run: Run, place: Place, outcome: str) -> None:
    """Close the case from a step; what the blocks around it issued is undone (``end`` is a jump)."""
    if place.scope:
        undo_issued(run, place.scope[:0], from_index=run.plan.places[place.scope[0][0]].index)
    close_case(run, outcome, step=place.id)
    if run.corrects is not None:
        run.effect("supersede", place.id, run.visits[place.id])


def undo_issued(run: Run, scope: tuple[tuple[str, int], ...], *, from_index: int) -> None:
    """Ask to undo what steps of a scope issued from an index of the flow on, the latest first."""
    undone = [
        (step, visit)
        for step, visit in run.issued
        if run.plan.places[step].index >= from_index and run.plan.places[step].scope[: len(scope)] == scope
    ]
    take_back(run, undone)


def take_back(run: Run, undone: list[tuple[str, int]]) -> None:
    """Ask to undo what steps and visits did, given oldest first; what nothing undoes is left as it is."""
    undone = [(step, visit) for step, visit in undone if undo_of(run.plan.places[step].step)]
    if not undone:
        return
    run.issued = tuple(issued for issued in run.issued if issued not in undone)
    queue_undos(run, undone[::-1])


def queue_undos(run: Run, undone: list[tuple[str, int]]) -> None:
    """Put undos behind those that wait; one at a time is outstanding, so that their order holds."""
    is_idle = not run.pending_undos
    run.pending_undos = (*run.pending_undos, *undone)
    if is_idle:
        ask_undo(run)


def ask_undo(run: Run, *, delay_s: int = 0) -> None:
    """Ask for the next undo that waits."""
    step, visit = run.pending_undos[0]
    run.undo_attempts += 1
    undo = undo_of(run.plan.places[step].step)
    run.effect("undo", step, visit, delay_s=delay_s, undo=undo, attempt=run.undo_attempts)
    if run.undo_attempts == 1:
        run.happen("undo-asked", step, visit)


def undo_of(step: Step) -> str | None:
    """Return the name of what undoes a step, if anything does."""
    if isinstance(step, PayStep):
        return REFUND
    return step.undo if isinstance(step, IssueStep | CallStep) else None


def _drop_work(run: Run, place: Place, active: ActiveStep) -> None:
    key = place.keys[active.visit]
    tasks = run.tasks_at(place.id)
    for task in tasks:
        drop_task(run, task)
    if len(tasks) != 1 or tasks[0].key != key:
        run.disarm(key)
    if isinstance(place.step, WaitStep):
        run.timers.pop(f"wait:{key}", None)
