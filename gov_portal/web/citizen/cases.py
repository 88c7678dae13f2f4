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
from gov_portal.web.base.timeline import tell
from identity.permissions import Permission
from workflows.domain.definition import Phase
from workflows.domain.state import Status
from workflows.views import CaseView


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
    present = [phase for phase, _ in item.flow]
    return render_template(
        "citizen/case.html",
        case=view,
        item=item,
        standing=standing(view, item),
        phases=_phases(view, present or list(PHASES)),
        timeline=tell(view.timeline, item=item),
        stretches=stretches(view.clock, item) if view.clock else (),
    )


def _phases(view: CaseView, present: list[Phase]) -> list[tuple[str, str]]:
    """Return each phase of the item with ``done``, ``now`` or ``coming``."""
    reached = present.index(view.phase) if view.phase in present else len(present) - 1
    is_over = view.status is Status.CLOSED
    states = ["done" if place < reached else ("now" if place == reached else "coming") for place in range(len(present))]
    if is_over:
        states[reached] = "done"
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
