"""Show the queue (待办), lead to its tasks, and send files of cases."""

from dataclasses import dataclass, replace
from urllib.parse import urlencode
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from gov_portal.kernel.ids import CaseId, FileId, TaskKey
from gov_portal.kernel.principal import Officer
from gov_portal.web.base.access import current_officer, requires
from gov_portal.web.base.downloads import send
from gov_portal.web.base.forms import day_input
from gov_portal.web.base.labels import standing
from gov_portal.web.base.queue_filters import (
    KINDS,
    NAMES,
    filters_here,
    filters_in,
    filters_of,
    query_of,
    query_text,
    spell,
)
from gov_portal.web.base.services import services
from gov_portal.web.base.text import _, phrase
from gov_portal.web.officer.case_page import show_task
from identity.permissions import Permission
from workflows.domain.state import TaskKind
from workflows.services.preferences import COLUMNS, SavedFilter
from workflows.views import Card, QueueFilters, QueueOrder, QueueRow

PAGE_LENGTH = 50

COLUMN_WORDS = {
    "step": phrase("环节"),
    "applicant": phrase("申请人"),
    "received": phrase("收件日期"),
    "remaining": phrase("剩余时限"),
    "urged": phrase("催办"),
    "holder": phrase("经办"),
}

_USUAL_COLUMNS = ("step", "applicant", "remaining", "holder")

KIND_WORDS = {
    TaskKind.WORK: phrase("一般办理"),
    TaskKind.RAISED: phrase("人工核实"),
    TaskKind.OBJECTION: phrase("异议"),
    TaskKind.OVERDUE: phrase("逾期未到"),
    TaskKind.VOTE: phrase("合议"),
    TaskKind.SIGN: phrase("会签"),
    TaskKind.CONSULT: phrase("征求意见"),
}

_TABS: tuple[tuple[str, str, dict[str, str]], ...] = (
    (phrase("全部待办"), "", {}),
    (phrase("我的"), "", {"show": "mine"}),
    (phrase("待领取"), "", {"show": "free"}),
    (phrase("红牌"), "red", {"card": "red"}),
    (phrase("黄牌"), "yellow", {"card": "yellow"}),
    (phrase("已挂起"), "pause", {"show": "suspended"}),
)

_DAYS = {"from": phrase("收件从"), "to": phrase("收件到")}


@dataclass(frozen=True, slots=True)
class Tab:
    """Hold one link above the queue, with the number of tasks behind it."""

    label: str
    icon: str
    href: str
    count: int
    is_current: bool
    saved: SavedFilter | None = None


@requires(Permission.VIEW_QUEUE)
def queue() -> ResponseReturnValue:
    """List the open tasks that the officer holds or could take."""
    officer = current_officer()
    saved = services().preferences.filters(officer.officer)
    usual = next((one for one in saved if one.is_default), None)
    if usual is not None and not request.args:
        return redirect(f"{url_for('officer.queue')}?{usual.query}", 303)
    filters = filters_here()
    found = services().cases.queue(officer, replace(filters, limit=PAGE_LENGTH + 1))
    rows = _page(found, filters)
    groups = services().cases.groups(officer, QueueFilters(is_suspended=filters.is_suspended))
    chosen = services().preferences.columns(officer.officer) or _USUAL_COLUMNS
    return render_template(
        "officer/queue.html",
        rows=rows,
        held=services().held.under_way({row.case for row in rows}),
        me=officer,
        filters=filters,
        query=query_of(filters),
        query_text=query_text(filters),
        tabs=_tabs(officer, filters, saved),
        groups=groups,
        items={group.item: group.item_name for group in groups},
        days=[day_input(name, _(label), request.args) for name, label in _DAYS.items()],
        columns=[(name, _(COLUMN_WORDS[name]), name in chosen) for name in COLUMNS],
        kinds=[(kind.value, _(KIND_WORDS[kind])) for kind in KINDS],
        new_letters=services().correspondence.count_waiting(officer),
        is_narrowed=bool(query_of(filters).keys() - {"show", "order"}),
        previous=_way(filters, "before", rows[:1]) if _has_earlier(found, filters) else "",
        next=_way(filters, "after", rows[-1:]) if _has_later(found, filters) else "",
    )


