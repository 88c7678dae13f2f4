"""Offer items to whom they are for, and let one tap agree (免申即享).

Whom an item is for, departments say with yes or no, under the standing programme that the item is; a licence that ends,
a year that has passed or an event that a department tells of lead to an offer in the same way.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from gov_portal.kernel.errors import Invalid, NotFound
from gov_portal.kernel.ids import CaseId, ItemId, LicenceId, PersonId
from gov_portal.kernel.principal import Citizen
from workflows.domain.definition import Definition
from workflows.domain.expressions import holds
from workflows.domain.subject import Offer, Renewal
from workflows.engine.refusals import CaseNotDraft
from workflows.engine.timing import days_after
from workflows.ports import HeldLicence, PredicateRequest
from workflows.services.cases import CaseService
from workflows.services.catalogue import home_region
from workflows.services.desk import Desk, Service
from workflows.storage import offers as rows

ASK_AGAIN_DAYS = 30
"""How long nobody is asked again whether an item is for a person."""

MOST_AT_ONCE = 500
"""People of one look into the register of accounts."""

FITS, CYCLE, ENDING, EVENT = "fits", "cycle", "ending", "event"
"""Why something is offered."""


class OfferUnknown(NotFound):
    """Answer that there is no such offer to this person, or that it was declined."""

    code = "offer.unknown"


class EventUnknown(Invalid):
    """Refuse an event upon which no item begins."""

    code = "offer.event-unknown"


@dataclass(frozen=True, slots=True)
class OfferView:
    """Show an offer to the person whom it is made to.

    Attributes:
        reason: ``fits`` (departments say so), ``cycle`` (it is time again), ``ending`` (a licence ends) or ``event``.
        predicates: yes-or-no resources that were asked.
        licence: the licence that ends, where one does.
        case: what came of it.
    """

    id: UUID
    item: ItemId
    item_name: str
    reason: str
    predicates: tuple[str, ...] = ()
    licence: HeldLicence | None = None
    case: CaseId | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """Tell what came of an offer: the case, and whether it is submitted or something is still to be filled in."""

    case: CaseId
    is_submitted: bool


class Offers(Service):
    """Make offers, show them, and take what people say to them."""

    def __init__(self, desk: Desk, *, cases: CaseService) -> None:
        """Keep the desk and the use cases of cases, which carry what is agreed to."""
        super().__init__(desk)
        self._cases = cases
        self._done_on: date | None = None

    # -- making offers -----------------------------------------------------------------------------------

    def survey_daily(self) -> int:
        """Look once a business day of this process; several processes do no harm."""
        today = self._today()
        if self._done_on == today:
            return 0
        made = self.survey()
        self._done_on = today
        return made

    def survey(self) -> int:
        """Look for whom the published items are, and offer them; return how many offers are new."""
        made = 0
        for heading in self._desk.definitions.headings():
            renew, offer = heading.start.renew, heading.start.offer
            if renew is None and offer is None:
                continue
            definition = self._desk.definitions.by_hash(heading.hash)
            if renew is not None:
                made += self._offer_renewals(definition, renew)
            if offer is not None:
                made += sum(self._look_at(definition, offer, one) for one in self._everybody())
        return made

    def hear(self, event: str, *, id_no: str, reference: str) -> int:
        """Offer what begins upon an event that a department tells of a person; a person without an account waits.

        ``reference`` is the department's own id of the event: told twice, it leads to one offer.

        Raises:
            EventUnknown: no item begins upon such an event.
        """
        definitions = self._desk.definitions
        upon = [definitions.by_hash(one.hash) for one in definitions.headings() if one.start.upon == event]
        if not upon:
            raise EventUnknown(field="event")
        person = self._desk.ports.people.person_of(id_no)
        if person is None:
            return 0
        return sum(self._make(one, person, occasion=f"{event}:{reference}", reason=EVENT) for one in upon)

    def _everybody(self) -> Iterator[PersonId]:
        last: PersonId | None = None
        while found := self._desk.ports.people.with_accounts(after=last, most=MOST_AT_ONCE):
            yield from found
            last = found[-1]

    def _look_at(self, definition: Definition, rule: Offer, person: PersonId) -> bool:
        """Ask departments about one person unless that was done lately, and offer what fits."""
        item, today = definition.facts.id, self._today()
        with self._desk.db.driver() as driver:
            last = rows.last_time(driver, item, person=person)
            asked = rows.asked_on(driver, item, person=person)
        if last is not None and not self._is_time_again(definition, self._desk.calendar.local_date(last)):
            return False
        if asked is not None and (today - asked).days < ASK_AGAIN_DAYS:
            return False
        answers = {name: self._ask(definition, name, person) for name in rule.predicates}
        if any(answer is None for answer in answers.values()):
            return False
        with self._desk.db.driver() as driver:
            rows.note_asked(driver, item, person=person, on=today)
        if not holds(rule.when, answers, today=today, lets={}):
            return False
        return self._make(definition, person, occasion=f"since:{today}", reason=CYCLE if last else FITS)

    def _is_time_again(self, definition: Definition, last_on: date) -> bool:
        every = definition.start.every
        return every is not None and self._today() >= days_after(last_on, every)

    def _ask(self, definition: Definition, predicate: str, person: PersonId) -> bool | None:
        request = PredicateRequest(
            resource=predicate,
            item=definition.facts.id,
            subject=person,
            idempotency_key=f"offer:{definition.facts.id}:{predicate}:{person}:{self._today()}",
        )
        return self._desk.ports.exchange.holds(request)

    def _offer_renewals(self, definition: Definition, rule: Renewal) -> int:
        about, today = definition.start.about, self._today()
        if about is None:
            return 0
        ending = self._desk.ports.licences.ending(
            kind=about.licence, first_on=today, last_on=days_after(today, rule.opens)
        )
        return sum(
            self._make(definition, holder, occasion=f"{held.licence}:{held.valid_until}", reason=ENDING, about=held)
            for holder, held in ending
        )

    def _make(
        self, definition: Definition, person: PersonId, *, occasion: str, reason: str, about: HeldLicence | None = None
    ) -> bool:
        """Write an offer and tell the person; false where it was made before."""
        facts, licence = definition.facts, about.licence if about else None
        new = rows.NewOffer(item=facts.id, person=person, occasion=occasion, reason=reason, about=licence)
        with self._desk.db.driver() as driver:
            offer = rows.add_offer(driver, new, at=self._desk.clock.now())
        if offer is None:
            return False
        params = {"item": facts.name, "offer": str(offer)}
        self._desk.ports.messages.tell(person, "offer.made", params, idempotency_key=f"offer:{offer}")
        return True

    # -- what people say to them ----------------------------------------------------------------------------

    def open(self, *, by: Citizen) -> tuple[OfferView, ...]:
        """Return what is offered to the person, or to the ward acted for."""
        with self._desk.db.driver() as driver:
            found = rows.open_offers(driver, by.subject)
        return tuple(self._view(row, by=by) for row in found)

    def offer(self, offer: UUID, *, by: Citizen) -> OfferView:
        """Show one offer.

        Raises:
            OfferUnknown: it is not this person's.
        """
        return self._view(self._find_offer(offer, by=by), by=by)

    def take(self, offer: UUID, *, by: Citizen) -> Taken:
        """Agree: begin the case, and submit it where departments know everything; once more it is the same case.

        Raises:
            OfferUnknown: it is not this person's, or was declined.
            TransitionRefused, WardNotAllowed, SubjectMissing, SubjectBusy: as for any draft.
        """
        row = self._find_offer(offer, by=by)
        case = CaseId(row.case_id) if row.case_id else self._begin(row, by=by)
        return Taken(case, self._submit(case, offer, by=by))

    def decline(self, offer: UUID, *, by: Citizen) -> None:
        """Say no; it is not offered again on this occasion.

        Raises:
            OfferUnknown: it is not this person's.
        """
        row = self._find_offer(offer, by=by)
        with self._desk.db.driver() as driver:
            rows.settle_offer(driver, row.id, state=rows.DECLINED, case=None, at=self._desk.clock.now())

    def _begin(self, row: rows.OfferRow, *, by: Citizen) -> CaseId:
        about = None if row.about is None else LicenceId(row.about)
        case = self._cases.begin_offered(ItemId(row.item), by=by, about=about)
        with self._desk.db.driver() as driver:
            rows.settle_offer(driver, row.id, state=rows.TAKEN, case=case, at=self._desk.clock.now())
        return case

    def _submit(self, case: CaseId, offer: UUID, *, by: Citizen) -> bool:
        """Submit what is complete; what people must answer themselves stays a draft."""
        try:
            draft = self._cases.draft(case, by=by)
        except CaseNotDraft:
            return True
        if not draft.can_submit or any(one.holds is False for one in draft.conditions):
            return False
        self._cases.submit(case, by=by, key=f"offer:{offer}")
        return True

    def _find_offer(self, offer: UUID, *, by: Citizen) -> rows.OfferRow:
        with self._desk.db.driver() as driver:
            row = rows.find_offer(driver, offer, person=by.subject)
        if row is None or row.state == rows.DECLINED:
            raise OfferUnknown
        return row

    def _view(self, row: rows.OfferRow, *, by: Citizen) -> OfferView:
        item = ItemId(row.item)
        definition = self._desk.definitions.current(item, region=home_region(self._desk, item, by=by))
        rule, about = definition.start.offer, definition.start.about
        held = self._desk.ports.licences.held(by.subject, kind=about.licence) if about and row.about else ()
        return OfferView(
            id=row.id,
            item=definition.facts.id,
            item_name=definition.facts.name,
            reason=row.reason,
            predicates=rule.predicates if rule and row.reason in (FITS, CYCLE) else (),
            licence=next((one for one in held if one.licence == row.about), None),
            case=CaseId(row.case_id) if row.case_id else None,
        )

    def _today(self) -> date:
        return self._desk.calendar.local_date(self._desk.clock.now())
