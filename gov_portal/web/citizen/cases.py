"""Show a person's cases: list, receipt, progress, papers."""

from uuid import UUID

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from gov_portal.kernel.errors import NotFound
from gov_portal.kernel.ids import CaseId, FileId
from gov_portal.web.base.access import current_citizen, requires
from gov_portal.web.base.clocks import stretches
from gov_portal.web.base.downloads import send
from gov_portal.web.base.labels import PHASES, standing
from gov_portal.web.base.services import services
from gov_portal.web.base.text import _
from gov_portal.web.base.timeline import tell
from identity.permissions import Permission
from workflows.domain.definition import Definition, HumanStep
from workflows.domain.state import Status
from workflows.views import CaseView, Holder


@requires(Permission.VIEW_OWN_CASES)
def cases() -> ResponseReturnValue:
    """List the cases of the person, or of the ward acted for."""
    citizen = current_citizen()
    rows = services().cases.my_cases(citizen)
    items = {row.item: services().cases.item(row.item) for row in rows}
    return render_template(
        "citizen/cases.html",
        rows=[(row, standing(row, items[row.item])) for row in rows],
        wards=services().identity.wards(citizen.person),
        acting_for=citizen.acting_for,
    )


@requires(Permission.VIEW_OWN_CASES)
def receipt(case: UUID) -> ResponseReturnValue:
    """Show the receipt (收件回执): number, what happens next, promised days."""
    view = services().cases.view(CaseId(case), by=current_citizen())
    if view.status is Status.DRAFT:
        return redirect(url_for("citizen.resume", case=case), 303)
    return render_template("citizen/receipt.html", case=view, item=services().cases.item(view.item))


@requires(Permission.VIEW_OWN_CASES)
def case(case: UUID) -> ResponseReturnValue:
    """Show how far a case is (办理进度), who has it, and what may be done."""
    view = services().cases.view(CaseId(case), by=current_citizen())
    if view.status is Status.DRAFT:
        return redirect(url_for("citizen.resume", case=case), 303)
    item = services().cases.item(view.item)
    return render_template(
        "citizen/case.html",
        case=view,
        item=item,
        standing=standing(view, item),
        holders=[(holder, _who(holder, item)) for holder in view.holders],
        phases=_phases(view, item),
        timeline=tell(view.timeline, item=item),
        stretches=stretches(view.clock, item) if view.clock else (),
    )


def _who(holder: Holder, item: Definition) -> str:
    """Say in whose hands a step is: an office, the applicant, or a machine."""
    if holder.organ:
        return holder.organ
    return _("您") if isinstance(item.steps.get(holder.step), HumanStep) else _("系统自动办理")


def _phases(view: CaseView, item: Definition) -> list[tuple[str, str]]:
    """Return each phase of the item with ``done``, ``now``, ``coming``, or ``ended`` where it was turned down."""
    present = [phase for phase, _steps in item.flow]
    reached = present.index(view.phase) if view.phase in present else len(present) - 1
    is_over = view.status is Status.CLOSED
    is_refused = is_over and standing(view, item)[1] == "error"
    states = ["done" if place < reached else ("now" if place == reached else "coming") for place in range(len(present))]
    if is_over:
        states[reached] = "ended" if is_refused else "done"
    return [(PHASES[phase], state) for phase, state in zip(present, states, strict=True)]


@requires(Permission.VIEW_OWN_CASES)
def file(case: UUID, file: UUID) -> ResponseReturnValue:
    """Send one file of the case: an own upload, or a notice."""
    media_type, content = services().cases.file(CaseId(case), FileId(file), by=current_citizen())
    return send(content, media_type, name=f"file-{str(file)[:8]}")


@requires(Permission.VIEW_OWN_CASES)
def licence(case: UUID) -> ResponseReturnValue:
    """Send the licence that came out of the case, as PDF."""
    citizen = current_citizen()
    view = services().cases.view(CaseId(case), by=citizen)
    if view.licence is None:
        raise NotFound
    content = services().licences.pdf(view.licence.licence, by=citizen)
    return send(content, "application/pdf", name=f"licence-{view.licence.verify_code}")
