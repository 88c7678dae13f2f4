"""Let a case be about one of the applicant's licences (变更 换证 延续 注销)."""

from datetime import date

from gov_portal.kernel.errors import Conflict, Invalid
from gov_portal.kernel.ids import CaseId, ItemId, LicenceId
from gov_portal.kernel.principal import Citizen
from workflows.domain.definition import Definition
from workflows.domain.subject import ABOUT, Renewal
from workflows.engine.timing import days_before
from workflows.ports import HeldLicence
from workflows.sealing import Stored
from workflows.services.desk import Desk
from workflows.services.opening import Opening
from workflows.storage.drafts import find_about

NUMBER = "about.number"
"""Path under which a case keeps the number of the licence that it is about."""


class SubjectMissing(Invalid):
    """Refuse to begin before one of the person's licences was chosen, or because it is not theirs or has ended."""

    code = "case.subject-missing"


class SubjectBusy(Conflict):
    """Refuse to begin while another case about the same licence is open."""

    code = "case.subject-busy"


class RenewalNotOpen(Conflict):
    """Refuse to renew a licence before the window opens; ``opens_on`` says when it does."""

    code = "case.renewal-not-open"


class Subjects(Opening):
    """Know which licences of a person an item can be about."""

    def subjects(self, definition: Definition, *, by: Citizen) -> tuple[HeldLicence, ...]:
        """Return the licences of the person, or of the ward acted for, that a case of the item may be about."""
        about = definition.start.about
        held = self._desk.ports.licences.held(by.subject, kind=about.licence) if about else ()
        return tuple(one for one in held if not one.is_revoked)

    def _subject(self, definition: Definition, licence: LicenceId | None, *, by: Citizen) -> HeldLicence | None:
        """Return the licence that a new case is about; ``None`` for an item that is about none.

        Raises:
            SubjectMissing: none was chosen, or one that the person does not hold.
            RenewalNotOpen: it is too early.
        """
        if definition.start.about is None:
            return None
        held = next((one for one in self.subjects(definition, by=by) if one.licence == licence), None)
        if held is None:
            raise SubjectMissing(field=ABOUT)
        opens_on = opening_day(definition.start.renew, held.valid_until)
        if opens_on is not None and self._desk.calendar.local_date(self._desk.clock.now()) < opens_on:
            raise RenewalNotOpen(opens_on=opens_on.isoformat())
        return held

    def _case_about(self, item: ItemId, held: HeldLicence, *, by: Citizen) -> CaseId | None:
        with self._desk.db.driver() as driver:
            return find_about(driver, item, applicant=by.subject, licence=held.licence)


def opening_day(rule: Renewal | None, valid_until: date | None) -> date | None:
    """Return the first day of the renewal window; ``None`` where there is no window."""
    return None if rule is None or valid_until is None else days_before(valid_until, rule.opens)


def subject_values(desk: Desk, definition: Definition, held: HeldLicence) -> dict[str, Stored]:
    """Return what the licence gives that a case is about; a value that the item's type refuses is left out."""
    at = desk.clock.now()
    known = {**held.values, "number": held.number, "issued_on": held.issued_on, "valid_until": held.valid_until}
    values = {NUMBER: Stored(held.number, ABOUT, at, is_verified=True)}
    for prefill in definition.prefills:
        for path in prefill.gives if prefill.source == ABOUT else ():
            raw = known.get(path.rpartition(".")[2])
            if raw is None:
                continue
            kind = definition.fields[path].type
            try:
                value = kind.parse(raw.isoformat() if isinstance(raw, date) else raw)
            except Invalid:
                continue
            values[path] = Stored(value, ABOUT, at, is_verified=True)
    return values
