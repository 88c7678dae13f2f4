"""What the pages are tried with answers as the real entries at a counter do."""

from dataclasses import dataclass, replace
from uuid import UUID, uuid4

import pytest

from gov_portal.kernel.errors import Forbidden
from gov_portal.kernel.principal import Citizen, Officer
from tests.factories.counter import HALL, InMemoryCounter, a_visit
from tests.factories.pages import InMemoryCases
from tests.factories.town import CARD, REVIEW, Town
from workflows.domain.counter import Way
from workflows.services.counter import ConsentMissing, CounterEntries, Entry, NotAtCounter, TellingUnknown

VISIT = UUID("50000000-0000-4000-8000-000000000009")


@dataclass(frozen=True)
class Hall:
    """Hold the entries with an officer and the person before them."""

    entries: CounterEntries | InMemoryCounter
    officer: Officer
    person: Citizen

    def entry(self, consent: str = "oral") -> Entry:
        return Entry(VISIT, self.officer, consent)


@pytest.fixture(params=["real", "double"])
def hall(request: pytest.FixtureRequest, town: Town) -> Hall:
    if request.param == "double":
        return Hall(InMemoryCounter(InMemoryCases()), HALL, a_visit().citizen)
    officer = town.doubles.officers.add("hall", org="dept.subdistrict", role="counter")
    person = replace(town.citizen, ial=5, aal=2, hand=officer.officer)
    return Hall(CounterEntries(town.desk, cases=town.cases), officer, person)


def test_a_draft_begins_with_consent_and_is_listed_for_its_visit(hall: Hall) -> None:
    case = hall.entries.begin(CARD, entry=hall.entry(), by=hall.person)
    hall.entries.must_have_consent(case, visit=VISIT)
    (unsent,) = hall.entries.unsent((VISIT,), by=hall.officer)
    assert (unsent.case, unsent.visit, unsent.item) == (case, VISIT, CARD)
    assert hall.entries.unsent((uuid4(),), by=hall.officer) == ()
    with pytest.raises(ConsentMissing):
        hall.entries.must_have_consent(case, visit=uuid4())


@pytest.mark.parametrize("consent", ["", "yes"])
def test_nothing_begins_without_consent(hall: Hall, consent: str) -> None:
    with pytest.raises(ConsentMissing) as refused:
        hall.entries.begin(CARD, entry=hall.entry(consent), by=hall.person)
    assert refused.value.field == "consent"
    assert hall.entries.unsent((VISIT,), by=hall.officer) == ()


def test_nobody_types_by_anothers_hand_or_what_is_not_offered(hall: Hall) -> None:
    with pytest.raises(Forbidden):
        hall.entries.begin(CARD, entry=hall.entry(), by=replace(hall.person, hand=None))
    offered = {item.facts.id for item in hall.entries.items(by=hall.officer)}
    assert CARD in offered
    assert REVIEW not in offered
    with pytest.raises(NotAtCounter):
        hall.entries.begin(REVIEW, entry=hall.entry(), by=hall.person)


def test_what_is_not_to_be_told_cannot_be_told(hall: Hall) -> None:
    assert hall.entries.tellings(hall.officer) == ()
    with pytest.raises(TellingUnknown):
        hall.entries.tell(uuid4(), way=Way.PHONE, by=hall.officer)
