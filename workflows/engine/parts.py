"""Open the cases that an item holds (一件事的子项): each when those before it are over, or not at all."""

from workflows.domain.commands import ResultKind
from workflows.domain.definition import OpenStep
from workflows.domain.opening import RESULT, WHOLE
from workflows.engine.closing import leave
from workflows.engine.plan import Place
from workflows.engine.run import Run

LEFT_OUT = "left_out"


def open_part(run: Run, place: Place, step: OpenStep) -> bool:
    """Ask for the case of an active step as soon as nothing before it is open; return whether the step is over.

    A part is left out where one that it follows was not done, or, with ``on_refused: stop``, any one.
    """
    active = run.active[place.id]
    if any(name in run.active for name in step.after):
        settle(run, place, "")
        return False
    watched = [other.id for other in _beside(run, place)] if step.stops else step.after
    if any(run.values.get(f"{name}.{RESULT}") not in (None, ResultKind.DONE) for name in watched):
        leave(run, place)
        settle(run, place, LEFT_OUT)
        run.happen("left-out", place.id, active.visit)
        return True
    settle(run, place, "")
    run.active[place.id] = active._replace(attempts=1, entered_at=run.at, entered_on=run.on)
    run.effect("child", place.id, active.visit, item=step.item)
    run.happen("part-opened", place.id, active.visit, item=step.item)
    if step.waits:
        return False
    leave(run, place)
    return True


def settle(run: Run, place: Place, result: str) -> None:
    """Write what became of a part, and whether everything so far was done."""
    run.writes[f"{place.id}.{RESULT}"] = result or None
    if place.step.parent is not None:
        results = [run.values.get(f"{other.id}.{RESULT}") for other in _beside(run, place)]
        run.writes[f"{place.step.parent}.{WHOLE}"] = all(one in (None, ResultKind.DONE) for one in results)


def _beside(run: Run, place: Place) -> list[Place]:
    """Return the parts of the same block, this one included."""
    places = run.plan.places.values()
    return [one for one in places if isinstance(one.step, OpenStep) and one.step.parent == place.step.parent]
