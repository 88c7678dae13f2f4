"""What an officer enters for a person at a counter is that person's case, by the officer's hand, and nothing is told
into the air."""

from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from gov_portal.kernel.errors import Forbidden
from gov_portal.kernel.ids import CaseId
from gov_portal.kernel.principal import Citizen, Officer
from tests.factories.town import CARD, REVIEW, Town
from workflows.domain.counter import Consent, Way
from workflows.services.counter import ConsentMissing, CounterEntries, Entry, NotAtCounter, TellingUnknown
from workflows.services.errors import CaseUnknown

VISIT = UUID("50000000-0000-4000-8000-000000000001")


@pytest.fixture
def entries(town: Town) -> CounterEntries:
    return CounterEntries(town.desk, cases=town.cases)


@pytest.fixture
def officer(town: Town) -> Officer:
    return town.doubles.officers.add("hall", org="dept.subdistrict", role="counter")


@pytest.fixture
def person(town: Town, officer: Officer) -> Citizen:
    """The town's citizen, before the officer."""
    return replace(town.citizen, ial=5, aal=2, hand=officer.officer)


def begun(entries: CounterEntries, officer: Officer, person: Citizen, consent: str = "oral") -> CaseId:
    return entries.begin(CARD, entry=Entry(VISIT, officer, consent), by=person)


def submitted(town: Town, entries: CounterEntries, officer: Officer, person: Citizen) -> CaseId:
    begun(entries, officer, person)
    return town.submitted(person)


def test_an_entry_is_the_persons_own_draft_with_the_officer_as_the_hand(
    town: Town, entries: CounterEntries, officer: Officer, person: Citizen
) -> None:
    case = submitted(town, entries, officer, person)
    assert [row.case for row in town.cases.my_cases(town.citizen)] == [case]
    with town.db.driver() as driver:
        sql = "SELECT DISTINCT actor FROM kernel_ledger WHERE stream = %s"
        actors = {row[0] for row in driver.execute(sql, (f"case:{case}",)).fetchall()}
    assert actors == {f"citizen:{person.person} by officer:{officer.officer}"}


def test_departments_are_asked_by_the_persons_hand_and_only_after_consent(
    town: Town, entries: CounterEntries, officer: Officer, person: Citizen
) -> None:
    with pytest.raises(ConsentMissing):
        begun(entries, officer, person, consent="")
    assert town.doubles.exchange.asked == []
    case = begun(entries, officer, person, consent="signed")
    assert {request.actor for request in town.doubles.exchange.asked} == {person}
    given = town.cases.view(case, by=person).counter
    assert given is not None
    assert given.consent is Consent.SIGNED


def test_nobody_enters_by_another_officers_hand(
    town: Town, entries: CounterEntries, officer: Officer, person: Citizen
) -> None:
    for stranger in (replace(person, hand=town.window.officer), town.citizen):
        with pytest.raises(Forbidden):
            begun(entries, officer, stranger)


def test_the_officer_does_not_see_the_case_once_the_person_is_gone(
    town: Town, entries: CounterEntries, officer: Officer, person: Citizen
) -> None:
    case = submitted(town, entries, officer, person)
    with pytest.raises(CaseUnknown):
        town.cases.view(case, by=officer)


def test_the_case_is_decided_like_any_other(
    town: Town, entries: CounterEntries, officer: Officer, person: Citizen
) -> None:
    case = submitted(town, entries, officer, person)
    town.act(case, "accept.1", "ok", by=town.window)
    assert town.cases.view(case, by=town.citizen).phase == "review"


def test_unsent_entries_are_listed_for_their_officer_and_visit_until_they_are_sent(
    town: Town, entries: CounterEntries, officer: Officer, person: Citizen
) -> None:
    case = begun(entries, officer, person)
    assert [(one.case, one.visit) for one in entries.unsent((VISIT,), by=officer)] == [(case, VISIT)]
    assert entries.unsent((uuid4(),), by=officer) == ()
    assert entries.unsent((), by=officer) == ()
    assert entries.unsent((VISIT,), by=town.window) == ()
    town.submitted(person)
    assert entries.unsent((VISIT,), by=officer) == ()


def test_going_on_with_a_draft_is_the_same_draft_and_consent_is_written_again(
    town: Town, entries: CounterEntries, officer: Officer, person: Citizen
) -> None:
    case = begun(entries, officer, person)
    assert begun(entries, officer, person, consent="signed") == case
    assert len(entries.unsent((VISIT,), by=officer)) == 1
    given = town.cases.view(case, by=person).counter
    assert given is not None
    assert given.consent is Consent.SIGNED


