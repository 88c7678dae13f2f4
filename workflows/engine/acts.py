"""Carry out acts: go on, go back, ask for a supplement, or close."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from gov_portal.kernel.ids import OfficerId
from workflows.domain.commands import ActOn, Mark
from workflows.domain.definition import APPLICANT, NEXT, Act, HumanStep, SendStep
from workflows.domain.expressions import holds
from workflows.domain.state import NOTHING, Task, TaskKind
from workflows.engine import posts
from workflows.engine.closing import close_at, leave
from workflows.engine.entering import complete
from workflows.engine.forms import wanted_fields
from workflows.engine.jumps import go_back
from workflows.engine.owed import check_owed, note_broken
from workflows.engine.plan import DONE, Place
from workflows.engine.refusals import (
    ActNotAllowed,
    ActUnknown,
    ActUsedUp,
    AnswerAwaited,
    FieldMissing,
    FieldNotHere,
    ReasonMissing,
)
from workflows.engine.run import Run
from workflows.engine.supplement import ask_supplement, check_marks


class Choice(NamedTuple):
    """Hold what was chosen and by whom; ``officer`` is ``None`` where nobody acted and the law speaks (视为)."""

    act: str
    role: str
    officer: OfficerId | None = None
    reason: str = ""
    fields: Mapping[str, object] = NOTHING
    marks: tuple[Mark, ...] = ()


def work_on(run: Run, task: Task, command: ActOn) -> None:
    """Carry out one act of a step's own task.

    Raises:
        TransitionRefused: wrong actor, act, fields or reason.
    """
    place = run.plan.places[task.step]
    officer = posts.worker(run, task)
    choice = Choice(command.act, task.role, officer, command.reason.strip(), command.fields, command.marks)
    if place.acts and isinstance(place.step, HumanStep):
        take(run, place, choice)
    elif command.act == DONE:
        _finish_by_filling(run, place, choice)
    else:
        raise ActUnknown(act=command.act)


def take(run: Run, place: Place, choice: Choice) -> None:
    """Check a choice and apply it; the act's ``over`` takes its place when it is used up.

    Raises:
        TransitionRefused: the act, its fields, marks or reason are not right.
    """
    act = effective_act(run, place, choice.act)
    check_owed(run, place, act)
    if act is not None:
        check_choice(run, place, act=act, choice=choice)
    apply(run, place, act=act, choice=choice)


def effective_act(run: Run, place: Place, act_id: str) -> Act | None:
    """Return the act that a choice comes to; ``None`` is ``over: next``.

    Raises:
        ActUnknown: the step has no such act.
        ActUsedUp: ``max`` is reached and nothing takes its place.
    """
    for _ in range(len(place.acts)):
        act = place.acts.get(act_id)
        if act is None:
            raise ActUnknown(act=act_id)
        if act.max is None or not is_used_up(run.uses, place, act):
            return act
        if act.over is None:
            raise ActUsedUp(act=act_id)
        if act.over == NEXT:
            return None
        act_id = act.over
    raise ActUsedUp(act=act_id)


def is_used_up(uses: Mapping[str, int], place: Place, act: Act) -> bool:
    """Tell whether an act was chosen as often as the item allows in the life of a case."""
    return act.max is not None and uses.get(f"{place.id}.{act.id}", 0) >= act.max


def count_use(run: Run, place: Place, act: Act) -> None:
    """Count one more use of an act that the item allows so many times."""
    if act.max is not None:
        used = f"{place.id}.{act.id}"
        run.uses = {**run.uses, used: run.uses.get(used, 0) + 1}


def check_choice(run: Run, place: Place, *, act: Act, choice: Choice) -> None:
    """Check condition, reason, fields and marks of an act.

    Raises:
        ActNotAllowed: ``only`` does not hold.
        ReasonMissing: an outcome with remedies needs a reason that the applicant is shown.
        FieldNotHere, FieldMissing: the fields are not those of step and act.
        MarksMissing, MarkUnknown, MarkOutOfScope: the notice is not right.
        AnswerAwaited: an opinion was asked for, and the act waits for it.
    """
    _check_answered(run, place, act)
    goes_on = act.end is None and act.back is None and act.ask is None
    own = place.step.fill if isinstance(place.step, HumanStep) else ()
    if choice.fields or own or act.fill:
        allowed = (*own, *act.fill)
        check_fields(run, choice.fields, allowed=allowed, needed=allowed if goes_on else act.fill)
    if act.only is not None:
        run.writes.update(choice.fields)
        if not run.holds(act.only):
            raise ActNotAllowed(act=act.id)
    if needs_reason(run, act) and not choice.reason:
        raise ReasonMissing(act=act.id)
    if act.ask is not None:
        check_marks(run, choice.marks)


def _check_answered(run: Run, place: Place, act: Act) -> None:
    rule = run.plan.definition.anytime.consult
    if rule is None or not rule.blocks or f"{place.id}.{act.id}" not in rule.blocks:
        return
    for task in run.tasks.values():
        if task.kind is TaskKind.CONSULT:
            raise AnswerAwaited(act=act.id, role=task.role)


def needs_reason(run: Run, act: Act) -> bool:
    """Tell whether an act leads to an outcome with remedies, so that a reason must be given (行政许可法 38)."""
    return act.end is not None and bool(run.plan.definition.outcomes[act.end].remedies)


def check_fields(run: Run, fields: Mapping[str, object], *, allowed: Iterable[str], needed: Iterable[str]) -> None:
    """Check that exactly the right fields are there.

    Raises:
        FieldNotHere: a field that is not written here.
        FieldMissing: all fields that are wanting, at once.
    """
    declared = run.plan.definition.fields
    if fields and not fields.keys() <= (permitted := allowed if isinstance(allowed, frozenset) else frozenset(allowed)):
        raise FieldNotHere(field=next(path for path in fields if path not in permitted))
    if needed:
        missing = [path for path in needed if fields.get(path) is None and not declared[path].is_maybe]
        if missing:
            raise FieldMissing(missing)


def apply(run: Run, place: Place, *, act: Act | None, choice: Choice) -> None:
    """Apply an act that was checked: write it down, then go where it leads."""
    record(run, place, choice)
    if act is None:
        run.happen("acted", place.id, run.visits[place.id], act=choice.act, role=choice.role, over=NEXT)
        complete(run, place)
        return
    count_use(run, place, act)
    visit = run.visits[place.id]
    run.happen("acted", place.id, visit, act=act.id, role=choice.role)
    note_broken(run, place, act)
    if act.doc is not None:
        run.effect("notice", place.id, visit, document=act.doc, act=act.id)
    if act.end is not None:
        _note_against_rules(run, place, act=act, choice=choice)
        leave(run, place)
        close_at(run, place, act.end)
    elif act.back is not None:
        go_back(run, place, run.plan.places[act.back])
    elif act.ask is not None:
        ask_supplement(run, place, act=act, marks=choice.marks)
    else:
        complete(run, place)


def _note_against_rules(run: Run, place: Place, *, act: Act, choice: Choice) -> None:
    """Record for the supervision (电子监察) that an officer refused although every condition of the item is met."""
    conditions, received_on = run.plan.definition.conditions, run.clock.received_on
    if choice.officer is None or not conditions or received_on is None or not needs_reason(run, act):
        return
    if all(holds(one.rule, run.values, today=received_on, lets=run.lets) for one in conditions):
        run.happen("against-rules", place.id, run.visits[place.id], act=act.id)


def _finish_by_filling(run: Run, place: Place, choice: Choice) -> None:
    step = place.step
    if isinstance(step, SendStep):
        check_fields(run, choice.fields, allowed=(), needed=())
    elif isinstance(step, HumanStep):
        _check_filling(run, step, choice)
    record(run, place, choice)
    visit = run.visits[place.id]
    run.happen("acted", place.id, visit, act=DONE, role=choice.role)
    if isinstance(step, SendStep):
        run.happen("delivered", place.id, visit)
    complete(run, place)


def _check_filling(run: Run, step: HumanStep, choice: Choice) -> None:
    if step.by != APPLICANT or not step.form:
        check_fields(run, choice.fields, allowed=step.fill, needed=step.fill)
        return
    run.writes.update(choice.fields)
    form = wanted_fields(run, pages=step.form, lets=run.lets)
    check_fields(run, choice.fields, allowed=(*step.fill, *form.allowed), needed=step.fill)
    if form.missing:
        raise FieldMissing(form.missing)


def record(run: Run, place: Place, choice: Choice) -> None:
    """Write down fields, act, role, day and reason of a choice, and who made it."""
    writes, paths = run.writes, place.paths
    writes.update(choice.fields)
    writes[paths.act] = choice.act
    writes[paths.role] = choice.role
    writes[paths.day] = run.on
    if choice.reason:
        writes[paths.reason] = choice.reason
    if choice.officer is not None:
        posts.remember_actor(run, place, officer=choice.officer, role=choice.role)
