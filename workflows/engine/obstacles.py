"""Say why a case cannot move to another version of its item; nothing is ever guessed at."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from gov_portal.kernel.types import Value, ValueRefused
from workflows.domain.definition import HumanStep, Phase, WaitStep
from workflows.domain.state import CaseState, Context, Status, Task, TaskKind
from workflows.engine.closing import undo_of
from workflows.engine.plan import RANKS, Place
from workflows.engine.routes import Route


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Name one reason that a case stays on its version; ``about`` is a name of the item, never a value.

    ``code`` is one of: draft closed not-a-source due-now undo-under-way result-held effect-under-way ground-gone
    step-gone step-kind step-phase marking branch-added vote-changed act-gone objection-gone question-gone mark-gone
    role-gone issued-step-gone value-unfit field-missing limit-passed moved-on.
    """

    code: str
    about: str = ""

    def __str__(self) -> str:
        """Return ``code: name``."""
        return f"{self.code}: {self.about}" if self.about else self.code


def obstacles(route: Route, state: CaseState, context: Context) -> Iterator[Obstacle]:
    """Yield everything that keeps a case where it is; what only passes, like a result under way, is told as well."""
    if state.status in (Status.DRAFT, Status.CLOSED):
        yield Obstacle(state.status.value)
        return
    if not route.is_open:
        yield Obstacle("not-a-source", str(route.old.facts.version))
        return
    yield from _passing(state, context)
    found = list(_steps(route, state))
    yield from found
    if not found:
        yield from _marking(route, state)
        for task in state.tasks.values():
            yield from _task(route, state, task)
    yield from _history(route, state)
    yield from _data(route, state, context.values)


def _passing(state: CaseState, context: Context) -> Iterator[Obstacle]:
    if any(due_at <= context.now for due_at in state.timers.values()):
        yield Obstacle("due-now")
    if state.pending_undos or state.pending_entries:
        yield Obstacle("undo-under-way")
    if state.held_results:
        yield Obstacle("result-held")


def _steps(route: Route, state: CaseState) -> Iterator[Obstacle]:
    """Compare every open step with what it becomes."""
    for active in state.active:
        old = route.old_plan.places[active.step]
        new = route.new_plan.places.get(route.steps.get(active.step, ""))
        if new is None:
            if not old.is_block:
                yield Obstacle("step-gone", active.step)
        elif type(old.step) is not type(new.step):
            yield Obstacle("step-kind", active.step)
        elif _stretch(old) != _stretch(new):
            # The clock would begin or end by the change of a file, not by an act.
            yield Obstacle("step-phase", active.step)


def _stretch(place: Place) -> int:
    """Return where a place lies to the decision clock: before it, in it, behind it."""
    return (place.rank > RANKS[Phase.ACCEPTANCE]) + (place.rank > RANKS[Phase.DECISION])


def _marking(route: Route, state: CaseState) -> Iterator[Obstacle]:
    """See that the open steps can be open together, and that no branch of theirs is passed over unseen."""
    places = [route.new_plan.places[route.steps[one.step]] for one in state.active if one.step in route.steps]
    leaves = [place for place in places if not place.is_block]
    for number, one in enumerate(leaves):
        for other in leaves[number + 1 :]:
            if not _are_parallel(one, other):
                yield Obstacle("marking", other.id)
    taken = {entry for leaf in leaves for entry in leaf.scope}
    known = {route.steps[step] for step in route.steps}
    for block in {name for name, _ in taken}:
        for number, first in enumerate(route.new_plan.places[block].opens):
            if (block, number) not in taken and first is not None:
                inside = _branch(route, (block, number))
                yield from (Obstacle("branch-added", step) for step in inside if step not in known)


def _branch(route: Route, entry: tuple[str, int]) -> list[str]:
    return [place.id for place in route.new_plan.places.values() if entry in place.scope and not place.is_block]


