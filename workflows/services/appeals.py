"""Open the case that appeals another (复议)."""

from gov_portal.kernel.ids import CaseId
from gov_portal.kernel.principal import Citizen
from workflows.services.desk import Service


class Appeals(Service):
    """Open successor cases."""

    def appeal(self, case: CaseId, *, by: Citizen, reason: str) -> CaseId:
        """Open the item's appeal about a closed case and return the new case; the same again while it is open."""
        raise NotImplementedError
