"""Check that the limits of the steps fit into the promised limit (E6xx), and reckon the worst case with all returns."""

from collections.abc import Iterator
from dataclasses import dataclass

from workflows.domain.definition import (
    APPLICANT,
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
from workflows.dsl.spans import spans_of
from workflows.dsl.texts import acts_of

COUNTED = (Phase.REVIEW, Phase.DECISION)


def check_limits(compiled: Compiled, reader: Reader, facts: Facts) -> None:
    """Report flows whose counted limits exceed the promise on some path."""
    citizens = frozenset({APPLICANT, *compiled.scope.parties})
    for row in spans_of(facts.promised, compiled.notes):
        if _check_promise(compiled, reader, Row(facts.promised.table, row, citizens)):
            return


@dataclass(frozen=True, slots=True)
class Row:
    """Hold one row of the table that gives the promise, or the promise itself; steps may name the same table.

    ``citizens`` are those whose silence before acceptance is not the authority's.
    """

    table: str
    span: Duration
    citizens: frozenset[str] = frozenset({APPLICANT})

    def days(self, limit: Duration | None) -> int:
        """Return how many working days a limit holds where this row does."""
        return working_days(self.span if limit is not None and limit.table and limit.table == self.table else limit)


def _check_promise(compiled: Compiled, reader: Reader, row: Row) -> bool:
    """Report a promise into which the counted limits do not fit; tell whether it was so."""
    promised = working_days(row.span)
    parts = sorted(_parts(compiled, row), key=lambda part: -part[0])
    total = counted_days(compiled.top, row)
    if total <= promised:
        return False
    scope = compiled.scope
    too_long = [at for days, at in parts if days > promised]
    message = f"the counted limits of review and decision add up to {total} working days, promised are {promised}"
    remedy = "shorten a limit, cite a ground for a `pause`, or promise more"
    if len(too_long) != 1:
        scope.report("E604", scope.places.get("promised", reader.at), message, remedy)
    if parts and len(too_long) <= 1:
        scope.report("E604", parts[0][1], message, remedy)
    return True


def _parts(compiled: Compiled, row: Row) -> Iterator[tuple[int, Location]]:
    """Yield every limit that counts, with its place."""
    places = compiled.scope.places
    for step in compiled.every_step:
        here = places.get(f"{step.id}.limit", step.at)
        if step.phase in COUNTED and step.pause is None and not isinstance(step, CallStep):
            yield _own(step, row), here
        elif step.phase in COUNTED and isinstance(step, CallStep) and step.pause is None:
            for word, lane in (("absent", step.absent), ("mismatch", step.mismatch), ("unavailable", step.unavailable)):
                if lane is not None:
                    yield row.days(lane.limit), places.get(f"{step.id}.{word}", step.at)
        elif step.phase is Phase.ACCEPTANCE and _is_deemed_acceptance(step, row):
            yield row.days(step.limit), here


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
    days, row = working_days(promised), Row(promised.table, promised)
    straight = counted_days(top, row)
    used = straight
    for first, last, times in _returns(top):
        for _ in range(times):
            for step in top[first : last + 1]:
                own = _days(step, row) if step.phase in COUNTED else 0
                used += min(own, max(days - used, 1)) if own else 0
    return WorstCase(days, straight, used)


def _returns(top: tuple[Step, ...]) -> Iterator[tuple[int, int, int]]:
    """Yield for every act that returns the places of its target and of its step among the top steps, and how often."""
    places = {inner.id: number for number, step in enumerate(top) for inner in walk((step,))}
    for step in walk(top):
        for act in acts_of(step):
            if act.back in places and act.max is not None:
                yield places[act.back], places[step.id], act.max


def counted_days(top: tuple[Step, ...], row: Row) -> int:
    """Return the working days that count on the longest path; those of a deemed acceptance count from receipt."""
    acceptance = [step for step in top if step.phase is Phase.ACCEPTANCE]
    deemed = sum(row.days(step.limit) for step in acceptance if _is_deemed_acceptance(step, row))
    return deemed + sum(_days(step, row) for step in top if step.phase in COUNTED)


def _is_deemed_acceptance(step: Step, row: Row) -> bool:
    return isinstance(step, HumanStep) and step.deemed is not None and step.by not in row.citizens


def working_days(limit: Duration | None) -> int:
    """Return how many working days a duration holds, roughly where it is counted in natural days."""
    if limit is None or limit.unit is Unit.HOUR:
        return 0
    share = {Unit.WORKING_DAY: 1.0, Unit.DAY: 0.7, Unit.WEEK: 5.0, Unit.MONTH: 22.0, Unit.YEAR: 250.0}[limit.unit]
    return int(limit.amount * share)


def _own(step: Step, row: Row) -> int:
    """Return the counted working days of one plain step."""
    if step.pause is not None:
        return 0
    match step:
        case HumanStep() | OpenStep():
            return row.days(step.limit)
        case PayStep():
            return row.days(step.within)
        case WaitStep():
            answers = [one.limit for one in (step.overdue, step.upon) if one is not None]
            return row.days(step.span or step.within) + max((row.days(one) for one in answers), default=0)
        case CallStep():
            lanes = [lane.limit for lane in (step.absent, step.mismatch, step.unavailable) if lane]
            return max((row.days(limit) for limit in lanes), default=0)
    return 0


def _days(step: Step, row: Row) -> int:
    """Return the counted working days of a step or block: the longest branch of a block."""
    match step:
        case AllStep():
            return _longest(step, row)
        case IfStep():
            return max(sum(_days(inner, row) for inner in way) for way in (step.then, step.otherwise))
    return _own(step, row)


def _longest(block: AllStep, row: Row) -> int:
    """Return the days of the longest branch; one that comes after others begins when they are over."""
    over: dict[str, int] = {}
    for number, branch in enumerate(block.branches):
        first = branch[0] if branch else None
        after = first.after if isinstance(first, OpenStep) else ()
        begins = max((over.get(name, 0) for name in after), default=0)
        over[first.id if first else str(number)] = begins + sum(_days(inner, row) for inner in branch)
    return max(over.values(), default=0)
