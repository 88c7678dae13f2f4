"""Set a forgotten password anew: phone, name and number are proven as for a registration."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from gov_portal.web.base.access import client, requires
from gov_portal.web.base.challenge import SHOWN_IN_PLACE, CodePage, ask_code, missing, remember
from gov_portal.web.base.forms import NO_FAULTS, Faults, Input, attempt
from gov_portal.web.base.services import services
from gov_portal.web.base.text import _, phrase
from identity.domain.errors import RecoveryRefused
from identity.domain.values import RegistrationForm
from identity.permissions import Permission

_LABELS = {
    "name": phrase("姓名"),
    "id_no": phrase("身份证号"),
    "phone": phrase("账号登记的手机号"),
    "password": phrase("新密码"),
}
_HINTS = {
    "id_no": phrase("18 位，最后一位是字母时写 X"),
    "phone": phrase("验证码会发到这个手机号"),
    "password": phrase("至少 10 位，可以用一句您记得住的话"),
}
_WIDGETS = {"phone": "phone", "password": "password"}
SHOWN = (*SHOWN_IN_PLACE, RecoveryRefused)


@requires(Permission.SIGN_IN)
def forgotten() -> ResponseReturnValue:
    """Ask for name, number, phone and a new password; begin to set it (忘记密码)."""
    faults = NO_FAULTS
    if request.method == "POST":
        faults = missing({name: _(label) for name, label in _LABELS.items()})
        if not faults:
            form = RegistrationForm(*(request.form[name] for name in _LABELS))
            begun = attempt(lambda: services().identity.start_recovery(form, client=client()), also=SHOWN)
            if not isinstance(begun, Faults):
                remember(begun, kind="recovery", next_path=url_for("citizen.home"))
                return redirect(url_for("citizen.forgotten_code"), 303)
            faults = begun
    return render_template("citizen/forgotten.html", faults=faults, inputs=_inputs(faults)), 422 if faults else 200


def _inputs(faults: Faults) -> list[Input]:
    return [
        Input(
            name,
            _(label),
            _WIDGETS.get(name, "text"),
            "" if name == "password" else request.form.get(name, ""),
            faults.of(name),
            _(_HINTS[name]) if name in _HINTS else "",
        )
        for name, label in _LABELS.items()
    ]


@requires(Permission.SIGN_IN)
def forgotten_code() -> ResponseReturnValue:
    """Ask for the code; check name and number, set the password, open a session."""
    page = CodePage(
        "recovery", "citizen/code.html", url_for("citizen.forgotten"), url_for("citizen.code_again"), _("设置新密码")
    )
    return ask_code(
        page, confirm=lambda token, code: services().identity.confirm_recovery(token, code=code, client=client())
    )
