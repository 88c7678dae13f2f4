"""Show a person's cases, and let them withdraw, urge, supplement and appeal."""

from uuid import UUID

from flask import Response

from gov_portal.kernel.errors import NotFound
from gov_portal.kernel.ids import CaseId, FileId, TaskKey
from gov_portal.web.api import bodies, views
from gov_portal.web.api.front import FILES, Json, Resource, Shape
from gov_portal.web.api.hands import applicant, location
from gov_portal.web.api.once import request_key
from gov_portal.web.api.paging import Answer, PageQuery, page
from gov_portal.web.base.clocks import stretches
from gov_portal.web.base.downloads import send
from gov_portal.web.base.progress import SVG, flow_of
from gov_portal.web.base.services import services
from gov_portal.web.base.text import phrase
from gov_portal.web.base.timeline import tell
from identity.permissions import Permission
from workflows.domain.state import Status
from workflows.views import CaseRow, CaseView, JointBillView

resource = Resource("cases", title=phrase("我的办件"))


@resource.endpoint(
    "GET",
    "/cases",
    title=phrase("列出办件"),
    may=Permission.VIEW_OWN_CASES,
    shape=Shape(query=PageQuery, answer=views.CASES, is_paged=True),
)
def list_cases(query: Json) -> Answer[CaseRow]:
    """List the cases of the person, or of the ward acted for, newest first."""
    return page(services().cases.my_cases(applicant()), query, key=lambda row: str(row.case))


@resource.endpoint(
    "GET",
    "/cases/<uuid:case>",
    title=phrase("查看办件"),
    may=Permission.VIEW_OWN_CASES,
    shape=Shape(answer=views.CASE),
)
def show_case(case: UUID) -> CaseView:
    """Show how far a case is, who has it, and what may be done now."""
    return services().cases.view(CaseId(case), by=applicant())


@resource.endpoint(
    "GET",
    "/cases/<uuid:case>/timeline",
    title=phrase("办理过程和计时"),
    may=Permission.VIEW_OWN_CASES,
    shape=Shape(answer=views.TIMELINE),
)
def show_timeline(case: UUID) -> dict[str, object]:
    """Tell what happened, oldest first, and explain the legal clock stretch by stretch."""
    view = services().cases.view(CaseId(case), by=applicant())
    return timeline_of(view)


def timeline_of(view: CaseView, *, is_officer: bool = False) -> dict[str, object]:
    """Return events and clock of a case as its reader may see them."""
    item = services().cases.pinned(view.pinned)
    clock = stretches(view.clock, item) if view.clock else ()
    return {"events": tell(view.timeline, item=item, is_officer=is_officer), "clock": clock}


@resource.endpoint(
    "GET",
    "/cases/<uuid:case>/receipt",
    title=phrase("收件回执"),
    may=Permission.VIEW_OWN_CASES,
    shape=Shape(answer=views.RECEIPT),
)
def show_receipt(case: UUID) -> dict[str, object]:
    """Show the receipt of what was handed in: number, moment, what happens next, promised days."""
    view = services().cases.view(CaseId(case), by=applicant())
    if view.status is Status.DRAFT:
        raise NotFound
    facts = services().cases.pinned(view.pinned).facts
    shown = ("case", "case_number", "item", "item_name", "submitted_at", "holders")
    return {**{name: getattr(view, name) for name in shown}, "promised": facts.promised, "statutory": facts.statutory}


@resource.endpoint(
    "GET",
    "/cases/<uuid:case>/receipt.pdf",
    title=phrase("下载收件回执"),
    may=Permission.VIEW_OWN_CASES,
    shape=Shape(media=("application/pdf",)),
)
def download_receipt(case: UUID) -> Response:
    """Send the receipt as a sealed PDF."""
    return send(services().cases.receipt_paper(CaseId(case), by=applicant()), "application/pdf", name="receipt")


@resource.endpoint(
    "GET",
    "/cases/<uuid:case>/files/<uuid:file>",
    title=phrase("下载文件"),
    may=Permission.VIEW_OWN_CASES,
    shape=Shape(media=FILES),
)
def download_file(case: UUID, file: UUID) -> Response:
    """Send one file of the case: an own upload, or a notice."""
    media_type, content = services().cases.file(CaseId(case), FileId(file), by=applicant())
    return send(content, media_type, name=f"file-{str(file)[:8]}")


