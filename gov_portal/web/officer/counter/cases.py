"""Show the person before the counter how far their cases are, and do with a case what its applicant may do at home."""

from uuid import UUID

from flask import Response
from flask.typing import ResponseReturnValue

from gov_portal.kernel.ids import CaseId, FileId
from gov_portal.web.base import letters as correspondence
from gov_portal.web.base import progress, rating, remedies
from gov_portal.web.base import supplement as shared
from gov_portal.web.base.access import requires
from gov_portal.web.base.services import services
from gov_portal.web.officer.counter.person import before, consent_input, entry_here
from identity.permissions import Permission


@requires(Permission.ENTER_AT_COUNTER)
def receipt(visit: UUID, case: UUID) -> ResponseReturnValue:
    """Show the receipt that is printed for the person."""
    return progress.receipt(before(visit), CaseId(case))


@requires(Permission.ENTER_AT_COUNTER)
def receipt_paper(visit: UUID, case: UUID) -> Response:
    """Send the receipt as a sealed PDF."""
    return progress.receipt_paper(before(visit), CaseId(case))


@requires(Permission.ENTER_AT_COUNTER)
def case(visit: UUID, case: UUID) -> ResponseReturnValue:
    """Show how far a case of the person is."""
    return progress.progress(before(visit), CaseId(case))


@requires(Permission.ENTER_AT_COUNTER)
def flow(visit: UUID, case: UUID) -> Response:
    """Send the picture of the flow with how far the case is in it."""
    return progress.flow(before(visit), CaseId(case))


@requires(Permission.ENTER_AT_COUNTER)
def file(visit: UUID, case: UUID, file: UUID) -> Response:
    """Send one file of the case: an upload, or a notice to be printed."""
    return progress.file(before(visit), CaseId(case), FileId(file))


@requires(Permission.ENTER_AT_COUNTER)
def licence(visit: UUID, case: UUID) -> Response:
    """Send the licence that came out of the case, to be printed for the person."""
    return progress.licence(before(visit), CaseId(case))


@requires(Permission.ENTER_AT_COUNTER)
def supplement(visit: UUID, case: UUID) -> ResponseReturnValue:
    """Show what was found wanting, or hand it in for the person."""
    return shared.supplement(before(visit), CaseId(case))


@requires(Permission.ENTER_AT_COUNTER)
def letters(visit: UUID, case: UUID) -> ResponseReturnValue:
    """Read the person what the offices wrote; what was shown to them here counts as read."""
    return correspondence.letters(before(visit), CaseId(case))


@requires(Permission.ENTER_AT_COUNTER)
def write_letter(visit: UUID, case: UUID) -> ResponseReturnValue:
    """Write to the offices that hold the case what the person says."""
    return correspondence.write_letter(before(visit), CaseId(case))


@requires(Permission.ENTER_AT_COUNTER)
def withdraw(visit: UUID, case: UUID) -> ResponseReturnValue:
    """Ask once, then withdraw the application for the person."""
    return remedies.withdraw(before(visit), CaseId(case))


@requires(Permission.ENTER_AT_COUNTER)
def urge(visit: UUID, case: UUID) -> ResponseReturnValue:
    """Urge the case on for the person."""
    return remedies.urge(before(visit), CaseId(case))


@requires(Permission.ENTER_AT_COUNTER)
def appeal(visit: UUID, case: UUID) -> ResponseReturnValue:
    """Ask why and whether the person agrees that departments are asked, then go on with the form of the appeal."""
    front, entry = before(visit), entry_here(visit)

    def open_appeal(reason: str) -> CaseId:
        return services().counter.appeal(CaseId(case), entry=entry, by=front.by, reason=reason)

    appealing = remedies.Appealing(open_appeal, lambda faults: (consent_input(faults),))
    return remedies.appeal(front, CaseId(case), appealing)


@requires(Permission.ENTER_AT_COUNTER)
def rate(visit: UUID, case: UUID) -> ResponseReturnValue:
    """Let the person say how they were served."""
    return rating.rate(before(visit), CaseId(case))
