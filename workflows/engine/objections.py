"""Take objections (异议) to what a waiting step makes public; an officer answers them."""

from workflows.domain.commands import ActOn, Object
from workflows.domain.definition import NEXT, WaitStep
from workflows.domain.state import Task, TaskKind
from workflows.engine import posts
from workflows.engine.acts import Choice, check_choice, count_use, effective_act, record
from workflows.engine.closing import close_at, drop_task, leave
from workflows.engine.entering import Work, complete, open_task
from workflows.engine.jumps import go_back
from workflows.engine.messages import go_on_waiting
from workflows.engine.plan import Place
from workflows.engine.refusals import NoObjectionNow, ObjectedAlready, ReasonMissing
from workflows.engine.run import Run


def object_to(run: Run, command: Object) -> None:
    """Record an objection and open the task that answers it; further ones are recorded with the open task.

    Its text is written under ``<step>.objection.<visit>.<number>``.

    Raises:
        NoObjectionNow: the step is not open to objections.
        ReasonMissing: no text.
        ObjectedAlready: an objection of the same person waits for its answer.
    """
    active = run.active.get(command.step)
    place = run.plan.places.get(command.step)
    if active is None or place is None or active.has_elapsed:
        raise NoObjectionNow(step=command.step)
    step = place.step
    if not isinstance(step, WaitStep) or step.objection is None:
        raise NoObjectionNow(step=command.step)
    if not command.text.strip():
        raise ReasonMissing(field="text")
    if command.by is not None and command.by in active.objectors:
        raise ObjectedAlready(step=command.step)
    number = active.objections + 1
    objectors = active.objectors if command.by is None else (*active.objectors, command.by)
    run.active[place.id] = active._replace(objections=number, objectors=objectors)
    run.writes[f"{place.id}.objection.{active.visit}.{number}"] = command.text.strip()
    run.happen("objected", place.id, active.visit, number=number)
    if not run.tasks_at(place.id):
        # The first is `.o`; a later task has a number, so that a page about the first never answers the second.
        key = f"{place.id}.{active.visit}.o{number if number > 1 else ''}"
        upon = step.objection
        open_task(run, place, Work(key, TaskKind.OBJECTION, upon.by, upon.limit, place.offered))


def answer(run: Run, task: Task, command: ActOn) -> None:
    """Act upon what happened while a step waits: an objection is upheld or dismissed, a late message given up or not.

    A dismissed objection lets the wait go on, or end if it has elapsed meanwhile or the act says so.

    Raises:
        TransitionRefused: wrong actor, act or reason.
    """
    place = run.plan.places[task.step]
    officer = posts.worker(run, task)
    choice = Choice(command.act, task.role, officer, command.reason.strip(), command.fields)
    act = effective_act(run, place, command.act)
    if act is not None:
        check_choice(run, place, act=act, choice=choice)
        count_use(run, place, act)
    record(run, place, choice)
    run.happen("acted", place.id, task.visit, act=command.act, role=task.role)
    if act is not None and act.doc is not None:
        run.effect("notice", place.id, task.visit, document=act.doc, act=act.id)
    drop_task(run, task)
    run.active[place.id] = run.active[place.id]._replace(objectors=())
    if act is not None and act.back is not None:
        go_back(run, place, run.plan.places[act.back])
    elif act is not None and act.end is not None:
        leave(run, place)
        close_at(run, place, act.end)
    elif task.kind is TaskKind.OVERDUE:
        go_on_waiting(run, place, act)
    elif run.active[place.id].has_elapsed or (act is not None and act.go == NEXT):
        complete(run, place)


def end_wait(run: Run, place: Place) -> None:
    """End a wait at its time; an open objection holds it."""
    active = run.active[place.id]
    if run.tasks_at(place.id):
        run.active[place.id] = active._replace(has_elapsed=True)
        return
    run.happen("elapsed", place.id, active.visit)
    complete(run, place)
