"""List what people without a phone must still be told (需告知), and note who told them and how."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from gov_portal.web.base.access import current_officer, requires
from gov_portal.web.base.forms import Faults
from gov_portal.web.base.services import services
from gov_portal.web.base.text import _
from gov_portal.web.officer.counter.words import SOMETHING, TELLINGS, WAYS
from identity.permissions import Permission
from workflows.domain.counter import Way

_WAYS = {way.value: way for way in Way}


@requires(Permission.ENTER_AT_COUNTER)
def tellings() -> ResponseReturnValue:
    """List what applicants of this counter must be told, the oldest first."""
    return _listed(Faults())


@requires(Permission.ENTER_AT_COUNTER)
def tell(telling: UUID) -> ResponseReturnValue:
    """Note that the applicant was told by phone or at the counter."""
    way = _WAYS.get(request.form.get("way", ""))
    if way is None:
        return _listed(Faults.single("", _("请选择是电话告知还是当面告知")))
    services().counter.tell(telling, way=way, by=current_officer())
    flash(_("已记下：{way}。", way=_(WAYS[way])), "ok")
    return redirect(url_for("officer.counter.tellings"), 303)


def _listed(faults: Faults) -> ResponseReturnValue:
    waiting = services().counter.tellings(current_officer())
    page = render_template(
        "officer/counter/tellings.html",
        rows=[(one, _(TELLINGS.get(one.code, SOMETHING))) for one in waiting],
        ways=[(way.value, _(words)) for way, words in WAYS.items()],
        faults=faults,
    )
    return page, 422 if faults else 200
