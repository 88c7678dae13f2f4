"""Show what is offered to a person (免申即享), and take what they say to it."""

from uuid import UUID

from marshmallow import fields

from gov_portal.web.api import views
from gov_portal.web.api.front import Json, Resource, Shape
from gov_portal.web.api.paging import Answer, PageQuery, page
from gov_portal.web.api.shapes import Derived, answer, listed, made
from gov_portal.web.base.access import current_citizen
from gov_portal.web.base.offers import why
from gov_portal.web.base.services import services
from gov_portal.web.base.text import phrase
from identity.permissions import Permission
from workflows.ports import HeldLicence
from workflows.services.offers import OfferView, Taken

resource = Resource("offers", title=phrase("为您推荐"))

LICENCE = answer("OfferedLicence", HeldLicence, "licence kind number valid_until")
OFFER = answer(
    "Offer",
    OfferView,
    "id item item_name* reason predicates case",
    why=Derived(why),
    licence=views.one(LICENCE, is_maybe=True),
)
OFFERS = listed("Offers", OFFER)
TAKEN = made("OfferTaken", case=fields.UUID(), is_submitted=fields.Boolean())


@resource.endpoint(
    "GET",
    "/offers",
    title=phrase("列出为我推荐的事项"),
    may=Permission.VIEW_OWN_CASES,
    shape=Shape(query=PageQuery, answer=OFFERS, is_paged=True),
)
def list_offers(query: Json) -> Answer[OfferView]:
    """List what is offered to the person, or to the ward acted for, and why."""
    return page(services().offers.open(by=current_citizen()), query, key=lambda row: str(row.id))


@resource.endpoint(
    "GET",
    "/offers/<uuid:offer>",
    title=phrase("查看推荐"),
    may=Permission.VIEW_OWN_CASES,
    shape=Shape(answer=OFFER),
)
def show_offer(offer: UUID) -> OfferView:
    """Show one offer: why it is made, what departments were asked, and what came of it."""
    return services().offers.offer(offer, by=current_citizen())


@resource.endpoint(
    "POST",
    "/offers/<uuid:offer>/agreement",
    title=phrase("同意推荐"),
    may=Permission.CONDUCT_OWN_CASE,
    shape=Shape(answer=TAKEN, is_once=True),
)
def agree_to_offer(offer: UUID) -> Taken:
    """Agree: the case is begun, and handed in at once where departments know everything; again it is the same case."""
    return services().offers.take(offer, by=current_citizen())


@resource.endpoint(
    "POST",
    "/offers/<uuid:offer>/refusal",
    title=phrase("谢绝推荐"),
    may=Permission.CONDUCT_OWN_CASE,
    shape=Shape(status=204, is_once=True),
)
def decline_offer(offer: UUID) -> str:
    """Say no; it is not offered again on this occasion, and one may still apply."""
    services().offers.decline(offer, by=current_citizen())
    return ""
