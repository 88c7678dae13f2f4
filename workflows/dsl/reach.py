"""Prove that every step and act can be reached, and that no case is stuck at one (E503, E506, E507, and E106)."""

from collections.abc import Iterable, Iterator

from workflows.domain.definition import (
    APPLICANT,
    NEXT,
    Act,
    AllStep,
    EndStep,
    HumanStep,
    IfStep,
    Step,
    inner_sequences,
)
from workflows.domain.expressions import Tree
from workflows.dsl.compiled import Compiled
from workflows.dsl.proof import Prover, TooManyCases, shown
from workflows.dsl.scope import Checked
from workflows.dsl.statics import BOOL

Holds = tuple[Tree, ...]


def check_reach(compiled: Compiled) -> None:
    """Report steps and acts that nothing leads to, and steps that a case could not leave."""
    _check_order(compiled.top, compiled)
    _check_distinct(compiled)
    for checked in _beside_steps(compiled):
        _check_varies(checked, compiled, may_always_hold=True)
    for checked in _of_steps(compiled):
        _check_varies(checked, compiled)
    for step, holds in contexts(compiled.top):
        _check_entered(step, holds, compiled)
        if isinstance(step, HumanStep) and step.acts:
            _check_enabled(step, holds, compiled)


def contexts(steps: Iterable[Step], holds: Holds = ()) -> Iterator[tuple[Step, Holds]]:
    """Yield every step with the conditions that hold where it is done."""
    for step in steps:
        here = (*holds, step.when.tree) if step.when is not None else holds
        yield step, here
        if isinstance(step, IfStep):
            yield from contexts(step.then, (*here, step.condition.tree))
            yield from contexts(step.otherwise, (*here, ("not", step.condition.tree)))
        else:
            for inner in inner_sequences(step):
                yield from contexts(inner, here)


def _check_order(steps: tuple[Step, ...], compiled: Compiled) -> None:
    """Report the step behind one that never goes on."""
    for before, step in zip(steps, steps[1:], strict=False):
        if not _goes_on(before):
            reason = (
                "ends the case" if isinstance(before, EndStep) else "never goes on: each of its acts ends or returns"
            )
            compiled.scope.report(
                "E507",
                step.at,
                f"nothing leads to `{step.id}`, because `{before.id}` {reason}",
                "move it, or give the step before an act that goes on",
            )
    for step in steps:
        for inner in inner_sequences(step):
            _check_order(inner, compiled)


def _goes_on(step: Step) -> bool:
    if step.when is not None:
        return True
    match step:
        case EndStep():
            return False
        case HumanStep() if step.acts:
            return any(_is_forward(act) for act in step.acts)
        case AllStep():
            return all(all(_goes_on(inner) for inner in branch) for branch in step.branches)
        case IfStep():
            return any(all(_goes_on(inner) for inner in branch) for branch in (step.then, step.otherwise))
    return True


def _is_forward(act: Act) -> bool:
    return act.over == NEXT or not (act.end or act.back or act.ask)


def _check_distinct(compiled: Compiled) -> None:
    """Report a step of ``distinct`` in which no officer acts."""
    steps = {step.id: step for step in compiled.every_step}
    for key, at in compiled.scope.places.items():
        step = steps.get(key.removeprefix("distinct.")) if key.startswith("distinct.") else None
        if step is not None and not (
            isinstance(step, HumanStep) and step.by not in (APPLICANT, *compiled.scope.parties)
        ):
            compiled.scope.report(
                "E503",
                at,
                f"no officer acts in `{step.id}`, so nobody is kept out by it",
                "name a step with `by: <role>`",
            )


def _beside_steps(compiled: Compiled) -> list[Checked]:
    placed = [*(one for _, one in compiled.prefills), *compiled.pages.values()]
    return [
        *(condition.rule for condition in compiled.conditions),
        *compiled.material_conditions,
        *(when for one in placed for when in (*one.whens, *one.each_when.values())),
    ]


def _of_steps(compiled: Compiled) -> list[Checked]:
    notes = compiled.notes
    read = (checked for group in notes.reads.values() for checked in group if checked.static == BOOL)
    return [*notes.whens.values(), *notes.conditions.values(), *read]


def _check_varies(checked: Checked, compiled: Compiled, *, may_always_hold: bool = False) -> None:
    """Report a condition that is the same whatever its fields hold; a bundle may write some that always hold."""
    tree = checked.expression.tree
    if tree[0] == "const":
        return
    try:
        is_never = Prover(compiled.scope).find([tree]) is None
        is_always = not is_never and not may_always_hold and Prover(compiled.scope).find([], [tree]) is None
    except TooManyCases:
        return
    if is_never or is_always:
        word = "never" if is_never else "always"
        compiled.scope.report(
            "E106", checked.at, f"this is {word} true, whatever the fields hold", "mend the condition, or take it out"
        )


def _check_entered(step: Step, holds: Holds, compiled: Compiled) -> None:
    if len(holds) < (2 if step.when is not None else 1):
        return
    if _find(holds, (), compiled) is None:
        when = compiled.notes.whens.get(step.id)
        compiled.scope.report(
            "E507",
            when.at if when is not None else step.at,
            f"nothing leads to `{step.id}`: the conditions around it exclude each other",
            "mend one of them, or take the step out",
        )


def _check_enabled(step: HumanStep, holds: Holds, compiled: Compiled) -> None:
    """Report values for which no act could be chosen for ever (every human step keeps an unbounded act)."""
    free = [act for act in step.acts if act.max is None or act.over is not None]
    guards = [act.only.tree for act in free if act.only is not None]
    if free and len(guards) == len(free):
        stuck = _find(holds, guards, compiled)
        if stuck is not None:
            compiled.scope.report(
                "E506",
                step.at,
                f"no act of `{step.id}` is open {stuck}",
                "leave one act without `only` and without `max`",
            )
    for act in step.acts:
        if act.only is not None and holds and _find((*holds, act.only.tree), (), compiled) is None:
            compiled.scope.report(
                "E507",
                act.at,
                f"`{act.id}` can never be chosen: its `only` excludes what leads to the step",
                "mend `only`, or take the act out",
            )


def _find(holds: Iterable[Tree], fails: Iterable[Tree], compiled: Compiled) -> str | None:
    """Return for which values the conditions hold and fail, in words; ``None`` where there are none."""
    try:
        case = Prover(compiled.scope).find(list(holds), list(fails))
    except TooManyCases:
        return "for some values, as far as can be proved"
    return None if case is None else shown(case)
