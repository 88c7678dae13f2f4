"""Let holders take a licence along in the forms that programs read (给程序用的版本)."""

from uuid import UUID

from flask import Response, json, render_template, request
from flask.typing import ResponseReturnValue

from gov_portal.kernel.ids import LicenceId
from gov_portal.licences.machine_forms import MEDIA_TYPE
from gov_portal.web.base.access import current_citizen, requires
from gov_portal.web.base.forms import NO_FAULTS, Input
from gov_portal.web.base.services import services
from gov_portal.web.base.text import _
from gov_portal.web.citizen.wallet import STATES
from identity.permissions import Permission


@requires(Permission.VIEW_OWN_CASES)
def machine_forms(licence: UUID) -> ResponseReturnValue:
    """Ask what a signed form shall disclose; nothing is ticked beforehand."""
    held = services().licences.view(LicenceId(licence), by=current_citizen())
    options = tuple((entry.name, _(entry.label)) for entry in services().machine_forms.entries(held.kind))
    choice = Input(
        "disclose",
        _("让对方看到哪些内容"),
        "checkboxes",
        (),
        NO_FAULTS.of("disclose"),
        _("只选对方需要的。没选的，对方看不到，也算不出来。"),
        options=options,
        is_required=False,
    )
    return render_template("citizen/machine_forms.html", held=held, choice=choice, states=STATES)


@requires(Permission.VIEW_OWN_CASES)
def disclosed_licence(licence: UUID) -> ResponseReturnValue:
    """Send the signed form that discloses what was ticked."""
    chosen = request.args.getlist("disclose")
    made = services().machine_forms.sd_jwt(LicenceId(licence), disclose=chosen, by=current_citizen())
    return _download(made, MEDIA_TYPE, name="licence.sd-jwt")


@requires(Permission.VIEW_OWN_CASES)
def plain_licence(licence: UUID) -> ResponseReturnValue:
    """Send all that the licence holds, unsigned."""
    found = services().machine_forms.plain(LicenceId(licence), by=current_citizen())
    return _download(json.dumps(found, ensure_ascii=False, indent=1), "application/json", name="licence.json")


def _download(content: str, media_type: str, *, name: str) -> Response:
    return Response(content, content_type=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})
