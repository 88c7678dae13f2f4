"""Register and sign in: what one knows, then a one-time code."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from gov_portal.web.base.access import client, requires
from gov_portal.web.base.challenge import (
    SHOWN_IN_PLACE,
    CodePage,
    any_pending,
    ask_code,
    missing,
    remember,
)
from gov_portal.web.base.forms import NO_FAULTS, Faults, Input, attempt
from gov_portal.web.base.services import services
from gov_portal.web.base.text import _, phrase
from gov_portal.web.base.ways import safe_way_back
from identity.domain.values import RegistrationForm
from identity.permissions import Permission

_REGISTER_LABELS = {
    "name": phrase("姓名"),
    "id_no": phrase("身份证号"),
    "phone": phrase("手机号"),
    "password": phrase("密码"),
}
_SIGN_IN_LABELS = {"login": phrase("身份证号或手机号"), "password": phrase("密码")}
_CODE_PAGES = {
    "register": "citizen.register_code",
    "recovery": "citizen.forgotten_code",
    "email": "citizen.email_code",
}


def _next_path() -> str:
    return safe_way_back(request.values.get("next"), otherwise=url_for("citizen.home"))


@requires(Permission.REGISTER)
def register() -> ResponseReturnValue:
    """Ask for name, number, phone and password; begin the registration (注册)."""
    faults = NO_FAULTS
    if request.method == "POST":
        faults = missing({name: _(label) for name, label in _REGISTER_LABELS.items()})
        if not faults:
            form = RegistrationForm(*(request.form[name] for name in _REGISTER_LABELS))
            begun = attempt(lambda: services().identity.start_registration(form, client=client()), also=SHOWN_IN_PLACE)
            if not isinstance(begun, Faults):
                remember(begun, kind="register", next_path=_next_path())
                return redirect(url_for("citizen.register_code"), 303)
            faults = begun
    page = render_template("citizen/register.html", faults=faults, inputs=_register_inputs(faults), next=_next_path())
    return page, 422 if faults else 200


def _register_inputs(faults: Faults) -> list[Input]:
    hints = {
        "name": _("与身份证上的一致"),
        "id_no": _("18 位，最后一位是字母时写 X"),
        "phone": _("用来接收验证码"),
        "password": _("至少 10 位，可以用一句您记得住的话"),
    }
    widgets = {"phone": "phone", "password": "password"}
    return [
        Input(
            name,
            _(label),
            widgets.get(name, "text"),
            "" if name == "password" else request.form.get(name, ""),
            faults.of(name),
            hints[name],
        )
        for name, label in _REGISTER_LABELS.items()
    ]


@requires(Permission.REGISTER)
def register_code() -> ResponseReturnValue:
    """Ask for the code; check name and number, open the account."""
    page = CodePage(
        "register", "citizen/code.html", url_for("citizen.register"), url_for("citizen.code_again"), _("开通账号")
    )
    return ask_code(
        page, confirm=lambda token, code: services().identity.confirm_registration(token, code=code, client=client())
    )


@requires(Permission.SIGN_IN)
def sign_in() -> ResponseReturnValue:
    """Ask for number or phone, and password; begin the sign-in (登录)."""
    faults = NO_FAULTS
    if request.method == "POST":
        faults = missing({name: _(label) for name, label in _SIGN_IN_LABELS.items()})
        if not faults:
            login, password = request.form["login"], request.form["password"]
            begun = attempt(
                lambda: services().identity.start_sign_in(login, password=password, client=client()),
                also=SHOWN_IN_PLACE,
            )
            if not isinstance(begun, Faults):
                remember(begun, kind="sign-in", next_path=_next_path())
                return redirect(url_for("citizen.sign_in_code"), 303)
            faults = begun
    inputs = (
        Input("login", _(_SIGN_IN_LABELS["login"]), "text", request.form.get("login", ""), faults.of("login")),
        Input("password", _(_SIGN_IN_LABELS["password"]), "password", "", faults.of("password")),
    )
    is_over = request.args.get("over") == "1"
    page = render_template("citizen/sign_in.html", faults=faults, inputs=inputs, next=_next_path(), is_over=is_over)
    return page, 422 if faults else 200


@requires(Permission.SIGN_IN)
def sign_in_code() -> ResponseReturnValue:
    """Ask for the code; open the session."""
    page = CodePage(
        "sign-in", "citizen/code.html", url_for("citizen.sign_in"), url_for("citizen.code_again"), _("登录")
    )
    return ask_code(
        page, confirm=lambda token, code: services().identity.confirm_sign_in(token, code=code, client=client())
    )


@requires(Permission.SIGN_IN)
def code_again() -> ResponseReturnValue:
    """Send a fresh code and go back to the page that asks for it."""
    challenge = any_pending()
    if challenge is None:
        return redirect(url_for("citizen.sign_in"), 303)
    sent = attempt(lambda: services().identity.send_code_again(challenge.token), also=SHOWN_IN_PLACE)
    if isinstance(sent, Faults):
        flash(sent.items[0].message, "error")
    else:
        remember(sent, kind=challenge.kind, next_path=challenge.next)
        flash(_("新的验证码已经发出，原来的作废。"), "ok")
    return redirect(url_for(_CODE_PAGES.get(challenge.kind, "citizen.sign_in_code")), 303)
