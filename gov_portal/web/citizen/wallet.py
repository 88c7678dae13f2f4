"""Show what licences a person, or the ward acted for, holds (我的证照)."""

from uuid import UUID

from flask import render_template
from flask.typing import ResponseReturnValue

from gov_portal.kernel.ids import LicenceId
from gov_portal.licences.domain import LicenceStatus
from gov_portal.web.base.access import current_citizen, requires
from gov_portal.web.base.downloads import send
from gov_portal.web.base.services import services
from gov_portal.web.base.text import phrase
from identity.permissions import Permission

STATES = {
    LicenceStatus.VALID: (phrase("有效"), "ok"),
    LicenceStatus.REVOKED: (phrase("已作废"), "error"),
    LicenceStatus.SUPERSEDED: (phrase("已换发"), "warn"),
    LicenceStatus.EXPIRED: (phrase("已过期"), "warn"),
}
"""Word and tone of how it stands with a licence."""


@requires(Permission.VIEW_OWN_CASES)
def wallet() -> ResponseReturnValue:
    """List the licences, those in force first."""
    held = services().licences.mine(current_citizen())
    in_force = [one for one in held if one.status is LicenceStatus.VALID]
    ended = [one for one in held if one.status is not LicenceStatus.VALID]
    return render_template("citizen/wallet.html", in_force=in_force, ended=ended, states=STATES)


@requires(Permission.VIEW_OWN_CASES)
def held_licence(licence: UUID) -> ResponseReturnValue:
    """Show one licence, and when it was shown."""
    citizen = current_citizen()
    held = services().licences.view(LicenceId(licence), by=citizen)
    shown = services().presentations.shown(held.licence, by=citizen)
    return render_template("citizen/held_licence.html", held=held, shown=shown, states=STATES)


@requires(Permission.VIEW_OWN_CASES)
def held_licence_pdf(licence: UUID) -> ResponseReturnValue:
    """Send the sealed PDF of one licence."""
    citizen, licences = current_citizen(), services().licences
    held = licences.view(LicenceId(licence), by=citizen)
    return send(licences.pdf(held.licence, by=citizen), "application/pdf", name=f"licence-{held.verify_code}")
