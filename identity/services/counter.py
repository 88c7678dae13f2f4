"""Identify people who stand at a counter with their card (窗口核身), so that an officer may type for them.

A visit is the officer's statement that the card was seen. It gives that officer, and nobody else, the person's hand
for a few hours; each use of it is the person's act by the officer's hand.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Row, select, update

from gov_portal.kernel.db import UnitOfWork
from gov_portal.kernel.errors import DomainError, InvalidFields
from gov_portal.kernel.ids import PersonId
from gov_portal.kernel.principal import Citizen, Officer
from gov_portal.kernel.types import CnId
from identity.domain.assurance import SEEN_AT_A_COUNTER
from identity.domain.errors import (
    CardNotSeen,
    PurposeMissing,
    VisitRefused,
    VisitUnknown,
    VisitUnproven,
    VisitWardRefused,
    WardIsSelf,
    WardRefused,
)
from identity.domain.values import VisitForm, VisitPurpose, VisitView
from identity.models import visits
from identity.ports import CheckAnswer, RealNameCheck
from identity.services.parts import Parts
from identity.services.people import Identity, new_person_id
from identity.services.registration import read_name_and_number
from identity.services.throttles import Attempt
from identity.services.wards import Wards

VISIT_LASTS = timedelta(hours=4)
"""A person waits no longer; whoever comes back shows the card again."""

AAL_AT_A_COUNTER = 2
"""The card and the face that it shows: two factors, compared by a human."""

_ID_NO = CnId()


class Counter:
    """Open, show and end visits; every method names the officer whose visit it is."""

    def __init__(self, parts: Parts, *, wards: Wards) -> None:
        """Take the parts and the wards of identity."""
        self._parts = parts
        self._wards = wards

    def identify(self, form: VisitForm, *, by: Officer) -> UUID:
        """Check name and number with the population base and open the visit; a new person is entered, without phone.

        Nothing tells whether the person had an account.

        Raises:
            InvalidFields: what was typed is malformed, or the card was not seen.
            VisitRefused: name and number do not belong together; the same where there is no such number.
            VisitWardRefused, WardIsSelf: no record shows the guardianship.
            VisitUnproven, GuardianshipUnavailable: a department does not answer.
            TooManyAttempts: for this officer or number; says how many seconds to wait.
        """
        read, limits = read_visit(form), self._parts.base.limits
        probed = Attempt(limits.counter_number, read.id_no)
        self._parts.throttles.claim(Attempt(limits.counter_officer, str(by.officer)), probed)
        known = self._parts.people.by_id_no(read.id_no)
        request = RealNameCheck(read.name, read.id_no, known or new_person_id(), uuid4(), by.officer)
        answer = self._parts.ports.real_name.check(request)
        if answer is CheckAnswer.MATCHED or answer is CheckAnswer.UNAVAILABLE:
            self._parts.throttles.give_back(probed)
        if answer is CheckAnswer.UNAVAILABLE:
            raise VisitUnproven
        if answer is not CheckAnswer.MATCHED:
            raise VisitRefused
        person = known or self._enter(read, fresh=request.person)
        return self._open(form, person=person, by=by)

    def visit(self, visit: UUID, *, by: Officer) -> VisitView:
        """Return an open visit of the officer.

        Raises:
            VisitUnknown: it ended, expired, is somebody else's, or the guardianship that it rests on is over.
        """
        shown = self._shown([row for row in self._rows(by) if row.id == visit], by=by)
        if not shown:
            raise VisitUnknown
        return shown[0]

    def visits(self, by: Officer) -> tuple[VisitView, ...]:
        """Return the officer's open visits, the latest first."""
        return self._shown(self._rows(by), by=by)

    def end(self, visit: UUID, *, by: Officer) -> None:
        """End a visit when the person leaves; one that is over stays as it is."""
        ended = update(visits).where(
            visits.c.id == visit, visits.c.officer_id == by.officer, visits.c.ended_at.is_(None)
        )
        with self._parts.base.db.begin() as uow:
            uow.connection.execute(ended.values(ended_at=self._parts.base.now()))

    def _enter(self, read: Identity, *, fresh: PersonId) -> PersonId:
        """Enter a person without phone or password; whoever registers with this number later takes it over."""
        with self._parts.base.db.begin() as uow:
            key = self._parts.base.keys.create(uow)
            entered = self._parts.people.enter(uow, read, person=fresh, key=key, ial=SEEN_AT_A_COUNTER)
            return entered or self._parts.people.need(uow, read.id_no)

    def _open(self, form: VisitForm, *, person: PersonId, by: Officer) -> UUID:
        citizen = _citizen(person, by=by)
        ward = None
        if form.is_for_ward:
            ward = self._ward(citizen, form)
        with self._parts.base.db.begin() as uow:
            return self._keep(uow, replace(citizen, acting_for=ward), purpose=form.purpose, by=by)

    def _ward(self, citizen: Citizen, form: VisitForm) -> PersonId:
        """Enter the ward; what is refused is said at the ward's input."""
        try:
            return self._wards.claim(citizen, name=form.ward_name, id_no=form.ward_id_no).person
        except WardIsSelf as wrong:
            raise WardIsSelf(field="ward_id_no") from wrong
        except WardRefused as wrong:
            raise VisitWardRefused(field="ward_id_no") from wrong

    def _keep(self, uow: UnitOfWork, citizen: Citizen, *, purpose: VisitPurpose | None, by: Officer) -> UUID:
        now, visit = self._parts.base.now(), uuid4()
        row = visits.insert().values(
            id=visit,
            officer_id=by.officer,
            org=by.org,
            region=by.region,
            person_id=citizen.person,
            ward_id=citizen.acting_for,
            purpose=purpose and purpose.value,
            opened_at=now,
            expires_at=now + VISIT_LASTS,
        )
        uow.connection.execute(row)
        return visit

    def _rows(self, by: Officer) -> Sequence[Row[Any]]:
        query = (
            select(visits)
            .where(
                visits.c.officer_id == by.officer,
                visits.c.org == by.org,
                visits.c.region == by.region,
                visits.c.ended_at.is_(None),
                visits.c.expires_at > self._parts.base.now(),
            )
            .order_by(visits.c.opened_at.desc())
        )
        with self._parts.base.db.read() as connection:
            return connection.execute(query).all()

    def _shown(self, rows: Sequence[Row[Any]], *, by: Officer) -> tuple[VisitView, ...]:
        """Show the visits whose persons can be read and whose guardianships still stand."""
        ids = {PersonId(one) for row in rows for one in (row.person_id, row.ward_id) if one is not None}
        facts = {known.person: known for known in self._parts.people.facts_of(ids)} if ids else {}
        views = []
        for row in rows:
            person, ward = facts.get(row.person_id), facts.get(row.ward_id)
            if person is None or (row.ward_id and not self._is_guardian(row)):
                continue
            views.append(
                VisitView(
                    id=row.id,
                    citizen=replace(_citizen(person.person, by=by), acting_for=row.ward_id),
                    name=person.name,
                    id_no_masked=str(_ID_NO.mask(person.id_no)),
                    ward_name=ward.name if ward else "",
                    purpose=VisitPurpose(row.purpose),
                    opened_at=row.opened_at,
                    expires_at=row.expires_at,
                )
            )
        return tuple(views)

    def _is_guardian(self, row: Row[Any]) -> bool:
        return self._wards.is_guardian(PersonId(row.person_id), ward=PersonId(row.ward_id))


def _citizen(person: PersonId, *, by: Officer) -> Citizen:
    return Citizen(person, ial=SEEN_AT_A_COUNTER, aal=AAL_AT_A_COUNTER, hand=by.officer)


def read_visit(form: VisitForm) -> Identity:
    """Return name and number in canonical form.

    Raises:
        InvalidFields: every fault at once, also of the ward, that the card was not seen, and that no purpose was said.
    """
    faults: list[DomainError] = []
    read = Identity("", "")
    try:
        read = read_name_and_number(form.name, form.id_no)
    except InvalidFields as wrong:
        faults += wrong.faults
    if form.is_for_ward:
        try:
            read_name_and_number(form.ward_name, form.ward_id_no)
        except InvalidFields as wrong:
            for fault in wrong.faults:
                fault.field = f"ward_{fault.field}"
            faults += wrong.faults
    if not form.is_card_seen:
        faults.append(CardNotSeen(field="card"))
    if form.purpose is None:
        faults.append(PurposeMissing(field="purpose"))
    if faults:
        raise InvalidFields(faults)
    return read
