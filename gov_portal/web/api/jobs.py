"""Carry out one act on all tasks that filters find (批量办理), as a job with a result for each case."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID, uuid4

from flask import url_for
from marshmallow import fields

from gov_portal.kernel.ids import ItemId
from gov_portal.web.api import bodies, desk_bodies, views
from gov_portal.web.api.desk_bodies import filters_of
from gov_portal.web.api.front import Json, Resource, Shape
from gov_portal.web.api.paging import Answer, PageQuery, page, window
from gov_portal.web.api.shapes import Said, made
from gov_portal.web.base.access import current_officer
from gov_portal.web.base.services import services
from gov_portal.web.base.text import phrase
from identity.permissions import Permission
from workflows.services.jobs import BulkOrder, JobResult, JobView

resource = Resource("jobs", title=phrase("批量办理"))

POSSIBLE = made("PossibleAct", id=fields.String(), label=Said(), count=fields.Integer())
REFUSAL = made("RefusalCount", code=fields.String(), count=fields.Integer())
PREVIEW = made(
    "PossibleJob",
    found=fields.Integer(),
    able=fields.Integer(),
    acts=views.many(POSSIBLE),
    refusals=views.many(REFUSAL),
    until=fields.AwareDateTime(),
)


@resource.endpoint(
    "POST",
    "/desk/jobs",
    title=phrase("开始批量办理"),
    may=Permission.ACT_ON_TASK,
    shape=Shape(body=desk_bodies.NewJob, answer=views.NEW_JOB, status=202, is_once=True),
)
def begin_job(body: Json) -> tuple[dict[str, object], int, dict[str, str]]:
    """Begin a job on every task of a step that the act is possible for now; none of them is no job."""
    job = uuid4()
    total = services().jobs.order(_order(body, until=body["until"]), job=job, by=current_officer())
    where = {"Location": url_for("api_jobs.show_job", job=job)} if total else {}
    return {"job": job if total else None, "total": total}, 202, where


def _order(body: Json, *, until: datetime | None = None) -> BulkOrder:
    return BulkOrder(replace(filters_of(body), opened_until=until), ItemId(body["item"]), body["step"], body["act"])


@resource.endpoint(
    "POST",
    "/desk/jobs/preview",
    title=phrase("预览批量办理"),
    may=Permission.ACT_ON_TASK,
    shape=Shape(body=desk_bodies.JobPreview, answer=PREVIEW),
)
def preview_job(body: Json) -> dict[str, object]:
    """Say what a job would do: which acts are possible for how many, and why not for the others. Changes nothing."""
    found = services().jobs.preview(_order(body), by=current_officer())
    return {
        "found": found.found,
        "able": len(found.able),
        "acts": [{"id": act.id, "label": act.label, "count": count} for act, count in found.acts],
        "refusals": [{"code": code, "count": count} for code, count in found.refusals.items()],
        "until": services().clock.now(),
    }


@resource.endpoint(
    "POST",
    "/desk/jobs/<uuid:job>/stop",
    title=phrase("停止批量办理"),
    may=Permission.ACT_ON_TASK,
    shape=Shape(answer=views.JOB, is_once=True),
)
def stop_job(job: UUID) -> JobView:
    """Let no further case of a job begin; what is done stays done."""
    officer = current_officer()
    services().jobs.job(job, by=officer)
    services().jobs.stop(job, by=officer)
    return services().jobs.job(job, by=officer)


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
