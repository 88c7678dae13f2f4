"""Sign officers in and out."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from gov_portal.web.base.access import client, close_session, requires, session_token
from gov_portal.web.base.challenge import SHOWN_IN_PLACE, CodePage, ask_code, missing, pending, remember
from gov_portal.web.base.forms import NO_FAULTS, Faults, Input, attempt
from gov_portal.web.base.services import services
from gov_portal.web.base.text import _, phrase
from gov_portal.web.base.ways import safe_way_back
from identity.permissions import Permission

_LABELS = {"login": phrase("工号"), "password": phrase("密码")}


@requires(Permission.SIGN_IN)
def sign_in() -> ResponseReturnValue:
    """Ask for login name and password; begin the sign-in."""
    faults = NO_FAULTS
    next_path = safe_way_back(request.values.get("next"), otherwise=url_for("officer.queue"))
    if request.method == "POST":
        faults = missing(_LABELS)
        if not faults:
            login, password = request.form["login"].strip(), request.form["password"]
            begun = attempt(
                lambda: services().identity.start_officer_sign_in(login, password=password, client=client()),
                also=SHOWN_IN_PLACE,
            )
            if not isinstance(begun, Faults):
                remember(begun, kind="officer", next_path=next_path)
                return redirect(url_for("officer.sign_in_code"), 303)
            faults = begun
    inputs = (
        Input("login", _("工号"), "text", request.form.get("login", ""), faults.of("login")),
        Input("password", _("密码"), "password", "", faults.of("password")),
    )
    is_over = request.args.get("over") == "1"
    page = render_template("officer/sign_in.html", faults=faults, inputs=inputs, next=next_path, is_over=is_over)
    return page, 422 if faults else 200


@requires(Permission.SIGN_IN)
def sign_in_code() -> ResponseReturnValue:
    """Ask for the code; open the session."""
    page = CodePage(
        "officer", "officer/code.html", url_for("officer.sign_in"), url_for("officer.code_again"), _("登录")
    )
    return ask_code(
        page, confirm=lambda token, code: services().identity.confirm_officer_sign_in(token, code=code, client=client())
    )


@requires(Permission.SIGN_IN)
def code_again() -> ResponseReturnValue:
    """Send a fresh code and go back to the page that asks for it."""
    challenge = pending("officer")
    if challenge is None:
        return redirect(url_for("officer.sign_in"), 303)
    sent = attempt(lambda: services().identity.send_code_again(challenge.token), also=SHOWN_IN_PLACE)
    if isinstance(sent, Faults):
        flash(sent.items[0].message, "error")
    else:
        remember(sent, kind="officer", next_path=challenge.next)
        flash(_("新的验证码已经发出，原来的作废。"), "ok")
    return redirect(url_for("officer.sign_in_code"), 303)


@requires(Permission.SIGN_OUT)
def sign_out() -> ResponseReturnValue:
    """End the session."""
    services().identity.sign_out(session_token())
    close_session()
    return redirect(url_for("officer.sign_in"), 303)
