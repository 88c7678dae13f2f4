"""Offer one benefit to whoever looks."""

from dataclasses import dataclass, field
from uuid import UUID

from gov_portal.kernel.ids import CaseId, ItemId
from gov_portal.kernel.principal import Citizen
from workflows.services.offers import EventUnknown, OfferUnknown, OfferView, Taken

OFFER = UUID("0f0f0f0f-0000-4000-8000-000000000001")
CASE = CaseId(UUID("11111111-1111-4111-8111-111111111111"))


def an_offer() -> OfferView:
    return OfferView(
        OFFER,
        ItemId("cdpf.disability-card.first"),
        "残疾人证首次申办",
        "fits",
        ("police.aged_80", "civil.draws_allowance"),
    )


@dataclass
class InMemoryOffers:
    """Answer with the offers that stand open; what was said to them is kept."""

    offered: tuple[OfferView, ...] = ()
    taken: list[UUID] = field(default_factory=list)
    declined: list[UUID] = field(default_factory=list)

    def open(self, *, by: Citizen) -> tuple[OfferView, ...]:
        return self.offered

    def offer(self, offer: UUID, *, by: Citizen) -> OfferView:
        if offer != OFFER:
            raise OfferUnknown
        return an_offer()

    def take(self, offer: UUID, *, by: Citizen) -> Taken:
        self.offer(offer, by=by)
        self.taken.append(offer)
        return Taken(CASE, is_submitted=True)

    def decline(self, offer: UUID, *, by: Citizen) -> None:
        self.offer(offer, by=by)
        self.declined.append(offer)

    def hear(self, event: str, *, id_no: str, reference: str) -> int:
        raise EventUnknown(field="event")
