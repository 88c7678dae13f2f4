"""Let officers of the hall enter cases for people before them without a phone, and act by their hand (窗口代录)."""

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from marshmallow import Schema, fields

from gov_portal.kernel.ids import CaseId, ItemId
from gov_portal.web.api import bodies, cases, drafts, explanations, letters, ratings, views
from gov_portal.web.api.front import Declared, Json, Resource, Shape, View
from gov_portal.web.api.hands import AT_COUNTER, COUNTER, applicant, by_hand, here, location
from gov_portal.web.api.paging import Answer, PageQuery, page
from gov_portal.web.api.shapes import Said, answer, listed, made
from gov_portal.web.base.access import current_officer
from gov_portal.web.base.services import services
from gov_portal.web.base.text import phrase
from identity.domain.values import VisitForm, VisitPurpose, VisitView
from identity.permissions import Permission
from workflows.domain.counter import Consent, Way
from workflows.services.counter import Entry, Telling, Unsent
from workflows.views import DraftView

resource = Resource(COUNTER, title=phrase("窗口代录"))

VISIT = answer("Visit", VisitView, "id name id_no_masked ward_name purpose opened_at expires_at")
VISITS = listed("Visits", VISIT)
UNSENT = listed("UnsentEntries", answer("UnsentEntry", Unsent, "case visit item item_name* begun_at"))
COUNTER_ITEMS = listed("CounterItems", made("CounterItem", item=fields.String(), name=Said()))
TELLING = answer("Telling", Telling, "id case_number item_name* name_masked phone code at")
TELLINGS = listed("Tellings", TELLING)
_VISIT = "/counter/visits/<uuid:visit>"

MIRRORED = (
    (cases, "list_cases show_case show_timeline show_flow show_receipt"),
    (cases, "download_receipt download_file download_licence_of_case"),
    (cases, "return_supplement withdraw_case urge_case"),
    (drafts, "show_draft answer_page keep_typed attach_file submit_draft discard_draft"),
    (letters, "list_letters write_letter read_letters"),
    (ratings, "show_ratings rate_case"),
    (explanations, "explain_draft explain_refusal"),
)
"""What an applicant does with their cases, and an officer for whoever stands before them: the same views."""


class NewVisit(Schema):
    """Type name and number from the card that the person shows, and of their ward where they come for one."""

    name = bodies.text(100)
    id_no = bodies.text(100)
    is_card_seen = fields.Boolean(required=True)
    purpose = fields.Enum(VisitPurpose, by_value=True, required=True)
    ward_name = bodies.word(100)
    ward_id_no = bodies.word(100)


class NewEntry(Schema):
    """Say how the person agreed that departments are asked; with ``again`` another draft although one is open."""

    consent = fields.Enum(Consent, by_value=True, required=True)
    again = fields.Boolean(load_default=False)


class NewAppeal(bodies.Reason):
    """Say why the person appeals, and how they agreed that departments are asked."""

    consent = fields.Enum(Consent, by_value=True, required=True)


class Told(Schema):
    """Say how somebody was told."""

    way = fields.Enum(Way, by_value=True, required=True)


def _add(one: Declared) -> None:
    """Register an endpoint about the person of a visit, below the address of the visit."""
    resource.add(replace(one, rule=_VISIT + one.rule, may=Permission.ENTER_AT_COUNTER), within=by_hand)


def _at_visit(method: str, rule: str, *, title: str, shape: Shape) -> Callable[[View], View]:
    """Register a view that only the counter has."""

    def register(view: View) -> View:
        may, name = Permission.ENTER_AT_COUNTER, view.__name__
        _add(Declared(name=name, method=method, rule=rule, title=title, may=may, shape=shape, view=view))
        return view

    return register


@resource.endpoint(
    "POST",
    "/counter/visits",
    title=phrase("核验身份"),
    may=Permission.ENTER_AT_COUNTER,
    shape=Shape(body=NewVisit, answer=VISIT, status=201, is_once=True),
)
def open_visit(body: Json) -> VisitView:
    """Identify whoever shows their card; the visit is the officer's alone and lasts some hours."""
    officer = current_officer()
    visit = services().identity.counter.identify(VisitForm(**body), by=officer)
    return services().identity.counter.visit(visit, by=officer)


@resource.endpoint(
    "GET",
    "/counter/visits",
    title=phrase("列出正在办的核身"),
    may=Permission.ENTER_AT_COUNTER,
    shape=Shape(query=PageQuery, answer=VISITS, is_paged=True),
)
def list_visits(query: Json) -> Answer[VisitView]:
    """List the officer's open visits, the latest first."""
    return page(services().identity.counter.visits(current_officer()), query, key=lambda row: str(row.id))


