"""Carry out one act on everything that a filter finds (批量办理): choose, confirm, watch the job, read its results."""

import csv
from io import StringIO
from uuid import UUID, uuid4

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from gov_portal.kernel.ids import ItemId
from gov_portal.web.base.access import current_officer, requires
from gov_portal.web.base.catalogue import text_of
from gov_portal.web.base.forms import as_uuid
from gov_portal.web.base.queue_filters import filters_here, filters_of, query_of
from gov_portal.web.base.services import services
from gov_portal.web.base.text import _, moment, phrase
from identity.permissions import Permission
from workflows.domain.state import TaskKind
from workflows.services.jobs import MOST_CASES, BulkOrder
from workflows.views import QueueFilters

RESULTS_SHOWN = 100
REFRESH_S = 5

STATUSES = {
    "waiting": phrase("等待开始"),
    "running": phrase("正在办理"),
    "stopped": phrase("已停止"),
    "finished": phrase("已完成"),
}
OUTCOMES = {
    "done": phrase("已办"),
    "refused": phrase("没有办成"),
    "stopped": phrase("停止前没有轮到"),
    "": phrase("等待"),
}
_SEPARATOR = "|"
_FORMULA = tuple("=+-@\t\r")
"""What a spreadsheet takes for the beginning of a formula."""


@requires(Permission.ACT_ON_TASK)
def bulk() -> ResponseReturnValue:
    """Show which steps the filter finds; of a chosen step which acts are possible, for how many and why not for all."""
    officer, filters = current_officer(), filters_here()
    groups = [one for one in services().cases.groups(officer, filters) if one.kind is TaskKind.WORK]
    order = _order(filters, on=request.args.get("on", ""), act=request.args.get("act", ""))
    view = services().jobs.preview(order, by=officer) if order else None
    group = next((one for one in groups if order and (one.item, one.step) == (order.item, order.step)), None)
    return render_template(
        "officer/bulk.html",
        groups=[(f"{one.item}{_SEPARATOR}{one.step}", one) for one in groups],
        order=order,
        group=group,
        view=view,
        act=next((act for act, _count in view.acts if order and act.id == order.act), None) if view else None,
        query=query_of(filters),
        most=MOST_CASES,
        until=services().clock.now().isoformat(),
        key=uuid4(),
    )


def _order(filters: QueueFilters, *, on: str, act: str) -> BulkOrder | None:
    item, _bar, step = on.partition(_SEPARATOR)
    return BulkOrder(filters, ItemId(item), step, act) if item and step and on.isprintable() else None


@requires(Permission.ACT_ON_TASK)
def order() -> ResponseReturnValue:
    """Begin the job that was confirmed; only tasks that were there when the numbers were shown are done."""
    job = as_uuid(request.form.get("key", "")) or uuid4()
    filters = filters_of(request.form, until=request.form.get("until", ""))
    wanted = _order(filters, on=request.form.get("on", ""), act=request.form.get("act", ""))
    if wanted is None or not services().jobs.order(wanted, job=job, by=current_officer()):
        flash(_("现在没有可以这样办理的办件，没有改动。"))
        return redirect(url_for("officer.bulk", **query_of(filters)), 303)  # type: ignore[arg-type]
    return redirect(url_for("officer.job", job=job, refresh=1), 303)


@requires(Permission.ACT_ON_TASK)
def jobs() -> ResponseReturnValue:
    """List the officer's jobs, the latest first."""
    return render_template("officer/jobs.html", jobs=services().jobs.jobs(current_officer()), statuses=STATUSES)


@requires(Permission.ACT_ON_TASK)
def job(job: UUID) -> ResponseReturnValue:
    """Show how far a job is and what became of each case; asks to be loaded again where no script does it."""
    officer, after = current_officer(), request.args.get("after", "")
    outcome = request.args.get("outcome", "")
    view = services().jobs.job(job, by=officer)
    wanted = outcome if outcome in OUTCOMES else ""
    place = int(after) if after.isascii() and after.isdigit() and len(after) < 6 else -1
    results = services().jobs.results(job, by=officer, after=place, limit=RESULTS_SHOWN + 1, outcome=wanted)
    page = render_template(
        "officer/job.html",
        job=view,
        results=results[:RESULTS_SHOWN],
        outcome=wanted,
        statuses=STATUSES,
        outcomes=OUTCOMES,
        next=_further(job, results[RESULTS_SHOWN - 1].place, wanted) if len(results) > RESULTS_SHOWN else "",
        first=_further(job, None, wanted) if place >= 0 else "",
    )
    response = Response(page)
    if request.args.get("refresh") == "1" and not view.is_over:
        response.headers["Refresh"] = str(REFRESH_S)
    return response


def _further(job: UUID, place: int | None, outcome: str) -> str:
    return url_for("officer.job", job=job, after=place, outcome=outcome or None)


@requires(Permission.ACT_ON_TASK)
def stop(job: UUID) -> ResponseReturnValue:
    """Let no further case of a job begin."""
    services().jobs.stop(job, by=current_officer())
    flash(_("已停止。办过的保持不变，没有轮到的不再办理。"), "ok")
    return redirect(url_for("officer.job", job=job, refresh=1), 303)


@requires(Permission.ACT_ON_TASK)
def download(job: UUID) -> ResponseReturnValue:
    """Send the results of a job as a table for spreadsheets."""
    view = services().jobs.job(job, by=current_officer())
    sheet = StringIO()
    writer = csv.writer(sheet)
    writer.writerow([_("办件编号"), _("环节"), _("办理"), _("结果"), _("原因"), _("时间")])
    for one in services().jobs.results(job, by=current_officer(), limit=MOST_CASES):
        why = text_of(one.code) if one.code else ""
        told = (one.case_number, _(view.step_label), _(view.act_label), _(OUTCOMES[one.outcome]), why, moment(one.at))
        writer.writerow([harmless(cell) for cell in told])
    response = Response("\ufeff" + sheet.getvalue(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="job-{str(job)[:8]}.csv"'
    return response


def harmless(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