@resource.endpoint(
    "GET",
    "/cases/<uuid:case>/licence.pdf",
    title=phrase("下载办件的证照"),
    may=Permission.VIEW_OWN_CASES,
    shape=Shape(media=("application/pdf",)),
)
def download_licence_of_case(case: UUID) -> Response:
    """Send the licence that came out of the case."""
    citizen = applicant()
    issued = services().cases.view(CaseId(case), by=citizen).licence
    if issued is None:
        raise NotFound
    return send(services().licences.pdf(issued.licence, by=citizen), "application/pdf", name="licence")


@resource.endpoint(
    "GET",
    "/cases/<uuid:case>/payment",
    title=phrase("查看合并缴款"),
    may=Permission.VIEW_OWN_CASES,
    shape=Shape(answer=views.JOINT_BILL),
)
def show_joint_bill(case: UUID) -> JointBillView:
    """Show every bill of the case and of its parts that waits, the sum, and where all are paid if they are joined."""
    return services().cases.joint_bill(CaseId(case), by=applicant())


@resource.endpoint(
    "POST",
    "/cases/<uuid:case>/payment",
    title=phrase("合并缴款"),
    may=Permission.CONDUCT_OWN_CASE,
    shape=Shape(answer=views.JOINT_BILL, is_once=True),
)
def join_bills(case: UUID) -> JointBillView:
    """Let every bill that waits be paid at once, all or none, under ``pay_url``; the same again for the same bills."""
    return services().cases.join_bills(CaseId(case), by=applicant())


@resource.endpoint(
    "GET",
    "/cases/<uuid:case>/flow.svg",
    title=phrase("流程图和办到哪一步"),
    may=Permission.VIEW_OWN_CASES,
    shape=Shape(media=(SVG,)),
)
def show_flow(case: UUID) -> Response:
    """Draw the flow of the item with what the case has behind it and where it is."""
    return flow_of(services().cases.view(CaseId(case), by=applicant()))


@resource.endpoint(
    "POST",
    "/cases/<uuid:case>/withdrawal",
    title=phrase("撤回申请"),
    may=Permission.CONDUCT_OWN_CASE,
    shape=Shape(body=bodies.MaybeReason, answer=views.CASE, is_once=True),
)
def withdraw_case(body: Json, case: UUID) -> CaseView:
    """Withdraw the application."""
    citizen = applicant()
    services().cases.withdraw(CaseId(case), by=citizen, reason=body["reason"], key=request_key())
    return services().cases.view(CaseId(case), by=citizen)


@resource.endpoint(
    "POST",
    "/cases/<uuid:case>/urgings",
    title=phrase("催办"),
    may=Permission.CONDUCT_OWN_CASE,
    shape=Shape(status=204, is_once=True),
)
def urge_case(case: UUID) -> str:
    """Urge the case on."""
    services().cases.urge(CaseId(case), by=applicant())
    return ""


@resource.endpoint(
    "POST",
    "/cases/<uuid:case>/supplement",
    title=phrase("提交补正"),
    may=Permission.CONDUCT_OWN_CASE,
    shape=Shape(body=bodies.NewSupplement, answer=views.CASE, is_once=True),
)
def return_supplement(body: Json, case: UUID) -> CaseView:
    """Hand in what an officer found wanting; the case says what, under ``supplement``."""
    citizen, task = applicant(), TaskKey(body["task"])
    services().cases.return_supplement(CaseId(case), task=task, raw=body["answers"], by=citizen, key=request_key())
    return services().cases.view(CaseId(case), by=citizen)


@resource.endpoint(
    "POST",
    "/cases/<uuid:case>/appeal",
    title=phrase("申请行政复议"),
    may=Permission.CONDUCT_OWN_CASE,
    shape=Shape(body=bodies.Reason, answer=views.NEW_CASE, status=201, is_once=True),
)
def appeal_case(body: Json, case: UUID) -> tuple[dict[str, CaseId], int, dict[str, str]]:
    """Open the appeal about a closed case and return its draft."""
    opened = services().cases.appeal(CaseId(case), by=applicant(), reason=body["reason"])
    return {"case": opened}, 201, location("drafts.show_draft", case=opened)
