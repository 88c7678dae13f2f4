"""Show a case that lies with somebody else, to be read and steered, and send its licence."""

from uuid import UUID, uuid4

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from gov_portal.kernel.errors import NotFound
from gov_portal.kernel.ids import CaseId, OfficerId, TaskKey
from gov_portal.kernel.principal import Platform
from gov_portal.web.base.access import current_officer, requires
from gov_portal.web.base.clocks import stretches
from gov_portal.web.base.downloads import send
from gov_portal.web.base.forms import Faults, as_uuid, attempt, inputs, long_text
from gov_portal.web.base.labels import standing
from gov_portal.web.base.progress import flow_of
from gov_portal.web.base.services import services
from gov_portal.web.base.text import _
from gov_portal.web.base.timeline import tell
from gov_portal.web.officer.act_forms import Tried
from gov_portal.web.officer.case_page import typed_form
from gov_portal.web.officer.clock_words import clock_line
from gov_portal.web.officer.letters import letters_beside
from gov_portal.web.officer.papers import pane_of
from identity.permissions import Permission
from workflows.services.desk import one_look

REASON_LENGTH = 500
CORRECT = "correct"
"""Name of the form by which a closed case is corrected (依职权更正)."""


@requires(Permission.VIEW_TASK)
def case(case: UUID) -> ResponseReturnValue:
    """Go to the open task of a case that the officer could take, else show the case to be read."""
    task = None if request.args.get("read") else services().cases.open_task(CaseId(case), by=current_officer())
    if task is not None:
        return redirect(url_for("officer.task", case=case, task=task), 303)
    return show_case(CaseId(case))


@one_look()
def show_case(case: CaseId, tried: Tried | None = None) -> ResponseReturnValue:
    """Return the page of a case with what the officer may do to it beside its flow."""
    officer, attempted = current_officer(), tried or Tried()
    view = services().cases.view(case, by=officer)
    item = services().cases.pinned(view.pinned)
    page = render_template(
        "officer/case.html",
        case=view,
        task=services().cases.open_task(case, by=officer),
        standing=standing(view, item),
        clock_line=clock_line(view.clock, item),
        pane=pane_of(case, view.fields, view.materials, query={"read": "1"}),
        corrections=inputs(
            view.correctable,
            typed=attempted.typed if attempted.form == CORRECT else None,
            faults=attempted.faults,
            prefix=f"{CORRECT}-",
        ),
        assignable=services().cases.assignable(case, by=officer),
        stretches=stretches(view.clock, item) if view.clock else (),
        timeline=tell(view.timeline, item=item, is_officer=True),
        tried=attempted,
        faults=attempted.faults.within(f"{attempted.form}-"),
        key=uuid4().hex,
        query={},
        **letters_beside(case, by=officer),
    )
    return page, 422 if attempted.faults else 200


@requires(Permission.STEER_CASE)
def assign(case: UUID) -> ResponseReturnValue:
    """Hand one of the open tasks of a case to a colleague (转办), as its leader."""
    officer, (task, _bar, colleague) = current_officer(), request.form.get("to", "").partition("|")
    to = as_uuid(colleague)
    reason, faults = long_text("reason", _("理由"), longest=REASON_LENGTH)
    if to is None:
        faults = Faults((*Faults.single("to", _("请选择转给哪位同事")).items, *faults.items))
    if to is None or faults:
        return show_case(CaseId(case), Tried("hand-over", typed_form(), faults))
    hand_over = services().cases.hand_over
    done = attempt(lambda: hand_over(CaseId(case), TaskKey(task), to=OfficerId(to), by=officer, reason=reason))
    if isinstance(done, Faults):
        return show_case(CaseId(case), Tried("hand-over", typed_form(), done))
    return redirect(url_for("officer.case", case=case, read=1), 303)


@requires(Permission.VIEW_TASK)
def licence(case: UUID) -> ResponseReturnValue:
    """Send the licence that came out of a case, as PDF, to whoever may see the case."""
    view = services().cases.view(CaseId(case), by=current_officer())
    if view.licence is None:
        raise NotFound
    # That the officer may see the case was decided a line above; licences know holders only.
    content = services().licences.pdf(view.licence.licence, by=Platform("desk"))
    return send(content, "application/pdf", name=f"licence-{view.licence.verify_code}")


@requires(Permission.VIEW_TASK)
def flow(case: UUID) -> Response:
    """Send the picture of the flow with how far a case is in it, to whoever may see the case."""
    return flow_of(services().cases.view(CaseId(case), by=current_officer()))
