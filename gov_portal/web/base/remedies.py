"""Withdraw, urge and appeal, by whoever's hand."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue

from gov_portal.kernel.errors import Conflict
from gov_portal.kernel.ids import CaseId
from gov_portal.web.base.forms import NO_FAULTS, Faults, Input, attempt, long_text
from gov_portal.web.base.fronts import Front
from gov_portal.web.base.services import services
from gov_portal.web.base.text import _

REASON_LENGTH = 500


class NotNow(Conflict):
    """Answer that the case does not allow this now."""

    code = "case.not-now"


@dataclass(frozen=True, slots=True)
class Appealing:
    """Say what is a front's own in an appeal.

    Attributes:
        open: opens the appeal for a reason and returns its draft.
        beside: returns what the front asks besides, with what is wrong with it.
    """

    open: Callable[[str], CaseId]
    beside: Callable[[Faults], tuple[Input, ...]] = lambda faults: ()


def withdraw(front: Front, case: CaseId) -> ResponseReturnValue:
    """Ask once, then withdraw the application (撤回)."""
    faults = NO_FAULTS
    key = request.form.get("key") or uuid4().hex
    if request.method == "POST":
        reason, faults = long_text("reason", _("撤回的原因"), longest=REASON_LENGTH, is_required=False)
        if not faults:
            done = attempt(lambda: services().cases.withdraw(case, by=front.by, reason=reason, key=key))
            if not isinstance(done, Faults):
                flash(_("申请已撤回。需要时可以重新申请。"), "ok")
                return redirect(front.url("case", case=case), 303)
            faults = done
    view = services().cases.view(case, by=front.by)
    if not view.permitted.withdraw:
        raise NotNow
    asked = _reason(_("撤回的原因"), faults, is_required=False)
    html = front.render("withdraw.html", case=view, faults=faults, reason=asked, key=key)
    return html, 422 if faults else 200


def urge(front: Front, case: CaseId) -> ResponseReturnValue:
    """Urge the case on (催办)."""
    services().cases.urge(case, by=front.by)
    flash(_("已催办，经办人员会看到。"), "ok")
    return redirect(front.url("case", case=case), 303)


def appeal(front: Front, case: CaseId, appealing: Appealing) -> ResponseReturnValue:
    """Ask why, then open the appeal (行政复议) and go on with its form."""
    faults = NO_FAULTS
    if request.method == "POST":
        reason, faults = long_text("reason", _("复议的理由"), longest=REASON_LENGTH)
        if not faults:
            opened = attempt(lambda: appealing.open(reason))
            if not isinstance(opened, Faults):
                return redirect(front.url("case", case=opened), 303)
            faults = opened
    view = services().cases.view(case, by=front.by)
    if not view.permitted.appeal and not view.appealed_by:
        raise NotNow
    hint = _("写清事实和理由，最多 {n} 个字", n=REASON_LENGTH)
    asked = (_reason(_("您认为决定哪里不对？"), faults, hint), *appealing.beside(faults))
    html = front.render("appeal.html", case=view, faults=faults, inputs=asked)
    return html, 422 if faults else 200


def _reason(label: str, faults: Faults, hint: str = "", *, is_required: bool = True) -> Input:
    typed = request.form.get("reason", "")
    return Input("reason", label, "textarea", typed, faults.of("reason"), hint, is_required=is_required)
