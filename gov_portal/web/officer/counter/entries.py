"""Begin an entry with the person's consent, then fill, check and submit it as its applicant would."""

from uuid import UUID

from flask import redirect, request
from flask.typing import ResponseReturnValue

from gov_portal.kernel.ids import CaseId, FileId, ItemId
from gov_portal.web.base import drafts, progress
from gov_portal.web.base import supplement as shared
from gov_portal.web.base.access import current_officer, requires
from gov_portal.web.base.forms import NO_FAULTS, Faults, Input, attempt
from gov_portal.web.base.labels import department
from gov_portal.web.base.services import services
from gov_portal.web.base.text import _
from gov_portal.web.officer.counter.person import CounterFront, before, entering
from gov_portal.web.officer.counter.words import CONSENTS
from identity.permissions import Permission
from workflows.domain.definition import Definition
from workflows.services.counter import Entry

_OWN = "account"
"""Source of what the identification itself has told."""


@requires(Permission.ENTER_AT_COUNTER)
def item(visit: UUID, item: str) -> ResponseReturnValue:
    """Ask whether the person agrees that departments are asked, then begin the entry or go on with the open draft."""
    front, region = before(visit), current_officer().region
    definition = services().cases.item(ItemId(item), region=region)
    faults = NO_FAULTS
    if request.method == "POST":
        entry = Entry(visit, current_officer(), request.form.get("consent", ""))
        is_again = request.form.get("act") == "again"
        begun = attempt(lambda: services().counter.begin(definition.facts.id, entry=entry, by=front.by, again=is_again))
        if not isinstance(begun, Faults):
            return redirect(front.url("resume", case=begun), 303)
        faults = begun
    html = front.render(
        "consent.html",
        item=definition,
        sources=_asked(definition),
        has_draft=_has_draft(front, definition),
        consent=_consent(faults),
        faults=faults,
    )
    return html, 422 if faults else 200


def _asked(item: Definition) -> list[str]:
    """Return which departments an application asks, each once."""
    sources = [prefill.source for prefill in item.prefills if prefill.source != _OWN]
    return list(dict.fromkeys(department(source) for source in sources))


def _has_draft(front: CounterFront, item: Definition) -> bool:
    return any(row.item == item.facts.id and row.status == "draft" for row in services().cases.my_cases(front.by))


def _consent(faults: Faults) -> Input:
    options = tuple((consent.value, _(words)) for consent, words in CONSENTS.items())
    typed = request.form.get("consent", "")
    return Input("consent", _("申请人怎样表示同意？"), "radios", typed, faults.of("consent"), options=options)


@requires(Permission.ENTER_AT_COUNTER)
def resume(visit: UUID, case: UUID) -> ResponseReturnValue:
    """Go to the first page that is not complete, or to the check."""
    return drafts.resume(entering(visit, case), CaseId(case))


@requires(Permission.ENTER_AT_COUNTER)
def page(visit: UUID, case: UUID, page: str) -> ResponseReturnValue:
    """Show one page of the form, or keep what was typed and go on."""
    return drafts.page(entering(visit, case), CaseId(case), page)


@requires(Permission.ENTER_AT_COUNTER)
def materials(visit: UUID, case: UUID) -> ResponseReturnValue:
    """Ask for the papers that no department could give."""
    return drafts.materials(entering(visit, case), CaseId(case))


@requires(Permission.ENTER_AT_COUNTER)
def check(visit: UUID, case: UUID) -> ResponseReturnValue:
    """Let the person hear or read every answer once more, or submit."""
    return drafts.check(entering(visit, case), CaseId(case))


@requires(Permission.ENTER_AT_COUNTER)
def discard(visit: UUID, case: UUID) -> ResponseReturnValue:
    """Delete the draft after one question."""
    return drafts.discard(entering(visit, case), CaseId(case))


@requires(Permission.ENTER_AT_COUNTER)
def receipt(visit: UUID, case: UUID) -> ResponseReturnValue:
    """Show the receipt that is printed for the person."""
    return progress.receipt(before(visit), CaseId(case))


@requires(Permission.ENTER_AT_COUNTER)
def case(visit: UUID, case: UUID) -> ResponseReturnValue:
    """Show how far a case of the person is."""
    return progress.progress(before(visit), CaseId(case))


@requires(Permission.ENTER_AT_COUNTER)
def file(visit: UUID, case: UUID, file: UUID) -> ResponseReturnValue:
    """Send one file of the case: an upload, or a notice to be printed."""
    return progress.file(before(visit), CaseId(case), FileId(file))


@requires(Permission.ENTER_AT_COUNTER)
def licence(visit: UUID, case: UUID) -> ResponseReturnValue:
    """Send the licence that came out of the case, to be printed for the person."""
    return progress.licence(before(visit), CaseId(case))


@requires(Permission.ENTER_AT_COUNTER)
def supplement(visit: UUID, case: UUID) -> ResponseReturnValue:
    """Show what was found wanting, or hand it in for the person."""
    return shared.supplement(before(visit), CaseId(case))
