"""Show what an applicant and the offices have written to each other in a case (留言), and take a letter."""

from collections.abc import Mapping
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from gov_portal.kernel.ids import CaseId
from gov_portal.kernel.principal import Citizen
from gov_portal.web.base.access import current_citizen, requires
from gov_portal.web.base.forms import NO_FAULTS, Faults
from gov_portal.web.base.letters import letter_form, page_of_letters, take_letter, typed_letter
from gov_portal.web.base.services import services
from gov_portal.web.base.text import _
from identity.permissions import Permission
from workflows.domain.letters import CaseLetters


@requires(Permission.VIEW_OWN_CASES)
def letters(case: UUID) -> ResponseReturnValue:
    """Show the letters of a case, twenty to a page; whoever has seen them has read them."""
    return _page(CaseId(case))


@requires(Permission.CONDUCT_OWN_CASE)
def write_letter(case: UUID) -> ResponseReturnValue:
    """Take a letter to the offices that hold the case."""
    faults = take_letter(CaseId(case), by=current_citizen())
    if faults:
        return _page(CaseId(case), faults)
    flash(_("留言已发出。有回复时会告诉您。"), "ok")
    return redirect(url_for("citizen.case", case=case, _anchor="letters"), 303)


def form_of(faults: Faults = NO_FAULTS) -> Mapping[str, object]:
    """Return what the form of an applicant's letter needs."""
    return letter_form(_("写留言"), _("只有办理这件事的单位能看到。"), typed=typed_letter(), faults=faults)


def note_seen(case: CaseId, seen: CaseLetters, *, by: Citizen) -> None:
    """Note that the letters on a page have been seen."""
    if seen.unread:
        first, last = seen.shown
        services().correspondence.mark_read(case, first=first, last=last, by=by)


def _page(case: CaseId, faults: Faults = NO_FAULTS) -> ResponseReturnValue:
    citizen = current_citizen()
    view, seen = services().cases.view(case, by=citizen), page_of_letters(case, by=citizen)
    page = render_template(
        "citizen/letters.html", case=view, seen=seen, faults=faults.within("letter-"), **form_of(faults)
    )
    note_seen(case, seen, by=citizen)
    return page, 422 if faults else 200
