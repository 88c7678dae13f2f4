"""List every text of an item that a page may show; each needs words in the second language."""

from collections.abc import Iterator

from workflows.domain.definition import Act, Definition, HumanStep, PayStep, Step, WaitStep


def texts_of(item: Definition) -> Iterator[str]:
    """Yield every text of an item that a page may show, some of them more than once."""
    facts = item.facts
    yield from (facts.name, facts.kind, facts.level, facts.fee, *facts.basis)
    yield from item.labels.values()
    for outcome in item.outcomes.values():
        yield from (outcome.closing, *outcome.remedies)
    for condition in item.conditions:
        yield from (condition.text, condition.basis or "")
    yield from (material.name for material in item.materials)
    if suspend := item.anytime.suspend:
        for ground in suspend.grounds:
            yield from (ground.ground, ground.basis or "")
    if item.anytime.correct:
        yield item.anytime.correct.basis
    for step in item.steps.values():
        if step.pause:
            yield from (step.pause.ground, step.pause.basis or "")
        for line in step.lines if isinstance(step, PayStep) else ():
            yield from (line.name, line.basis or "")
        for act in acts_of(step):
            yield from (act.label, act.doc or "", (act.ask and act.ask.basis) or "")


def acts_of(step: Step) -> tuple[Act, ...]:
    """Return what an officer may do at a step, those upon a wait included."""
    if isinstance(step, WaitStep):
        return step.upon.acts if step.upon is not None else ()
    return step.acts if isinstance(step, HumanStep) else ()
