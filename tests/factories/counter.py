"""Doubles of a counter: visits of people who showed their card, entries made for them, and what they must be told."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Protocol
from uuid import UUID

from gov_portal.kernel.errors import Forbidden
from gov_portal.kernel.ids import CaseId, ItemId, OfficerId, PersonId
from gov_portal.kernel.principal import Citizen, Officer
from identity.domain.errors import VisitRefused, VisitUnknown, VisitWardRefused
from identity.domain.values import VisitForm, VisitPurpose, VisitView
from identity.services.counter import VISIT_LASTS, read_visit
from tests.factories.cases import card_item
from tests.factories.views import CASE, ITEM, NAME, NUMBER, at
from workflows.domain.counter import Consent, Way
from workflows.services.counter import ConsentMissing, Entry, NotAtCounter, Telling, TellingUnknown, Unsent

VISIT = UUID("50000000-0000-4000-8000-000000000001")
TELLING = UUID("50000000-0000-4000-8000-000000000002")
HALL_OFFICER = OfficerId(UUID("20000000-0000-4000-8000-000000000003"))
HALL = Officer(HALL_OFFICER, org="dept.subdistrict", region="470101", roles=frozenset({"counter"}), aal=2)
ELDER = PersonId(UUID("10000000-0000-4000-8000-000000000003"))
GRANDCHILD = PersonId(UUID("10000000-0000-4000-8000-000000000004"))
NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
CARD = {"name": "周奶奶", "id_no": "470101194001010129", "card": "seen", "purpose": "entry"}
"""What an officer types for the one person whom the population base of the double knows."""

PEOPLE = {"470101194001010129": ("周奶奶", ELDER), "470101201406010234": ("林小满", GRANDCHILD)}


def a_visit(officer: Officer = HALL, **changes: object) -> VisitView:
    visit = VisitView(
        id=VISIT,
        citizen=Citizen(ELDER, ial=5, aal=2, hand=officer.officer),
        name="周奶奶",
        id_no_masked="470101********0129",
        purpose=VisitPurpose.ENTRY,
        opened_at=NOW,
        expires_at=NOW + VISIT_LASTS,
    )
    return replace(visit, **changes)


def an_unsent() -> Unsent:
    return Unsent(CASE, VISIT, ITEM, NAME, NOW + timedelta(minutes=5))


def a_telling(**changes: object) -> Telling:
    return replace(Telling(TELLING, NUMBER, NAME, "周**", "case.supplement-asked", at(4), "12000000016"), **changes)


class InMemoryVisits:
    """Know some people by number; a guardian is whoever types a ward's name and number right."""

    def __init__(self, people: Mapping[str, tuple[str, PersonId]] | None = None) -> None:
        self.people = PEOPLE if people is None else people
        self.open: list[VisitView] = [a_visit()]
        self.refuse: Exception | None = None
        self.forms: list[VisitForm] = []

    def identify(self, form: VisitForm, *, by: Officer) -> UUID:
        read = read_visit(form)
        self.forms.append(form)
        if self.refuse is not None:
            raise self.refuse
        name, person = self.people.get(read.id_no, ("", ELDER))
        if name != read.name:
            raise VisitRefused
        ward_name, ward = self.people.get(form.ward_id_no, ("", None))
        if form.is_for_ward and ward_name != form.ward_name:
            raise VisitWardRefused(field="ward_id_no")
        citizen = Citizen(person, ial=5, aal=2, acting_for=ward, hand=by.officer)
        masked = f"{read.id_no[:6]}********{read.id_no[-4:]}"
        shown = {"name": name, "id_no_masked": masked, "ward_name": ward_name, "purpose": form.purpose}
        self.open = [a_visit(by, citizen=citizen, **shown)]
        return VISIT

    def visit(self, visit: UUID, *, by: Officer) -> VisitView:
        found = [one for one in self.visits(by) if one.id == visit]
        if not found:
            raise VisitUnknown
        return found[0]

    def visits(self, by: Officer) -> tuple[VisitView, ...]:
        return tuple(one for one in self.open if one.citizen.hand == by.officer)

    def end(self, visit: UUID, *, by: Officer) -> None:
        self.open = [one for one in self.open if one.id != visit or one.citizen.hand != by.officer]


class Begins(Protocol):
    """Begin drafts, as the double of the cases does."""

    def begin(self, item: ItemId, *, by: Citizen, again: bool = False) -> CaseId: ...

    def appeal(self, case: CaseId, *, by: Citizen, reason: str) -> CaseId: ...


@dataclass
class InMemoryCounter:
    """Hold what is entered at one counter and what must be told there; drafts are those of the given cases."""

    cases: Begins
    drafts: list[Unsent] = field(default_factory=list)
    waiting: list[Telling] = field(default_factory=list)
    consents: dict[tuple[CaseId, UUID], Consent] = field(default_factory=dict)
    told: list[tuple[UUID, Way, OfficerId]] = field(default_factory=list)

    def items(self, *, by):
        return (card_item(),)

    def begin(self, item: ItemId, *, entry: Entry, by: Citizen, again: bool = False) -> CaseId:
        if item not in {one.facts.id for one in self.items(by=entry.officer)}:
            raise NotAtCounter
        return self._enter(item, lambda: self.cases.begin(item, by=by, again=again), entry=entry, by=by)

    def appeal(self, case: CaseId, *, entry: Entry, by: Citizen, reason: str) -> CaseId:
        return self._enter(ITEM, lambda: self.cases.appeal(case, by=by, reason=reason), entry=entry, by=by)

    def _enter(self, item: ItemId, begin: Callable[[], CaseId], *, entry: Entry, by: Citizen) -> CaseId:
        if by.hand != entry.officer.officer:
            raise Forbidden
        if entry.consent not in set(Consent):
            raise ConsentMissing(field="consent")
        case = begin()
        self.consents[case, entry.visit] = Consent(entry.consent)
        self.drafts = [Unsent(case, entry.visit, item, NAME, NOW)]
        return case

    def must_have_consent(self, case: CaseId, *, visit: UUID) -> None:
        if (case, visit) not in self.consents:
            raise ConsentMissing(field="consent")

    def unsent(self, visits: tuple[UUID, ...], *, by: Officer) -> tuple[Unsent, ...]:
        return tuple(draft for draft in self.drafts if draft.visit in visits)

    def tellings(self, by: Officer) -> tuple[Telling, ...]:
        return tuple(self.waiting)

    def tell(self, telling: UUID, *, way: Way, by: Officer) -> None:
        kept = [one for one in self.waiting if one.id != telling]
        if len(kept) == len(self.waiting):
            raise TellingUnknown
        self.waiting = kept
        self.told.append((telling, way, by.officer))
