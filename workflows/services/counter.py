"""Enter cases for people who stand at a counter without a phone (窗口代录), and see that they are told what happens.

Everything else of such a case goes the way of any other: the same drafts, the same engine, the same officers. Only who
typed, how consent was given, and that no message reaches a phone, is kept here.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from gov_portal.kernel.errors import Forbidden, Invalid, NotFound
from gov_portal.kernel.ids import CaseId, ItemId, PersonId
from gov_portal.kernel.principal import Citizen, Officer, Platform
from gov_portal.kernel.types import Phone
from workflows.domain.counter import Consent, Way
from workflows.domain.heading import Heading
from workflows.services.cases import CaseService
from workflows.services.desk import Desk, Service
from workflows.storage import counter as rows
from workflows.storage.counter import TellingRow
from workflows.storage.loading import StoredCase
from workflows.storage.visibility import visible_to


class ConsentMissing(Invalid):
    """Refuse to ask departments before the person has agreed to it."""

    code = "counter.consent-missing"


class TellingUnknown(NotFound):
    """Answer that this counter has no such thing to tell, or that it was told already."""

    code = "counter.telling-unknown"


class NotAtCounter(Forbidden):
    """Refuse to enter an item at a counter that is not offered there."""

    code = "counter.item-not-here"


@dataclass(frozen=True, slots=True)
class Entry:
    """Say who enters: the officer, at which visit, and how consent was given; empty where it was not."""

    visit: UUID
    officer: Officer
    consent: str


@dataclass(frozen=True, slots=True)
class Unsent:
    """Show a draft that an officer has begun for somebody (未提交的代录)."""

    case: CaseId
    visit: UUID
    item: ItemId
    item_name: str
    begun_at: datetime


@dataclass(frozen=True, slots=True)
class Telling:
    """Show what an applicant must be told by phone or at the counter (需电话或窗口告知); the name is masked.

    ``phone`` is empty where nobody knows a number to call.
    """

    id: UUID
    case_number: str
    item_name: str
    name_masked: str
    code: str
    at: datetime
    phone: str = field(repr=False, default="")


_CHANNEL = "counter"
"""Channel of the items that are offered at a counter (窗口办理)."""


class CounterEntries(Service):
    """Begin entries and keep what must be told."""

    def __init__(self, desk: Desk, *, cases: CaseService) -> None:
        """Keep the desk and the use cases of cases, which carry an entry like any other draft."""
        super().__init__(desk)
        self._cases = cases

    def items(self, *, by: Officer) -> tuple[Heading, ...]:
        """Return the items that may be entered at the officer's counter; what only an appeal opens is none of them."""
        return tuple(one for one in self._desk.definitions.headings(region=by.region) if _is_offered(one))

    def begin(self, item: ItemId, *, entry: Entry, by: Citizen, again: bool = False) -> CaseId:
        """Write down the consent, then return the person's open draft of the item, or begin one.

        Raises:
            ConsentMissing: the person has not agreed.
            Forbidden: ``by`` does not act by the hand of the entry's officer.
            NotAtCounter: the item is not offered at a counter.
            TransitionRefused, WardNotAllowed, OnlyByAppeal: as for any draft.
        """
        definition = self._desk.definitions.current(item, region=entry.officer.region)
        begins = definition.start.is_by_applicant or entry.officer.roles & set(definition.start.by)
        if not _is_offered(Heading.of(definition)) or not begins:
            raise NotAtCounter
        return self._enter(
            item, lambda: self._cases.begin(item, by=by, again=again, region=entry.officer.region), entry=entry, by=by
        )

    def appeal(self, case: CaseId, *, entry: Entry, by: Citizen, reason: str) -> CaseId:
        """Write down the consent, then open the person's appeal about a case, and return its draft.

        Raises:
            ConsentMissing: the person has not agreed.
            Forbidden: ``by`` does not act by the hand of the entry's officer.
            CaseUnknown, TransitionRefused: as for any appeal.
        """
        item = self._cases.appeal_item(case, by=by)
        return self._enter(item, lambda: self._cases.appeal(case, by=by, reason=reason), entry=entry, by=by)

    def _enter(self, item: ItemId, begin: Callable[[], CaseId], *, entry: Entry, by: Citizen) -> CaseId:
        """Write down the consent before any department is asked, and which case came of it."""
        if by.hand != entry.officer.officer:
            raise Forbidden
        if entry.consent not in set(Consent):
            raise ConsentMissing(field="consent")
        new = rows.NewEntry(entry.visit, entry.officer, item, entry.consent, at=self._desk.clock.now())
        with self._desk.db.driver() as driver:
            row = rows.add_entry(driver, new)
        case = begin()
        with self._desk.db.driver() as driver:
            rows.join_case(driver, row, case=case)
        return case

    def must_have_consent(self, case: CaseId, *, visit: UUID) -> None:
        """Refuse to open a draft, begun here or at home, to which its applicant has not agreed at this visit.

        Raises:
            ConsentMissing: nobody has asked them.
        """
        with self._desk.db.driver() as driver:
            if rows.lacks_consent(driver, case, visit=visit):
                raise ConsentMissing(field="consent")

    def unsent(self, visits: tuple[UUID, ...], *, by: Officer) -> tuple[Unsent, ...]:
        """Return the drafts of the officer's own open visits, the latest first."""
        if not visits:
            return ()
        with self._desk.db.driver() as driver:
            found = rows.unsent(driver, visits, by=by)
        return tuple(
            Unsent(CaseId(row.case), row.visit, ItemId(row.item), self._item_name(row.item), row.begun_at)
            for row in found
        )

    def tellings(self, by: Officer) -> tuple[Telling, ...]:
        """Return what applicants of the officer's counter must still be told, the oldest first."""
        with self._desk.db.driver() as driver:
            found = rows.open_tellings(driver, by)
        names = self._desk.ports.people.masked_names({PersonId(row.applicant) for row in found})
        phones = self._phones(found)
        return tuple(
            Telling(
                row.id,
                row.case_number,
                self._item_name(row.item),
                names.get(PersonId(row.applicant), ""),
                row.code,
                row.at,
                phones.get(row.case, ""),
            )
            for row in found
        )

    def _phones(self, found: Sequence[TellingRow]) -> dict[UUID, str]:
        """Return the number to call for each case: that of the applicant's account, else one answered in the case."""
        known = self._desk.ports.people.phones({PersonId(row.applicant) for row in found})
        phones = {row.case: known[PersonId(row.applicant)] for row in found if PersonId(row.applicant) in known}
        wanting = list({CaseId(row.case) for row in found} - phones.keys())
        if wanting:
            with self._desk.db.driver() as driver:
                rows_of = self._loader.fetch_many(driver, wanting, sight=visible_to(Platform()))
            phones |= {case: _phone_in(self._loader.open(row)) for case, row in rows_of.items()}
        return phones

    def tell(self, telling: UUID, *, way: Way, by: Officer) -> None:
        """Write that the applicant was told, by whom and how.

        Raises:
            TellingUnknown: there is nothing like that to tell at this counter.
        """
        with self._desk.db.driver() as driver:
            if not rows.mark_told(driver, telling, by=by, way=way.value, at=self._desk.clock.now()):
                raise TellingUnknown

    def _item_name(self, item: str) -> str:
        return self._desk.definitions.name(ItemId(item))


def _phone_in(stored: StoredCase) -> str:
    """Return the first phone number among the answers of a case."""
    asked = [path for path, one in stored.definition.fields.items() if isinstance(one.type, Phone)]
    return next((str(value) for path in asked if (value := stored.values.get(path))), "")


def _is_offered(item: Heading) -> bool:
    return _CHANNEL in item.facts.channels and not item.needs_case
