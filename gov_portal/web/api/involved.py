"""Let a person take their step of a case: the applicant asked again, or another party (当事人)."""

from uuid import UUID

from flask import Response
from werkzeug.datastructures import FileStorage

from gov_portal.kernel.ids import CaseId, FileId, TaskKey
from gov_portal.web.api import bodies, views
from gov_portal.web.api.front import FILES, Json, Resource, Shape
from gov_portal.web.api.hands import location
from gov_portal.web.api.once import request_key
from gov_portal.web.api.paging import Answer, PageQuery, page
from gov_portal.web.api.shapes import answer, listed
from gov_portal.web.base.access import current_citizen
from gov_portal.web.base.downloads import send
from gov_portal.web.base.services import services
from gov_portal.web.base.text import phrase
from identity.permissions import Permission
from workflows.domain.commands import ActOn
from workflows.views import InvolvedCase, InvolvedView, TurnView

TURN = answer(
    "Turn", TurnView, "task step step_label* due_on", acts=views.many(views.ACT), fill=views.many(views.FIELD)
)
INVOLVED = answer(
    "Involvement",
    InvolvedView,
    "case case_number item item_name* party* status outcome* may_appeal appeal_until",
    fields=views.many(views.FIELD),
    documents=views.many(views.DOCUMENT),
    turn=views.one(TURN, is_maybe=True),
)
ROW = answer("InvolvedCase", InvolvedCase, "case case_number item item_name* party* status is_asked changed_at")
ROWS = listed("InvolvedCases", ROW)

resource = Resource("involved", title=phrase("我参与的办件"))


@resource.endpoint(
    "GET",
    "/involvements",
    title=phrase("列出我参与的办件"),
    may=Permission.VIEW_OWN_CASES,
    shape=Shape(query=PageQuery, answer=ROWS, is_paged=True),
)
def list_involvements(query: Json) -> Answer[InvolvedCase]:
    """List the cases that involve the person as a party, the latest change first."""
    return page(services().cases.involved_in(current_citizen()), query, key=lambda row: str(row.case))


@resource.endpoint(
    "GET",
    "/involvements/<uuid:case>",
    title=phrase("查看我参与的办件"),
    may=Permission.VIEW_OWN_CASES,
    shape=Shape(answer=INVOLVED),
)
def show_involvement(case: UUID) -> InvolvedView:
    """Show the person's part of a case, and under ``turn`` what they are asked now."""
    return services().cases.involvement(CaseId(case), by=current_citizen())


@resource.endpoint(
    "POST",
    "/involvements/<uuid:case>/acts",
    title=phrase("办理轮到我的一步"),
    may=Permission.CONDUCT_OWN_CASE,
    shape=Shape(body=bodies.NewTurn, answer=INVOLVED, is_once=True),
)
def take_turn(body: Json, case: UUID) -> InvolvedView:
    """Carry out one act of the step that is the person's."""
    citizen = current_citizen()
    command = ActOn(TaskKey(body["task"]), body["act"], body["fields_"])
    services().cases.take_turn(CaseId(case), command, by=citizen, key=request_key())
    return services().cases.involvement(CaseId(case), by=citizen)


@resource.endpoint(
    "GET",
    "/involvements/<uuid:case>/files/<uuid:file>",
    title=phrase("下载给我看的文件"),
    may=Permission.VIEW_OWN_CASES,
    shape=Shape(media=FILES),
)
def show_involved_file(case: UUID, file: UUID) -> Response:
    """Send a file that is shown to the person, or a notice that they get."""
    media_type, content = services().cases.involved_file(CaseId(case), FileId(file), by=current_citizen())
    return send(content, media_type, name=f"file-{str(file)[:8]}")


@resource.endpoint(
    "POST",
    "/involvements/<uuid:case>/files",
    title=phrase("上传轮到我的一步的文件"),
    may=Permission.CONDUCT_OWN_CASE,
    shape=Shape(upload=bodies.Attachment, answer=views.FILE, status=201, is_once=True),
)
def attach_in_turn(upload: Json, case: UUID) -> dict[str, FileId]:
    """Store a file for a field of the step that is the person's; hand its id in with the act."""
    part: FileStorage = upload["file"]
    content, path = part.read(), upload["path"]
    attach = services().cases.attach_in_turn
    return {"file": attach(CaseId(case), path, content, claimed_type=part.mimetype, by=current_citizen())}


@resource.endpoint(
    "POST",
    "/involvements/<uuid:case>/appeal",
    title=phrase("作为当事人申请复议"),
    may=Permission.CONDUCT_OWN_CASE,
    shape=Shape(body=bodies.Reason, answer=views.NEW_CASE, status=201, is_once=True),
)
def appeal_as_party(body: Json, case: UUID) -> tuple[dict[str, CaseId], int, dict[str, str]]:
    """Open the appeal of a party about a case and return its draft."""
    opened = services().cases.appeal(CaseId(case), by=current_citizen(), reason=body["reason"])
    return {"case": opened}, 201, location("drafts.show_draft", case=opened)
