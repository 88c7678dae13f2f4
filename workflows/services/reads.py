"""Show cases to those who may see them."""

from gov_portal.kernel.ids import CaseId
from gov_portal.kernel.principal import Citizen, Principal
from workflows.services.desk import Service
from workflows.views import CaseRow, CaseView


class Reads(Service):
    """Read one case or a person's list."""

    def view(self, case: CaseId, *, by: Principal) -> CaseView:
        """Show a case with its timeline, clock and what ``by`` may do now.

        Raises:
            NotFound: no such case for this principal.
        """
        raise NotImplementedError

    def my_cases(self, by: Citizen) -> tuple[CaseRow, ...]:
        """List the cases of the person, or of the ward acted for, newest first."""
        raise NotImplementedError
