"""Say how it stands with a licence, by its code or its file (证照核验)."""

import re

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from gov_portal.web.base.access import requires
from gov_portal.web.base.forms import NO_FAULTS, Faults, Input
from gov_portal.web.base.services import services
from gov_portal.web.base.text import _
from gov_portal.web.verify.shown import presented, presented_photo
from identity.permissions import Permission

blueprint = Blueprint("verify", __name__, url_prefix="/verify", template_folder="templates")
blueprint.add_url_rule("/shown/<code>", view_func=presented)
blueprint.add_url_rule("/shown/<code>/photo", view_func=presented_photo)

_CODE = re.compile(r"[0-9A-Za-z_-]{4,64}")
_FILE = "file"
_PDF, _PDF_WITHIN = b"%PDF-", 1024
"""Readers look for the header in the first 1,024 bytes (ISO 32000-1, annex H.3.4.1)."""


@blueprint.get("")
@requires(Permission.VERIFY_LICENCE)
def search() -> ResponseReturnValue:
    """Ask for the code that is printed on the licence, or for its file."""
    faults = NO_FAULTS
    typed = request.args.get("code", "")
    code = "".join(typed.split())
    if _CODE.fullmatch(code):
        return redirect(url_for("verify.result", code=code), 303)
    if "code" in request.args:
        faults = Faults.single("code", _("请填写证照上二维码旁边的核验码，只有字母和数字"))
    return _ask(typed, faults)


@blueprint.post("/file")
@requires(Permission.VERIFY_LICENCE)
def file() -> ResponseReturnValue:
    """Say how it stands with a file; nothing of it is kept."""
    part = request.files.get(_FILE)
    content = part.read() if part is not None else b""
    if not content:
        return _ask("", Faults.single(_FILE, _("请选择证照的 PDF 文件")))
    if _PDF not in content[:_PDF_WITHIN]:
        return _ask("", Faults.single(_FILE, _("这不是 PDF 文件。请选择下载的证照原件，不要用照片或截图")))
    found = services().licences.verify_file(content)
    return render_template("verify/result.html", code="", found=found, status=str(found.status))


@blueprint.get("/<code>")
@requires(Permission.VERIFY_LICENCE)
def result(code: str) -> ResponseReturnValue:
    """Say how it stands with one code; an unknown code is an answer too."""
    found = services().licences.verify(code)
    return render_template("verify/result.html", code=code[:64], found=found, status=str(found.status))


def _ask(typed: str, faults: Faults) -> ResponseReturnValue:
    code = Input("code", _("核验码"), "text", typed[:80], faults.of("code"), _("印在证照二维码旁边"))
    pdf = Input(_FILE, _("证照文件"), "file", "", faults.of(_FILE), _("下载的 PDF 原件，不超过 10 MB；我们不保存它"))
    return render_template("verify/search.html", code=code, pdf=pdf, faults=faults), 422 if faults else 200
