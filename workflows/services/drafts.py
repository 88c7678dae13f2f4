"""Begin, fill and submit a draft (申请)."""

from collections.abc import Mapping

from gov_portal.kernel.ids import CaseId, ItemId
from gov_portal.kernel.principal import Citizen
from workflows.services.desk import Service
from workflows.views import CaseView, DraftView


class Drafts(Service):
    """Take an application from its first page to its receipt."""

    def begin(self, item: ItemId, *, by: Citizen, again: bool = False) -> CaseId:
        """Return the person's open draft of the item, or begin one with what account and departments know.

        With ``again`` another draft is begun although one is open.

        Raises:
            AssuranceTooLow: the item asks for a higher assurance of whoever acts.
            Forbidden: the item may not be applied for on behalf of a ward.
        """
        raise NotImplementedError

    def draft(self, case: CaseId, *, by: Citizen) -> DraftView:
        """Show the draft to its owner."""
        raise NotImplementedError

    def save_page(self, case: CaseId, *, page: str, raw: Mapping[str, object], by: Citizen) -> DraftView:
        """Parse and keep one page; ``raw`` is keyed by field path, a file field by the id that ``attach`` gave.

        Raises:
            InvalidFields: every unacceptable field of the page at once; nothing is kept.
        """
        raise NotImplementedError

    def submit(self, case: CaseId, *, by: Citizen, key: str | None = None) -> CaseView:
        """Submit the draft; the same ``key`` gives the same receipt.

        Raises:
            InvalidFields: what is still missing, over all pages and materials.
            ConditionUnmet: a condition of acceptance does not hold.
        """
        raise NotImplementedError

    def discard(self, case: CaseId, *, by: Citizen) -> None:
        """Delete a draft and everything typed in it."""
        raise NotImplementedError
