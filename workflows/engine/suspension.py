"""Suspend a case (挂起) and let it go on: limits and waits stop, results are kept."""

from datetime import timedelta

from gov_portal.kernel.ids import TaskKey
from workflows.domain.commands import ResumeCase, SuspendCase
from workflows.domain.definition import HumanStep, Suspend, WaitStep
from workflows.domain.state import Status, Task, TaskKind
from workflows.engine import posts
from workflows.engine.anytime import end_suspension
from workflows.engine.clock import settle_clock
from workflows.engine.entering import arm_wait
from workflows.engine.refusals import (
    CaseNotSuspended,
    CaseSuspended,
    GroundUnknown,
    NotPermitted,
    ReasonMissing,
    SuspensionUsedUp,
)
from workflows.engine.reminding import arm_reminders
from workflows.engine.renewal import arm_renewal
from workflows.engine.results import release_held
from workflows.engine.run import Run
from workflows.engine.timing import last_day

TIMER = "suspension:case"


def suspend(run: Run, command: SuspendCase) -> None:
    """Suspend the case until somebody resumes it, or until the longest time, summed over the case, is used up.

    Raises:
        CaseSuspended: it is already.
        NotPermitted, GroundUnknown, ReasonMissing, SuspensionUsedUp: the item does not allow it so.
    """
    if run.status is Status.SUSPENDED:
        raise CaseSuspended
    rule = run.plan.definition.anytime.suspend
    if rule is None:
        raise NotPermitted
    posts.officer_in(run, rule.by)
    if command.ground not in {ground.ground for ground in rule.grounds}:
        raise GroundUnknown(field="ground")
    if not command.reason.strip():
        raise ReasonMissing(field="reason")
    remaining = remaining_days(run, rule)
    if remaining <= 0:
        raise SuspensionUsedUp
    run.writes["suspend.reason"] = command.reason.strip()
    run.status = Status.SUSPENDED
    run.suspended_at, run.suspended_on, run.suspended_ground = run.at, run.on, command.ground
    run.timers.clear()
    until = run.calendar.next_working_day(run.on + timedelta(days=remaining))
    run.set_timer(TIMER, run.calendar.end_of_day(until))
    run.happen("suspended", ground=command.ground)
    run.tell("case.suspended", ground=command.ground)


def resume(run: Run, command: ResumeCase) -> None:
    """Resume a suspended case.

    Raises:
        CaseNotSuspended: it is not suspended.
        NotPermitted: the item does not let this officer.
    """
    if run.status is not Status.SUSPENDED:
        raise CaseNotSuspended
    rule = run.plan.definition.anytime.suspend
    posts.officer_in(run, rule.by if rule else ())
    if command.reason.strip():
        run.writes["resume.reason"] = command.reason.strip()
    go_on(run)


def go_on(run: Run) -> None:
    """End the suspension, move every limit by the days that it took, and apply what arrived meanwhile."""
    end_suspension(run)
    run.happen("resumed")
    run.tell("case.resumed")
    rearm(run)
    settle_clock(run)
    release_held(run)


def remaining_days(run: Run, rule: Suspend) -> int:
    """Return how many natural days the case may still be suspended."""
    longest = (last_day(run.calendar, run.on, rule.max).on - run.on).days
    if rule.max.unit.value == "d":
        longest = rule.max.amount
    return longest - sum((after - first).days for first, after in run.suspensions)


def rearm(run: Run) -> None:
    """Set every timer of open work anew, counted from its beginning with all suspensions left out."""
    for task in list(run.tasks.values()):
        if task.limit is not None and task.opened_on is not None:
            rearm_task(run, task)
    for active in run.active.values():
        place = run.plan.places[active.step]
        step = place.step
        if isinstance(step, WaitStep):
            if not active.has_elapsed:
                arm_wait(run, step, active)
        elif not isinstance(step, HumanStep) and place.limit is not None and not active.is_unavailable:
            moments = run.reckon(place.limit, start=active.entered_on, at=active.entered_at)
            run.arm(f"{place.id}.{active.visit}", moments, is_acting=False)
    arm_renewal(run)


def rearm_task(run: Run, task: Task) -> None:
    """Reckon a task's moments anew; all who may do one step share its timers."""
    if task.limit is None or task.opened_on is None:
        return
    moments = run.reckon(task.limit, start=task.opened_on, at=task.opened_at)
    has_cards = task.role not in run.plan.citizens
    run.tasks[task.key] = task._replace(
        due_at=moments.due_at,
        yellow_at=moments.yellow_at if has_cards else None,
        red_at=moments.red_at if has_cards else None,
        is_provisional=moments.is_provisional,
    )
    is_shared = task.kind in (TaskKind.VOTE, TaskKind.WORK)
    key = f"{task.step}.{task.visit}" if is_shared else task.key
    run.arm(TaskKey(key), moments, is_acting=is_acting(run, task), has_cards=has_cards)
    arm_reminders(run, run.tasks[task.key])


def is_acting(run: Run, task: Task) -> bool:
    """Tell whether passing the task's limit does more than raise a card."""
    if task.kind in (TaskKind.VOTE, TaskKind.SUPPLEMENT, TaskKind.PAY, TaskKind.CONSULT):
        return True
    step = run.plan.places[task.step].step
    if not isinstance(step, HumanStep):
        return False
    if task.kind is TaskKind.SIGN:
        return step.each is not None and step.each.silence != "stands"
    return task.kind is TaskKind.WORK and step.deemed is not None
