"""Show the queue and the case page (工作台)."""

from dataclasses import dataclass, replace
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from gov_portal.kernel.ids import CaseId, FileId, ItemId, TaskKey
from gov_portal.web.base.access import current_officer, requires
from gov_portal.web.base.downloads import send
from gov_portal.web.base.services import services
from gov_portal.web.officer.case_page import show_task
from identity.permissions import Permission
from workflows.views import Card, QueueFilters, QueueRow

PAGE_LENGTH = 50


@dataclass(frozen=True, slots=True)
class Filter:
    """Hold one link above the queue."""

    label: str
    href: str
    is_current: bool


@requires(Permission.VIEW_QUEUE)
def queue() -> ResponseReturnValue:
    """List the open tasks that the officer holds or could take."""
    officer = current_officer()
    filters, page = _filters()
    found = services().cases.queue(officer, replace(filters, limit=PAGE_LENGTH + 1, offset=page * PAGE_LENGTH))
    return render_template(
        "officer/queue.html",
        rows=found[:PAGE_LENGTH],
        me=officer,
        facts=services().identity.officer_facts(officer.officer),
        links=_links(filters),
        number=filters.case_number,
        previous=_page_href(page - 1) if page else "",
        next=_page_href(page + 1) if len(found) > PAGE_LENGTH else "",
    )


def _filters() -> tuple[QueueFilters, int]:
    args = request.args
    card, item = args.get("card", ""), args.get("item", "")
    filters = QueueFilters(
        is_mine=args.get("mine") == "1",
        card=Card(card) if card in set(Card) else None,
        item=ItemId(item) if item.isprintable() and item else None,
        case_number=args.get("number", "").strip()[:40],
    )
    page = args.get("page", "0")
    return filters, min(int(page), 10_000) if page.isascii() and page.isdigit() and len(page) < 6 else 0


def _links(filters: QueueFilters) -> list[Filter]:
    is_all = not filters.is_mine and filters.card is None
    return [
        Filter("全部待办", url_for("officer.queue"), is_all),
        Filter("我的待办", url_for("officer.queue", mine=1), filters.is_mine),
        Filter("■ 红牌", url_for("officer.queue", card="red"), filters.card is Card.RED),
        Filter("▲ 黄牌", url_for("officer.queue", card="yellow"), filters.card is Card.YELLOW),
    ]


def _page_href(page: int) -> str:
    kept = {name: value for name, value in request.args.items() if name in {"mine", "card", "item", "number"}}
    return url_for("officer.queue", page=page, **kept)  # type: ignore[arg-type]


@requires(Permission.VIEW_TASK)
def task(case: UUID, task: str) -> ResponseReturnValue:
    """Show one open task with all that its officer needs."""
    return show_task(CaseId(case), TaskKey(task))


@requires(Permission.VIEW_TASK)
def case(case: UUID) -> ResponseReturnValue:
    """Go to the open task of a case that the officer could take, else back to the queue."""
    rows: tuple[QueueRow, ...] = services().cases.queue(current_officer())
    found = next((row for row in rows if row.case == case), None)
    if found is None:
        return redirect(url_for("officer.queue"), 303)
    return redirect(url_for("officer.task", case=case, task=found.task), 303)


@requires(Permission.VIEW_TASK)
def file(case: UUID, file: UUID) -> ResponseReturnValue:
    """Send one file of a case that the officer may see."""
    media_type, content = services().cases.file(CaseId(case), FileId(file), by=current_officer())
    return send(content, media_type, name=f"file-{str(file)[:8]}")
