"""Project the state of a case onto the rows that queues, the tick and the public pages find it by: pure.

Nothing is read back to know what to write: the two states say it, and what the engine left alone is the same object.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import NamedTuple

from workflows.domain.definition import Definition, WaitStep
from workflows.domain.state import CaseState, Status, Task

UnitOf = Callable[[str, str | None], str | None]
"""Return the region of the office that has a task, of its department and division."""

TaskRow = tuple[object, ...]
"""Every column of workflows_tasks after the key, in the order of the table."""

Moments = Mapping[str, datetime]


class Changes(NamedTuple):
    """Hold what must be written to go from one state to the next."""

    new_tasks: Mapping[str, TaskRow]
    changed_tasks: Mapping[str, TaskRow]
    gone_tasks: tuple[str, ...]
    put_timers: Moments
    gone_timers: tuple[str, ...]
    put_notices: Mapping[str, tuple[datetime, datetime | None]]
    gone_notices: tuple[str, ...]


def changes(definition: Definition, before: CaseState, after: CaseState, *, unit_of: UnitOf) -> Changes:
    """Return the difference of the rows of two states of one case; ``CaseState()`` is before everything."""
    old_next, old_timers = split_timers(before)
    new_next, new_timers = split_timers(after)
    old, new = before.tasks, after.tasks
    added: dict[str, TaskRow] = {}
    changed: dict[str, TaskRow] = {}
    for key, task in new.items():
        known = old.get(key)
        if known is None:
            added[key] = task_row(task, unit_of=unit_of, next_at=new_next.get(key))
        elif (known is not task and known != task) or old_next.get(key) != new_next.get(key):
            changed[key] = task_row(task, unit_of=unit_of, next_at=new_next.get(key))
    old_notices, new_notices = _notices(definition, before), _notices(definition, after)
    return Changes(
        added,
        changed,
        tuple(key for key in old if key not in new),
        {key: due_at for key, due_at in new_timers.items() if old_timers.get(key) != due_at},
        tuple(key for key in old_timers if key not in new_timers),
        {step: span for step, span in new_notices.items() if old_notices.get(step) != span},
        tuple(step for step in old_notices if step not in new_notices),
    )


def split_timers(state: CaseState) -> tuple[Moments, Moments]:
    """Return the next moment of every task that timers are about, and all other timers.

    A task's timers (``<what>:<task key>``) ride in its row, so that a step from task to task writes no timer row.
    """
    next_at: dict[str, datetime] = {}
    others: dict[str, datetime] = {}
    tasks = state.tasks
    for key, due_at in state.timers.items():
        task = key.rpartition(":")[2]
        if task in tasks:
            known = next_at.get(task)
            if known is None or due_at < known:
                next_at[task] = due_at
        else:
            others[key] = due_at
    return next_at, others


def task_row(task: Task, *, unit_of: UnitOf, next_at: datetime | None) -> TaskRow:
    """Return the row of an open task."""
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
    notices: dict[str, tuple[datetime, datetime | None]] = {}
    if state.status is not Status.OPEN:
        return notices
    for active in state.active:
        step = definition.steps.get(active.step)
        if isinstance(step, WaitStep) and step.objection is not None:
            ends_at = state.timers.get(f"wait:{active.step}.{active.visit}")
            notices[active.step] = (active.entered_at, ends_at)
    return notices
