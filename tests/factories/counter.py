"""A double of the entries at a counter."""

from uuid import UUID

from gov_portal.kernel.ids import CaseId
from gov_portal.kernel.principal import Citizen, Officer
from workflows.services.counter import GivenConsent, Telling, TellingUnknown, Unsent, Way


class InMemoryCounter:
    """Hold what is entered at one counter and what must be told there."""

    def __init__(self) -> None:
        self.drafts: list[Unsent] = []
        self.waiting: list[Telling] = []

    def consent(self, case: CaseId, *, by: Citizen) -> GivenConsent | None:
        return None

    def unsent(self, visits: tuple[UUID, ...], *, by: Officer) -> tuple[Unsent, ...]:
        return tuple(draft for draft in self.drafts if draft.visit in visits)

    def tellings(self, by: Officer) -> tuple[Telling, ...]:
        return tuple(self.waiting)

    def tell(self, telling: UUID, *, way: Way, by: Officer) -> None:
        kept = [one for one in self.waiting if one.id != telling]
        if len(kept) == len(self.waiting):
            raise TellingUnknown
        self.waiting = kept
