"""Let a person pay all bills of a bundle at once (合并缴款)."""

from uuid import UUID

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from gov_portal.kernel.ids import CaseId
from gov_portal.web.base.access import current_citizen, requires
from gov_portal.web.base.services import services
from identity.permissions import Permission


@requires(Permission.VIEW_OWN_CASES)
def joint_bill(case: UUID) -> ResponseReturnValue:
    """Show every bill that waits with its department, the sum, and where all are paid."""
    bill = services().cases.joint_bill(CaseId(case), by=current_citizen())
    if not bill.bills:
        return redirect(url_for("citizen.case", case=case), 303)
    return render_template("citizen/joint_bill.html", bill=bill)


@requires(Permission.CONDUCT_OWN_CASE)
def join_bills(case: UUID) -> ResponseReturnValue:
    """Let all of them be paid at once; a browser may be led to another site by a link only, not by a form."""
    services().cases.join_bills(CaseId(case), by=current_citizen())
    return redirect(url_for("citizen.joint_bill", case=case), 303)
