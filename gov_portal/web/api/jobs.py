"""Carry out one act on all tasks that filters find (批量办理), as a job with a result for each case."""

from collections.abc import Sequence
from uuid import UUID, uuid4

from flask import url_for

from gov_portal.kernel.ids import ItemId
from gov_portal.web.api import bodies, views
from gov_portal.web.api.front import Json, Resource, Shape
from gov_portal.web.api.paging import Answer, PageQuery, page, window
from gov_portal.web.base.access import current_officer
from gov_portal.web.base.services import services
from gov_portal.web.base.text import phrase
from identity.permissions import Permission
from workflows.services.jobs import BulkOrder, JobResult, JobView
from workflows.views import QueueFilters

resource = Resource("jobs", title=phrase("批量办理"))


@resource.endpoint(
    "POST",
    "/desk/jobs",
    title=phrase("开始批量办理"),
    may=Permission.ACT_ON_TASK,
    shape=Shape(body=bodies.NewJob, answer=views.NEW_JOB, status=202, is_once=True),
)
def begin_job(body: Json) -> tuple[dict[str, object], int, dict[str, str]]:
    """Begin a job on every task of a step that the act is possible for now; none of them is no job."""
    job = uuid4()
    filters = QueueFilters(is_mine=body["mine"], card=body["card"])
    order = BulkOrder(filters, ItemId(body["item"]), body["step"], body["act"])
    total = services().jobs.order(order, job=job, by=current_officer())
    where = {"Location": url_for("api_jobs.show_job", job=job)} if total else {}
    return {"job": job if total else None, "total": total}, 202, where


@resource.endpoint(
    "GET",
    "/desk/jobs",
    title=phrase("列出批量办理"),
    may=Permission.VIEW_QUEUE,
    shape=Shape(query=PageQuery, answer=views.JOBS, is_paged=True),
)
def list_jobs(query: Json) -> Answer[JobView]:
    """List the officer's jobs, the latest first."""
    return page(services().jobs.jobs(current_officer()), query, key=lambda row: str(row.id))


@resource.endpoint(
    "GET",
    "/desk/jobs/<uuid:job>",
    title=phrase("查看批量办理"),
    may=Permission.VIEW_QUEUE,
    shape=Shape(answer=views.JOB),
)
def show_job(job: UUID) -> JobView:
    """Show how far a job is."""
    return services().jobs.job(job, by=current_officer())


@resource.endpoint(
    "GET",
    "/desk/jobs/<uuid:job>/results",
    title=phrase("批量办理的结果"),
    may=Permission.VIEW_QUEUE,
    shape=Shape(query=bodies.ResultQuery, answer=views.JOB_RESULTS, is_paged=True),
)
def list_job_results(query: Json, job: UUID) -> Answer[JobResult]:
    """List what became of each case of a job."""
    officer = current_officer()
    services().jobs.job(job, by=officer)

    def behind(place: str, limit: int) -> Sequence[JobResult]:
        return services().jobs.results(job, by=officer, after=int(place or -1), limit=limit, outcome=query["outcome"])

    return window(behind, query, key=lambda row: str(row.place))
