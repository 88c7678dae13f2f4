"""Withdraw, urge and appeal."""

from uuid import UUID

from flask.typing import ResponseReturnValue

from gov_portal.kernel.ids import CaseId
from gov_portal.web.base import remedies
from gov_portal.web.base.access import current_citizen, requires
from gov_portal.web.base.services import services
from gov_portal.web.citizen.own import own
from identity.permissions import Permission


@requires(Permission.CONDUCT_OWN_CASE)
def withdraw(case: UUID) -> ResponseReturnValue:
    """Ask once, then withdraw the application (撤回)."""
    return remedies.withdraw(own(), CaseId(case))


@requires(Permission.CONDUCT_OWN_CASE)
def urge(case: UUID) -> ResponseReturnValue:
    """Urge the case on (催办)."""
    return remedies.urge(own(), CaseId(case))


@requires(Permission.CONDUCT_OWN_CASE)
def appeal(case: UUID) -> ResponseReturnValue:
    """Ask why, then open the appeal (行政复议) and go on with its form."""
    citizen = current_citizen()
    appealing = remedies.Appealing(lambda reason: services().cases.appeal(CaseId(case), by=citizen, reason=reason))
    return remedies.appeal(own(), CaseId(case), appealing)
