"""Let silence until the end of the statutory limit come to a decision (逾期未作决定，视为…)."""

from workflows.domain.definition import HumanStep
from workflows.engine.acts import Choice, apply
from workflows.engine.entering import stand_at
from workflows.engine.jumps import clear_before
from workflows.engine.run import Run


def deem_decided(run: Run) -> None:
    """Take the act that the item names as if it had been chosen, wherever the case stands; nobody acted in it.

    The linter has proved that the act refuses nothing and that what follows it needs nothing that may be missing.

    Source: for example Drug Administration Law (药品管理法), art. 19: 逾期未通知的，视为同意.
    """
    rule = run.plan.definition.anytime.silence
    place = run.plan.places[rule.step] if rule is not None else None
    if rule is None or place is None or not isinstance(place.step, HumanStep):
        return
    clear_before(run, place)
    stand_at(run, place)
    visit = run.visits[place.id]
    run.happen("deemed", place.id, visit, act=rule.act)
    run.tell("case.deemed-decided", place.id, visit)
    apply(run, place, act=place.acts[rule.act], choice=Choice(rule.act, place.step.by))
