"""What the pages are tried with answers as the real counter does."""

import pytest

from gov_portal.kernel.errors import InvalidFields
from gov_portal.kernel.principal import Officer
from identity.domain.errors import VisitRefused, VisitUnknown, VisitWardRefused
from identity.domain.values import VisitForm
from identity.services.counter import Counter
from tests.factories.counter import ELDER, GRANDCHILD, InMemoryVisits
from tests.factories.identity import CHILD_ID_NO, CHILD_NAME, ID_NO, NAME, STRANGER_ID_NO, IdentityHouse, hall_officer

Visits = Counter | InMemoryVisits


@pytest.fixture
def officer(house: IdentityHouse) -> Officer:
    return hall_officer(house, "hall")


@pytest.fixture
def colleague(house: IdentityHouse) -> Officer:
    return hall_officer(house, "colleague")


@pytest.fixture(params=["real", "double"])
def visits(request: pytest.FixtureRequest, house: IdentityHouse) -> Visits:
    if request.param == "real":
        return house.service.counter
    double = InMemoryVisits({ID_NO: (NAME, ELDER), CHILD_ID_NO: (CHILD_NAME, GRANDCHILD)})
    double.open = []
    return double


def a_form(name: str = NAME, id_no: str = ID_NO, **more: object) -> VisitForm:
    return VisitForm(name=name, id_no=id_no, **{"is_card_seen": True, **more})


def test_an_open_visit_is_its_officers_until_it_ends(visits: Visits, officer: Officer, colleague: Officer) -> None:
    visit = visits.identify(a_form(), by=officer)
    view = visits.visit(visit, by=officer)
    assert (view.name, view.citizen.hand, view.citizen.acting_for) == (NAME, officer.officer, None)
    assert [one.id for one in visits.visits(officer)] == [visit]
    assert visits.visits(colleague) == ()
    visits.end(visit, by=colleague)
    with pytest.raises(VisitUnknown):
        visits.visit(visit, by=colleague)
    visits.end(visit, by=officer)
    with pytest.raises(VisitUnknown):
        visits.visit(visit, by=officer)
    visits.end(visit, by=officer)


def test_a_ward_is_the_subject_of_the_visit(visits: Visits, officer: Officer) -> None:
    visit = visits.identify(a_form(ward_name=CHILD_NAME, ward_id_no=CHILD_ID_NO), by=officer)
    view = visits.visit(visit, by=officer)
    assert view.ward_name == CHILD_NAME
    assert view.citizen.subject == view.citizen.acting_for != view.citizen.person


@pytest.mark.parametrize("id_no", [CHILD_ID_NO, STRANGER_ID_NO], ids=["of somebody else", "of nobody"])
def test_what_does_not_belong_together_is_refused_alike(visits: Visits, officer: Officer, id_no: str) -> None:
    with pytest.raises(VisitRefused):
        visits.identify(a_form(id_no=id_no), by=officer)


def test_a_wrong_ward_is_refused_at_the_wards_input(visits: Visits, officer: Officer) -> None:
    with pytest.raises(VisitWardRefused) as refused:
        visits.identify(a_form(ward_name=CHILD_NAME, ward_id_no=STRANGER_ID_NO), by=officer)
    assert refused.value.field == "ward_id_no"


def test_every_fault_is_told_at_once(visits: Visits, officer: Officer) -> None:
    with pytest.raises(InvalidFields) as refused:
        visits.identify(VisitForm(name="", id_no="1", purpose=None), by=officer)
    assert [fault.field for fault in refused.value.faults] == ["name", "id_no", "card", "purpose"]
