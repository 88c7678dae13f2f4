"""Say how it stands with a licence that somebody shows on a phone (亮证)."""

from flask import make_response, render_template
from flask.typing import ResponseReturnValue

from gov_portal.kernel.rates import Rate
from gov_portal.web.base.access import requires
from gov_portal.web.base.downloads import send
from gov_portal.web.base.pace import keep_pace
from gov_portal.web.base.services import services
from identity.permissions import Permission

CHECKS = Rate("presented", requests=120, window_s=60)
"""A hall with many counters may share one address."""


@requires(Permission.VERIFY_LICENCE)
def presented(code: str) -> ResponseReturnValue:
    """Say what is shown; the address is told to nobody else, for it opens this page for a minute."""
    keep_pace(CHECKS)
    found = services().presentations.check(code)
    page = make_response(render_template("verify/presented.html", code=code, found=found, status=str(found.status)))
    page.headers["Referrer-Policy"] = "no-referrer"
    return page


@requires(Permission.VERIFY_LICENCE)
def presented_photo(code: str) -> ResponseReturnValue:
    """Send the holder's picture for a code that was checked a moment ago."""
    keep_pace(CHECKS)
    return send(services().presentations.photo(code), "image/jpeg", name="holder")
