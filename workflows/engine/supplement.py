"""Ask for a supplement (补正) once and completely, take it back, or let it lapse."""

from collections.abc import Iterable, Mapping
from datetime import date

from workflows.domain.commands import Mark, ReturnSupplement
from workflows.domain.definition import APPLICANT, Act, Ask, Definition, HumanStep
from workflows.domain.expressions import AbsentValue, evaluate
from workflows.domain.state import CaseState, Task, TaskKind
from workflows.engine import posts
from workflows.engine.closing import drop_task, lapse, leave
from workflows.engine.entering import Work, enter_again, open_again, open_task
from workflows.engine.forms import Wanted, wanted_of
from workflows.engine.owed import hand_in, is_owed
from workflows.engine.plan import Place, Plan, plan_of
from workflows.engine.refusals import (
    FieldMissing,
    FieldNotHere,
    MarkOutOfScope,
    MarksMissing,
    MarkUnknown,
    NotYourTask,
    StaleTask,
)
from workflows.engine.run import Overlay, Run

MATERIALS = "materials."
"""Prefix of the path that an uploaded material lies under."""


def markable(run: Run) -> frozenset[str]:
    """Return what a notice may name: materials, and fields that are asked now and that nobody vouches for.

    What the account or a department has proven is never opened to be typed over.
    """
    definition = run.plan.definition
    asked = wanted_of(definition, definition.pages, run.values, today=run.today, lets=run.lets).allowed
    proven = frozenset(path for path in asked if run.context.is_proven(path))
    return run.plan.markable - (run.plan.asked - frozenset(asked)) - proven


def check_marks(run: Run, marks: tuple[Mark, ...]) -> None:
    """Check the marks of a notice.

    Raises:
        MarksMissing: none, or one without a reason.
        MarkUnknown: nothing that may be marked, or marked twice.
        MarkOutOfScope: a later notice may mark only what the first named or what the applicant changed.
    """
    if not marks or any(not mark.reason.strip() for mark in marks):
        raise MarksMissing
    targets = [mark.target for mark in marks]
    for target in targets:
        if target not in markable(run) or targets.count(target) > 1:
            raise MarkUnknown(field=target)
        if run.supplement_scope is not None and target not in run.supplement_scope:
            raise MarkOutOfScope(field=target)


def ask_supplement(run: Run, place: Place, *, act: Act, marks: tuple[Mark, ...]) -> None:
    """Close the officer's task and open the applicant's, for the marked fields only."""
    ask = act.ask
    if ask is None:
        return
    active = run.active[place.id]
    for task in run.tasks_at(place.id):
        drop_task(run, task)
    run.disarm(f"{place.id}.{active.visit}")
    run.active[place.id] = active._replace(asked=act.id, votes={})
    key = f"{place.id}.{active.visit}.s"
    work = Work(key, TaskKind.SUPPLEMENT, APPLICANT, ask.within, ("return",), marks=marks, is_acting=True)
    open_task(run, place, work)
    if run.supplement_scope is None and ask.late is not None:
        run.supplement_scope = tuple(mark.target for mark in marks)
    run.happen("supplement-asked", place.id, active.visit, marks=[mark.target for mark in marks])
    run.tell("case.supplement-asked", place.id, active.visit)


def return_supplement(run: Run, command: ReturnSupplement) -> None:
    """Take a supplement in: a new receipt, a new visit with its full limit, and deeming counts from it.

    Old values stay readable under ``<path>@<visit>`` of the visit that asked.

    Raises:
        StaleTask: there is no such supplement any more.
        FieldNotHere: a field that was not marked and is not newly required.
        FieldMissing: a marked field, or one that a changed ``let`` now requires, has no value.
    """
    task = run.tasks.get(command.task)
    if task is None:
        raise StaleTask(task=command.task)
    if task.kind is not TaskKind.SUPPLEMENT:
        raise NotYourTask
    posts.assured_applicant(run)
    if is_owed(task):
        hand_in(run, task, command.fields)
        return
    place = run.plan.places[task.step]
    fields = command.fields
    lets = lets_after(run.plan, run.values, fields, today=run.today)
    before, after = _forms(run.plan, run.values, fields, today=run.today, lets=lets)
    _check_return(task, fields, unlocked=_newly_needed(before, after), values=run.values)
    changed = [path for path, value in fields.items() if run.values.get(path) != value]
    needless = [path for path in before.allowed if path not in after.allowed]
    _keep_old(run, [*changed, *needless, *(f"let.{name}" for name in lets)], visit=task.visit)
    run.writes.update(fields)
    run.writes.update(dict.fromkeys(path for path in needless if run.values.get(path) is not None))
    run.writes.update((f"let.{name}", value) for name, value in lets.items())
    if (scope := run.supplement_scope) is not None:
        names = [path.removeprefix(MATERIALS) for path in changed]
        run.supplement_scope = (*scope, *(name for name in names if name not in scope))
    run.happen("supplement-returned", place.id, task.visit, changed=changed)
    if not _give_back(run, place):
        if run.clock.started_on is None:
            run.clock = run.clock._replace(received_on=run.on)
        leave(run, place)
        enter_again(run, place)


