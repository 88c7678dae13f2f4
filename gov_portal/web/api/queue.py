"""List what waits for an officer, take the next one, and keep how the officer likes the list."""

from dataclasses import asdict, replace
from datetime import datetime
from uuid import UUID

from marshmallow import fields

from gov_portal.kernel.ids import CaseId, TaskKey
from gov_portal.web.api import desk_bodies, views
from gov_portal.web.api.desk_bodies import filters_of, spelled
from gov_portal.web.api.front import Json, Resource, Shape
from gov_portal.web.api.paging import Answer, Page, PageQuery, page, window
from gov_portal.web.api.shapes import answer, listed, made
from gov_portal.web.base.access import current_officer
from gov_portal.web.base.queue_filters import filters_in, query_text
from gov_portal.web.base.services import services
from gov_portal.web.base.text import phrase
from identity.permissions import Permission
from workflows.domain.state import TaskKind
from workflows.services.figures import Flow
from workflows.services.lines import StepGroup
from workflows.views import Card, CaseRow, QueueOrder, QueuePlace, QueueRow

resource = Resource("queue", title=phrase("待办"))

NEXT_TASK = made("NextTask", task=views.one(views.QUEUE_ROW, is_maybe=True))
STEP_GROUP = answer("StepGroup", StepGroup, "item item_name* step step_label* kind count")
STEP_GROUPS = listed("StepGroups", STEP_GROUP)
FILTERS = made(
    "QueueFilters",
    mine=fields.Boolean(),
    free=fields.Boolean(),
    suspended=fields.String(),
    card=fields.Enum(Card, by_value=True, allow_none=True),
    item=fields.String(),
    step=fields.String(),
    kind=fields.Enum(TaskKind, by_value=True, allow_none=True),
    number=fields.String(),
    received_from=fields.Date(allow_none=True),
    received_to=fields.Date(allow_none=True),
    order=fields.Enum(QueueOrder, by_value=True),
)
SAVED_FILTER = made(
    "SavedFilter",
    id=fields.UUID(),
    name=fields.String(),
    is_default=fields.Boolean(),
    filters=views.one(FILTERS),
)
SAVED_FILTERS = listed("SavedFilters", SAVED_FILTER)
COLUMNS = made("Columns", columns=fields.List(fields.String()))
FLOW = answer("Flow", Flow, "received due closed")
DAY_FLOW = answer("DayFlow", Flow, "received due closed", on=fields.Date())
FIGURES = made(
    "UnitFigures",
    on=fields.Date(),
    hours=views.many(FLOW),
    days=views.many(DAY_FLOW),
    waiting=fields.Integer(),
    overdue=fields.Integer(),
    near=fields.Integer(),
    finished_late=fields.Integer(),
    median_working_days=fields.Integer(allow_none=True),
)


@resource.endpoint(
    "GET",
    "/desk/tasks",
    title=phrase("列出待办"),
    may=Permission.VIEW_QUEUE,
    shape=Shape(query=desk_bodies.QueueQuery, answer=views.QUEUE, is_paged=True),
)
def list_tasks(query: Json) -> Answer[QueueRow]:
    """List the open tasks that the officer holds or could take, the most urgent first."""
    officer, filters = current_officer(), filters_of(query)

    def behind(place: str, limit: int) -> tuple[QueueRow, ...]:
        return services().cases.queue(officer, replace(filters, after=_place(place), limit=limit))

    return window(behind, query, key=lambda row: _spelled(row.place))


def _spelled(place: QueuePlace | None) -> str:
    if place is None:
        return ""
    due = place.due_at.isoformat() if place.due_at else ""
    return "|".join((due, place.opened_at.isoformat(), str(place.case), place.task))


def _place(cursor: str) -> QueuePlace | None:
    if not cursor:
        return None
    due, opened, case, task = cursor.split("|", 3)
    due_at = datetime.fromisoformat(due) if due else None
    return QueuePlace(due_at, datetime.fromisoformat(opened), CaseId(UUID(case)), TaskKey(task))


@resource.endpoint(
    "POST",
    "/desk/tasks/next",
    title=phrase("领取下一件"),
    may=Permission.ACT_ON_TASK,
    shape=Shape(body=desk_bodies.QueueFilter, answer=NEXT_TASK, is_once=True),
)
def claim_next_task(body: Json) -> dict[str, QueueRow | None]:
    """Take the most urgent task that nobody has; ``null`` where there is none. Two officers never get the same."""
    return {"task": services().cases.claim_next(current_officer(), filters_of(body))}


@resource.endpoint(
    "GET",
    "/desk/steps",
    title=phrase("按环节数待办"),
    may=Permission.VIEW_QUEUE,
    shape=Shape(query=desk_bodies.QueueFilter, answer=STEP_GROUPS),
)
def count_tasks_by_step(query: Json) -> Page[StepGroup]:
    """Count the open tasks of each step of each item."""
    return Page(services().cases.groups(current_officer(), filters_of(query)))


