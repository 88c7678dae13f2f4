"""Stand beside the person who was identified: the shared pages of a case, by the officer's hand."""

from dataclasses import dataclass
from uuid import UUID

from flask import request

from gov_portal.kernel.ids import CaseId
from gov_portal.web.base.access import current_officer
from gov_portal.web.base.forms import Faults, Input
from gov_portal.web.base.fronts import Front
from gov_portal.web.base.services import services
from gov_portal.web.base.text import _
from gov_portal.web.officer.counter.words import CONSENTS
from identity.domain.values import VisitView
from workflows.services.counter import Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class CounterFront(Front):
    """Hold what is the counter's own in the pages of a case, with the visit that its banner shows."""

    visit: VisitView


def before(visit: UUID) -> CounterFront:
    """Return the front for the person of an open visit of this officer.

    Raises:
        VisitUnknown: it ended, expired, or is a colleague's.
    """
    view = services().identity.counter.visit(visit, by=current_officer())
    return CounterFront(
        view.citizen,
        folder="officer/counter",
        blueprint="officer.counter",
        values={"visit": visit},
        door="officer.sign_in",
        visit=view,
    )


def entering(visit: UUID, case: UUID) -> CounterFront:
    """Return the front for a draft to which the person has agreed at this visit.

    Raises:
        VisitUnknown: as ``before``.
        ConsentMissing: nobody has asked the person yet.
    """
    front = before(visit)
    services().counter.must_have_consent(CaseId(case), visit=visit)
    return front


def entry_here(visit: UUID) -> Entry:
    """Return the entry that the form of this request begins, with the consent that was chosen on it."""
    return Entry(visit, current_officer(), request.form.get("consent", ""))


def consent_input(faults: Faults) -> Input:
    """Return the question how the person agreed that departments are asked."""
    options = tuple((consent.value, _(words)) for consent, words in CONSENTS.items())
    typed = request.form.get("consent", "")
    return Input("consent", _("申请人怎样表示同意？"), "radios", typed, faults.of("consent"), options=options)
