"""Let silence until a licence ends come to its renewal (视为准予延续, 行政许可法 50)."""

from datetime import date

from workflows.domain.definition import Phase
from workflows.domain.state import Status, TaskKind
from workflows.domain.subject import ABOUT
from workflows.engine.entering import arrive
from workflows.engine.jumps import clear_before
from workflows.engine.plan import RANKS, Plan
from workflows.engine.run import Run
from workflows.engine.timing import days_before

TIMER = "due:renewal"
_ENDS_ON = "valid_until"
_IN_TIME = "renew.in_time"


def ends_path(plan: Plan) -> str | None:
    """Return the field that says when the licence ends which a case is about."""
    given = (path for prefill in plan.definition.prefills if prefill.source == ABOUT for path in prefill.gives)
    return next((path for path in given if path.endswith(f".{_ENDS_ON}")), None)


def note_in_time(run: Run) -> None:
    """Keep whether the application came in time for silence to renew; the applicant has until midnight, any day."""
    rule = run.plan.definition.start.renew
    if rule is None or rule.in_time is None:
        return
    ends_on = _ends_on(run)
    if ends_on is not None:
        run.writes[_IN_TIME] = run.calendar.local_date(run.at) <= days_before(ends_on, rule.in_time)


def arm_renewal(run: Run) -> None:
    """Set the timer of the licence's last day, where silence until then renews it and the application came in time."""
    rule = run.plan.definition.start.renew
    if rule is None or rule.deemed is None or run.clock.stopped_on is not None or run.corrects is not None:
        return
    ends_on = _ends_on(run)
    if ends_on is None:
        return
    received_on = run.clock.received_on
    is_in_time = run.values.get(_IN_TIME) if rule.in_time else received_on is not None and received_on <= ends_on
    if is_in_time is True:
        run.set_timer(TIMER, run.calendar.end_of_day(ends_on))


def _ends_on(run: Run) -> date | None:
    path = ends_path(run.plan)
    ends_on = run.values.get(path) if path else None
    return ends_on if isinstance(ends_on, date) else None


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
    clear_before(run, behind)
    run.happen("deemed-renewed", behind.id, outcome=rule.deemed)
    run.tell("case.deemed-renewed")
    arrive(run, behind)
