"""Let officers, and programs of theirs, work on the queue: what the desk does."""

from datetime import datetime
from uuid import UUID

from flask import Response

from gov_portal.kernel.ids import CaseId, FileId, ItemId, OfficerId, TaskKey
from gov_portal.web.api import bodies, views
from gov_portal.web.api.cases import timeline_of
from gov_portal.web.api.drafts import keep
from gov_portal.web.api.front import FILES, Json, Resource, Shape
from gov_portal.web.api.once import request_key
from gov_portal.web.api.paging import Answer, Page, link, read_cursor
from gov_portal.web.base.access import current_officer
from gov_portal.web.base.downloads import send
from gov_portal.web.base.services import services
from gov_portal.web.base.text import phrase
from identity.permissions import Permission
from workflows.domain.commands import ActOn, Mark
from workflows.views import CaseView, QueueFilters, QueuePlace, QueueRow, WorkView

resource = Resource("desk", title=phrase("工作台"))


@resource.endpoint(
    "GET",
    "/desk/tasks",
    title=phrase("列出待办"),
    may=Permission.VIEW_QUEUE,
    shape=Shape(query=bodies.QueueQuery, answer=views.QUEUE, is_paged=True),
)
def list_tasks(query: Json) -> Answer[QueueRow]:
    """List the open tasks that the officer holds or could take, the most urgent first."""
    limit = query["limit"]
    filters = QueueFilters(
        is_mine=query["mine"],
        card=query["card"],
        item=ItemId(query["item"]) if query["item"] else None,
        case_number=query["number"],
        after=_place(query["cursor"]),
        limit=limit + 1,
    )
    found = services().cases.queue(current_officer(), filters)
    last = found[limit - 1].place if len(found) > limit else None
    return Page(found[:limit]), 200, link(_spelled(last), query)


def _spelled(place: QueuePlace | None) -> str:
    if place is None:
        return ""
    due = place.due_at.isoformat() if place.due_at else ""
    return "|".join((due, place.opened_at.isoformat(), str(place.case), place.task))


def _place(cursor: str) -> QueuePlace | None:
    if not cursor:
        return None
    due, opened, case, task = read_cursor(cursor).split("|", 3)
    due_at = datetime.fromisoformat(due) if due else None
    return QueuePlace(due_at, datetime.fromisoformat(opened), CaseId(UUID(case)), TaskKey(task))


@resource.endpoint(
    "GET",
    "/desk/cases/<uuid:case>",
    title=phrase("查看经办的办件"),
    may=Permission.VIEW_TASK,
    shape=Shape(answer=views.CASE),
)
def show_case_to_officer(case: UUID) -> CaseView:
    """Show a case as the officer may see it."""
    return services().cases.view(CaseId(case), by=current_officer())


@resource.endpoint(
    "GET",
    "/desk/cases/<uuid:case>/timeline",
    title=phrase("经办的办件的过程"),
    may=Permission.VIEW_TASK,
    shape=Shape(answer=views.TIMELINE),
)
def show_timeline_to_officer(case: UUID) -> dict[str, object]:
    """Tell what happened in a case, with what only the desk sees."""
    return timeline_of(services().cases.view(CaseId(case), by=current_officer()), is_officer=True)


@resource.endpoint(
    "GET",
    "/desk/cases/<uuid:case>/files/<uuid:file>",
    title=phrase("下载办件的文件"),
    may=Permission.VIEW_TASK,
    shape=Shape(media=FILES),
)
def download_file_to_officer(case: UUID, file: UUID) -> Response:
    """Send one file of a case that the officer may see."""
    media_type, content = services().cases.file(CaseId(case), FileId(file), by=current_officer())
    return send(content, media_type, name=f"file-{str(file)[:8]}")


@resource.endpoint(
    "GET",
    "/desk/cases/<uuid:case>/tasks/<task>",
    title=phrase("查看待办"),
    may=Permission.VIEW_TASK,
    shape=Shape(answer=views.WORK),
)
def show_task(case: UUID, task: str) -> WorkView:
    """Show one open task with all that it needs: fields, papers, acts."""
    return services().cases.work(CaseId(case), TaskKey(task), by=current_officer())


