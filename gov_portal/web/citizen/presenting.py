"""Show a licence to somebody who scans it (亮证): a code that lives for a minute."""

from uuid import UUID

from flask import render_template
from flask.typing import ResponseReturnValue

from gov_portal.kernel.ids import LicenceId
from gov_portal.web.base.access import current_citizen, requires
from gov_portal.web.base.services import services
from identity.permissions import Permission


@requires(Permission.VIEW_OWN_CASES)
def present(licence: UUID) -> ResponseReturnValue:
    """Show the licence with a fresh code; the page's script asks for this page anew before the code ends."""
    citizen = current_citizen()
    held = services().licences.view(LicenceId(licence), by=citizen)
    shown = services().presentations.present(held.licence, by=citizen)
    left_ms = round((shown.expires_at - shown.now).total_seconds() * 1000)
    return render_template("citizen/present.html", held=held, shown=shown, left_ms=left_ms)
