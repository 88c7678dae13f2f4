"""Say valid, revoked, superseded or unknown for the code of a licence (证照核验)."""

import re

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from gov_portal.web.base.access import requires
from gov_portal.web.base.forms import NO_FAULTS, Faults, Input
from gov_portal.web.base.services import services
from gov_portal.web.base.text import _
from identity.permissions import Permission

blueprint = Blueprint("verify", __name__, url_prefix="/verify", template_folder="templates")

_CODE = re.compile(r"[0-9A-Za-z_-]{4,64}")


@blueprint.get("")
@requires(Permission.VERIFY_LICENCE)
def search() -> ResponseReturnValue:
    """Ask for the code that is printed on the licence."""
    faults = NO_FAULTS
    typed = request.args.get("code", "")
    code = "".join(typed.split())
    if _CODE.fullmatch(code):
        return redirect(url_for("verify.result", code=code), 303)
    if "code" in request.args:
        faults = Faults.single("code", _("请填写证照上二维码旁边的核验码，只有字母和数字"))
    asked = Input("code", _("核验码"), "text", typed[:80], faults.of("code"), _("印在证照二维码旁边"))
    return render_template("verify/search.html", code=asked, faults=faults), 422 if faults else 200


@blueprint.get("/<code>")
@requires(Permission.VERIFY_LICENCE)
def result(code: str) -> ResponseReturnValue:
    """Say how it stands with one code; an unknown code is an answer too."""
    found = services().licences.verify(code)
    return render_template("verify/result.html", code=code[:64], found=found, status=str(found.status))
