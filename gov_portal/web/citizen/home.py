"""Show the home page: one question, what one has begun, life events, and what people often do."""

from dataclasses import dataclass

from flask import current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue

from gov_portal.kernel.principal import Citizen
from gov_portal.web.base.access import principal, requires
from gov_portal.web.base.item_search import items_found
from gov_portal.web.base.kept_pages import kept
from gov_portal.web.base.regions import region_here
from gov_portal.web.base.services import services
from gov_portal.web.citizen.guide import sentence
from identity.permissions import Permission
from workflows.domain.definition import Definition
from workflows.domain.state import Status
from workflows.guides import Theme, guides

OFTEN = 6
LONGEST_QUERY = 40
_WALLET = "citizen.wallet"


@dataclass(frozen=True, slots=True)
class Offer:
    """Offer one item: its name, and who gets what in how many days."""

    item: Definition
    sentence: str
    is_startable: bool


@dataclass(frozen=True, slots=True)
class LifeEvent:
    """Name one life event (人生事件) and how many items it has."""

    theme: Theme
    count: int


@kept
@requires(Permission.VIEW_PUBLIC)
def home() -> ResponseReturnValue:
    """Show the search box, what was begun, life events and items; or what was found."""
    query, chosen = request.args.get("q", "").strip()[:LONGEST_QUERY], request.args.get("event", "")
    region = region_here()
    items = [services().cases.pinned(row.hash) for row in services().cases.items(region=region)]
    theme = next((one for one in guides().themes if one.id == chosen), None)
    return render_template(
        "citizen/home.html",
        query=query,
        chosen=theme,
        offers=_offers(items, query, theme),
        events=_events(items),
        **_own(),
    )


def _own() -> dict[str, object]:
    """Return what a signed-in person has begun, with counts."""
    who = principal()
    if not isinstance(who, Citizen):
        return {"is_citizen": False}
    rows = services().cases.my_cases(who)
    running = [row for row in rows if row.status is not Status.DRAFT]
    has_wallet = _WALLET in current_app.view_functions
    return {
        "is_citizen": True,
        "wallet_href": url_for(_WALLET) if has_wallet else "",
        "licence_count": len(services().licences.mine(who)) if has_wallet else 0,
        "offered": services().offers.open(by=who),
        "drafts": [row for row in rows if row.status is Status.DRAFT],
        "wanted": [row for row in running if row.needs_applicant],
        "count": len(running),
    }


def _offers(items: list[Definition], query: str, theme: Theme | None) -> list[Offer]:
    known = {str(item.facts.id): item for item in items}
    if theme is not None:
        found = [name for name in known if theme.id in guides().of(name).themes]
    elif query:
        found = items_found(query, items)
    else:
        # What starts only from another case is found by who looks for it, and never offered.
        found = [name for name, item in known.items() if item.is_startable][:OFTEN]
    return [Offer(known[name], sentence(known[name]), known[name].is_startable) for name in found]


def _events(items: list[Definition]) -> list[LifeEvent]:
    names = [str(item.facts.id) for item in items]
    return [LifeEvent(theme, sum(theme.id in guides().of(name).themes for name in names)) for theme in guides().themes]
