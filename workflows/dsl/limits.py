"""Check that the limits of the steps fit into the promised limit (E6xx)."""

from collections.abc import Iterator

from workflows.domain.definition import (
    AllStep,
    CallStep,
    Duration,
    Facts,
    HumanStep,
    IfStep,
    Location,
    OpenStep,
    Phase,
    Step,
    Unit,
    WaitStep,
)
from workflows.dsl.compiled import Compiled
from workflows.dsl.shape import Reader

COUNTED = (Phase.REVIEW, Phase.DECISION)


def check_limits(compiled: Compiled, reader: Reader, facts: Facts) -> None:
    """Report flows whose counted limits exceed the promise on some path."""
    promised = facts.promised
    if promised.unit is not Unit.WORKING_DAY:
        return
    parts = sorted(_parts(compiled), key=lambda part: -part[0])
    total = _deemed(compiled) + sum(_days(step) for step in compiled.top if step.phase in COUNTED)
    if total <= promised.amount:
        return
    scope = compiled.scope
    too_long = [at for days, at in parts if days > promised.amount]
    message = (
        f"the counted limits of review and decision add up to {total} working days, promised are {promised.amount}"
    )
    remedy = "shorten a limit, cite a ground for a `pause`, or promise more"
    if len(too_long) != 1:
        scope.report("E604", scope.places.get("promised", reader.at), message, remedy)
    if parts and len(too_long) <= 1:
        scope.report("E604", parts[0][1], message, remedy)


def _parts(compiled: Compiled) -> Iterator[tuple[int, Location]]:
    """Yield every limit that counts, with its place."""
    places = compiled.scope.places
    for step in compiled.every_step():
        here = places.get(f"{step.id}.limit", step.at)
        if step.phase in COUNTED and step.pause is None and not isinstance(step, CallStep):
            yield _own(step), here
        elif step.phase in COUNTED and isinstance(step, CallStep) and step.pause is None:
            for word, lane in (("absent", step.absent), ("mismatch", step.mismatch), ("unavailable", step.unavailable)):
                if lane is not None:
                    yield _working_days(lane.limit), places.get(f"{step.id}.{word}", step.at)
        elif step.phase is Phase.ACCEPTANCE and isinstance(step, HumanStep) and step.deemed:
            yield _working_days(step.limit), here


def _deemed(compiled: Compiled) -> int:
    """Return the days of a deemed acceptance, which count from receipt."""
    acceptance = [step for step in compiled.top if step.phase is Phase.ACCEPTANCE and isinstance(step, HumanStep)]
    return sum(_working_days(step.limit) for step in acceptance if isinstance(step, HumanStep) and step.deemed)


def _working_days(limit: Duration | None) -> int:
    if limit is None or limit.unit is Unit.HOUR:
        return 0
    share = {Unit.WORKING_DAY: 1.0, Unit.DAY: 0.7, Unit.WEEK: 5.0, Unit.MONTH: 22.0, Unit.YEAR: 250.0}[limit.unit]
    return int(limit.amount * share)


def _own(step: Step) -> int:
    """Return the counted working days of one plain step."""
    if step.pause is not None:
        return 0
    match step:
        case HumanStep() | OpenStep():
            return _working_days(step.limit)
        case WaitStep():
            overdue = step.overdue.limit if step.overdue else None
            return _working_days(step.span or step.within) + _working_days(overdue)
        case CallStep():
            lanes = [lane.limit for lane in (step.absent, step.mismatch, step.unavailable) if lane]
            return max((_working_days(limit) for limit in lanes), default=0)
    return 0


def _days(step: Step) -> int:
    """Return the counted working days of a step or block: the longest branch of a block."""
    match step:
        case AllStep():
            return _longest(step)
        case IfStep():
            return max(sum(_days(inner) for inner in step.then), sum(_days(inner) for inner in step.otherwise))
    return _own(step)


def _longest(block: AllStep) -> int:
    """Return the days of the longest branch; one that comes after others begins when they are over."""
    over: dict[str, int] = {}
    for number, branch in enumerate(block.branches):
        first = branch[0] if branch else None
        after = first.after if isinstance(first, OpenStep) else ()
        begins = max((over.get(name, 0) for name in after), default=0)
        over[first.id if first else str(number)] = begins + sum(_days(inner) for inner in branch)
    return max(over.values(), default=0)
