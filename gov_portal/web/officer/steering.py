"""Suspend, resume and extend a case, from one of its tasks or from the case itself."""

from collections.abc import Callable
from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from gov_portal.kernel.ids import CaseId, TaskKey
from gov_portal.kernel.types import MoneyFen, ValueRefused
from gov_portal.web.base.access import current_officer, requires
from gov_portal.web.base.forms import Faults, attempt, long_text, read
from gov_portal.web.base.queue_filters import filters_here, query_of
from gov_portal.web.base.services import services
from gov_portal.web.base.text import _
from gov_portal.web.officer.act_forms import Tried
from gov_portal.web.officer.case_page import show_task, typed_form
from gov_portal.web.officer.cases import CORRECT, show_case
from identity.permissions import Permission
from workflows.domain.commands import AskOpinion, ChangeSigners, ReviseBill

REASON_LENGTH = 500
AMOUNT = "amount-"
"""What the inputs of a bill's amounts are called, before the line's number."""


def _steer(case: UUID, *, task: str, form: str, action: Callable[[str], None], done: str) -> ResponseReturnValue:
    reason, faults = long_text("reason", _("理由"), longest=REASON_LENGTH, is_required=form != "resume")
    if form == "suspend" and not request.form.get("ground"):
        faults = Faults((*faults.items, *Faults.single("ground", _("请选择挂起的法定原因")).items))
    if not faults:
        result = attempt(lambda: action(reason))
        if not isinstance(result, Faults):
            flash(done, "ok")
            return redirect(_back_to(case, task), 303)
        faults = result
    tried = Tried(form, typed_form(), faults)
    return show_task(CaseId(case), TaskKey(task), tried) if task else show_case(CaseId(case), tried)


def _back_to(case: UUID, task: str) -> str:
    query = query_of(filters_here())
    if task:
        return url_for("officer.task", case=case, task=task, **query)  # type: ignore[arg-type]
    return url_for("officer.case", case=case, read=1)


@requires(Permission.STEER_CASE)
def suspend(case: UUID, task: str = "") -> ResponseReturnValue:
    """Suspend the case on one of the item's grounds (挂起)."""
    officer, ground, key = current_officer(), request.form.get("ground", ""), request.form.get("key")

    def action(reason: str) -> None:
        services().cases.suspend(CaseId(case), ground=ground, reason=reason, by=officer, key=key)

    return _steer(case, task=task, form="suspend", action=action, done=_("已挂起，时限停钟。"))


@requires(Permission.STEER_CASE)
def resume(case: UUID, task: str = "") -> ResponseReturnValue:
    """Resume a suspended case (恢复)."""
    officer, key = current_officer(), request.form.get("key")

    def action(reason: str) -> None:
        services().cases.resume(CaseId(case), by=officer, reason=reason, key=key)

    return _steer(case, task=task, form="resume", action=action, done=_("已恢复，时限继续计算。"))


@requires(Permission.STEER_CASE)
def signers(case: UUID) -> ResponseReturnValue:
    """Add a signer to an open step, or take away one who has not signed (加签 减签)."""
    officer, key = current_officer(), request.form.get("key")
    step, add, remove = (request.form.get(name, "") for name in ("step", "add", "remove"))

    def action(reason: str) -> None:
        change = ChangeSigners(step, add, remove, reason)
        services().cases.change_signers(CaseId(case), change, by=officer, key=key)

    return _steer(case, task="", form="signers", action=action, done=_("会签单位已经改好。"))


@requires(Permission.STEER_CASE)
def revise_bill(case: UUID, step: str) -> ResponseReturnValue:
    """Correct the amounts of a bill that is not paid (更正缴款单); what is left as it was is not touched."""
    officer, key = current_officer(), request.form.get("key")

    def action(reason: str) -> None:
        typed = {name.removeprefix(AMOUNT): text for name, text in request.form.items() if name.startswith(AMOUNT)}
        amounts = tuple((int(number), _fen(number, text)) for number, text in typed.items() if number.isdecimal())
        services().cases.revise_bill(CaseId(case), ReviseBill(step, amounts, reason), by=officer, key=key)

    return _steer(case, task="", form="revise", action=action, done=_("缴款单已经更正，申请人会收到新的。"))


def _fen(number: str, text: str) -> int:
    """Return the amount that was typed in yuan.

    Raises:
        ValueRefused: it is none, at its input.
    """
    try:
        return int(str(MoneyFen().parse(text)))
    except ValueRefused as refused:
        refused.field = f"{AMOUNT}{number}"
        raise


@requires(Permission.ACT_ON_TASK)
def ask(case: UUID, task: str) -> ResponseReturnValue:
    """Ask another role for an opinion about one's own task (请示, 征求意见)."""
    officer, key, to = current_officer(), request.form.get("key"), request.form.get("to", "")

    def action(question: str) -> None:
        asked = AskOpinion(TaskKey(task), to, question)
        services().cases.ask_opinion(CaseId(case), asked, by=officer, key=key)

    return _steer(case, task=task, form="ask", action=action, done=_("已发出，对方会在待办中看到。"))


@requires(Permission.EXTEND_CASE)
def extend(case: UUID, task: str = "") -> ResponseReturnValue:
    """Extend the limits (延长)."""
    officer, key = current_officer(), request.form.get("key")

    def action(reason: str) -> None:
        services().cases.extend(CaseId(case), reason=reason, by=officer, key=key)

    return _steer(case, task=task, form="extend", action=action, done=_("已延长办理时限，申请人会收到通知。"))


@requires(Permission.STEER_CASE)
def correct(case: UUID) -> ResponseReturnValue:
    """Correct a closed case (依职权更正): what was typed where it differs goes into the case that follows."""
    officer, key = current_officer(), request.form.get("key")
    fields = services().cases.view(CaseId(case), by=officer).correctable
    raw = {view.path: read(view.type, view.path, request.form) for view in fields}

    def action(reason: str) -> None:
        services().cases.correct(CaseId(case), reason=reason, raw=raw, by=officer, key=key)

    return _steer(case, task="", form=CORRECT, action=action, done=_("已依职权更正，新的办件已经开始办理。"))
