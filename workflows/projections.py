"""Project the state of a case onto the rows that queues, the tick and the public pages find it by: pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from workflows.domain.definition import Definition, WaitStep
from workflows.domain.state import CaseState, Status, Task

V = TypeVar("V")

UnitOf = Callable[[str, str | None], str | None]
"""Return the region of the office that has a task, of its department and division."""

TaskRow = tuple[object, ...]
"""Every column of workflows_tasks after the key, in the order of the table."""


@dataclass(frozen=True, slots=True)
class Projection:
    """Hold the rows of one state, each by its key."""

    tasks: Mapping[str, TaskRow]
    timers: Mapping[str, datetime]
    notices: Mapping[str, tuple[datetime, datetime | None]]


@dataclass(frozen=True, slots=True)
class Changes:
    """Hold what must be written to go from one projection to the next."""

    new_tasks: Mapping[str, TaskRow]
    changed_tasks: Mapping[str, TaskRow]
    gone_tasks: tuple[str, ...]
    put_timers: Mapping[str, datetime]
    gone_timers: tuple[str, ...]
    put_notices: Mapping[str, tuple[datetime, datetime | None]]
    gone_notices: tuple[str, ...]


def project(definition: Definition, state: CaseState, *, unit_of: UnitOf) -> Projection:
    """Return the rows of a state."""
    next_at, timers = _split_timers(state)
    tasks = {str(key): _task_row(task, unit_of=unit_of, next_at=next_at.get(key)) for key, task in state.tasks.items()}
    return Projection(tasks, timers, _notices(definition, state))


def changes(before: Projection, after: Projection) -> Changes:
    """Return the difference of two projections of one case."""
    put_tasks = _put(before.tasks, after.tasks)
    return Changes(
        {key: row for key, row in put_tasks.items() if key not in before.tasks},
        {key: row for key, row in put_tasks.items() if key in before.tasks},
        _gone(before.tasks, after.tasks),
        _put(before.timers, after.timers),
        _gone(before.timers, after.timers),
        _put(before.notices, after.notices),
        _gone(before.notices, after.notices),
    )


def _put(before: Mapping[str, V], after: Mapping[str, V]) -> dict[str, V]:
    return {key: row for key, row in after.items() if before.get(key) != row}


def _gone(before: Mapping[str, object], after: Mapping[str, object]) -> tuple[str, ...]:
    return tuple(key for key in before if key not in after)


def _split_timers(state: CaseState) -> tuple[dict[str, datetime], dict[str, datetime]]:
    """Return the next moment of every task that timers are about, and all other timers.

    A task's timers (``<what>:<task key>``) ride in its row, so that a step from task to task writes no timer row.
    """
    next_at: dict[str, datetime] = {}
    others: dict[str, datetime] = {}
    for key, timer in state.timers.items():
        task = key.rpartition(":")[2]
        if task in state.tasks:
            next_at[task] = min(timer.due_at, next_at.get(task, timer.due_at))
        else:
            others[key] = timer.due_at
    return next_at, others


def _task_row(task: Task, *, unit_of: UnitOf, next_at: datetime | None) -> TaskRow:
    return (
        task.step,
        task.kind.value,
        task.role,
        task.org,
        unit_of(task.org, task.near) if task.org else None,
        task.rank,
        task.officer,
        task.opened_at,
        task.due_at,
        task.yellow_at,
        task.red_at,
        task.is_provisional,
        next_at,
    )


def _notices(definition: Definition, state: CaseState) -> dict[str, tuple[datetime, datetime | None]]:
    if state.status is not Status.OPEN:
        return {}
    notices: dict[str, tuple[datetime, datetime | None]] = {}
    for active in state.active:
        step = definition.steps.get(active.step)
        if isinstance(step, WaitStep) and step.objection is not None:
            timer = state.timers.get(f"wait:{active.step}.{active.visit}")
            notices[active.step] = (active.entered_at, timer.due_at if timer else None)
    return notices
