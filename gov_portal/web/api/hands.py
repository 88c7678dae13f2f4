"""Say whose matter a request is: the signed-in person's, or that of whoever stands at the counter of an officer."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from flask import g, url_for

from gov_portal.kernel.ids import CaseId
from gov_portal.kernel.principal import Citizen
from gov_portal.web.base.access import current_citizen, current_officer
from gov_portal.web.base.services import services
from identity.domain.values import VisitView

COUNTER = "counter"
"""Name of the resource of the counter, where endpoints of an applicant are found once more."""

AT_COUNTER = "_at_counter"
"""Ends the names of those endpoints."""


def applicant() -> Citizen:
    """Return the person whose matter it is: at a counter whoever showed their card, by the officer's hand."""
    visit = _visit()
    return current_citizen() if visit is None else visit.citizen


def location(endpoint: str, **values: object) -> dict[str, str]:
    """Return the header that leads to another endpoint of the same person's matter, such as ``drafts.show_draft``."""
    visit = _visit()
    if visit is None:
        return {"Location": url_for(f"api_{endpoint}", **values)}  # type: ignore[arg-type]
    here = f"api_{COUNTER}.{endpoint.partition('.')[2]}{AT_COUNTER}"
    return {"Location": url_for(here, visit=visit.id, **values)}  # type: ignore[arg-type]


def by_hand(view: Callable[..., Any]) -> Callable[..., Any]:
    """Let a view of an applicant act for the person of a visit; no draft is opened to which they have not agreed.

    Raises:
        VisitUnknown: the visit ended, expired, or is a colleague's.
        ConsentMissing: nobody has asked the person.
    """

    @wraps(view)
    def acting(*args: object, visit: UUID, **values: object) -> object:
        g.visit = services().identity.counter.visit(visit, by=current_officer())
        case = values.get("case")
        if isinstance(case, UUID):
            services().counter.must_have_consent(CaseId(case), visit=visit)
        return view(*args, **values)

    return acting


def here() -> VisitView:
    """Return the visit that a view within ``by_hand`` acts at."""
    visit: VisitView = g.visit
    return visit


def _visit() -> VisitView | None:
    found: VisitView | None = g.get("visit")
    return found
