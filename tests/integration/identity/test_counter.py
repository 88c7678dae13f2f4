"""An officer who has seen a person's card types for them, for some hours, in their own name beside the person's."""

import pytest
from sqlalchemy import text

from gov_portal.kernel.db import Database
from gov_portal.kernel.errors import InvalidFields
from gov_portal.kernel.principal import Citizen, Officer, actor_of
from identity.domain.errors import (
    TooManyAttempts,
    VisitRefused,
    VisitUnknown,
    VisitUnproven,
    VisitWardRefused,
    WardIsSelf,
)
from identity.domain.values import VisitForm, VisitPurpose
from tests.factories.identity import (
    CHILD_ID_NO,
    CHILD_NAME,
    ID_NO,
    NAME,
    STRANGER_ID_NO,
    WARD_ID_NO,
    WARD_NAME,
    IdentityHouse,
    hall_officer,
)


@pytest.fixture
def officer(house: IdentityHouse) -> Officer:
    return hall_officer(house, "hall")


def a_visit(name: str = NAME, id_no: str = ID_NO, **more: object) -> VisitForm:
    return VisitForm(name=name, id_no=id_no, **{"is_card_seen": True, **more})


def test_a_person_without_account_is_entered_without_phone_and_stands_at_the_highest_level(
    house: IdentityHouse, officer: Officer
) -> None:
    view = house.service.counter.visit(house.service.counter.identify(a_visit(), by=officer), by=officer)
    facts = house.service.facts(view.citizen.person)
    assert (facts.name, facts.phone, facts.ial) == (NAME, "", 5)
    assert view.citizen == Citizen(facts.person, ial=5, aal=2, hand=officer.officer)
    assert view.id_no_masked == "470101********0124"
    assert not house.people.has_account(facts.person)


def test_the_ledger_spells_the_person_and_the_hand(house: IdentityHouse, officer: Officer) -> None:
    view = house.service.counter.visit(house.service.counter.identify(a_visit(), by=officer), by=officer)
    assert actor_of(view.citizen) == f"citizen:{view.citizen.person} by officer:{officer.officer}"


def test_whoever_was_entered_at_a_counter_registers_later_and_is_the_same_person_at_the_level_of_two_elements(
    house: IdentityHouse, officer: Officer
) -> None:
    view = house.service.counter.visit(house.service.counter.identify(a_visit(), by=officer), by=officer)
    citizen = house.citizen(house.register())
    assert (citizen.person, citizen.ial, citizen.hand) == (view.citizen.person, 3, None)


def test_an_account_stays_as_it_is_when_its_owner_comes_to_the_counter(house: IdentityHouse, officer: Officer) -> None:
    own = house.citizen(house.register())
    view = house.service.counter.visit(house.service.counter.identify(a_visit(), by=officer), by=officer)
    assert view.citizen.person == own.person
    assert house.citizen(house.sign_in()) == own


@pytest.mark.parametrize("id_no", [CHILD_ID_NO, STRANGER_ID_NO], ids=["of somebody else", "of nobody"])
def test_a_name_that_does_not_fit_the_number_is_refused_alike(
    house: IdentityHouse, officer: Officer, id_no: str
) -> None:
    with pytest.raises(VisitRefused):
        house.service.counter.identify(a_visit(id_no=id_no), by=officer)


def test_every_fault_is_told_at_once_with_its_field_and_nothing_is_asked(
    house: IdentityHouse, officer: Officer
) -> None:
    form = VisitForm(name="", id_no="470101", purpose=None, ward_name=CHILD_NAME, ward_id_no="1")
    with pytest.raises(InvalidFields) as refused:
        house.service.counter.identify(form, by=officer)
    assert [fault.field for fault in refused.value.faults] == ["name", "id_no", "ward_id_no", "card", "purpose"]
    assert house.population.calls == 0


def test_an_outage_is_said_and_may_be_tried_again(house: IdentityHouse, officer: Officer) -> None:
    house.population.is_up = False
    for _ in range(8):
        with pytest.raises(VisitUnproven):
            house.service.counter.identify(a_visit(), by=officer)
    house.population.is_up = True
    assert house.service.counter.identify(a_visit(), by=officer)


def test_one_number_cannot_be_tried_with_many_names(house: IdentityHouse, officer: Officer) -> None:
    with pytest.raises(TooManyAttempts):
        for name in "赵钱孙李周吴":
            with pytest.raises(VisitRefused):
                house.service.counter.identify(a_visit(name + "某"), by=officer)


def test_a_guardian_comes_for_a_ward_and_a_stranger_cannot(house: IdentityHouse, officer: Officer) -> None:
    form = a_visit(ward_name=CHILD_NAME, ward_id_no=CHILD_ID_NO)
    view = house.service.counter.visit(house.service.counter.identify(form, by=officer), by=officer)
    assert view.ward_name == CHILD_NAME
    assert view.citizen.acting_for is not None
    assert view.citizen.subject == house.people.by_id_no(CHILD_ID_NO)
    with pytest.raises(VisitWardRefused) as refused:
        stranger = a_visit(WARD_NAME, WARD_ID_NO, ward_name=CHILD_NAME, ward_id_no=CHILD_ID_NO)
        house.service.counter.identify(stranger, by=officer)
    assert refused.value.field == "ward_id_no"


def test_nobody_is_their_own_ward(house: IdentityHouse, officer: Officer) -> None:
    with pytest.raises(WardIsSelf) as refused:
        house.service.counter.identify(a_visit(ward_name=NAME, ward_id_no=ID_NO), by=officer)
    assert refused.value.field == "ward_id_no"


def test_a_visit_dies_with_the_guardianship(house: IdentityHouse, officer: Officer) -> None:
    form = a_visit(ward_name=CHILD_NAME, ward_id_no=CHILD_ID_NO)
    visit = house.service.counter.identify(form, by=officer)
    who = house.service.counter.visit(visit, by=officer).citizen
    assert who.acting_for is not None
    house.service.end_guardianship(who.person, ward=who.acting_for, because="record-changed")
    with pytest.raises(VisitUnknown):
        house.service.counter.visit(visit, by=officer)


def test_a_visit_is_its_officers_alone_and_ends_by_hand_or_by_time(house: IdentityHouse, officer: Officer) -> None:
    colleague = hall_officer(house, "colleague")
    first = house.service.counter.identify(a_visit(), by=officer)
    with pytest.raises(VisitUnknown):
        house.service.counter.visit(first, by=colleague)
    house.service.counter.end(first, by=colleague)
    assert [view.id for view in house.service.counter.visits(officer)] == [first]
    house.service.counter.end(first, by=officer)
    assert house.service.counter.visits(officer) == ()
    second = house.service.counter.identify(a_visit(purpose=VisitPurpose.ENQUIRY), by=officer)
    assert house.service.counter.visit(second, by=officer).purpose is VisitPurpose.ENQUIRY
    house.pass_time(hours=4, seconds=1)
    with pytest.raises(VisitUnknown):
        house.service.counter.visit(second, by=officer)


def test_the_row_of_a_visit_stays_and_holds_no_name_or_number(
    house: IdentityHouse, officer: Officer, database: Database
) -> None:
    house.service.counter.end(house.service.counter.identify(a_visit(), by=officer), by=officer)
    with database.read() as connection:
        row = connection.execute(text("SELECT v::text FROM identity_visits v")).scalar_one()
    assert NAME not in row
    assert ID_NO not in row
    assert str(officer.officer) in row
