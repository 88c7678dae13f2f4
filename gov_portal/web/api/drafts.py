"""Fill an application: begin, answer, attach, submit, discard."""

from uuid import UUID

from werkzeug.datastructures import FileStorage

from gov_portal.kernel.ids import CaseId, FileId, ItemId, LicenceId
from gov_portal.kernel.principal import Citizen, Officer
from gov_portal.web.api import bodies, views
from gov_portal.web.api.front import Json, Resource, Shape
from gov_portal.web.api.hands import applicant, location
from gov_portal.web.api.once import request_key
from gov_portal.web.base.access import current_citizen
from gov_portal.web.base.regions import known_region
from gov_portal.web.base.services import services
from gov_portal.web.base.text import phrase
from identity.permissions import Permission
from workflows.views import CaseView, DraftView

resource = Resource("drafts", title=phrase("申请"))


@resource.endpoint(
    "POST",
    "/items/<item>/drafts",
    title=phrase("开始申请"),
    may=Permission.APPLY,
    shape=Shape(body=bodies.NewDraft, answer=views.DRAFT, status=201, is_once=True),
)
def begin_draft(body: Json, item: str) -> tuple[DraftView, int, dict[str, str]]:
    """Begin an application, or go on with the open draft of the item."""
    citizen = current_citizen()
    about = LicenceId(body["about"]) if body["about"] else None
    region = known_region(body["region"]) if body["region"] else None
    cases, key = services().cases, request_key()
    if body["again"] and key is not None:
        case = cases.begin_another(ItemId(item), by=citizen, key=key, about=about, region=region)
    else:
        case = cases.begin(ItemId(item), by=citizen, again=body["again"], about=about, region=region)
    return services().cases.draft(case, by=citizen), 201, location("drafts.show_draft", case=case)


@resource.endpoint(
    "GET",
    "/drafts/<uuid:case>",
    title=phrase("查看草稿"),
    may=Permission.CONDUCT_OWN_CASE,
    shape=Shape(answer=views.DRAFT),
)
def show_draft(case: UUID) -> DraftView:
    """Show a draft: pages that apply now, what is known already, what is still wanting."""
    return services().cases.draft(CaseId(case), by=applicant())


@resource.endpoint(
    "PATCH",
    "/drafts/<uuid:case>/pages/<page>",
    title=phrase("填写一页"),
    may=Permission.CONDUCT_OWN_CASE,
    shape=Shape(body=bodies.PageAnswers, answer=views.DRAFT),
)
def answer_page(body: Json, case: UUID, page: str) -> DraftView:
    """Keep the answers of one page; ``materials`` is the page of uploads. Files are named by the id of their upload.

    With the ``mark`` of the page as it was shown, nothing is written over that somebody saved meanwhile.
    """
    raw, mark = body["answers"], body["mark"]
    return services().cases.save_page(CaseId(case), page=page, raw=raw, by=applicant(), mark=mark)


@resource.endpoint(
    "PUT",
    "/drafts/<uuid:case>/pages/<page>/typed",
    title=phrase("暂存填到一半的一页"),
    may=Permission.CONDUCT_OWN_CASE,
    shape=Shape(body=bodies.TypedAnswers, answer=views.PAGE_MARK),
)
def keep_typed(body: Json, case: UUID, page: str) -> dict[str, str]:
    """Keep what stands in a page's inputs as it is, right or wrong; it counts only once the page is answered."""
    raw, mark = body["answers"], body["mark"]
    return {"mark": services().cases.keep_typed(CaseId(case), page=page, raw=raw, by=applicant(), mark=mark)}


@resource.endpoint(
    "POST",
    "/drafts/<uuid:case>/submission",
    title=phrase("提交申请"),
    may=Permission.CONDUCT_OWN_CASE,
    shape=Shape(body=bodies.Submission, answer=views.CASE, status=201, is_once=True),
)
def submit_draft(body: Json, case: UUID) -> tuple[CaseView, int, dict[str, str]]:
    """Submit the application."""
    citizen = applicant()
    services().cases.submit(CaseId(case), by=citizen, insist=body["insist"], key=request_key())
    return services().cases.view(CaseId(case), by=citizen), 201, location("cases.show_case", case=case)


@resource.endpoint(
    "DELETE",
    "/drafts/<uuid:case>",
    title=phrase("删除草稿"),
    may=Permission.CONDUCT_OWN_CASE,
    shape=Shape(status=204),
)
def discard_draft(case: UUID) -> str:
    """Delete a draft with everything typed and uploaded in it."""
    services().cases.discard(CaseId(case), by=applicant())
    return ""


@resource.endpoint(
    "POST",
    "/cases/<uuid:case>/files",
    title=phrase("上传文件"),
    may=Permission.CONDUCT_OWN_CASE,
    shape=Shape(upload=bodies.Attachment, answer=views.FILE, status=201, is_once=True),
)
def attach_file(upload: Json, case: UUID) -> dict[str, FileId]:
    """Store a file for a field or material of a draft or supplement; hand its id in with the answers."""
    return {"file": keep(CaseId(case), upload, by=applicant())}


def keep(case: CaseId, upload: Json, *, by: Citizen | Officer) -> FileId:
    """Store an uploaded file for one path of a case."""
    part: FileStorage = upload["file"]
    return services().cases.attach(case, upload["path"], part.read(), claimed_type=part.mimetype, by=by)
