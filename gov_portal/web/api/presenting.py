"""Show a licence to somebody, and check what is shown."""

from uuid import UUID

from flask import Response

from gov_portal.kernel.ids import LicenceId
from gov_portal.licences.presentation import Presentation, PresentedLicence, ShownOnce
from gov_portal.web.api import views
from gov_portal.web.api.front import Json, Resource, Shape
from gov_portal.web.api.paging import Answer, PageQuery, page
from gov_portal.web.base.access import current_citizen
from gov_portal.web.base.downloads import send
from gov_portal.web.base.services import services
from gov_portal.web.base.text import phrase
from identity.permissions import Permission

resource = Resource("presenting", title=phrase("亮证"))


@resource.endpoint(
    "POST",
    "/licences/<uuid:licence>/presentations",
    title=phrase("亮证"),
    may=Permission.VIEW_OWN_CASES,
    shape=Shape(answer=views.PRESENTATION, status=201),
)
def present_licence(licence: UUID) -> Presentation:
    """Make a code that shows the licence for a minute; ask for the next one some seconds before it ends."""
    return services().presentations.present(LicenceId(licence), by=current_citizen())


@resource.endpoint(
    "GET",
    "/licences/<uuid:licence>/presentations",
    title=phrase("列出已出示"),
    may=Permission.VIEW_OWN_CASES,
    shape=Shape(query=PageQuery, answer=views.SHOWN, is_paged=True),
)
def list_presentations(query: Json, licence: UUID) -> Answer[ShownOnce]:
    """List when the licence was shown and checked, newest first; nobody is told who checked it."""
    shown = services().presentations.shown(LicenceId(licence), by=current_citizen())
    return page(shown, query, key=lambda row: row.checked_at.isoformat())


@resource.endpoint(
    "GET",
    "/presentations/<code>",
    title=phrase("核验出示的证照"),
    may=Permission.VERIFY_LICENCE,
    shape=Shape(answer=views.PRESENTED),
)
def check_presentation(code: str) -> PresentedLicence:
    """Say what is shown; a code that is stale, forged or unknown is an answer too, and always the same one."""
    return services().presentations.check(code)


@resource.endpoint(
    "GET",
    "/presentations/<code>/photo",
    title=phrase("查看出示的照片"),
    may=Permission.VERIFY_LICENCE,
    shape=Shape(media=("image/jpeg",)),
)
def presentation_photo(code: str) -> Response:
    """Send the holder's picture for a code that was checked a moment ago."""
    return send(services().presentations.photo(code), "image/jpeg", name="holder")
