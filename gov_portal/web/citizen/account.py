"""Show the account: open sessions, wards, and for whom one acts."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from gov_portal.kernel.ids import PersonId
from gov_portal.web.base.access import close_session, current_citizen, requires, session_token
from gov_portal.web.base.challenge import missing
from gov_portal.web.base.forms import NO_FAULTS, Faults, Input, as_uuid, attempt
from gov_portal.web.base.services import services
from gov_portal.web.base.text import _, phrase
from gov_portal.web.base.ways import safe_way_back
from identity.domain.errors import GuardianshipUnavailable, TooManyAttempts, WardIsSelf
from identity.domain.values import SessionId
from identity.permissions import Permission

SELF = "self"
"""Stands for oneself where one chooses for whom to act."""

_WARD_LABELS = {"name": phrase("被监护人的姓名"), "id_no": phrase("被监护人的身份证号")}


@requires(Permission.SIGN_OUT)
def sign_out() -> ResponseReturnValue:
    """End the session and go home."""
    services().identity.sign_out(session_token())
    close_session()
    flash(_("您已退出。"), "ok")
    return redirect(url_for("citizen.home"), 303)


@requires(Permission.VIEW_ACCOUNT)
def account() -> ResponseReturnValue:
    """Show for whom one acts and the open sessions."""
    citizen = current_citizen()
    facts = services().identity.facts(citizen.person)
    return render_template(
        "citizen/account.html",
        facts=facts,
        phone=f"{facts.phone[:3]}****{facts.phone[-4:]}" if facts.phone else "—",
        wards=services().identity.wards(citizen.person),
        acting_for=citizen.acting_for,
        sessions=services().identity.sessions(session_token()),
    )


@requires(Permission.MANAGE_SESSIONS)
def end_session(session: UUID) -> ResponseReturnValue:
    """End one of the own sessions."""
    services().identity.end_session(session_token(), session=SessionId(session))
    flash(_("那一次登录已经退出。"), "ok")
    return redirect(url_for("citizen.account"), 303)


@requires(Permission.ACT_FOR_WARD)
def wards() -> ResponseReturnValue:
    """Enter a ward (被监护人) by name and number."""
    back = safe_way_back(request.values.get("next"), otherwise=url_for("citizen.account"))
    faults = NO_FAULTS
    if request.method == "POST":
        faults = missing({name: _(label) for name, label in _WARD_LABELS.items()})
        if not faults:
            citizen, form = current_citizen(), request.form
            shown = (GuardianshipUnavailable, TooManyAttempts, WardIsSelf)
            entered = attempt(
                lambda: services().identity.claim_ward(citizen, name=form["name"], id_no=form["id_no"]), also=shown
            )
            if not isinstance(entered, Faults):
                flash(_("已添加：{name}。", name=entered.name or entered.name_masked), "ok")
                return redirect(back, 303)
            faults = entered
    inputs = [
        Input(name, _(label), "text", request.form.get(name, ""), faults.of(name))
        for name, label in _WARD_LABELS.items()
    ]
    return render_template("citizen/wards.html", faults=faults, inputs=inputs, next=back), 422 if faults else 200


@requires(Permission.ACT_FOR_WARD)
def act_for() -> ResponseReturnValue:
    """Switch between acting for oneself and for a ward."""
    chosen = request.form.get("for_whom", "")
    if not is_whom(chosen):
        flash(_("请选择为谁办理"), "error")
        return redirect(url_for("citizen.account"), 303)
    services().identity.act_for(session_token(), ward=as_ward(chosen))
    return redirect(safe_way_back(request.form.get("next"), otherwise=url_for("citizen.cases")), 303)


def is_whom(chosen: str) -> bool:
    """Tell whether a radio button names oneself or an id; nothing else may pass for oneself."""
    return chosen == SELF or as_uuid(chosen) is not None


def as_ward(chosen: str) -> PersonId | None:
    """Return the ward that a radio button names, ``None`` for oneself."""
    ward = as_uuid(chosen)
    return None if ward is None else PersonId(ward)