def _page(found: tuple[QueueRow, ...], filters: QueueFilters) -> tuple[QueueRow, ...]:
    return found[-PAGE_LENGTH:] if filters.before else found[:PAGE_LENGTH]


def _has_earlier(found: tuple[QueueRow, ...], filters: QueueFilters) -> bool:
    return len(found) > PAGE_LENGTH if filters.before else filters.after is not None


def _has_later(found: tuple[QueueRow, ...], filters: QueueFilters) -> bool:
    return filters.before is not None or len(found) > PAGE_LENGTH


def _way(filters: QueueFilters, name: str, rows: tuple[QueueRow, ...]) -> str:
    if not rows:
        return url_for("officer.queue", **query_of(filters))  # type: ignore[arg-type]
    return url_for("officer.queue", **{**query_of(filters), name: spell(rows[0].place)})  # type: ignore[arg-type]


def _tabs(officer: Officer, filters: QueueFilters, saved: tuple[SavedFilter, ...]) -> list[Tab]:
    """Return the links above the queue; all their numbers come from one statement."""
    queries = [urlencode(query) for *_rest, query in _TABS] + [one.query for one in saved]
    counts = services().cases.counts(officer, [filters_in(query) for query in queries])
    here = query_text(filters)
    labels = [(_(label), icon, None) for label, icon, _query in _TABS] + [(one.name, "", one) for one in saved]
    return [
        Tab(label, icon, f"{url_for('officer.queue')}?{query or 'all=1'}", count, query == here, one)
        for (label, icon, one), query, count in zip(labels, queries, counts, strict=True)
    ]


@requires(Permission.ACT_ON_TASK)
def claim_next() -> ResponseReturnValue:
    """Take the most urgent task of the filter that nobody has (领取下一件) and go there."""
    filters = filters_of(request.form)
    row = services().cases.claim_next(current_officer(), filters)
    if row is None:
        flash(_("没有可以领取的待办了。"))
        return redirect(url_for("officer.queue", all=1), 303)
    return redirect(url_for("officer.task", case=row.case, task=row.task, **query_of(filters)), 303)  # type: ignore[arg-type]


@requires(Permission.ACT_ON_TASK)
def release(case: UUID, task: str) -> ResponseReturnValue:
    """Give a claimed task back to the team."""
    services().cases.release(CaseId(case), TaskKey(task), by=current_officer())
    flash(_("已退回团队，同事可以领取。"), "ok")
    return redirect(url_for("officer.queue"), 303)


@requires(Permission.VIEW_QUEUE)
def search() -> ResponseReturnValue:
    """Find any case that the officer's unit may see, by its number (办件查询)."""
    number = request.args.get("number", "").strip()[:40]
    is_waiting = request.args.get("show") == "waiting"
    officer = current_officer()
    if is_waiting:
        found = services().cases.waiting(officer)
    else:
        found = services().cases.cases_of_unit(officer, number) if number else ()
    standings = [standing(row, services().cases.pinned(row.pinned)) for row in found]
    return render_template("officer/search.html", number=number, rows=found, standings=standings, is_waiting=is_waiting)


@requires(Permission.VIEW_TASK)
def task(case: UUID, task: str) -> ResponseReturnValue:
    """Show one open task with all that its officer needs."""
    return show_task(CaseId(case), TaskKey(task))


@requires(Permission.VIEW_TASK)
def file(case: UUID, file: UUID) -> ResponseReturnValue:
    """Send one file of a case that the officer may see."""
    media_type, content = services().cases.file(CaseId(case), FileId(file), by=current_officer())
    return send(content, media_type, name=f"file-{str(file)[:8]}")


__all__ = ["NAMES", "Card", "QueueOrder", "claim_next", "file", "queue", "release", "search", "task"]
