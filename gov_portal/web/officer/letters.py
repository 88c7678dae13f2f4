"""Show officers what applicants write in their cases (留言), and let the unit that holds a case answer."""

from collections.abc import Mapping
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from gov_portal.kernel.ids import CaseId
from gov_portal.kernel.principal import Officer
from gov_portal.web.base.access import current_officer, requires
from gov_portal.web.base.forms import NO_FAULTS, Faults
from gov_portal.web.base.letters import ON_A_CASE, letter_form, page_of_letters, shown_here, take_letter, typed_letter
from gov_portal.web.base.services import services
from gov_portal.web.base.text import _
from gov_portal.web.officer.phrases import INSERT, chosen_phrase
from identity.permissions import Permission


@requires(Permission.VIEW_QUEUE)
def waiting_letters() -> ResponseReturnValue:
    """List the cases whose applicants wrote to the unit and were not read, whoever waits longest first."""
    return render_template("officer/waiting_letters.html", rows=services().correspondence.waiting(current_officer()))


@requires(Permission.VIEW_TASK)
def letters(case: UUID) -> ResponseReturnValue:
    """Show the letters of a case, twenty to a page; only a press of the button marks them as read."""
    return _page(CaseId(case))


@requires(Permission.ACT_ON_TASK)
def write_letter(case: UUID) -> ResponseReturnValue:
    """Write to the applicant, who is told of it; whoever answers has read what stood above."""
    case_id = CaseId(case)
    if INSERT in request.form:
        return _page(case_id, typed=typed_letter() + chosen_phrase())
    faults = take_letter(case_id, by=current_officer())
    if faults:
        return _page(case_id, faults, typed=typed_letter())
    flash(_("留言已发给申请人。"), "ok")
    return redirect(url_for("officer.case", case=case, _anchor="letters"), 303)


@requires(Permission.ACT_ON_TASK)
def read_letters(case: UUID) -> ResponseReturnValue:
    """Mark the letters that were shown as read by the unit."""
    shown = shown_here()
    if shown is not None:
        services().correspondence.mark_read(CaseId(case), first=shown[0], last=shown[1], by=current_officer())
        flash(_("已标为已读。"), "ok")
    return redirect(url_for("officer.case", case=case, _anchor="letters"), 303)


def letters_beside(case: CaseId, *, by: Officer) -> dict[str, object]:
    """Return what the part of the case page with the letters needs."""
    seen = services().correspondence.letters(case, by=by, most=ON_A_CASE)
    return {"seen": seen, **_form("")}


def _form(typed: str, faults: Faults = NO_FAULTS) -> Mapping[str, object]:
    return letter_form(_("给申请人留言"), _("申请人会看到，并收到提醒。"), typed=typed, faults=faults)


def _page(case: CaseId, faults: Faults = NO_FAULTS, *, typed: str = "") -> ResponseReturnValue:
    officer = current_officer()
    page = render_template(
        "officer/letters.html",
        case=services().cases.view(case, by=officer),
        seen=page_of_letters(case, by=officer),
        snippets=services().snippets.snippets(officer),
        faults=faults.within("letter-"),
        **_form(typed, faults),
    )
    return page, 422 if faults else 200
