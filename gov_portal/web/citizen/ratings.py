"""Rate a closed case (好差评), and show the figures of all ratings without names."""

from uuid import UUID

from flask import render_template
from flask.typing import ResponseReturnValue

from gov_portal.kernel.ids import CaseId
from gov_portal.web.base import rating
from gov_portal.web.base.access import requires
from gov_portal.web.base.rating_words import LEVELS
from gov_portal.web.base.services import services
from gov_portal.web.citizen.own import own
from identity.permissions import Permission
from workflows.domain.ratings import FEWEST_SHOWN


@requires(Permission.CONDUCT_OWN_CASE)
def rate(case: UUID) -> ResponseReturnValue:
    """Ask for the level, and perhaps reasons and a text; keep the rating."""
    return rating.rate(own(), CaseId(case))


@requires(Permission.VIEW_PUBLIC)
def ratings() -> ResponseReturnValue:
    """Show how people rated each item, without names."""
    shown = services().ratings.figures()
    return render_template("citizen/ratings.html", figures=shown, levels=LEVELS, fewest=FEWEST_SHOWN)