@resource.endpoint("GET", _VISIT, title=phrase("查看核身"), may=Permission.ENTER_AT_COUNTER, shape=Shape(answer=VISIT))
def show_visit(visit: UUID) -> VisitView:
    """Show an open visit: who stands there, for whom, and until when."""
    return services().identity.counter.visit(visit, by=current_officer())


@resource.endpoint("DELETE", _VISIT, title=phrase("结束核身"), may=Permission.ENTER_AT_COUNTER, shape=Shape(status=204))
def end_visit(visit: UUID) -> str:
    """End the visit when the person leaves; what was not submitted stays the person's draft."""
    services().identity.counter.end(visit, by=current_officer())
    return ""


@resource.endpoint(
    "GET",
    "/counter/unsent",
    title=phrase("列出没提交的代录"),
    may=Permission.ENTER_AT_COUNTER,
    shape=Shape(query=PageQuery, answer=UNSENT, is_paged=True),
)
def list_unsent_entries(query: Json) -> Answer[Unsent]:
    """List what was begun at the officer's open visits and not submitted, the latest first."""
    officer = current_officer()
    visits = tuple(visit.id for visit in services().identity.counter.visits(officer))
    return page(services().counter.unsent(visits, by=officer), query, key=lambda row: str(row.case))


@resource.endpoint(
    "GET",
    "/counter/items",
    title=phrase("列出窗口办的事项"),
    may=Permission.ENTER_AT_COUNTER,
    shape=Shape(query=PageQuery, answer=COUNTER_ITEMS, is_paged=True),
)
def list_counter_items(query: Json) -> Answer[dict[str, object]]:
    """List the items that may be entered at a counter."""
    rows: list[dict[str, object]] = [
        {"item": one.facts.id, "name": one.facts.name} for one in services().counter.items(by=current_officer())
    ]
    return page(rows, query, key=lambda row: str(row["item"]))


@_at_visit(
    "POST",
    "/items/<item>/drafts",
    title=phrase("征得同意后开始代录"),
    shape=Shape(body=NewEntry, answer=views.DRAFT, status=201, is_once=True),
)
def begin_entry(body: Json, item: str) -> tuple[DraftView, int, dict[str, str]]:
    """Begin an application for the person, or go on with their open draft, once they have agreed."""
    person = applicant()
    case = services().counter.begin(ItemId(item), entry=_entry(body), by=person, again=body["again"])
    return services().cases.draft(case, by=person), 201, location("drafts.show_draft", case=case)


@_at_visit(
    "POST",
    "/cases/<uuid:case>/appeal",
    title=phrase("申请行政复议"),
    shape=Shape(body=NewAppeal, answer=views.NEW_CASE, status=201, is_once=True),
)
def appeal_at_counter(body: Json, case: UUID) -> tuple[dict[str, CaseId], int, dict[str, str]]:
    """Open the appeal about a closed case of the person, once they have agreed, and return its draft."""
    person, reason = applicant(), body["reason"]
    opened = services().counter.appeal(CaseId(case), entry=_entry(body), by=person, reason=reason)
    return {"case": opened}, 201, location("drafts.show_draft", case=opened)


def _entry(body: Json) -> Entry:
    return Entry(here().id, current_officer(), body["consent"])


@resource.endpoint(
    "GET",
    "/counter/tellings",
    title=phrase("列出要告知的事"),
    may=Permission.ENTER_AT_COUNTER,
    shape=Shape(query=PageQuery, answer=TELLINGS, is_paged=True),
)
def list_tellings(query: Json) -> Answer[Telling]:
    """List what applicants of the counter must be told by phone or in person, the oldest first; the name is masked."""
    return page(services().counter.tellings(current_officer()), query, key=lambda row: str(row.id))


@resource.endpoint(
    "POST",
    "/counter/tellings/<uuid:telling>/note",
    title=phrase("记下已告知"),
    may=Permission.ENTER_AT_COUNTER,
    shape=Shape(body=Told, status=204, is_once=True),
)
def note_told(body: Json, telling: UUID) -> str:
    """Note that the applicant was told, and how."""
    services().counter.tell(telling, way=body["way"], by=current_officer())
    return ""


for _module, _names in MIRRORED:
    for _name in _names.split():
        _own = _module.resource.declared[_name]
        _add(replace(_own, name=_name + AT_COUNTER))
