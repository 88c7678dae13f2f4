"""Take the messages of departments' systems: what a step waits for, and what happens when it does not come."""

from workflows.domain.commands import Result
from workflows.domain.definition import AGAIN, NEXT, Act, WaitStep
from workflows.domain.state import ActiveStep, TaskKind
from workflows.engine.closing import lapse
from workflows.engine.entering import Work, arm_wait, complete, open_task
from workflows.engine.plan import Place
from workflows.engine.run import Run


def take_message(run: Run, place: Place, step: WaitStep, *, active: ActiveStep, result: Result) -> None:
    """Keep what a message brings and end the wait; one that is overdue ends it as well, whoever has it by then."""
    run.writes.update((path, result.fields.get(path)) for path in step.gives if path in result.fields)
    if step.into is not None:
        earlier, more = run.values.get(step.into), result.fields.get(step.into)
        run.writes[step.into] = (*_rows(earlier), *_rows(more))
    run.happen("arrived", place.id, active.visit, message=step.message)
    complete(run, place)


def pass_over(run: Run, place: Place, step: WaitStep) -> None:
    """Do what the item says where a message has not come in time."""
    active = run.active[place.id]
    if step.overdue is not None:
        run.active[place.id] = active._replace(has_elapsed=True)
        run.happen("overdue", place.id, active.visit)
        upon = step.overdue
        key = f"{place.id}.{active.visit}.l"
        open_task(run, place, Work(key, TaskKind.OVERDUE, upon.by, upon.limit, place.offered))
    elif step.late in (None, NEXT):
        run.happen("elapsed", place.id, active.visit)
        complete(run, place)
    else:
        lapse(run, place, str(step.late))


def go_on_waiting(run: Run, place: Place, act: Act | None) -> None:
    """Carry out an officer's act upon an overdue message: wait once more with the full time, or go on."""
    step = place.step
    if act is not None and act.go == AGAIN and isinstance(step, WaitStep):
        active = run.active[place.id] = run.active[place.id]._replace(
            has_elapsed=False, entered_at=run.at, entered_on=run.on
        )
        arm_wait(run, step, active)
    else:
        complete(run, place)


def _rows(value: object) -> tuple[object, ...]:
    return value if isinstance(value, tuple) else ()
