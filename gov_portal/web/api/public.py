"""Show public notices, take objections, verify licences."""

from uuid import UUID

from werkzeug.datastructures import FileStorage

from gov_portal.kernel.ids import CaseId
from gov_portal.licences.domain import Verification
from gov_portal.web.api import bodies, views
from gov_portal.web.api.front import Json, Resource, Shape
from gov_portal.web.api.once import request_key
from gov_portal.web.api.paging import Answer, PageQuery, page
from gov_portal.web.base.access import current_citizen
from gov_portal.web.base.services import services
from gov_portal.web.base.text import phrase
from identity.permissions import Permission
from workflows.views import PublicNotice

resource = Resource("public", title=phrase("公示和核验"))


@resource.endpoint(
    "GET",
    "/notices",
    title=phrase("列出公示"),
    may=Permission.VIEW_NOTICES,
    shape=Shape(query=PageQuery, answer=views.NOTICES, is_paged=True),
)
def list_notices(query: Json) -> Answer[PublicNotice]:
    """List what is open to objections now."""
    return page(services().cases.public_notices(), query, key=lambda row: f"{row.case}/{row.step}")


@resource.endpoint(
    "GET",
    "/notices/<uuid:case>/<step>",
    title=phrase("查看公示"),
    may=Permission.VIEW_NOTICES,
    shape=Shape(answer=views.NOTICE),
)
def show_notice(case: UUID, step: str) -> PublicNotice:
    """Show one public notice."""
    return services().cases.public_notice(CaseId(case), step)


@resource.endpoint(
    "POST",
    "/notices/<uuid:case>/<step>/objections",
    title=phrase("提出异议"),
    may=Permission.OBJECT,
    shape=Shape(body=bodies.NewObjection, status=204, is_once=True),
)
def object_to_notice(body: Json, case: UUID, step: str) -> str:
    """Object; only the officer who answers reads the text."""
    services().cases.object_to(CaseId(case), step, text=body["text"], by=current_citizen(), key=request_key())
    return ""


@resource.endpoint(
    "GET",
    "/verifications/<code>",
    title=phrase("核验证照"),
    may=Permission.VERIFY_LICENCE,
    shape=Shape(answer=views.VERIFICATION),
)
def verify_code(code: str) -> Verification:
    """Say how it stands with the code of a licence; an unknown one is an answer too."""
    return services().licences.verify(code)


@resource.endpoint(
    "POST",
    "/verifications",
    title=phrase("核验证照文件"),
    may=Permission.VERIFY_LICENCE,
    shape=Shape(upload=bodies.LicenceFile, answer=views.VERIFICATION),
)
def verify_licence_file(upload: Json) -> Verification:
    """Say how it stands with a PDF, and whether one byte of it was changed; nothing of it is kept."""
    part: FileStorage = upload["file"]
    return services().licences.verify_file(part.read())
