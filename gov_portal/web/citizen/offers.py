"""Show what is offered to a person (免申即享), and take one tap for an answer."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from gov_portal.web.base.access import current_citizen, requires
from gov_portal.web.base.offers import why
from gov_portal.web.base.services import services
from gov_portal.web.base.text import _
from gov_portal.web.citizen.guide import sentence
from identity.permissions import Permission


@requires(Permission.VIEW_OWN_CASES)
def offers() -> ResponseReturnValue:
    """List what is offered to the person, or to the ward acted for."""
    found = services().offers.open(by=current_citizen())
    return render_template("citizen/offers.html", offers=[(one, why(one)) for one in found])


@requires(Permission.CONDUCT_OWN_CASE)
def offer(offer: UUID) -> ResponseReturnValue:
    """Show one offer and why it is made; or agree to it, or decline."""
    citizen = current_citizen()
    if request.method == "POST" and request.form.get("act") == "decline":
        services().offers.decline(offer, by=citizen)
        flash(_("已记下，这次不再向您推荐。需要时可以自己申请。"), "ok")
        return redirect(url_for("citizen.home"), 303)
    if request.method == "POST":
        taken = services().offers.take(offer, by=citizen)
        return redirect(url_for("citizen.case" if taken.is_submitted else "citizen.resume", case=taken.case), 303)
    view = services().offers.offer(offer, by=citizen)
    if view.case is not None:
        return redirect(url_for("citizen.case", case=view.case), 303)
    item = services().cases.item(view.item, region=services().cases.home_region(view.item, by=citizen))
    return render_template("citizen/offer.html", offer=view, item=item, sentence=sentence(item), why=why(view))
