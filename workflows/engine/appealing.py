"""Say since when a case may be appealed: since its outcome, or since the law's time for a decision is over."""

from datetime import date, datetime

from gov_portal.kernel.working_days import Calendar
from workflows.domain.definition import OVERDUE, Appeal
from workflows.domain.state import CaseState, Status
from workflows.engine.run import Run
from workflows.engine.timing import legal_day


def appealable_since(rule: Appeal | None, case: Run | CaseState, *, at: datetime, calendar: Calendar) -> date | None:
    """Return the day from which the time for an appeal runs, ``None`` where nothing can be appealed.

    An open case can be appealed where the item says ``overdue`` and the statutory limit has passed without a decision
    (逾期不作为).
    """
    if rule is None:
        return None
    if case.status is Status.CLOSED:
        return case.closed_on if case.outcome in rule.after else None
    due_at = case.statutory_due_at
    if OVERDUE in rule.after and due_at is not None and at >= due_at:
        return legal_day(calendar, due_at)
    return None
