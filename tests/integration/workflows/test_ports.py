"""The doubles of officers and people keep the same promises as identity itself."""

from dataclasses import dataclass, field

import pytest

from gov_portal.cli.identity import SANDBOX_STARTS_AT, seed_sandbox
from gov_portal.kernel.cipher import KeyStore
from gov_portal.kernel.clocks import FixedClock
from gov_portal.kernel.db import Database
from gov_portal.kernel.ids import PersonId
from gov_portal.wiring.to_workflows import Offices, Persons
from identity.services.foundation import Foundation
from identity.services.officers import Officers as IdentityOfficers
from identity.services.people import People as IdentityPeople
from tests.factories.ports import InMemoryOfficers, InMemoryPeople
from workflows.ports import Officers, People, PersonFacts


@pytest.fixture(params=["double", "identity"])
def officers(request: pytest.FixtureRequest, database: Database, keys: KeyStore) -> Officers:
    """Officers of at least one department in the city and in one of its districts."""
    if request.param == "identity":
        seed_sandbox(database, keys=keys)
        return Offices(IdentityOfficers(Foundation(database, keys, FixedClock(SANDBOX_STARTS_AT))))
    double = InMemoryOfficers()
    for region in ("470100", "470101", "470200"):
        double.add(f"leader.{region}", org="dept.cdpf", role="leader", rank="leader", region=region)
        for number in (1, 2, 3):
            double.add(f"checker.{region}.{number}", org="dept.cdpf", role="checker", region=region)
    return double


def test_the_district_is_nearer_than_the_city(officers: Officers) -> None:
    office = officers.nearest("dept.cdpf", "470101")
    assert office is not None
    assert (office.org, office.region) == ("dept.cdpf", "470101")
    assert office.name


def test_a_district_without_an_office_is_served_from_above_or_not_at_all(officers: Officers) -> None:
    office = officers.nearest("dept.cdpf", "470109")
    assert office is None or office.region in {"470100", "470000"}


def test_an_unknown_department_has_no_office(officers: Officers) -> None:
    assert officers.nearest("dept.none", "470101") is None
    assert officers.nearest("dept.none", None) is None


def test_eligible_officers_are_distinct_sorted_and_hold_the_post(officers: Officers) -> None:
    office = officers.nearest("dept.cdpf", "470101")
    assert office is not None
    checkers = officers.eligible(office, role="checker", rank=None)
    assert len(checkers) >= 3
    assert list(checkers) == sorted(set(checkers))
    leaders = officers.eligible(office, role="leader", rank="leader")
    assert leaders
    assert not set(leaders) & set(checkers)
    assert officers.eligible(office, role="leader", rank="nobody") == ()
    assert officers.eligible(office, role="none", rank=None) == ()


def test_officers_have_names(officers: Officers) -> None:
    office = officers.nearest("dept.cdpf", "470101")
    assert office is not None
    checkers = officers.eligible(office, role="checker", rank=None)
    names = officers.names(checkers)
    assert set(names) == set(checkers)
    assert all(names.values())
    assert officers.names([]) == {}


@dataclass
class NoGuardians:
    """Stands for the identity service, which is asked for guardianships only."""

    asked: list[PersonId] = field(default_factory=list)

    def is_guardian(self, guardian: PersonId, *, ward: PersonId) -> bool:
        self.asked.append(guardian)
        return False


@dataclass
class Known:
    people: People
    person: PersonId
    facts: PersonFacts


@pytest.fixture(params=["double", "identity"])
def known(request: pytest.FixtureRequest, database: Database, keys: KeyStore) -> Known:
    if request.param == "double":
        double = InMemoryPeople(database, keys)
        citizen = double.add("样例", id_no="47010119800501001X", phone="12000000001")
        return Known(double, citizen.person, double.facts(citizen.person))
    seed_sandbox(database, keys=keys)
    base = Foundation(database, keys, FixedClock(SANDBOX_STARTS_AT))
    people = Persons(IdentityPeople(base), identity=NoGuardians())  # type: ignore[arg-type]
    with database.driver() as driver:
        row = driver.execute("SELECT id FROM identity_people WHERE phone_index IS NOT NULL ORDER BY id").fetchone()
    return Known(people, PersonId(row[0]), people.facts(PersonId(row[0])))


def test_a_person_has_name_number_and_phone_and_repr_tells_none_of_them(known: Known) -> None:
    facts = known.people.facts(known.person)
    assert facts == known.facts
    assert facts.name and len(facts.id_no) == 18 and facts.phone
    assert facts.birth is not None
    assert facts.birth.strftime("%Y%m%d") == facts.id_no[6:14]
    assert facts.name not in repr(facts)
    assert facts.id_no not in repr(facts)


def test_the_key_of_a_person_opens_what_it_sealed(known: Known, keys: KeyStore) -> None:
    key = known.people.key_of(known.person)
    assert key == known.people.key_of(known.person)
    sealed = keys.seal(key, b"text", context=b"here")
    assert keys.open(key, sealed, context=b"here") == b"text"


def test_masked_names_hide_all_but_the_surname(known: Known) -> None:
    names = known.people.masked_names([known.person])
    assert list(names) == [known.person]
    assert names[known.person][0] == known.facts.name[0]
    assert "*" in names[known.person]
    assert known.people.masked_names([]) == {}


def test_nobody_is_a_guardian_without_a_record(known: Known) -> None:
    assert known.people.is_guardian(known.person, known.person) is False
