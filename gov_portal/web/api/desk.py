"""Let officers, and programs of theirs, work on cases: what the desk does."""

from uuid import UUID

from flask import Response

from gov_portal.kernel.errors import NotFound
from gov_portal.kernel.ids import CaseId, FileId, OfficerId, TaskKey
from gov_portal.kernel.principal import Platform
from gov_portal.web.api import bodies, views
from gov_portal.web.api.cases import timeline_of
from gov_portal.web.api.drafts import keep
from gov_portal.web.api.front import FILES, Json, Resource, Shape
from gov_portal.web.api.once import request_key
from gov_portal.web.base.access import current_officer
from gov_portal.web.base.downloads import send
from gov_portal.web.base.progress import SVG, flow_of
from gov_portal.web.base.services import services
from gov_portal.web.base.text import phrase
from identity.permissions import Permission
from workflows.domain.commands import ActOn, AskOpinion, ChangeSigners, Mark, ReviseBill
from workflows.views import CaseView, WorkView

resource = Resource("desk", title=phrase("工作台"))


@resource.endpoint(
    "GET",
    "/desk/cases/<uuid:case>",
    title=phrase("查看经办的办件"),
    may=Permission.VIEW_TASK,
    shape=Shape(answer=views.CASE),
)
def show_case_to_officer(case: UUID) -> CaseView:
    """Show a case as the officer may see it."""
    return services().cases.view(CaseId(case), by=current_officer())


@resource.endpoint(
    "GET",
    "/desk/cases/<uuid:case>/timeline",
    title=phrase("经办的办件的过程"),
    may=Permission.VIEW_TASK,
    shape=Shape(answer=views.TIMELINE),
)
def show_timeline_to_officer(case: UUID) -> dict[str, object]:
    """Tell what happened in a case, with what only the desk sees."""
    return timeline_of(services().cases.view(CaseId(case), by=current_officer()), is_officer=True)


@resource.endpoint(
    "GET",
    "/desk/cases/<uuid:case>/files/<uuid:file>",
    title=phrase("下载办件的文件"),
    may=Permission.VIEW_TASK,
    shape=Shape(media=FILES),
)
def download_file_to_officer(case: UUID, file: UUID) -> Response:
    """Send one file of a case that the officer may see."""
    media_type, content = services().cases.file(CaseId(case), FileId(file), by=current_officer())
    return send(content, media_type, name=f"file-{str(file)[:8]}")


@resource.endpoint(
    "GET",
    "/desk/cases/<uuid:case>/licence.pdf",
    title=phrase("下载经办办件的证照"),
    may=Permission.VIEW_TASK,
    shape=Shape(media=("application/pdf",)),
)
def download_licence_to_officer(case: UUID) -> Response:
    """Send the licence that came out of a case that the officer may see."""
    issued = services().cases.view(CaseId(case), by=current_officer()).licence
    if issued is None:
        raise NotFound
    # That the officer may see the case was decided a line above; licences know holders only.
    return send(services().licences.pdf(issued.licence, by=Platform("desk")), "application/pdf", name="licence")


@resource.endpoint(
    "GET",
    "/desk/cases/<uuid:case>/flow.svg",
    title=phrase("经办的办件的流程图"),
    may=Permission.VIEW_TASK,
    shape=Shape(media=(SVG,)),
)
def show_flow_to_officer(case: UUID) -> Response:
    """Draw the flow of the item with what a case has behind it and where it is."""
    return flow_of(services().cases.view(CaseId(case), by=current_officer()))


@resource.endpoint(
    "GET",
    "/desk/cases/<uuid:case>/open-tasks",
    title=phrase("办件的待办"),
    may=Permission.VIEW_TASK,
    shape=Shape(answer=views.OPEN_TASKS),
)
def show_open_tasks(case: UUID) -> dict[str, object]:
    """Name the task of a case that the officer could take, and those that may be handed over, to whom."""
    officer = current_officer()
    mine = services().cases.open_task(CaseId(case), by=officer)
    return {"mine": mine, "assignable": services().cases.assignable(CaseId(case), by=officer)}


@resource.endpoint(
    "GET",
    "/desk/cases/<uuid:case>/tasks/<task>",
    title=phrase("查看待办"),
    may=Permission.VIEW_TASK,
    shape=Shape(answer=views.WORK),
)
def show_task(case: UUID, task: str) -> WorkView:
    """Show one open task with all that it needs: fields, papers, acts."""
    return services().cases.work(CaseId(case), TaskKey(task), by=current_officer())


@resource.endpoint(
    "POST",
    "/desk/cases/<uuid:case>/tasks/<task>/claim",
    title=phrase("领取待办"),
    may=Permission.ACT_ON_TASK,
    shape=Shape(answer=views.WORK, is_once=True),
)
def claim_task(case: UUID, task: str) -> WorkView:
    """Take a task of one's team."""
    officer = current_officer()
    services().cases.claim(CaseId(case), TaskKey(task), by=officer)
    return services().cases.work(CaseId(case), TaskKey(task), by=officer)


@resource.endpoint(
    "POST",
    "/desk/cases/<uuid:case>/tasks/<task>/release",
    title=phrase("退回团队"),
    may=Permission.ACT_ON_TASK,
    shape=Shape(status=204, is_once=True),
)
def release_task(case: UUID, task: str) -> str:
    """Give a claimed task back to the team."""
    services().cases.release(CaseId(case), TaskKey(task), by=current_officer())
    return ""


