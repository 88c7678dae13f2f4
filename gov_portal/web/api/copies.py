"""Make, list, download and withdraw annotated copies of a licence."""

from uuid import UUID, uuid4

from flask import Response, url_for

from gov_portal.kernel.ids import CopyId, LicenceId
from gov_portal.licences.annotated import CopyOrder, CopyView
from gov_portal.web.api import bodies, views
from gov_portal.web.api.front import Json, Resource, Shape
from gov_portal.web.api.once import request_key
from gov_portal.web.api.paging import Answer, PageQuery, page
from gov_portal.web.base.access import current_citizen
from gov_portal.web.base.downloads import send
from gov_portal.web.base.services import services
from gov_portal.web.base.text import phrase
from identity.permissions import Permission

resource = Resource("copies", title=phrase("加注件"))


@resource.endpoint(
    "GET",
    "/licences/<uuid:licence>/copies",
    title=phrase("列出加注件"),
    may=Permission.VIEW_OWN_CASES,
    shape=Shape(query=PageQuery, answer=views.COPIES, is_paged=True),
)
def list_copies(query: Json, licence: UUID) -> Answer[CopyView]:
    """List the copies of a licence, newest first."""
    made = services().copies.of_licence(LicenceId(licence), by=current_citizen())
    return page(made, query, key=lambda row: str(row.copy))


@resource.endpoint(
    "POST",
    "/licences/<uuid:licence>/copies",
    title=phrase("做一份加注件"),
    may=Permission.VIEW_OWN_CASES,
    shape=Shape(body=bodies.NewCopy, answer=views.COPY, status=201, is_once=True),
)
def make_copy(body: Json, licence: UUID) -> tuple[CopyView, int, dict[str, str]]:
    """Make a copy for one purpose and one recipient, with its last day at most six months ahead."""
    order = CopyOrder(**body, key=request_key() or uuid4().hex)
    made = services().copies.make(LicenceId(licence), order, by=current_citizen())
    where = {"Location": url_for("api_copies.show_copy", licence=licence, copy=made.copy)}
    return made, 201, where


@resource.endpoint(
    "GET",
    "/licences/<uuid:licence>/copies/<uuid:copy>",
    title=phrase("查看加注件"),
    may=Permission.VIEW_OWN_CASES,
    shape=Shape(answer=views.COPY),
)
def show_copy(licence: UUID, copy: UUID) -> CopyView:
    """Show one copy."""
    return services().copies.view(LicenceId(licence), CopyId(copy), by=current_citizen())


@resource.endpoint(
    "GET",
    "/licences/<uuid:licence>/copies/<uuid:copy>/pdf",
    title=phrase("下载加注件"),
    may=Permission.VIEW_OWN_CASES,
    shape=Shape(media=("application/pdf",)),
)
def download_copy(licence: UUID, copy: UUID) -> Response:
    """Send the sealed PDF of a copy that is in force."""
    content = services().copies.pdf(LicenceId(licence), CopyId(copy), by=current_citizen())
    return send(content, "application/pdf", name="licence-copy")


@resource.endpoint(
    "DELETE",
    "/licences/<uuid:licence>/copies/<uuid:copy>",
    title=phrase("撤回加注件"),
    may=Permission.VIEW_OWN_CASES,
    shape=Shape(status=204),
)
def withdraw_copy(licence: UUID, copy: UUID) -> str:
    """Withdraw a copy; whoever verifies it is told so, and its file is gone."""
    services().copies.withdraw(LicenceId(licence), CopyId(copy), by=current_citizen())
    return ""
