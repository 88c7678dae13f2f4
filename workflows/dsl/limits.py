"""Check that the limits of the steps fit into the promised limit (E6xx), and reckon the worst case with all returns."""

from collections.abc import Iterator
from dataclasses import dataclass

from workflows.domain.definition import (
    AllStep,
    CallStep,
    Duration,
    Facts,
    HumanStep,
    IfStep,
    Location,
    OpenStep,
    PayStep,
    Phase,
    Step,
    Unit,
    WaitStep,
    walk,
)
from workflows.dsl.compiled import Compiled
from workflows.dsl.shape import Reader
from workflows.dsl.texts import acts_of

COUNTED = (Phase.REVIEW, Phase.DECISION)


def check_limits(compiled: Compiled, reader: Reader, facts: Facts) -> None:
    """Report flows whose counted limits exceed the promise on some path."""
    promised = working_days(facts.promised)
    parts = sorted(_parts(compiled), key=lambda part: -part[0])
    total = counted_days(compiled.top)
    if total <= promised:
        return
    scope = compiled.scope
    too_long = [at for days, at in parts if days > promised]
    message = f"the counted limits of review and decision add up to {total} working days, promised are {promised}"
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
                    yield working_days(lane.limit), places.get(f"{step.id}.{word}", step.at)
        elif step.phase is Phase.ACCEPTANCE and isinstance(step, HumanStep) and step.deemed:
            yield working_days(step.limit), here


@dataclass(frozen=True, slots=True)
class WorstCase:
    """Hold how many working days of the promise a case may take, if nobody is early.

    Attributes:
        promised: what people are told.
        straight: without any return.
        with_returns: with every return taken as often as it may be.
    """

    promised: int
    straight: int
    with_returns: int


def worst_case(top: tuple[Step, ...], promised: Duration) -> WorstCase:
    """Return how long the longest path counts; a step entered again gets what remains, at least a day."""
    days = working_days(promised)
    straight = counted_days(top)
    used = straight
    for first, last, times in _returns(top):
        for _ in range(times):
            for step in top[first : last + 1]:
                own = _days(step) if step.phase in COUNTED else 0
                used += min(own, max(days - used, 1)) if own else 0
    return WorstCase(days, straight, used)


def _returns(top: tuple[Step, ...]) -> Iterator[tuple[int, int, int]]:
    """Yield for every act that returns the places of its target and of its step among the top steps, and how often."""
    places = {inner.id: number for number, step in enumerate(top) for inner in walk((step,))}
    for step in walk(top):
        for act in acts_of(step):
            if act.back in places and act.max is not None:
                yield places[act.back], places[step.id], act.max


def counted_days(top: tuple[Step, ...]) -> int:
    """Return the working days that count on the longest path; those of a deemed acceptance count from receipt."""
    acceptance = [step for step in top if step.phase is Phase.ACCEPTANCE and isinstance(step, HumanStep)]
    deemed = sum(working_days(step.limit) for step in acceptance if step.deemed)
    return deemed + sum(_days(step) for step in top if step.phase in COUNTED)


def working_days(limit: Duration | None) -> int:
    """Return how many working days a duration holds, roughly where it is counted in natural days."""
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
            return working_days(step.limit)
        case PayStep():
            return working_days(step.within)
        case WaitStep():
            answers = [one.limit for one in (step.overdue, step.upon) if one is not None]
            return working_days(step.span or step.within) + max((working_days(one) for one in answers), default=0)
        case CallStep():
            lanes = [lane.limit for lane in (step.absent, step.mismatch, step.unavailable) if lane]
            return max((working_days(limit) for limit in lanes), default=0)
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