@resource.endpoint(
    "POST",
    "/desk/cases/<uuid:case>/tasks/<task>/acts",
    title=phrase("办理待办"),
    may=Permission.ACT_ON_TASK,
    shape=Shape(body=bodies.NewAct, status=204, is_once=True),
)
def act_on_task(body: Json, case: UUID, task: str) -> str:
    """Carry out one act of an open task."""
    services().cases.act(CaseId(case), command_of(body, task), by=current_officer(), key=request_key())
    return ""


def command_of(body: Json, task: str) -> ActOn:
    """Return the command that a body asks for."""
    marks = tuple(Mark(one["target"], one["reason"]) for one in body["marks"])
    return ActOn(TaskKey(task), body["act"], body["fields_"], body["reason"], marks)


@resource.endpoint(
    "POST",
    "/desk/cases/<uuid:case>/files",
    title=phrase("上传经办文件"),
    may=Permission.ACT_ON_TASK,
    shape=Shape(upload=bodies.Attachment, answer=views.FILE, status=201, is_once=True),
)
def attach_file_as_officer(upload: Json, case: UUID) -> dict[str, FileId]:
    """Store a file for a field that an open step fills; hand its id in with the act."""
    return {"file": keep(CaseId(case), upload, by=current_officer())}


@resource.endpoint(
    "POST",
    "/desk/cases/<uuid:case>/tasks/<task>/hand-over",
    title=phrase("转办"),
    may=Permission.ACT_ON_TASK,
    shape=Shape(body=bodies.HandOver, status=204, is_once=True),
)
def hand_over_task(body: Json, case: UUID, task: str) -> str:
    """Hand a task to a colleague who could do it."""
    services().cases.hand_over(
        CaseId(case), TaskKey(task), to=OfficerId(body["to"]), by=current_officer(), reason=body["reason"]
    )
    return ""


@resource.endpoint(
    "POST",
    "/desk/cases/<uuid:case>/tasks/<task>/opinions",
    title=phrase("征求意见"),
    may=Permission.ACT_ON_TASK,
    shape=Shape(body=bodies.NewOpinion, status=204, is_once=True),
)
def ask_opinion(body: Json, case: UUID, task: str) -> str:
    """Ask another role about a task of one's own; it answers by the act `reply` of its own task."""
    question = AskOpinion(TaskKey(task), body["to"], body["question"])
    services().cases.ask_opinion(CaseId(case), question, by=current_officer(), key=request_key())
    return ""


@resource.endpoint(
    "POST",
    "/desk/cases/<uuid:case>/suspension",
    title=phrase("挂起办件"),
    may=Permission.STEER_CASE,
    shape=Shape(body=bodies.Suspension, status=204, is_once=True),
)
def suspend_case(body: Json, case: UUID) -> str:
    """Suspend a case on one of the item's grounds."""
    services().cases.suspend(
        CaseId(case), ground=body["ground"], reason=body["reason"], by=current_officer(), key=request_key()
    )
    return ""


@resource.endpoint(
    "POST",
    "/desk/cases/<uuid:case>/resumption",
    title=phrase("恢复办理"),
    may=Permission.STEER_CASE,
    shape=Shape(body=bodies.MaybeReason, status=204, is_once=True),
)
def resume_case(body: Json, case: UUID) -> str:
    """Resume a suspended case."""
    services().cases.resume(CaseId(case), by=current_officer(), reason=body["reason"], key=request_key())
    return ""


@resource.endpoint(
    "POST",
    "/desk/cases/<uuid:case>/signers",
    title=phrase("加签和减签"),
    may=Permission.STEER_CASE,
    shape=Shape(body=bodies.SignersChange, answer=views.CASE, is_once=True),
)
def change_signers(body: Json, case: UUID) -> CaseView:
    """Add a signer to an open step, or take away one who has not signed; the case says who, under ``signers``."""
    officer, change = current_officer(), ChangeSigners(body["step"], body["add"], body["remove"], body["reason"])
    services().cases.change_signers(CaseId(case), change, by=officer, key=request_key())
    return services().cases.view(CaseId(case), by=officer)


@resource.endpoint(
    "POST",
    "/desk/cases/<uuid:case>/bills/<step>/revision",
    title=phrase("更正缴款单"),
    may=Permission.STEER_CASE,
    shape=Shape(body=bodies.BillRevision, status=204, is_once=True),
)
def revise_bill(body: Json, case: UUID, step: str) -> str:
    """Correct lines of a bill that is not paid; the applicant gets another one and the full time."""
    amounts = tuple((line["number"], line["amount_fen"]) for line in body["lines"])
    change = ReviseBill(step, amounts, body["reason"])
    services().cases.revise_bill(CaseId(case), change, by=current_officer(), key=request_key())
    return ""


@resource.endpoint(
    "POST",
    "/desk/cases/<uuid:case>/extension",
    title=phrase("延长期限"),
    may=Permission.EXTEND_CASE,
    shape=Shape(body=bodies.Reason, status=204, is_once=True),
)
def extend_case(body: Json, case: UUID) -> str:
    """Extend the limits of a case before its deadline."""
    services().cases.extend(CaseId(case), reason=body["reason"], by=current_officer(), key=request_key())
    return ""


@resource.endpoint(
    "POST",
    "/desk/cases/<uuid:case>/correction",
    title=phrase("依职权更正"),
    may=Permission.STEER_CASE,
    shape=Shape(body=bodies.NewCorrection, answer=views.NEW_CASE, status=201, is_once=True),
)
def correct_case(body: Json, case: UUID) -> dict[str, CaseId]:
    """Correct a closed case of the office's own accord: another case of its item follows it, handed in at once."""
    successor = services().cases.correct(
        CaseId(case), reason=body["reason"], raw=body["fields_"], by=current_officer(), key=request_key()
    )
    return {"case": successor}
