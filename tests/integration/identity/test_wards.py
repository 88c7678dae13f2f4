"""A guardian acts for a ward by a shared record; the row is looked at on every request."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import text

from gov_portal.kernel.db import Database
from gov_portal.kernel.errors import InvalidFields
from gov_portal.kernel.principal import Citizen
from identity.domain.errors import (
    AssuranceTooLow,
    GuardianshipEnded,
    GuardianshipUnavailable,
    TooManyAttempts,
    WardIsSelf,
    WardRefused,
)
from tests.factories.identity import (
    CHILD_ID_NO,
    CHILD_NAME,
    ID_NO,
    NAME,
    STRANGER_ID_NO,
    WARD_ID_NO,
    WARD_NAME,
    IdentityHouse,
    a_form,
)


def test_a_child_is_a_person_with_a_key_of_their_own_and_an_end_on_the_eighteenth_birthday(
    house: IdentityHouse,
) -> None:
    guardian = house.citizen(house.register())
    view = house.service.claim_ward(guardian, name=CHILD_NAME, id_no=CHILD_ID_NO)
    assert (view.name_masked, view.id_no_masked) == ("林**", "470101********0234")
    assert view.ends_on == date(2032, 6, 1)
    assert house.people.key_of(view.person) != house.people.key_of(guardian.person)
    assert house.service.facts(view.person).name == CHILD_NAME


def test_the_guardianship_of_an_adult_has_no_end_of_its_own(house: IdentityHouse) -> None:
    guardian = house.citizen(house.register())
    assert house.service.claim_ward(guardian, name=WARD_NAME, id_no=WARD_ID_NO).ends_on is None


def test_acting_for_a_ward_makes_the_ward_the_subject_until_it_is_put_down(house: IdentityHouse) -> None:
    token = house.register()
    guardian = house.citizen(token)
    ward = house.child(guardian)
    assert house.service.act_for(token, ward=ward).subject == ward
    assert house.citizen(token).subject == ward
    house.service.act_for(token, ward=None)
    assert house.citizen(token).subject == guardian.person


def test_a_revocation_is_felt_at_the_next_request_and_the_session_goes_on_alone(house: IdentityHouse) -> None:
    token = house.register()
    guardian = house.citizen(token)
    ward = house.child(guardian)
    house.service.act_for(token, ward=ward)
    house.service.end_guardianship(guardian.person, ward=ward, because="revoked")
    with pytest.raises(GuardianshipEnded):
        house.service.session(token)
    assert house.citizen(token).acting_for is None
    assert not house.service.is_guardian(guardian.person, ward=ward)
    with pytest.raises(GuardianshipEnded):
        house.service.act_for(token, ward=ward)


def test_it_ends_by_itself_on_the_eighteenth_birthday_of_business_time(house: IdentityHouse) -> None:
    token = house.register()
    guardian = house.citizen(token)
    ward = house.child(guardian)
    house.service.act_for(token, ward=ward)
    house.clock.move_to(datetime(2032, 5, 31, 15, 59, tzinfo=UTC))
    assert house.citizen(token).acting_for == ward
    house.clock.move_to(datetime(2032, 5, 31, 16, 0, tzinfo=UTC))
    with pytest.raises(GuardianshipEnded):
        house.service.session(token)
    assert house.service.wards(guardian.person) == ()


def test_nobody_acts_for_somebody_who_is_not_their_ward(house: IdentityHouse) -> None:
    token = house.register()
    other = house.citizen(house.register(a_form(WARD_NAME, id_no=WARD_ID_NO, phone="12000000004"))).person
    with pytest.raises(GuardianshipEnded):
        house.service.act_for(token, ward=other)


@pytest.mark.parametrize(
    ("name", "id_no"),
    [("林小曼", CHILD_ID_NO), ("顾无踪", STRANGER_ID_NO), (WARD_NAME, WARD_ID_NO)],
    ids=["name-does-not-match", "number-unknown", "guardian-is-somebody-else"],
)
def test_every_reason_not_to_enter_a_ward_gives_the_same_answer_for_the_same_questions(
    house: IdentityHouse, name: str, id_no: str
) -> None:
    guardian = house.citizen(house.register())
    house.guardians.guardians[WARD_ID_NO] = (STRANGER_ID_NO,)
    asked = house.population.calls
    with pytest.raises(WardRefused) as refused:
        house.service.claim_ward(guardian, name=name, id_no=id_no)
    assert str(refused.value) == "identity.ward-refused"
    assert (house.population.calls - asked, house.guardians.calls) == (1, 1)


def test_an_outage_of_the_record_is_told_as_such(house: IdentityHouse) -> None:
    guardian = house.citizen(house.register())
    house.guardians.is_up = False
    with pytest.raises(GuardianshipUnavailable):
        house.service.claim_ward(guardian, name=CHILD_NAME, id_no=CHILD_ID_NO)


def test_nobody_is_their_own_ward(house: IdentityHouse) -> None:
    guardian = house.citizen(house.register())
    with pytest.raises(WardIsSelf):
        house.service.claim_ward(guardian, name=NAME, id_no=ID_NO)


def test_a_session_of_a_low_level_enters_no_ward(house: IdentityHouse) -> None:
    person = house.citizen(house.register()).person
    with pytest.raises(AssuranceTooLow):
        house.service.claim_ward(Citizen(person, ial=2, aal=1), name=CHILD_NAME, id_no=CHILD_ID_NO)


def test_malformed_wards_are_refused_with_every_fault(house: IdentityHouse) -> None:
    guardian = house.citizen(house.register())
    with pytest.raises(InvalidFields) as refused:
        house.service.claim_ward(guardian, name=" ", id_no="470101201402300236")
    assert [fault.field for fault in refused.value.faults] == ["name", "id_no"]


def test_probing_for_wards_must_soon_wait(house: IdentityHouse) -> None:
    guardian = house.citizen(house.register())
    with pytest.raises(TooManyAttempts):
        for _ in range(6):
            with pytest.raises(WardRefused):
                house.service.claim_ward(guardian, name="顾无踪", id_no=STRANGER_ID_NO)


def test_a_day_old_record_is_asked_for_anew_and_ends_what_it_no_longer_shows(house: IdentityHouse) -> None:
    guardian = house.citizen(house.register())
    house.child(guardian)
    house.service.wards(guardian.person)
    assert house.guardians.calls == 1
    house.pass_time(days=1)
    house.guardians.guardians[CHILD_ID_NO] = ()
    assert house.service.wards(guardian.person) == ()


def test_an_outage_leaves_known_wards_as_they_are(house: IdentityHouse) -> None:
    guardian = house.citizen(house.register())
    ward = house.child(guardian)
    house.pass_time(days=1)
    house.guardians.is_up = False
    assert [view.person for view in house.service.wards(guardian.person)] == [ward]


def test_an_ended_guardianship_stays_on_record_with_its_reason(house: IdentityHouse, database: Database) -> None:
    guardian = house.citizen(house.register())
    ward = house.child(guardian)
    house.service.end_guardianship(guardian.person, ward=ward, because="revoked")
    house.child(guardian)
    with database.read() as connection:
        query = text("SELECT source, ended_because FROM identity_guardianships ORDER BY created_at, ended_because")
        rows = connection.execute(query).all()
    assert [tuple(row) for row in rows] == [("civil.guardian", "revoked"), ("civil.guardian", None)]


def test_what_concerns_a_ward_without_phone_is_told_to_the_guardian(house: IdentityHouse) -> None:
    guardian = house.citizen(house.register())
    ward = house.child(guardian)
    house.messages.tell(ward, "case.received", {"case_number": "1"}, idempotency_key="k")
    assert [message.code for message in house.messages.inbox(guardian.person)] == ["case.received"]