@resource.endpoint(
    "POST",
    "/desk/cases/<uuid:case>/tasks/<task>/claim",
    title=phrase("领取待办"),
    may=Permission.ACT_ON_TASK,
    shape=Shape(answer=views.WORK, is_once=True),
)
def claim_task(case: UUID, task: str) -> WorkView:
    """Take a task of one's team."""
    officer = current_officer()
    services().cases.claim(CaseId(case), TaskKey(task), by=officer)
    return services().cases.work(CaseId(case), TaskKey(task), by=officer)


@resource.endpoint(
    "POST",
    "/desk/cases/<uuid:case>/tasks/<task>/acts",
    title=phrase("办理待办"),
    may=Permission.ACT_ON_TASK,
    shape=Shape(body=bodies.NewAct, status=204, is_once=True),
)
def act_on_task(body: Json, case: UUID, task: str) -> str:
    """Carry out one act of an open task."""
    services().cases.act(CaseId(case), command_of(body, task), by=current_officer(), key=request_key())
    return ""


def command_of(body: Json, task: str) -> ActOn:
    """Return the command that a body asks for."""
    marks = tuple(Mark(one["target"], one["reason"]) for one in body["marks"])
    return ActOn(TaskKey(task), body["act"], body["fields_"], body["reason"], marks)


@resource.endpoint(
    "POST",
    "/desk/cases/<uuid:case>/files",
    title=phrase("上传经办文件"),
    may=Permission.ACT_ON_TASK,
    shape=Shape(upload=bodies.Attachment, answer=views.FILE, status=201, is_once=True),
)
def attach_file_as_officer(upload: Json, case: UUID) -> dict[str, FileId]:
    """Store a file for a field that an open step fills; hand its id in with the act."""
    return {"file": keep(CaseId(case), upload, by=current_officer())}


@resource.endpoint(
    "POST",
    "/desk/cases/<uuid:case>/tasks/<task>/hand-over",
    title=phrase("转办"),
    may=Permission.ACT_ON_TASK,
    shape=Shape(body=bodies.HandOver, status=204, is_once=True),
)
def hand_over_task(body: Json, case: UUID, task: str) -> str:
    """Hand a task to a colleague who could do it."""
    services().cases.hand_over(
        CaseId(case), TaskKey(task), to=OfficerId(body["to"]), by=current_officer(), reason=body["reason"]
    )
    return ""


@resource.endpoint(
    "POST",
    "/desk/cases/<uuid:case>/suspension",
    title=phrase("挂起办件"),
    may=Permission.STEER_CASE,
    shape=Shape(body=bodies.Suspension, status=204, is_once=True),
)
def suspend_case(body: Json, case: UUID) -> str:
    """Suspend a case on one of the item's grounds."""
    services().cases.suspend(
        CaseId(case), ground=body["ground"], reason=body["reason"], by=current_officer(), key=request_key()
    )
    return ""


@resource.endpoint(
    "POST",
    "/desk/cases/<uuid:case>/resumption",
    title=phrase("恢复办理"),
    may=Permission.STEER_CASE,
    shape=Shape(body=bodies.MaybeReason, status=204, is_once=True),
)
def resume_case(body: Json, case: UUID) -> str:
    """Resume a suspended case."""
    services().cases.resume(CaseId(case), by=current_officer(), reason=body["reason"], key=request_key())
    return ""


@resource.endpoint(
    "POST",
    "/desk/cases/<uuid:case>/extension",
    title=phrase("延长期限"),
    may=Permission.EXTEND_CASE,
    shape=Shape(body=bodies.Reason, status=204, is_once=True),
)
def extend_case(body: Json, case: UUID) -> str:
    """Extend the limits of a case before its deadline."""
    services().cases.extend(CaseId(case), reason=body["reason"], by=current_officer(), key=request_key())
    return ""
