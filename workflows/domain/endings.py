"""Say what an outcome of one item means to a case that opened it."""

from workflows.domain.commands import ResultKind
from workflows.domain.definition import Definition, EndStep

_NOT_DONE = ("退回办结", "作废办结", "删除办结", "转报办结", "补正不来办结")


def ending_of(definition: Definition, outcome: str | None) -> ResultKind:
    """Return how a part of a bundle came back: done, refused by an officer, withdrawn, or lapsed."""
    ended = definition.outcomes.get(outcome or "")
    if ended is None:
        return ResultKind.LAPSED
    is_usual = any(isinstance(step, EndStep) and step.outcome == ended.id for step in definition.steps.values())
    if is_usual and ended.closing not in _NOT_DONE:
        return ResultKind.DONE
    withdraw = definition.anytime.withdraw
    if withdraw is not None and withdraw.end == ended.id:
        return ResultKind.WITHDRAWN
    return ResultKind.REFUSED if ended.remedies or ended.closing == "退回办结" else ResultKind.LAPSED
