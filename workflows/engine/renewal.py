"""Let silence until a licence ends come to its renewal (视为准予延续, 行政许可法 50)."""

from datetime import date

from workflows.domain.definition import Phase
from workflows.domain.state import Status, TaskKind
from workflows.domain.subject import ABOUT
from workflows.engine.closing import cancel
from workflows.engine.entering import arrive
from workflows.engine.plan import RANKS, Plan
from workflows.engine.run import Run

TIMER = "due:renewal"
_ENDS_ON = "valid_until"


def ends_path(plan: Plan) -> str | None:
    """Return the field that says when the licence ends which a case is about."""
    given = (path for prefill in plan.definition.prefills if prefill.source == ABOUT for path in prefill.gives)
    return next((path for path in given if path.endswith(f".{_ENDS_ON}")), None)


def arm_renewal(run: Run) -> None:
    """Set the timer of the licence's last day, where silence until then renews it and the application came in time."""
    rule = run.plan.definition.start.renew
    path = ends_path(run.plan)
    ends_on = run.values.get(path) if path else None
    if rule is None or rule.deemed is None or not isinstance(ends_on, date) or run.clock.stopped_on is not None:
        return
    received_on = run.clock.received_on
    if received_on is not None and received_on <= ends_on:
        run.set_timer(TIMER, run.calendar.end_of_day(ends_on))


def deem_renewed(run: Run) -> None:
    """Go on behind the decision as if it were granted, unless it was made or the applicant is to answer."""
    rule = run.plan.definition.start.renew
    waits = any(task.kind is TaskKind.SUPPLEMENT for task in run.tasks.values())
    behind = next(
        (place for place in run.plan.places.values() if place.rank > RANKS[Phase.DECISION] and not place.inside),
        None,
    )
    if rule is None or behind is None or waits or run.status is not Status.OPEN or run.clock.stopped_on is not None:
        return
    for name in list(run.active):
        cancel(run, run.plan.places[name])
    run.pending_entries = ()
    run.happen("deemed-renewed", behind.id, outcome=rule.deemed)
    run.tell("case.deemed-renewed")
    arrive(run, behind)
