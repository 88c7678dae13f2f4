"""Take back what became of an opened case, and open those that waited for it."""

from workflows.domain.commands import Result, ResultKind
from workflows.domain.definition import OpenStep
from workflows.domain.opening import BASIS, GROUND
from workflows.domain.state import ActiveStep, Status
from workflows.engine.entering import arrive, behind, complete
from workflows.engine.parts import open_part, settle
from workflows.engine.plan import Place
from workflows.engine.run import Run

_ENDS = (ResultKind.DONE, ResultKind.REFUSED, ResultKind.WITHDRAWN, ResultKind.LAPSED)
_CLOCK = (ResultKind.STANDS, ResultKind.RUNS)
OUTCOME = "outcome"
"""Name of the fact that tells how the opened case ended, in that item's own word."""


def apply_part(run: Run, place: Place, *, step: OpenStep, active: ActiveStep, result: Result) -> None:
    """Apply how an opened case ended; what it gives is taken only where it was done."""
    if result.kind in _CLOCK and active.attempts:
        _note_standing(run, place, active=active, result=result)
        return
    if result.kind not in _ENDS or not active.attempts:
        run.happen("dropped", place.id, active.visit, result=result.kind.value)
        return
    if result.kind is ResultKind.DONE:
        run.writes.update((path, value) for path, value in result.fields.items() if path in step.gives)
    outcome = result.fields.get(f"{place.id}.{OUTCOME}")
    run.writes[f"{place.id}.{OUTCOME}"] = outcome
    settle(run, place, result.kind.value)
    run.happen("part-closed", place.id, active.visit, part=result.kind.value, ended=outcome)
    complete(run, place)
    _wake(run)


def _note_standing(run: Run, place: Place, *, active: ActiveStep, result: Result) -> None:
    """Note whether an opened case stands: while all that are open do, the clock of this one stands as well."""
    ground, basis = (str(result.fields.get(f"{place.id}.{fact}", "")) for fact in (GROUND, BASIS))
    stands = (ground, basis) if result.kind is ResultKind.STANDS else None
    if stands == active.stands:
        run.happen("dropped", place.id, active.visit, result=result.kind.value)
        return
    run.active[place.id] = active._replace(stands=stands)
    run.happen("part-stands" if stands else "part-goes-on", place.id, active.visit, ground=ground)


def _wake(run: Run) -> None:
    """Open the parts for which nothing is in the way any more; none follows one that stands below it."""
    for name in list(run.active):
        place = run.plan.places[name]
        waiting = run.active.get(name)
        if waiting is None or waiting.attempts or not isinstance(place.step, OpenStep):
            continue
        if open_part(run, place, place.step):
            arrive(run, behind(run, place))
        if run.status is Status.CLOSED:
            return
