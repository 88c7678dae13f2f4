"""Let people set how pages look and speak, change their password, and put an e-mail address on their account."""

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from gov_portal.web.base.access import current_citizen, requires, session_token
from gov_portal.web.base.challenge import SHOWN_IN_PLACE, at_input, missing, pending, remember
from gov_portal.web.base.forms import NO_FAULTS, Faults, Input, attempt
from gov_portal.web.base.services import services
from gov_portal.web.base.text import _, phrase
from identity.domain.errors import TooManyAttempts
from identity.permissions import Permission

_PREFERENCES = "citizen.preferences"
_PASSWORD_LABELS = {"current": phrase("现在的密码"), "password": phrase("新密码")}


@requires(Permission.VIEW_ACCOUNT)
def settings() -> ResponseReturnValue:
    """Show what can be set, each with what it is now."""
    facts = services().identity.facts(current_citizen().person)
    has_preferences = _PREFERENCES in current_app.view_functions
    return render_template("citizen/settings.html", email=facts.email, has_preferences=has_preferences)


@requires(Permission.VIEW_ACCOUNT)
def password() -> ResponseReturnValue:
    """Ask for the present and the new password; every other session ends."""
    faults = NO_FAULTS
    if request.method == "POST":
        faults = missing({name: _(label) for name, label in _PASSWORD_LABELS.items()})
        if not faults:
            current, new = request.form["current"], request.form["password"]
            changed = attempt(
                lambda: services().identity.change_password(session_token(), current=current, new=new),
                also=(TooManyAttempts,),
            )
            if not isinstance(changed, Faults):
                flash(_("密码已经修改，其他登录都已退出。"), "ok")
                return redirect(url_for("citizen.settings"), 303)
            faults = changed
    inputs = (
        Input("current", _(_PASSWORD_LABELS["current"]), "password", "", faults.of("current")),
        Input(
            "password",
            _(_PASSWORD_LABELS["password"]),
            "password",
            "",
            faults.of("password"),
            _("至少 10 位，可以用一句您记得住的话"),
        ),
    )
    return render_template("citizen/password.html", faults=faults, inputs=inputs), 422 if faults else 200


@requires(Permission.VIEW_ACCOUNT)
def email() -> ResponseReturnValue:
    """Ask for an e-mail address and send a code there."""
    citizen = current_citizen()
    known, faults = services().identity.facts(citizen.person).email, NO_FAULTS
    if request.method == "POST":
        faults = missing({"email": _("邮箱地址")})
        if not faults:
            typed = request.form["email"]
            begun = attempt(lambda: services().identity.start_email(citizen, email=typed), also=(TooManyAttempts,))
            if not isinstance(begun, Faults):
                remember(begun, kind="email", next_path=url_for("citizen.settings"))
                return redirect(url_for("citizen.email_code"), 303)
            faults = at_input(begun, "email")
    field = Input(
        "email",
        _("邮箱地址"),
        "text",
        request.form.get("email", ""),
        faults.of("email"),
        _("例如：name@example.com。我们会往这个地址发一个验证码。"),
    )
    page = render_template("citizen/email.html", faults=faults, field=field, known=known)
    return page, 422 if faults else 200


@requires(Permission.VIEW_ACCOUNT)
def email_code() -> ResponseReturnValue:
    """Ask for the code that went to the address; put the address on the account."""
    challenge, citizen, faults = pending("email"), current_citizen(), NO_FAULTS
    if challenge is None:
        return redirect(url_for("citizen.email"), 303)
    if request.method == "POST":
        faults = missing({"code": _("验证码")})
        if not faults:
            code, token = request.form["code"].strip(), challenge.token
            done = attempt(lambda: services().identity.confirm_email(citizen, token, code=code), also=SHOWN_IN_PLACE)
            if not isinstance(done, Faults):
                flash(_("邮箱已经登记。"), "ok")
                return redirect(url_for("citizen.settings"), 303)
            faults = at_input(done, "code")
    field = Input(
        "code", _("验证码"), "code", request.form.get("code", ""), faults.of("code"), _("6 位数字，5 分钟内有效")
    )
    return render_template("citizen/email_code.html", faults=faults, code=field), 422 if faults else 200


@requires(Permission.VIEW_ACCOUNT)
def email_remove() -> ResponseReturnValue:
    """Take the e-mail address from the account."""
    services().identity.remove_email(current_citizen())
    flash(_("邮箱已经删除，以后不再往那里发消息。"), "ok")
    return redirect(url_for("citizen.settings"), 303)
