"""Put the case page together: the queue, the papers, and beside them the sheet, the acts and the clock."""

from uuid import uuid4

from flask import render_template, request
from flask.typing import ResponseReturnValue

from gov_portal.kernel.errors import Conflict
from gov_portal.kernel.ids import CaseId, TaskKey
from gov_portal.web.base.access import current_officer
from gov_portal.web.base.clocks import stretches
from gov_portal.web.base.forms import NO_FAULTS
from gov_portal.web.base.labels import RAISED, standing
from gov_portal.web.base.queue_filters import filters_here, query_of
from gov_portal.web.base.reasons import act_words
from gov_portal.web.base.services import services
from gov_portal.web.base.text import _
from gov_portal.web.base.timeline import tell
from gov_portal.web.officer.act_forms import Tried, act_forms
from gov_portal.web.officer.check_sheet import FORM, sheet_of
from gov_portal.web.officer.check_words import REASONS
from gov_portal.web.officer.clock_words import clock_line
from gov_portal.web.officer.letters import letters_beside
from gov_portal.web.officer.papers import pane_of
from workflows.domain.state import TaskKind
from workflows.services.checks import Checks
from workflows.services.desk import one_look
from workflows.services.external import Failure
from workflows.views import WorkView


class TaskChanged(Conflict):
    """Answer that the task is done or a colleague's; raised when an act comes too late."""

    code = "case.stale-task"


@one_look()
def show_task(case: CaseId, task: TaskKey, tried: Tried | None = None) -> ResponseReturnValue:
    """Return the case page; with what was typed and what is wrong where a form was refused."""
    officer = current_officer()
    work = services().cases.work(case, task, by=officer)
    attempted = tried or Tried()
    item = services().cases.pinned(work.case.pinned)
    filters = filters_here()
    checks = services().checks.checks(work, by=officer) if work.markable else Checks()
    pane = pane_of(case, work.fields, work.materials, query=query_of(filters))
    is_held = (case, task) in services().held.under_way([case])
    typed = attempted.typed if attempted.form == FORM else None
    page = render_template(
        "officer/task.html",
        work=work,
        case=work.case,
        query=query_of(filters),
        standing=standing(work.case, item),
        clock_line=clock_line(work.case.clock, item),
        pane=pane,
        lines=sheet_of(
            work, checks, pane=pane, typed=typed, faults=attempted.faults if typed is not None else NO_FAULTS
        ),
        checks=checks,
        asking=next((act for act in work.acts if act.asks_marks and act.is_enabled), None),
        reasons=[_(label) for label in REASONS.values()],
        act_forms=() if is_held else act_forms(work, item, checks=checks, tried=attempted),
        closed_acts=act_words(item, work),
        is_held=is_held,
        failure=_failure(work),
        snippets=services().snippets.snippets(officer),
        neighbours=services().cases.neighbours(officer, filters, case=case, task=task),
        raised=_(RAISED[work.raised_reason]) if work.raised_reason in RAISED else "",
        stretches=stretches(work.case.clock, item) if work.case.clock else (),
        timeline=tell(work.case.timeline, item=item, is_officer=True),
        faults=attempted.faults.within(f"{attempted.form}-"),
        tried=attempted,
        key=uuid4().hex,
        **letters_beside(case, by=officer),
    )
    return page, 422 if attempted.faults else 200


def _failure(work: WorkView) -> Failure | None:
    """Return what a department's system reported when it gave the task up, if one did."""
    return (
        services().external.failure(work.case_id, work.task, by=current_officer())
        if work.kind is TaskKind.WORK
        else None
    )


def typed_form() -> dict[str, object]:
    """Return the plain texts of the sent form, so that nothing typed is lost."""
    return dict(request.form.items())
