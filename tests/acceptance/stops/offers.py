"""Pages of what is offered to a person."""

from tests.acceptance.stops import Stop
from tests.factories.offers import OFFER, an_offer

STOPS: dict[str, Stop] = {
    "offers": Stop("/offers", "citizen", {"offers.offered": (an_offer(),)}),
    "no offers": Stop("/offers", "citizen"),
    "offer": Stop(f"/offers/{OFFER}", "citizen"),
    "offered at home": Stop("/", "citizen", {"offers.offered": (an_offer(),)}),
}
