"""Carry out acts, claims and hand-overs."""

from collections.abc import Iterable
from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from gov_portal.kernel.ids import CaseId, FileId, OfficerId, TaskKey
from gov_portal.web.base.access import current_officer, requires
from gov_portal.web.base.catalogue import text_of
from gov_portal.web.base.forms import Fault, Faults, as_uuid, attempt, is_upload, long_text, read
from gov_portal.web.base.services import services
from gov_portal.web.base.text import _
from gov_portal.web.base.uploads import take
from gov_portal.web.officer.case_page import (
    TaskChanged,
    Tried,
    mark_name,
    mark_reason_name,
    show_task,
    spoken,
    typed_form,
)
from identity.permissions import Permission
from workflows.domain.commands import ActOn, Mark
from workflows.views import ActView, FieldView, WorkView

REASON_LENGTH = 500


@requires(Permission.ACT_ON_TASK)
def act(case: UUID, task: str) -> ResponseReturnValue:
    """Carry out one act of an open task, such as 受理 or 批准."""
    case_id, key, officer = CaseId(case), TaskKey(task), current_officer()
    work = services().cases.work(case_id, key, by=officer)
    chosen = next((one for one in work.acts if one.id == request.form.get("act")), None)
    if chosen is None:
        raise TaskChanged
    command, typed, faults = _command(work, chosen)
    if not faults:
        idempotency = request.form.get("key")
        done = attempt(lambda: services().cases.act(case_id, command, by=officer, key=idempotency))
        if not isinstance(done, Faults):
            flash(_("已完成：{act}（{number}）", act=spoken(chosen, work), number=work.case.case_number), "ok")
            return redirect(url_for("officer.queue"), 303)
        faults = done
    return show_task(case_id, key, Tried(chosen.id, typed, faults.named(chosen.fill or work.fill)))


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
def claim(case: UUID, task: str) -> ResponseReturnValue:
    """Take a task of one's team (领取)."""
    services().cases.claim(CaseId(case), TaskKey(task), by=current_officer())
    return redirect(url_for("officer.task", case=case, task=task), 303)


@requires(Permission.ACT_ON_TASK)
def hand_over(case: UUID, task: str) -> ResponseReturnValue:
    """Hand a task to a colleague (转办)."""
    case_id, key, officer = CaseId(case), TaskKey(task), current_officer()
    colleague = as_uuid(request.form.get("to", ""))
    reason, faults = long_text("reason", _("说明"), longest=REASON_LENGTH, is_required=False)
    if colleague is None:
        faults = Faults((*Faults.single("to", _("请选择转给哪位同事")).items, *faults.items))
    if colleague is None or faults:
        return show_task(case_id, key, Tried("hand-over", typed_form(), faults))
    to = OfficerId(colleague)
    done = attempt(lambda: services().cases.hand_over(case_id, key, to=to, by=officer, reason=reason))
    if isinstance(done, Faults):
        return show_task(case_id, key, Tried("hand-over", typed_form(), done))
    flash(_("已转办。"), "ok")
    return redirect(url_for("officer.queue"), 303)
