"""Say how a case of an item may end, and at which step, beside the end of its flow."""

from collections.abc import Iterator

from workflows.domain.definition import NEXT, Definition, EndStep, Step, WaitStep
from workflows.domain.paying import PayStep
from workflows.dsl.texts import acts_of


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
    if isinstance(step, WaitStep | PayStep) and step.late not in (None, NEXT):
        yield str(step.late)
    for act in acts_of(step):
        if act.end is not None:
            yield act.end
        if act.ask is not None and act.ask.late is not None:
            yield act.ask.late
