"""Give departments' systems what they report upward of cases (办件数据上报)."""

from marshmallow import Schema, fields, validate

from gov_portal.web.api.front import Json, Resource, Shape
from gov_portal.web.api.paging import Answer, Page, link, read_cursor
from gov_portal.web.api.shapes import answer, listed, made
from gov_portal.web.base.access import current_officer
from gov_portal.web.base.services import services
from gov_portal.web.base.text import phrase
from identity.permissions import Permission
from workflows.reporting.standard import SETS
from workflows.services.reports import CaseReport, Wanted

resource = Resource("reports", title=phrase("办件数据上报"))

MOST_REPORTS = 50

_ROWS = {
    name: made(f"Reported{rows.title()}", **{one.name: fields.String() for one in items})
    for name, (rows, items) in SETS.items()
}
_DATA_SETS = made("DataSets", **{name: fields.List(fields.Nested(row)) for name, row in _ROWS.items()})
REPORTS = listed(
    "CaseReports",
    answer("CaseReport", CaseReport, "case case_number changed_at is_closed", sets=fields.Nested(_DATA_SETS)),
)


class ReportQuery(Schema):
    """Ask for changed cases, perhaps since a moment or closed ones only."""

    limit = fields.Integer(load_default=20, validate=validate.Range(1, MOST_REPORTS))
    cursor = fields.String(load_default="", validate=validate.Length(max=1000))
    since = fields.AwareDateTime(load_default=None)
    closed = fields.Boolean(load_default=False)


@resource.endpoint(
    "GET",
    "/case-reports",
    title=phrase("读取办件数据"),
    may=Permission.READ_REPORTS,
    shape=Shape(query=ReportQuery, answer=REPORTS, is_paged=True),
)
def list_case_reports(query: Json) -> Answer[CaseReport]:
    """List the department's cases that changed, each at its last change; the next page waits for what changes later."""
    behind = read_cursor(query["cursor"]) if query["cursor"] else ""
    wanted = Wanted(query["since"], only_closed=query["closed"], most=query["limit"])
    found = services().reports.changed(current_officer(), wanted, behind=behind)
    kept = {**query, "since": query["since"].isoformat() if query["since"] else ""}
    return Page(found.reports), 200, link(found.place, kept)
