"""Remind people before a period of theirs ends."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from workflows.domain.definition import Duration, Unit
from workflows.domain.paying import PayStep
from workflows.domain.state import Task, TaskKind
from workflows.engine.run import REMIND, Run
from workflows.engine.timing import last_day

_HOURS = {Unit.HOUR: 1, Unit.DAY: 24, Unit.WEEK: 168}
_MORNING = timedelta(hours=9)
APPEAL = "appeal"
"""What the timers of the time for an appeal are called."""


def arm_reminders(run: Run, task: Task) -> None:
    """Set the reminders of a task that are still to come; one before a day comes in that day's morning."""
    if task.due_at is None:
        return
    set_reminders(run, task.key, task.due_at, reminders_of(run, task))


def set_reminders(run: Run, key: str, due_at: datetime, spans: Iterable[Duration]) -> None:
    """Set those reminders of a period that are still to come; ``key`` says what it is the period of."""
    for before in spans:
        at = _moment(run, due_at, before)
        if at > run.at:
            run.set_timer(f"{REMIND}{before}:{key}", at)


def arm_appeal_reminders(run: Run) -> None:
    """Set the reminders of the time in which a closed case may be appealed."""
    rule = run.plan.definition.anytime.appeal
    if rule is None or run.outcome not in rule.after or run.closed_on is None:
        return
    until = run.calendar.end_of_day(last_day(run.calendar, run.closed_on, rule.within).on)
    set_reminders(run, APPEAL, until, rule.remind)


def _remind_of_appeal(run: Run) -> None:
    rule = run.plan.definition.anytime.appeal
    if rule is not None and run.closed_on is not None and run.appeal is None:
        until = last_day(run.calendar, run.closed_on, rule.within).on
        run.happen("reminded", due_on=until.isoformat())
        run.tell("case.appeal-ends", due_on=until.isoformat())


def remind(run: Run, key: str) -> None:
    """Remind whoever has the task, waits for the message, or may still appeal."""
    if key == APPEAL:
        _remind_of_appeal(run)
        return
    task = next((task for task in run.tasks.values() if task.key == key), None)
    if task is not None and task.due_at is not None:
        _tell(run, "case.reminded", task.step, task.visit, task.due_at)
    elif (due_at := run.timers.get(f"wait:{key}")) is not None:
        step, _, visit = key.rpartition(".")
        _tell(run, "case.still-waits", step, int(visit), due_at)


def _tell(run: Run, code: str, step: str, visit: int, due_at: datetime) -> None:
    due_on = run.calendar.local_date(due_at - timedelta(microseconds=1)).isoformat()
    run.happen("reminded", step, visit, due_on=due_on)
    run.tell(code, step, visit, due_on=due_on)


def reminders_of(run: Run, task: Task) -> Iterable[Duration]:
    """Return how long before its end the item reminds of a task."""
    place = run.plan.places[task.step]
    if task.kind is TaskKind.SUPPLEMENT and task.step in run.active:
        act = place.acts.get(run.active[task.step].asked)
        return act.ask.remind if act is not None and act.ask is not None else ()
    return place.step.remind if task.kind is TaskKind.PAY and isinstance(place.step, PayStep) else ()


def _moment(run: Run, due_at: datetime, before: Duration) -> datetime:
    at = due_at - timedelta(hours=before.amount * _HOURS[before.unit])
    if before.unit is Unit.HOUR:
        return at
    # A period ends with its last day, at midnight: a day before is the morning of the day before that day.
    day = run.calendar.local_date(at - timedelta(microseconds=1))
    return run.calendar.end_of_day(day) - timedelta(days=1) + _MORNING
