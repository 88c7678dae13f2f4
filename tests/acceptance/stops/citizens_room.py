"""Pages of the citizen front outside the case: account, settings, ratings, help; and the desk of bad ratings."""

from dataclasses import replace

from tests.acceptance.stops import Stop, begun
from tests.factories.cases import card_item
from tests.factories.citizen import RATING, an_answered_rating
from tests.factories.pages import CASE
from tests.factories.views import a_granted_case
from workflows.domain.ratings import RatingLevel
from workflows.services.ratings import CaseRatings, ItemFigures, RatingFigure

RATED = CaseRatings(may_rate=True, is_last=True, ratings=(an_answered_rating(),))
FIGURES = ItemFigures(48, 12, RatingFigure("x", "x", "x", 50, dict.fromkeys(RatingLevel, 10)))
IN_CITY = {"470200": replace(card_item(), hash="city")}

STOPS: dict[str, Stop] = {
    "found": Stop("/?q=残疾证"),
    "life event": Stop("/?event=support"),
    "life event without items": Stop("/?event=birth"),
    "guide with figures": Stop("/items/cdpf.disability-card.first", "", {"ratings.item_figures": FIGURES}),
    "guide of a place": Stop("/items/cdpf.disability-card.first?region=470200", "", {"by_region": IN_CITY}),
    "start in a place": Stop(
        "/items/cdpf.disability-card.first/start?region=470200", "citizen", {"by_region": IN_CITY}
    ),
    "help": Stop("/help"),
    "about": Stop("/about"),
    "privacy": Stop("/privacy"),
    "accessibility": Stop("/accessibility"),
    "ratings": Stop("/ratings"),
    "forgotten": Stop("/forgotten"),
    "forgotten code": Stop("/forgotten/code", session=begun("recovery")),
    "e-mail code": Stop("/account/email/code", "citizen", session=begun("email")),
    "settings": Stop("/account/settings", "citizen"),
    "password": Stop("/account/password", "citizen"),
    "e-mail": Stop("/account/email", "citizen"),
    "data records": Stop("/account/data", "citizen"),
    "rate": Stop(f"/cases/{CASE}/rating", "citizen", {"case_view": a_granted_case()}),
    "rated case": Stop(f"/cases/{CASE}", "citizen", {"case_view": a_granted_case(), "ratings.standing": RATED}),
    "bad ratings": Stop("/officer/ratings", "leader"),
    "bad rating": Stop(f"/officer/ratings/{RATING}", "leader"),
}
