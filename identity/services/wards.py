"""Act for a ward (被监护人) by a shared record, stored with its source and end, checked by row at every request."""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import uuid4

from gov_portal.kernel.codes import citizen_id
from gov_portal.kernel.db import UnitOfWork
from gov_portal.kernel.ids import PersonId
from gov_portal.kernel.principal import Citizen
from gov_portal.kernel.types import CnId, mask_text
from identity.domain.assurance import TWO_ELEMENTS_MATCHED
from identity.domain.errors import (
    AssuranceTooLow,
    GuardianshipEnded,
    GuardianshipUnavailable,
    SignInNeeded,
    WardIsSelf,
    WardRefused,
)
from identity.domain.guardianship import end_of_guardianship
from identity.domain.values import PersonFacts, SessionToken, WardView
from identity.ports import CheckAnswer, GuardianQuery, RealNameCheck
from identity.services.guardianships import GuardianshipRow, Guardianships
from identity.services.parts import Parts
from identity.services.people import Identity, new_person_id
from identity.services.registration import read_name_and_number
from identity.services.throttles import Attempt

RECHECK_AFTER = timedelta(days=1)
_ID_NO = CnId()


class Wards:
    """Let guardians enter their wards and act for them."""

    def __init__(self, parts: Parts) -> None:
        """Take the parts that it is made of."""
        self._parts = parts
        self._rows = Guardianships(parts.base)

    def claim(self, by: Citizen, *, name: str, id_no: str) -> WardView:
        """Enter a ward where the shared record names the person as guardian; refuse alike for every other reason."""
        if by.ial < TWO_ELEMENTS_MATCHED:
            raise AssuranceTooLow(ial=TWO_ELEMENTS_MATCHED, aal=2)
        ward, limits = read_name_and_number(name, id_no), self._parts.base.limits
        guardian = self._parts.people.facts(by.person)
        if ward.id_no == guardian.id_no:
            raise WardIsSelf(field="id_no")
        self._parts.throttles.claim(
            Attempt(limits.ward_person, str(by.person)), Attempt(limits.ward_number, ward.id_no)
        )
        if not self._is_shown(ward, guardian=guardian):
            raise WardRefused
        with self._parts.base.db.begin() as uow:
            entered = self._enter(uow, ward)
            self._rows.keep(uow, guardian.person, ward=entered, ward_id_no=ward.id_no)
        ends_on = end_of_guardianship(citizen_id.birth(ward.id_no), today=self._parts.base.today())
        return _view(self._parts.people.facts(entered), ends_on=ends_on)

    def list_living(self, guardian: PersonId) -> tuple[WardView, ...]:
        """List the living wards; records older than a day are asked for anew first."""
        rows = self._rows.living(guardian)
        stale = [row for row in rows if row.checked_at <= self._parts.base.now() - RECHECK_AFTER]
        if stale:
            self._recheck(guardian, stale)
            rows = self._rows.living(guardian)
        ends = {row.ward_id: row.ends_on for row in rows}
        known = self._parts.people.facts_of([PersonId(ward) for ward in ends]) if ends else ()
        views = [_view(facts, ends_on=ends[facts.person]) for facts in known]
        return tuple(sorted(views, key=lambda view: (view.id_no_masked, str(view.person))))

    def is_guardian(self, guardian: PersonId, *, ward: PersonId) -> bool:
        """Tell whether a living row stands."""
        return bool(self._rows.living(guardian, ward=ward))

    def act_for(self, token: SessionToken, *, ward: PersonId | None) -> Citizen:
        """Let the session act for a ward, or for the person alone."""
        held = self._parts.sessions.held(token)
        if held is None or not isinstance(held.principal, Citizen):
            raise SignInNeeded
        person = held.principal.person
        if ward is not None and not any(view.person == ward for view in self.list_living(person)):
            raise GuardianshipEnded
        self._parts.sessions.set_ward(held.id, ward)
        return Citizen(person, ial=held.principal.ial, aal=held.principal.aal, acting_for=ward)

    def end(self, guardian: PersonId, *, ward: PersonId, because: str) -> None:
        """End a guardianship at once, as when the department reports a change."""
        self._rows.end(guardian, ward=ward, because=because)

    def tidy(self) -> int:
        """End the rows of wards who came of age; return how many."""
        return self._rows.tidy()

    def _enter(self, uow: UnitOfWork, ward: Identity) -> PersonId:
        """Return the ward as a person of their own, with a key of their own, entered now if they are new."""
        found = self._parts.people.by_id_no(ward.id_no)
        if found is not None:
            return found
        key = self._parts.base.keys.create(uow)
        entered = self._parts.people.enter(uow, ward, person=new_person_id(), key=key, ial=TWO_ELEMENTS_MATCHED)
        return entered or self._parts.people.need(uow, ward.id_no)

    def _is_shown(self, ward: Identity, *, guardian: PersonFacts) -> bool:
        subject = self._parts.people.by_id_no(ward.id_no) or new_person_id()
        matched = self._parts.ports.real_name.check(RealNameCheck(ward.name, ward.id_no, subject, uuid4()))
        record = self._parts.ports.guardians.record(GuardianQuery(ward.id_no, guardian.person, uuid4()))
        if matched is CheckAnswer.UNAVAILABLE or not record.is_available:
            raise GuardianshipUnavailable
        return matched is CheckAnswer.MATCHED and guardian.id_no in record.guardian_id_nos

    def _recheck(self, guardian: PersonId, rows: Sequence[GuardianshipRow]) -> None:
        """Ask the record again; during an outage, or where a number cannot be read, the rows stand as they are."""
        wards = [PersonId(row.ward_id) for row in rows]
        numbers = {known.person: known.id_no for known in self._parts.people.facts_of([guardian, *wards])}
        for ward in wards:
            if ward not in numbers or guardian not in numbers:
                continue
            record = self._parts.ports.guardians.record(GuardianQuery(numbers[ward], guardian, uuid4()))
            if not record.is_available:
                continue
            if numbers[guardian] in record.guardian_id_nos:
                with self._parts.base.db.begin() as uow:
                    self._rows.keep(uow, guardian, ward=ward, ward_id_no=numbers[ward])
            else:
                self._rows.end(guardian, ward=ward, because="record-changed")


def _view(ward: PersonFacts, *, ends_on: date | None) -> WardView:
    return WardView(ward.person, mask_text(ward.name), str(_ID_NO.mask(ward.id_no)), ends_on, ward.name)
