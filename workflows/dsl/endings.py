"""Say how a case of an item may end, and at which step, beside the end of its flow."""

from collections.abc import Iterator

from workflows.domain.definition import Definition, EndStep, HumanStep, Step, WaitStep


def other_endings(definition: Definition) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield each outcome that the flow does not lead to by itself, with the steps at which it may come."""
    found: dict[str, dict[str, None]] = {}
    for step in definition.steps.values():
        for outcome in _ends_of(step):
            found.setdefault(outcome, {})[step.id] = None
    usual = {step.outcome for step in definition.steps.values() if isinstance(step, EndStep)}
    if definition.anytime.withdraw is not None:
        found.setdefault(definition.anytime.withdraw.end, {})
    for outcome in definition.outcomes:
        if outcome in found and outcome not in usual:
            yield outcome, tuple(found[outcome])


def _ends_of(step: Step) -> Iterator[str]:
    acts = step.acts if isinstance(step, HumanStep) else ()
    if isinstance(step, WaitStep) and step.objection is not None:
        acts = step.objection.acts
    for act in acts:
        if act.end is not None:
            yield act.end
        if act.ask is not None:
            yield act.ask.late