def _are_parallel(one: Place, other: Place) -> bool:
    for (block, number), (other_block, other_number) in zip(one.scope, other.scope, strict=False):
        if block != other_block:
            return False
        if number != other_number:
            return True
    return False


def _task(route: Route, state: CaseState, task: Task) -> Iterator[Obstacle]:
    if task.step not in route.steps:
        yield Obstacle("step-gone", task.step)
        return
    old, new = route.old_plan.places[task.step].step, route.new_plan.places[route.steps[task.step]].step
    if isinstance(old, HumanStep) and isinstance(new, HumanStep):
        if (old.vote is None) != (new.vote is None) or (old.vote and new.vote and _ballot(route, old, new)):
            yield Obstacle("vote-changed", task.step)
        if (old.by == "applicant") != (new.by == "applicant"):
            yield Obstacle("step-kind", task.step)
        yield from _answers(state, task, new)
    if task.kind is TaskKind.OBJECTION and not (isinstance(new, WaitStep) and new.objection):
        yield Obstacle("objection-gone", task.step)
    consult = route.new.anytime.consult
    if task.kind is TaskKind.CONSULT and (consult is None or task.role not in consult.to):
        yield Obstacle("question-gone", task.role)
    for mark in task.marks:
        if route.fields.get(mark.target, mark.target) not in route.new_plan.markable:
            yield Obstacle("mark-gone", mark.target)


def _ballot(route: Route, old: HumanStep, new: HumanStep) -> bool:
    """Tell whether the vote is another one: how many of whom, or how many must agree."""
    assert old.vote and new.vote  # noqa: S101 - asked by the caller
    roles = [(post.org, post.rank) for post in (route.old.roles[old.by], route.new.roles[new.by])]
    return (old.vote.of, old.vote.need) != (new.vote.of, new.vote.need) or roles[0] != roles[1]


def _answers(state: CaseState, task: Task, new: HumanStep) -> Iterator[Obstacle]:
    """See that the acts which votes were cast for, or a supplement was asked by, are still there."""
    active = next((one for one in state.active if one.step == task.step), None)
    for act in {*(active.votes.values() if active else ()), *([active.asked] if active and active.asked else ())}:
        found = new.act(act)
        if found is None or (active and act == active.asked and found.ask is None):
            yield Obstacle("act-gone", f"{task.step}.{act}")


def _history(route: Route, state: CaseState) -> Iterator[Obstacle]:
    for step, _ in state.issued:
        place = route.new_plan.places.get(route.steps.get(step, ""))
        had_undo = undo_of(route.old_plan.places[step].step) is not None
        if place is None or (had_undo and undo_of(place.step) is None):
            yield Obstacle("issued-step-gone", step)
    if state.status is Status.SUSPENDED:
        rule = route.new.anytime.suspend
        if state.suspended_ground not in {ground.ground for ground in (rule.grounds if rule else ())}:
            yield Obstacle("ground-gone", state.suspended_ground)


def _data(route: Route, state: CaseState, values: Mapping[str, object]) -> Iterator[Obstacle]:
    for old, new, _ in route.changed_fields:
        try:
            fitted(route, old, values)
        except (ValueRefused, TypeError, ValueError):
            yield Obstacle("value-unfit", new)
    if not route.added_readings:
        return
    indexes = [route.new_plan.places[route.steps[one.step]].index for one in state.active if one.step in route.steps]
    here = min(indexes, default=0)
    for path in dict.fromkeys(path for index, path in route.added_readings if index >= here):
        first = min(index for index, read in route.added_readings if read == path and index >= here)
        if not any(here <= index < first for index in route.writings.get(path, ())):
            yield Obstacle("field-missing", path)


def fitted(route: Route, path: str, values: Mapping[str, object]) -> Value:
    """Return the value of a field of the old version as the new version's type has it.

    Raises:
        ValueRefused: it does not fit.
    """
    value = values.get(path)
    if value is None:
        return None
    stored = route.old.fields[path].type.dump(value)  # type: ignore[arg-type]
    return route.new.fields[route.fields[path]].type.parse(stored)