def test_what_happens_must_be_told_at_the_counter_once_and_is_told_by_somebody(
    town: Town, entries: CounterEntries, officer: Officer, person: Citizen
) -> None:
    case = submitted(town, entries, officer, person)
    town.deliver_all()
    assert entries.tellings(officer) == ()
    town.supplement(case, "claim.cause")
    town.deliver_all()
    (telling,) = entries.tellings(officer)
    assert (telling.code, telling.name_masked) == ("case.supplement-asked", "样*")
    assert telling.case_number == town.cases.view(case, by=town.citizen).case_number
    with pytest.raises(TellingUnknown):
        entries.tell(telling.id, way=Way.PHONE, by=town.elsewhere)
    entries.tell(telling.id, way=Way.PHONE, by=officer)
    assert entries.tellings(officer) == ()
    with pytest.raises(TellingUnknown):
        entries.tell(telling.id, way=Way.PHONE, by=officer)


def test_who_must_be_told_by_phone_is_listed_with_the_number_of_the_account(
    town: Town, entries: CounterEntries, officer: Officer, person: Citizen
) -> None:
    case = submitted(town, entries, officer, person)
    town.supplement(case, "claim.cause")
    town.deliver_all()
    assert [one.phone for one in entries.tellings(officer)] == ["12000000001"]
    known = town.doubles.people.known
    known[person.person] = (replace(known[person.person][0], phone=""), known[person.person][1])
    assert [one.phone for one in entries.tellings(officer)] == [""]


def test_nothing_is_to_be_told_of_a_case_that_its_applicant_has_entered(
    town: Town, entries: CounterEntries, officer: Officer
) -> None:
    case = town.submitted()
    town.supplement(case, "claim.cause")
    town.deliver_all()
    assert entries.tellings(officer) == ()


def test_a_supplement_is_taken_at_the_counter(
    town: Town, entries: CounterEntries, officer: Officer, person: Citizen
) -> None:
    case = submitted(town, entries, officer, person)
    town.supplement(case, "claim.cause")
    asked = town.cases.view(case, by=person).supplement
    assert asked is not None
    town.cases.return_supplement(case, task=asked.task, raw={"claim.cause": "noise at the mill"}, by=person, key="k")
    assert town.cases.view(case, by=person).supplement is None


def test_the_case_says_where_it_was_entered_and_its_history_that_an_officer_typed(
    town: Town, entries: CounterEntries, officer: Officer, person: Citizen
) -> None:
    case = submitted(town, entries, officer, person)
    named = town.doubles.officers.names([officer.officer])[officer.officer]
    for reader, name in ((town.citizen, ""), (town.window, named)):
        view = town.cases.view(case, by=reader)
        assert view.counter is not None
        assert (view.counter.office, view.counter.consent) == ("dept.subdistrict 470101", Consent.ORAL)
        typed = {entry.kind: entry.detail["hand"] for entry in view.timeline if "hand" in entry.detail}
        assert typed == {"begun": name, "submitted": name}


def test_a_case_from_home_says_nothing_of_a_counter(town: Town) -> None:
    view = town.cases.view(town.submitted(), by=town.citizen)
    assert view.counter is None
    assert not any("hand" in entry.detail for entry in view.timeline)


def test_a_draft_from_home_is_not_gone_on_with_before_its_applicant_agrees_at_this_visit(
    town: Town, entries: CounterEntries, officer: Officer, person: Citizen
) -> None:
    case = town.cases.begin(CARD, by=town.citizen)
    with pytest.raises(ConsentMissing):
        entries.must_have_consent(case, visit=VISIT)
    assert begun(entries, officer, person) == case
    entries.must_have_consent(case, visit=VISIT)
    with pytest.raises(ConsentMissing):
        entries.must_have_consent(case, visit=uuid4())


def test_only_what_is_offered_at_a_counter_is_entered_there(
    town: Town, entries: CounterEntries, officer: Officer, person: Citizen
) -> None:
    assert CARD in {item.facts.id for item in entries.items(by=officer)}
    assert REVIEW not in {item.facts.id for item in entries.items(by=officer)}
    with pytest.raises(NotAtCounter):
        entries.begin(REVIEW, entry=Entry(VISIT, officer, "oral"), by=person)


def test_an_appeal_at_a_counter_asks_for_consent_and_is_entered_like_any_other_draft(
    town: Town, entries: CounterEntries, officer: Officer, person: Citizen
) -> None:
    case = town.submitted()
    town.act(case, "accept.1", "refuse", by=town.window, reason="not of this district")
    with pytest.raises(ConsentMissing):
        entries.appeal(case, entry=Entry(VISIT, officer, ""), by=person, reason="I live here")
    assert town.cases.view(case, by=person).appealed_by is None
    opened = entries.appeal(case, entry=Entry(VISIT, officer, "signed"), by=person, reason="I live here")
    entries.must_have_consent(opened, visit=VISIT)
    (unsent,) = entries.unsent((VISIT,), by=officer)
    assert (unsent.case, unsent.item) == (opened, REVIEW)


def test_what_was_handed_in_is_open_at_every_visit(
    town: Town, entries: CounterEntries, officer: Officer, person: Citizen
) -> None:
    entries.must_have_consent(submitted(town, entries, officer, person), visit=uuid4())
