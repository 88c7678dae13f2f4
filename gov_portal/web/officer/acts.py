"""Keep notes, carry out acts, claims and hand-overs."""

from collections.abc import Iterable
from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from gov_portal.kernel.ids import CaseId, FileId, OfficerId, TaskKey
from gov_portal.web.base.access import current_officer, requires
from gov_portal.web.base.catalogue import text_of
from gov_portal.web.base.forms import Fault, Faults, as_uuid, attempt, is_upload, long_text, read
from gov_portal.web.base.queue_filters import filters_here, query_of
from gov_portal.web.base.services import services
from gov_portal.web.base.text import _
from gov_portal.web.base.uploads import take
from gov_portal.web.officer.act_forms import CHOSEN, Tried, mark_name, mark_reason_name, spoken
from gov_portal.web.officer.case_page import TaskChanged, show_task, typed_form
from gov_portal.web.officer.check_sheet import FORM, read_sheet
from gov_portal.web.officer.papers import PANE
from gov_portal.web.officer.phrases import INSERT, chosen_phrase
from identity.permissions import Permission
from workflows.domain.commands import ActOn, Mark
from workflows.services.held import Wish
from workflows.views import ActView, FieldView, WorkView

REASON_LENGTH = 500


@requires(Permission.ACT_ON_TASK)
def act(case: UUID, task: str) -> ResponseReturnValue:
    """Carry out one act of an open task, such as 受理 or 批准."""
    case_id, key, officer = CaseId(case), TaskKey(task), current_officer()
    work = services().cases.work(case_id, key, by=officer)
    wanted = request.form.get(INSERT) or request.form.get("act")
    chosen = next((one for one in work.acts if one.id == wanted), None)
    if chosen is None:
        raise TaskChanged
    if INSERT in request.form:
        return show_task(case_id, key, Tried(chosen.id, _with_phrase(work, chosen)))
    command, typed, faults = _command(work, chosen)
    if not faults:
        wish = Wish(command=command, key=request.form.get("key"), is_insisted=request.form.get("insist") == "1")
        done = attempt(lambda: services().held.act(work, wish, by=officer))
        if not isinstance(done, Faults):
            if not done:
                flash(_("已完成：{act}（{number}）", act=_(spoken(chosen, work)), number=work.case.case_number), "ok")
            return redirect(url_for("officer.queue", **_query()), 303)  # type: ignore[arg-type]
        faults = done
    return show_task(case_id, key, Tried(chosen.id, typed, faults.named(chosen.fill or work.fill)))


def _query() -> dict[str, str]:
    """Return the filters that the officer came with, so that every way back keeps them."""
    return query_of(filters_here())


def _with_phrase(work: WorkView, chosen: ActView) -> dict[str, object]:
    """Return what was typed, uploads kept, with the chosen phrase at the end of the reason."""
    fields, _faults = _filled(work, chosen.fill or work.fill)
    typed = typed_form()
    return {**typed, **fields, "reason": f"{typed.get('reason', '')}{chosen_phrase()}"}


def _command(work: WorkView, chosen: ActView) -> tuple[ActOn, dict[str, object], Faults]:
    """Return the command that the form asks for, all that was typed, and what is wrong with it."""
    fields, fill_faults = _filled(work, chosen.fill or work.fill)
    label = _("理由")
    reason, reason_faults = long_text("reason", label, longest=REASON_LENGTH, is_required=False)
    faults = [*fill_faults.items, *reason_faults.items]
    if chosen.needs_reason and not reason and not reason_faults:
        faults.append(Fault("reason", text_of("form.reason")))
    marks: tuple[Mark, ...] = ()
    if chosen.asks_marks:
        marks, mark_faults = _marks(work)
        faults += mark_faults
    typed = {**typed_form(), **fields}
    return ActOn(work.task, chosen.id, fields, reason, marks), typed, Faults(tuple(faults))


def _filled(work: WorkView, views: Iterable[FieldView]) -> tuple[dict[str, object], Faults]:
    fields = tuple(views)
    files = [view.path for view in fields if is_upload(view.type)]
    officer = current_officer()

    def keep(path: str, content: bytes, claimed: str) -> FileId:
        return services().cases.attach(work.case_id, path, content, claimed_type=claimed, by=officer)

    found, faults = take(files, keep=keep)
    typed = {view.path: read(view.type, view.path, request.form) for view in fields if view.path not in files}
    return {**typed, **found}, faults


def _marks(work: WorkView) -> tuple[tuple[Mark, ...], list[Fault]]:
    marks: list[Mark] = []
    faults: list[Fault] = []
    for target, label in work.markable:
        if not request.form.get(mark_name(target)):
            continue
        name = mark_reason_name(target)
        reason, wrong = long_text(name, label, longest=REASON_LENGTH, is_required=False)
        if wrong:
            faults += wrong.items
        elif reason:
            marks.append(Mark(target, reason))
        else:
            faults.append(Fault(name, text_of("form.mark-reason", {"label": label})))
    if not marks and not faults:
        faults.append(Fault("marks", text_of("form.marks")))
    return tuple(marks), faults


@requires(Permission.ACT_ON_TASK)
def keep_checks(case: UUID, task: str) -> ResponseReturnValue:
    """Keep the officer's notes on what is in order (核对), perhaps to go on to an act with them."""
    case_id, key, officer = CaseId(case), TaskKey(task), current_officer()
    work = services().cases.work(case_id, key, by=officer)
    notes = read_sheet(work)
    kept = attempt(lambda: services().checks.keep(work, notes, by=officer))
    if isinstance(kept, Faults):
        return show_task(case_id, key, Tried(FORM, typed_form(), kept))
    goes_on = next((one.id for one in work.acts if one.id == request.form.get(CHOSEN)), None)
    flash(_("核对已保存，申请人看不到。"), "ok")
    around = {**_query(), **({PANE: request.args[PANE]} if PANE in request.args else {})}
    place = {CHOSEN: goes_on, "_anchor": f"box-{goes_on}"} if goes_on else {"_anchor": FORM}
    return redirect(url_for("officer.task", case=case, task=task, **around, **place), 303)  # type: ignore[arg-type]


@requires(Permission.ACT_ON_TASK)
def claim(case: UUID, task: str) -> ResponseReturnValue:
    """Take a task of one's team (领取)."""
    services().cases.claim(CaseId(case), TaskKey(task), by=current_officer())
    return redirect(url_for("officer.task", case=case, task=task, **_query()), 303)  # type: ignore[arg-type]


@requires(Permission.ACT_ON_TASK)
def hand_over(case: UUID, task: str) -> ResponseReturnValue:
    """Hand a task to a colleague (转办), who is told why."""
    case_id, key, officer = CaseId(case), TaskKey(task), current_officer()
    colleague = as_uuid(request.form.get("to", ""))
    reason, faults = long_text("reason", _("理由"), longest=REASON_LENGTH)
    if colleague is None:
        faults = Faults((*Faults.single("to", _("请选择转给哪位同事")).items, *faults.items))
    if colleague is None or faults:
        return show_task(case_id, key, Tried("hand-over", typed_form(), faults))
    to = OfficerId(colleague)
    done = attempt(lambda: services().cases.hand_over(case_id, key, to=to, by=officer, reason=reason))
    if isinstance(done, Faults):
        return show_task(case_id, key, Tried("hand-over", typed_form(), done))
    flash(_("已转办。"), "ok")
    return redirect(url_for("officer.queue", **_query()), 303)  # type: ignore[arg-type]
