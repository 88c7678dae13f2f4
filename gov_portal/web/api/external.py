"""Let a department's own system fetch, lease, complete and fail its steps (外部任务)."""

from uuid import UUID

from gov_portal.kernel.errors import NotFound
from gov_portal.kernel.ids import CaseId, FileId, ItemId, TaskKey
from gov_portal.web.api import bodies, views
from gov_portal.web.api.desk import command_of
from gov_portal.web.api.drafts import keep
from gov_portal.web.api.front import Json, Resource, Shape
from gov_portal.web.api.once import request_key
from gov_portal.web.api.paging import Page
from gov_portal.web.base.access import current_officer
from gov_portal.web.base.services import services
from gov_portal.web.base.text import phrase
from identity.permissions import Permission
from workflows.services.external import Failure, Lease
from workflows.views import ExternalTask, QueueFilters

resource = Resource("external", title=phrase("部门系统的任务"))


@resource.endpoint(
    "GET",
    "/external-tasks",
    title=phrase("获取任务"),
    may=Permission.VIEW_QUEUE,
    shape=Shape(query=bodies.FetchQuery, answer=views.EXTERNALS),
)
def fetch_external_tasks(query: Json) -> Page[ExternalTask]:
    """List open tasks of the caller's posts that nobody works on, the most urgent first; nothing personal."""
    item = ItemId(query["item"]) if query["item"] else None
    filters = QueueFilters(item=item, step=query["step"], limit=query["limit"])
    return Page(services().external.fetch(current_officer(), filters=filters))


@resource.endpoint(
    "POST",
    "/external-tasks/<uuid:case>/<task>/lease",
    title=phrase("领取任务"),
    may=Permission.ACT_ON_TASK,
    shape=Shape(body=bodies.NewLease, answer=views.LEASE, is_once=True),
)
def lease_external_task(body: Json, case: UUID, task: str) -> Lease:
    """Lease a task and read all that it needs; again by the same system, the lease is prolonged."""
    officer = current_officer()
    return services().external.claim(CaseId(case), TaskKey(task), by=officer, life_s=body["seconds"])


@resource.endpoint(
    "POST",
    "/external-tasks/<uuid:case>/files",
    title=phrase("上传任务的文件"),
    may=Permission.ACT_ON_TASK,
    shape=Shape(upload=bodies.Attachment, answer=views.FILE, status=201, is_once=True),
)
def attach_external_file(upload: Json, case: UUID) -> dict[str, FileId]:
    """Store a file for a field that the step fills; hand its id in with the completion."""
    return {"file": keep(CaseId(case), upload, by=current_officer())}


@resource.endpoint(
    "POST",
    "/external-tasks/<uuid:case>/<task>/completion",
    title=phrase("完成任务"),
    may=Permission.ACT_ON_TASK,
    shape=Shape(body=bodies.NewAct, status=204, is_once=True),
)
def complete_external_task(body: Json, case: UUID, task: str) -> str:
    """Complete a task by one of its acts and the fields that it fills."""
    command = command_of(body, task)
    services().external.complete(CaseId(case), command, by=current_officer(), key=request_key())
    return ""


@resource.endpoint(
    "POST",
    "/external-tasks/<uuid:case>/<task>/failure",
    title=phrase("报告任务失败"),
    may=Permission.ACT_ON_TASK,
    shape=Shape(body=bodies.NewFailure, answer=views.FAILURE, is_once=True),
)
def fail_external_task(body: Json, case: UUID, task: str) -> Failure:
    """Give a task back with a reason; the third failure, or a final one, leaves it to people."""
    return services().external.fail(
        CaseId(case), TaskKey(task), reason=body["reason"], by=current_officer(), is_final=body["is_final"]
    )


@resource.endpoint(
    "GET",
    "/desk/cases/<uuid:case>/tasks/<task>/external-failure",
    title=phrase("系统为什么没办成"),
    may=Permission.VIEW_TASK,
    shape=Shape(answer=views.FAILURE),
)
def show_external_failure(case: UUID, task: str) -> Failure:
    """Say why a system could not do a task, for whoever takes over; not found where nothing failed."""
    officer = current_officer()
    services().cases.work(CaseId(case), TaskKey(task), by=officer)
    failure = services().external.failure(CaseId(case), TaskKey(task), by=officer)
    if failure is None:
        raise NotFound
    return failure
