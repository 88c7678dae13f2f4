"""Explain to people what the rules of an item made of their data; pure."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from workflows.domain.definition import Act, Definition
from workflows.domain.explaining import Explanation, World, explain
from workflows.domain.expressions import Expression
from workflows.services.reading import declared_acts
from workflows.views import ConditionView, FailedRule


def conditions_of(
    definition: Definition, values: Mapping[str, object], *, today: date, fixed: Iterable[str] = ()
) -> tuple[ConditionView, ...]:
    """Return the conditions of acceptance with what they come to, why, and what would change it.

    ``fixed`` are fields that the person cannot change, such as what a department gave.
    """
    world = replace(World.of(definition, values, today=today), fixed=frozenset(fixed))
    found = []
    for one in definition.conditions:
        explanation = explain(one.rule, world)
        found.append(ConditionView(one.text, one.basis, explanation.holds, explanation))
    return tuple(found)


def why_wanted(
    when: Expression | None, definition: Definition, values: Mapping[str, object], *, today: date
) -> Explanation | None:
    """Return why something is asked under a condition that holds; ``None`` where it is asked of everybody."""
    if when is None:
        return None
    return explain(when, World.of(definition, values, today=today), with_changes=False)


def why_act_is_closed(
    act: Act, definition: Definition, values: Mapping[str, object], *, today: date
) -> Explanation | None:
    """Return why an act may not be chosen, where its own condition is the reason."""
    if act.only is None:
        return None
    found = explain(act.only, World.of(definition, values, today=today))
    return None if found.holds else found


def failed_rules(
    definition: Definition, values: Mapping[str, object], *, decided_at: str, on: date
) -> tuple[FailedRule, ...]:
    """Return the rules of the item that a turned-down application did not meet.

    Args:
        definition: the item.
        values: of the case.
        decided_at: step whose act turned it down; what else could have been done there had conditions too.
        on: day of the application.
    """
    failed = [
        FailedRule("", one.text, one.basis, one.explanation)
        for one in conditions_of(definition, values, today=on)
        if one.holds is False and one.explanation is not None
    ]
    step = definition.steps.get(decided_at)
    for act in declared_acts(step) if step is not None else ():
        closed = why_act_is_closed(act, definition, values, today=on) if act.end is None else None
        if closed is not None:
            failed.append(FailedRule(act.label, "", None, closed))
    return tuple(failed)
