"""Show a person's licences."""

from uuid import UUID

from flask import Response

from gov_portal.kernel.ids import LicenceId
from gov_portal.licences.domain import LicenceView
from gov_portal.web.api import views
from gov_portal.web.api.front import Json, Resource, Shape
from gov_portal.web.api.paging import Answer, PageQuery, page
from gov_portal.web.base.access import current_citizen
from gov_portal.web.base.downloads import send
from gov_portal.web.base.services import services
from gov_portal.web.base.text import phrase
from identity.permissions import Permission

resource = Resource("wallet", title=phrase("我的证照"))


@resource.endpoint(
    "GET",
    "/licences",
    title=phrase("列出证照"),
    may=Permission.VIEW_OWN_CASES,
    shape=Shape(query=PageQuery, answer=views.LICENCES, is_paged=True),
)
def list_licences(query: Json) -> Answer[LicenceView]:
    """List what the person, or the ward acted for, holds; newest first."""
    return page(services().licences.mine(current_citizen()), query, key=lambda row: str(row.licence))


@resource.endpoint(
    "GET",
    "/licences/<uuid:licence>",
    title=phrase("查看证照"),
    may=Permission.VIEW_OWN_CASES,
    shape=Shape(answer=views.LICENCE),
)
def show_licence(licence: UUID) -> LicenceView:
    """Show the current version of a licence."""
    return services().licences.view(LicenceId(licence), by=current_citizen())


@resource.endpoint(
    "GET",
    "/licences/<uuid:licence>/pdf",
    title=phrase("下载证照"),
    may=Permission.VIEW_OWN_CASES,
    shape=Shape(media=("application/pdf",)),
)
def download_licence(licence: UUID) -> Response:
    """Send the sealed PDF of the current version."""
    content = services().licences.pdf(LicenceId(licence), by=current_citizen())
    return send(content, "application/pdf", name="licence")
