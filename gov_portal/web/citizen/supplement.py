"""Hand in what an officer found wanting (补正)."""

from uuid import UUID

from flask.typing import ResponseReturnValue

from gov_portal.kernel.ids import CaseId
from gov_portal.web.base import supplement as shared
from gov_portal.web.base.access import requires
from gov_portal.web.citizen.own import own
from identity.permissions import Permission


@requires(Permission.CONDUCT_OWN_CASE)
def supplement(case: UUID) -> ResponseReturnValue:
    """Show the marked fields with their reasons, or hand them in."""
    return shared.supplement(own(), CaseId(case))