def _give_back(run: Run, place: Place) -> bool:
    """Give the work back to whoever let an error be corrected on the spot; the limit ran on meanwhile (32(1)(3))."""
    ask, step = _ask_of(place, run.active[place.id].asked), place.step
    if ask is None or ask.late is not None or not isinstance(step, HumanStep):
        return False
    open_again(run, place, step, was=leave(run, place))
    return True


def let_lapse(run: Run, task: Task) -> None:
    """Close the case because no supplement came in time: with the outcome that the item names, never a refusal.

    What was not corrected on the spot closes nothing: whoever asked has the work again.
    """
    place = run.plan.places[task.step]
    ask = _ask_of(place, run.active[task.step].asked)
    if ask is not None and ask.late is not None:
        lapse(run, place, ask.late)
    elif ask is not None:
        run.happen("elapsed", place.id, task.visit)
        _give_back(run, place)


def unlocked_by(
    definition: Definition, state: CaseState, values: Mapping[str, object], fields: Mapping[str, object], *, today: date
) -> tuple[str, ...]:
    """Return the fields that an answer makes necessary beside the marked ones, so that page and prefill can follow.

    ``fields`` is what the supplement would hand in; ``state`` is not looked at before the lets were frozen.
    """
    plan = plan_of(definition)
    if state.clock.received_on is None:
        return ()
    lets = lets_after(plan, values, fields, today=today)
    return _newly_needed(*_forms(plan, values, fields, today=today, lets=lets))


def lets_after(
    plan: Plan, values: Mapping[str, object], fields: Mapping[str, object], *, today: date
) -> dict[str, object]:
    """Return the lets whose inputs an answer changes, computed anew; the others stay frozen, whatever day it is."""
    changed = {path for path, value in fields.items() if values.get(path) != value}
    groups = {path.partition(".")[0] for path in changed}
    touched = {name for name, inputs in plan.let_inputs.items() if inputs & changed or inputs & groups}
    if not touched:
        return {}
    after = Overlay(values, fields)
    known = {name: values.get(f"let.{name}") for name in plan.let_inputs}
    frozen = dict(known)
    for name, expression in plan.definition.lets.items():
        if name in touched:
            try:
                known[name] = evaluate(expression, after, today=today, lets=known)
            except AbsentValue:
                known[name] = None
    return {name: known[name] for name in touched if known[name] != frozen[name]}


def _newly_needed(before: Wanted, after: Wanted) -> tuple[str, ...]:
    return tuple(path for path in after.needed if path not in before.needed)


def _forms(
    plan: Plan, values: Mapping[str, object], fields: Mapping[str, object], *, today: date, lets: Mapping[str, object]
) -> tuple[Wanted, Wanted]:
    """Return what the application wants before and after an answer, as of one day."""
    frozen = {name: values.get(f"let.{name}") for name in plan.let_inputs}
    before = _wanted(plan, values, today=today, lets=frozen)
    return before, _wanted(plan, Overlay(values, fields), today=today, lets={**frozen, **lets})


def _wanted(plan: Plan, values: Mapping[str, object], *, today: date, lets: Mapping[str, object]) -> Wanted:
    step = plan.first.step
    form = step.form if isinstance(step, HumanStep) else ()
    pages = [page for page in plan.definition.pages if page.id in form]
    return wanted_of(plan.definition, pages, values, today=today, lets=lets)


def _check_return(
    task: Task, fields: Mapping[str, object], *, unlocked: Iterable[str], values: Mapping[str, object]
) -> None:
    newly = tuple(unlocked)
    targets = [mark.target for mark in task.marks]
    allowed = {*targets, *(MATERIALS + target for target in targets), *newly}
    for path in fields:
        if path not in allowed:
            raise FieldNotHere(field=path)
    missing = [
        target
        for target in targets
        if fields.get(target) is None and fields.get(MATERIALS + target) is None and not _is_material(target, values)
    ]
    missing += [path for path in newly if fields.get(path) is None and values.get(path) is None]
    if missing:
        raise FieldMissing(missing)


def _is_material(target: str, values: Mapping[str, object]) -> bool:
    """Tell whether a target is a material that lies in the case; files arrive before the supplement that names them."""
    return "." not in target and values.get(MATERIALS + target) is not None


def _keep_old(run: Run, paths: Iterable[str], *, visit: int) -> None:
    for path in paths:
        if (old := run.values.get(path)) is not None:
            run.writes[f"{path}@{visit}"] = old


def _ask_of(place: Place, act_id: str) -> Ask | None:
    act = place.acts.get(act_id)
    return act.ask if act else None
