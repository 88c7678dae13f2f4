"""Begin an entry with the person's consent, then fill, check and submit it as its applicant would."""

from uuid import UUID

from flask import redirect, request
from flask.typing import ResponseReturnValue

from gov_portal.kernel.ids import CaseId, ItemId
from gov_portal.web.base import drafts, keeping
from gov_portal.web.base.access import current_officer, requires
from gov_portal.web.base.forms import NO_FAULTS, Faults, attempt
from gov_portal.web.base.labels import department
from gov_portal.web.base.services import services
from gov_portal.web.officer.counter.person import CounterFront, before, consent_input, entering, entry_here
from identity.permissions import Permission
from workflows.domain.definition import Definition

_OWN = "account"
"""Source of what the identification itself has told."""


@requires(Permission.ENTER_AT_COUNTER)
def item(visit: UUID, item: str) -> ResponseReturnValue:
    """Ask whether the person agrees that departments are asked, then begin the entry or go on with the open draft."""
    front, region = before(visit), current_officer().region
    definition = services().cases.item(ItemId(item), region=region)
    faults = NO_FAULTS
    if request.method == "POST":
        entry = entry_here(visit)
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
        consent=consent_input(faults),
        faults=faults,
    )
    return html, 422 if faults else 200


def _asked(item: Definition) -> list[str]:
    """Return which departments an application asks, each once."""
    sources = [prefill.source for prefill in item.prefills if prefill.source != _OWN]
    return list(dict.fromkeys(department(source) for source in sources))


def _has_draft(front: CounterFront, item: Definition) -> bool:
    return any(row.item == item.facts.id and row.status == "draft" for row in services().cases.my_cases(front.by))


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
def keep_page(visit: UUID, case: UUID, page: str) -> ResponseReturnValue:
    """Keep what stands in a page's inputs, right or wrong."""
    return keeping.keep_page(entering(visit, case), CaseId(case), page)


@requires(Permission.ENTER_AT_COUNTER)
def keep_materials(visit: UUID, case: UUID) -> ResponseReturnValue:
    """Keep papers as soon as they are scanned."""
    return keeping.keep_materials(entering(visit, case), CaseId(case))
