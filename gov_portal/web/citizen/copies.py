"""Make, list and withdraw annotated copies of a licence (加注件)."""

from uuid import UUID, uuid4

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from gov_portal.kernel.ids import CopyId, LicenceId
from gov_portal.kernel.types import Date
from gov_portal.licences.annotated import MOST_MONTHS, TEXT, CopyEnded, CopyOrder, TooManyCopies
from gov_portal.licences.domain import CopyStatus
from gov_portal.web.base.access import current_citizen, requires
from gov_portal.web.base.downloads import send
from gov_portal.web.base.forms import DATE_PARTS, NO_FAULTS, Fault, Faults, Input, attempt, read
from gov_portal.web.base.services import services
from gov_portal.web.base.text import _, phrase
from identity.permissions import Permission

STATES = {
    CopyStatus.VALID: (phrase("有效"), "ok"),
    CopyStatus.EXPIRED: (phrase("已过期"), "still"),
    CopyStatus.WITHDRAWN: (phrase("已撤回"), "still"),
}
"""Word and tone of how it stands with a copy."""

_LABELS = {"recipient": phrase("交给谁"), "purpose": phrase("办什么事"), "valid_until": phrase("有效期至")}


@requires(Permission.VIEW_OWN_CASES)
def copies(licence: UUID) -> ResponseReturnValue:
    """List the copies of a licence."""
    citizen = current_citizen()
    held = services().licences.view(LicenceId(licence), by=citizen)
    made = services().copies.of_licence(held.licence, by=citizen)
    return render_template("citizen/copies.html", held=held, copies=made, states=STATES)


@requires(Permission.VIEW_OWN_CASES)
def new_copy(licence: UUID) -> ResponseReturnValue:
    """Ask for whom, for what and until when, then make the copy."""
    citizen, faults = current_citizen(), NO_FAULTS
    held = services().licences.view(LicenceId(licence), by=citizen)
    key = request.form.get("key") or uuid4().hex
    typed = {name: read(Date() if name == "valid_until" else TEXT, name, request.form) for name in _LABELS}
    if request.method == "POST":
        made = attempt(
            lambda: services().copies.make(held.licence, CopyOrder(**typed, key=key), by=citizen), also=(TooManyCopies,)
        )
        if not isinstance(made, Faults):
            flash(_("加注件做好了，可以打开或下载，再交给对方。"), "ok")
            return redirect(url_for("citizen.copies", licence=held.licence), 303)
        faults = _worded(made)
    inputs = [_input(name, typed[name], faults) for name in _LABELS]
    page = render_template("citizen/new_copy.html", held=held, inputs=inputs, faults=faults, key=key)
    return page, 422 if faults else 200


@requires(Permission.VIEW_OWN_CASES)
def copy_pdf(licence: UUID, copy: UUID) -> ResponseReturnValue:
    """Send the sealed file of one copy."""
    content = services().copies.pdf(LicenceId(licence), CopyId(copy), by=current_citizen())
    return send(content, "application/pdf", name="licence-copy")


@requires(Permission.VIEW_OWN_CASES)
def withdraw_copy(licence: UUID, copy: UUID) -> ResponseReturnValue:
    """Ask whether a copy shall be withdrawn, and withdraw it."""
    citizen = current_citizen()
    if request.method == "POST":
        services().copies.withdraw(LicenceId(licence), CopyId(copy), by=citizen)
        flash(_("加注件已经撤回。别人再核验，看到的就是“已撤回”。"), "ok")
        return redirect(url_for("citizen.copies", licence=licence), 303)
    view = services().copies.view(LicenceId(licence), CopyId(copy), by=citizen)
    if view.status is not CopyStatus.VALID:
        raise CopyEnded
    return render_template("citizen/withdraw_copy.html", copy=view)


def _worded(faults: Faults) -> Faults:
    """Return the faults with the question in each, so that the summary can be read alone."""
    return Faults(tuple(_named(fault) for fault in faults.items))


def _named(fault: Fault) -> Fault:
    if fault.field not in _LABELS:
        return fault
    label = _(_LABELS[fault.field])
    if fault.is_missing:
        return Fault(fault.field, _("请填写{label}", label=label))
    return Fault(fault.field, _("{label}：{message}", label=label, message=fault.message))


def _input(name: str, typed: object, faults: Faults) -> Input:
    hints = {
        "recipient": _("收下加注件的单位或个人，例如：样例市第一小学"),
        "purpose": _("例如：入学报名"),
        "valid_until": _("从今天起最多 {n} 个月", n=MOST_MONTHS),
    }
    widget = "date" if name == "valid_until" else "text"
    shown = typed if request.form else dict.fromkeys(DATE_PARTS, "") if widget == "date" else ""
    return Input(name, _(_LABELS[name]), widget, shown, faults.of(name), hints[name])
