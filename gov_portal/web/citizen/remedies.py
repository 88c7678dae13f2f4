"""Withdraw, urge and appeal."""

from uuid import UUID, uuid4

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from gov_portal.kernel.errors import Conflict
from gov_portal.kernel.ids import CaseId
from gov_portal.web.base.access import current_citizen, requires
from gov_portal.web.base.forms import NO_FAULTS, Faults, Input, attempt, long_text
from gov_portal.web.base.services import services
from gov_portal.web.base.text import _
from identity.permissions import Permission

REASON_LENGTH = 500


class NotNow(Conflict):
    """Answer that the case does not allow this now."""

    code = "case.not-now"


@requires(Permission.CONDUCT_OWN_CASE)
def withdraw(case: UUID) -> ResponseReturnValue:
    """Ask once, then withdraw the application (撤回)."""
    citizen, case_id = current_citizen(), CaseId(case)
    faults = NO_FAULTS
    key = request.form.get("key") or uuid4().hex
    if request.method == "POST":
        reason, faults = long_text("reason", _("撤回的原因"), longest=REASON_LENGTH, is_required=False)
        if not faults:
            done = attempt(lambda: services().cases.withdraw(case_id, by=citizen, reason=reason, key=key))
            if not isinstance(done, Faults):
                flash(_("申请已撤回。需要时可以重新申请。"), "ok")
                return redirect(url_for("citizen.case", case=case), 303)
            faults = done
    view = services().cases.view(case_id, by=citizen)
    if not view.permitted.withdraw:
        raise NotNow
    reason_input = Input(
        "reason",
        _("撤回的原因"),
        "textarea",
        request.form.get("reason", ""),
        faults.of("reason"),
        is_required=False,
    )
    page = render_template("citizen/withdraw.html", case=view, faults=faults, reason=reason_input, key=key)
    return page, 422 if faults else 200


@requires(Permission.CONDUCT_OWN_CASE)
def urge(case: UUID) -> ResponseReturnValue:
    """Urge the case on (催办)."""
    services().cases.urge(CaseId(case), by=current_citizen())
    flash(_("已催办，经办人员会看到。"), "ok")
    return redirect(url_for("citizen.case", case=case), 303)


@requires(Permission.CONDUCT_OWN_CASE)
def appeal(case: UUID) -> ResponseReturnValue:
    """Ask why, then open the appeal (行政复议) and go on with its form."""
    citizen, case_id = current_citizen(), CaseId(case)
    faults = NO_FAULTS
    if request.method == "POST":
        reason, faults = long_text("reason", _("复议的理由"), longest=REASON_LENGTH)
        if not faults:
            opened = attempt(lambda: services().cases.appeal(case_id, by=citizen, reason=reason))
            if not isinstance(opened, Faults):
                return redirect(url_for("citizen.case", case=opened), 303)
            faults = opened
    view = services().cases.view(case_id, by=citizen)
    if not view.permitted.appeal and not view.appealed_by:
        raise NotNow
    reason_input = Input(
        "reason",
        _("您认为决定哪里不对？"),
        "textarea",
        request.form.get("reason", ""),
        faults.of("reason"),
        _("写清事实和理由，最多 {n} 个字", n=REASON_LENGTH),
    )
    page = render_template("citizen/appeal.html", case=view, faults=faults, reason=reason_input)
    return page, 422 if faults else 200
