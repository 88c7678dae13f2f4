"""Show a person's cases: list, receipt, progress, papers."""

from uuid import UUID

from flask import render_template
from flask.typing import ResponseReturnValue

from gov_portal.kernel.ids import CaseId, FileId
from gov_portal.web.base import progress
from gov_portal.web.base.access import current_citizen, requires
from gov_portal.web.base.labels import standing
from gov_portal.web.base.services import services
from gov_portal.web.citizen.own import own
from identity.permissions import Permission


@requires(Permission.VIEW_OWN_CASES)
def cases() -> ResponseReturnValue:
    """List the cases of the person, or of the ward acted for."""
    citizen = current_citizen()
    rows = services().cases.my_cases(citizen)
    return render_template(
        "citizen/cases.html",
        rows=[(row, standing(row, services().cases.pinned(row.pinned))) for row in rows],
        involved=services().cases.involved_in(citizen),
        wards=services().identity.wards(citizen.person),
        acting_for=citizen.acting_for,
    )


@requires(Permission.VIEW_OWN_CASES)
def receipt(case: UUID) -> ResponseReturnValue:
    """Show the receipt (收件回执): number, what happens next, promised days."""
    return progress.receipt(own(), CaseId(case))


@requires(Permission.VIEW_OWN_CASES)
def receipt_paper(case: UUID) -> ResponseReturnValue:
    """Send the receipt as a sealed PDF."""
    return progress.receipt_paper(own(), CaseId(case))


@requires(Permission.VIEW_OWN_CASES)
def case(case: UUID) -> ResponseReturnValue:
    """Show how far a case is (办理进度), who has it, and what may be done."""
    return progress.progress(own(), CaseId(case))


@requires(Permission.VIEW_OWN_CASES)
def file(case: UUID, file: UUID) -> ResponseReturnValue:
    """Send one file of the case: an own upload, or a notice."""
    return progress.file(own(), CaseId(case), FileId(file))


@requires(Permission.VIEW_OWN_CASES)
def licence(case: UUID) -> ResponseReturnValue:
    """Send the licence that came out of the case, as PDF."""
    return progress.licence(own(), CaseId(case))


@requires(Permission.VIEW_OWN_CASES)
def flow(case: UUID) -> ResponseReturnValue:
    """Send the picture of the flow with how far the case is in it."""
    return progress.flow(own(), CaseId(case))
