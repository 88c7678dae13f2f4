"""Take ratings of closed cases (好差评), and let offices answer the bad ones."""

from uuid import UUID, uuid4

from gov_portal.kernel.ids import CaseId, ItemId
from gov_portal.web.api import bodies, views
from gov_portal.web.api.front import Json, Resource, Shape
from gov_portal.web.api.hands import applicant
from gov_portal.web.api.once import request_key
from gov_portal.web.api.paging import Answer, PageQuery, page
from gov_portal.web.base.access import current_officer
from gov_portal.web.base.services import services
from gov_portal.web.base.text import phrase
from identity.permissions import Permission
from workflows.domain.ratings import RatingForm
from workflows.services.ratings import CaseRatings, ItemFigures, RatingFigure, RatingView

resource = Resource("ratings", title=phrase("好差评"))


@resource.endpoint(
    "GET",
    "/cases/<uuid:case>/ratings",
    title=phrase("查看评价"),
    may=Permission.VIEW_OWN_CASES,
    shape=Shape(answer=views.CASE_RATINGS),
)
def show_ratings(case: UUID) -> CaseRatings:
    """Show what the applicant has said of a case, and what was answered."""
    return services().ratings.of_case(CaseId(case), by=applicant())


@resource.endpoint(
    "POST",
    "/cases/<uuid:case>/ratings",
    title=phrase("评价办件"),
    may=Permission.CONDUCT_OWN_CASE,
    shape=Shape(body=bodies.NewRating, answer=views.CASE_RATINGS, status=201, is_once=True),
)
def rate_case(body: Json, case: UUID) -> CaseRatings:
    """Rate a closed case by one of five levels; a bad rating must be answered."""
    citizen = applicant()
    form = RatingForm(body["level"], tuple(body["reasons"]), body["text"])
    services().ratings.rate(CaseId(case), form, by=citizen, key=request_key() or uuid4().hex)
    return services().ratings.of_case(CaseId(case), by=citizen)


@resource.endpoint(
    "GET",
    "/desk/follow-ups",
    title=phrase("列出待回复的差评"),
    may=Permission.ANSWER_RATINGS,
    shape=Shape(query=PageQuery, answer=views.FOLLOW_UPS, is_paged=True),
)
def list_follow_ups(query: Json) -> Answer[RatingView]:
    """List the bad ratings that the officer's unit must answer; who rated is not part of them."""
    return page(services().ratings.follow_ups(current_officer()), query, key=lambda row: str(row.rating))


@resource.endpoint(
    "POST",
    "/desk/follow-ups/<uuid:rating>/answer",
    title=phrase("回复差评"),
    may=Permission.ANSWER_RATINGS,
    shape=Shape(body=bodies.Text, status=204, is_once=True),
)
def answer_rating(body: Json, rating: UUID) -> str:
    """Answer a bad rating: what was found, and what has changed."""
    services().ratings.answer(rating, text=body["text"], by=current_officer())
    return ""


@resource.endpoint(
    "GET",
    "/desk/follow-ups/<uuid:rating>",
    title=phrase("查看差评"),
    may=Permission.ANSWER_RATINGS,
    shape=Shape(answer=views.FOLLOW_UP),
)
def show_follow_up(rating: UUID) -> RatingView:
    """Show one bad rating that the unit must answer."""
    return services().ratings.follow_up(rating, by=current_officer())


@resource.endpoint(
    "POST",
    "/desk/follow-ups/<uuid:rating>/contact",
    title=phrase("记下回访"),
    may=Permission.ANSWER_RATINGS,
    shape=Shape(status=204, is_once=True),
)
def note_contact(rating: UUID) -> str:
    """Note that the office has been in touch with whoever rated."""
    services().ratings.contact(rating, by=current_officer())
    return ""


@resource.endpoint(
    "GET",
    "/ratings",
    title=phrase("各事项的评价"),
    may=Permission.VIEW_PUBLIC,
    shape=Shape(query=PageQuery, answer=views.RATING_FIGURES, is_paged=True),
)
def list_rating_figures(query: Json) -> Answer[RatingFigure]:
    """List how people rated the items of each department, without names; figures of too few are kept back."""
    return page(services().ratings.figures(), query, key=lambda row: f"{row.org}/{row.item}")


@resource.endpoint(
    "GET",
    "/items/<item>/figures",
    title=phrase("事项办得怎样"),
    may=Permission.VIEW_PUBLIC,
    shape=Shape(answer=views.ITEM_FIGURES),
)
def show_item_figures(item: str) -> ItemFigures:
    """Say how an item goes for people: how many cases closed, after how many days half of them, and their ratings."""
    found = services().cases.item(ItemId(item))
    return services().ratings.of_item(found.facts.id)