@resource.endpoint(
    "GET",
    "/desk/cases",
    title=phrase("按编号查办件"),
    may=Permission.VIEW_QUEUE,
    shape=Shape(query=desk_bodies.NumberQuery, answer=views.CASES, is_paged=True),
)
def find_cases(query: Json) -> Answer[CaseRow]:
    """Find the cases that the unit may see by the beginning of their number, closed ones too; fifty at most."""
    return page(
        services().cases.cases_of_unit(current_officer(), query["number"]), query, key=lambda row: str(row.case)
    )


@resource.endpoint(
    "GET",
    "/desk/waiting-cases",
    title=phrase("等补正的办件"),
    may=Permission.VIEW_QUEUE,
    shape=Shape(query=PageQuery, answer=views.CASES, is_paged=True),
)
def list_waiting_cases(query: Json) -> Answer[CaseRow]:
    """List the cases that wait for their applicant, the longest waiting first."""
    return page(services().cases.waiting(current_officer()), query, key=lambda row: str(row.case))


@resource.endpoint(
    "GET",
    "/desk/figures",
    title=phrase("当日数字"),
    may=Permission.VIEW_QUEUE,
    shape=Shape(query=desk_bodies.DayQuery, answer=FIGURES),
)
def show_figures(query: Json) -> dict[str, object]:
    """Count what came, fell due and was finished in the unit, by hour of a day and for the week that ends with it."""
    today = services().calendar.local_date(services().clock.now())
    found = services().figures.of_unit(current_officer(), min(query["on"] or today, today))
    return {
        "on": found.on,
        "hours": found.hours,
        "days": [{"on": day, **asdict(flow)} for day, flow in found.days],
        "waiting": found.waiting,
        "overdue": found.overdue,
        "near": found.near,
        "finished_late": found.finished_late,
        "median_working_days": found.median_working_days,
    }


@resource.endpoint(
    "GET",
    "/desk/filters",
    title=phrase("列出保存的筛选"),
    may=Permission.VIEW_QUEUE,
    shape=Shape(query=PageQuery, answer=SAVED_FILTERS, is_paged=True),
)
def list_saved_filters(query: Json) -> Answer[dict[str, object]]:
    """List the officer's named filters; ``is_default`` opens the desk."""
    kept = services().preferences.filters(current_officer().officer)
    rows: list[dict[str, object]] = [
        {"id": one.id, "name": one.name, "is_default": one.is_default, "filters": spelled(filters_in(one.query))}
        for one in kept
    ]
    return page(rows, query, key=lambda row: str(row["id"]))


@resource.endpoint(
    "POST",
    "/desk/filters",
    title=phrase("保存筛选"),
    may=Permission.VIEW_QUEUE,
    shape=Shape(body=desk_bodies.NewSavedFilter, answer=views.NEW, status=201, is_once=True),
)
def save_filter(body: Json) -> dict[str, UUID]:
    """Keep filters under a name, as the desk's pages spell them; the same name is written over."""
    officer, query = current_officer().officer, query_text(filters_of(body))
    return {"id": services().preferences.save(officer, name=body["name"], query=query)}


@resource.endpoint(
    "DELETE",
    "/desk/filters/<uuid:filter>",
    title=phrase("删除筛选"),
    may=Permission.VIEW_QUEUE,
    shape=Shape(status=204),
)
def delete_filter(filter: UUID) -> str:
    """Forget a named filter."""
    services().preferences.delete(current_officer().officer, filter)
    return ""


@resource.endpoint(
    "PUT",
    "/desk/first-filter",
    title=phrase("选择先显示的筛选"),
    may=Permission.VIEW_QUEUE,
    shape=Shape(body=desk_bodies.FirstFilter, status=204),
)
def choose_first_filter(body: Json) -> str:
    """Open the desk with one of the filters from now on, or with all tasks."""
    services().preferences.set_default(current_officer().officer, body["filter"])
    return ""


@resource.endpoint(
    "GET", "/desk/columns", title=phrase("查看列"), may=Permission.VIEW_QUEUE, shape=Shape(answer=COLUMNS)
)
def show_columns() -> dict[str, object]:
    """Show which columns the officer chose; none before any choice."""
    return {"columns": services().preferences.columns(current_officer().officer)}


@resource.endpoint(
    "PUT",
    "/desk/columns",
    title=phrase("选择列"),
    may=Permission.VIEW_QUEUE,
    shape=Shape(body=desk_bodies.NewColumns, answer=COLUMNS),
)
def choose_columns(body: Json) -> dict[str, object]:
    """Remember which columns the queue shows."""
    services().preferences.choose_columns(current_officer().officer, body["columns"])
    return {"columns": body["columns"]}
