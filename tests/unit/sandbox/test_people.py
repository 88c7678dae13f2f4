"""The made-up people look right to every check and can be nobody."""

import pytest

from gov_portal.kernel.codes import citizen_id
from gov_portal.kernel.codes.division import Divisions
from gov_portal.kernel.types import parse_type
from gov_portal.sandbox.people import SandboxPerson, load_people

EVERYBODY = load_people().everybody
each_person = pytest.mark.parametrize("person", EVERYBODY, ids=lambda person: person.handle)


@each_person
def test_a_number_is_valid_and_its_area_was_never_assigned(person: SandboxPerson) -> None:
    assert citizen_id.validate(person.id_no) == person.id_no
    assert person.id_no[:4] in {"4701", "4702"}


@each_person
def test_birth_and_sex_agree_with_the_number(person: SandboxPerson) -> None:
    assert person.id_no[6:14] == person.birth.replace("-", "")
    assert person.sex == ("male" if int(person.id_no[16]) % 2 else "female")


@each_person
def test_a_phone_is_of_the_unused_range(person: SandboxPerson) -> None:
    assert person.phone is None or (person.phone.startswith("120") and len(person.phone) == 11)


@each_person
def test_the_platform_accepts_what_departments_tell(person: SandboxPerson) -> None:
    assert parse_type("text(40)").parse(person.name) == person.name
    assert parse_type("region").parse(person.region) == person.region
    assert Divisions.default().name(person.region)


def test_handles_numbers_and_phones_are_unique() -> None:
    for values in (
        [p.handle for p in EVERYBODY],
        [p.id_no for p in EVERYBODY],
        [p.phone for p in EVERYBODY if p.phone],
    ):
        assert len(set(values)) == len(values)


def test_everybody_that_the_stories_need_is_there() -> None:
    people = load_people()
    assert len(EVERYBODY) >= 12
    assert people.person("minor").guardian.handle == "adult"
    assert people.person("guarded").guardian.handle == "guardian"
    assert people.person("mismatch").claims_name != people.person("mismatch").name
    assert people.find(people.person("stranger").id_no) is None
    assert {person.handle for person in EVERYBODY if any(ord(c) > 0xFFFF for c in person.name)} == {"rare_plane_two"}
    assert people.person("check_x").id_no.endswith("X")


def test_guardians_are_people_of_the_file() -> None:
    assert all(load_people().person(p.guardian.handle) for p in EVERYBODY if p.guardian)
