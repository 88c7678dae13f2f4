"""Show what an applicant and the offices have written to each other in a case (留言), and take a letter."""

from uuid import UUID

from flask.typing import ResponseReturnValue

from gov_portal.kernel.ids import CaseId
from gov_portal.web.base import letters as shared
from gov_portal.web.base.access import requires
from gov_portal.web.citizen.own import own
from identity.permissions import Permission


@requires(Permission.VIEW_OWN_CASES)
def letters(case: UUID) -> ResponseReturnValue:
    """Show the letters of a case, twenty to a page; whoever has seen them has read them."""
    return shared.letters(own(), CaseId(case))


@requires(Permission.CONDUCT_OWN_CASE)
def write_letter(case: UUID) -> ResponseReturnValue:
    """Take a letter to the offices that hold the case."""
    return shared.write_letter(own(), CaseId(case))
