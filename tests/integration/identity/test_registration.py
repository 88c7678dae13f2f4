"""Registration opens an account for a matched name and number, and tells nobody else anything."""

from collections.abc import Callable

import pytest
from sqlalchemy import text

from gov_portal.kernel.db import Database
from gov_portal.kernel.errors import InvalidFields
from gov_portal.kernel.principal import Citizen
from identity.domain.errors import (
    ChallengeGone,
    CodeRefused,
    ProofingUnavailable,
    RegistrationRefused,
    SignInRefused,
    TooManyAttempts,
)
from identity.domain.values import Client
from tests.factories.identity import (
    CHILD_ID_NO,
    CHILD_NAME,
    CLIENT,
    ID_NO,
    NAME,
    PHONE,
    STRANGER_ID_NO,
    IdentityHouse,
    a_form,
    wrong,
)


def test_a_matched_person_gets_an_account_of_level_three_with_two_factors(house: IdentityHouse) -> None:
    citizen = house.citizen(house.register())
    assert (citizen.ial, citizen.aal, citizen.acting_for) == (3, 2, None)
    facts = house.service.facts(citizen.person)
    assert (facts.name, facts.id_no, facts.phone, facts.birth.isoformat()) == (NAME, ID_NO, PHONE, "1980-05-01")


def test_spaces_and_full_width_digits_are_accepted(house: IdentityHouse) -> None:
    citizen = house.citizen(house.register(a_form(id_no="470101 19800501 ０１２４")))
    assert house.service.facts(citizen.person).id_no == ID_NO


def test_every_fault_of_the_form_is_told_at_once_with_its_field(house: IdentityHouse) -> None:
    form = a_form("", id_no="470101198005010123", phone="12", password="short")
    with pytest.raises(InvalidFields) as refused:
        house.service.start_registration(form, client=CLIENT)
    assert [(fault.field, fault.code) for fault in refused.value.faults] == [
        ("name", "type.missing"),
        ("id_no", "type.cn-id.check"),
        ("phone", "type.phone.length"),
        ("password", "identity.password-too-short"),
    ]


@pytest.mark.parametrize(
    ("name", "id_no"),
    [(NAME, ID_NO), ("林晓和", ID_NO), (NAME, STRANGER_ID_NO)],
    ids=["account-exists", "name-does-not-match", "number-unknown"],
)
def test_every_reason_not_to_register_gives_the_same_answer(house: IdentityHouse, name: str, id_no: str) -> None:
    house.register()
    form = a_form(name, id_no=id_no, phone="12000000006")
    begun = house.service.start_registration(form, client=CLIENT)
    with pytest.raises(RegistrationRefused) as refused:
        house.service.confirm_registration(begun.token, code=house.last_code("12000000006"), client=CLIENT)
    assert (str(refused.value), refused.value.status) == ("identity.registration-refused", 422)


def test_beginning_costs_the_same_statements_whoever_it_is(
    house: IdentityHouse, statements: Callable[[Callable[[], object]], list[str]]
) -> None:
    house.register()
    known = statements(lambda: house.service.start_registration(a_form(), client=CLIENT))
    stranger = a_form("顾无踪", id_no=STRANGER_ID_NO, phone="12000000017")
    unknown = statements(lambda: house.service.start_registration(stranger, client=CLIENT))
    assert known == unknown


def test_beginning_asks_no_department(house: IdentityHouse) -> None:
    house.service.start_registration(a_form(), client=CLIENT)
    assert house.population.calls == 0


def test_the_holder_of_an_account_is_told_of_an_attempt_and_keeps_their_password(house: IdentityHouse) -> None:
    person = house.citizen(house.register()).person
    form = a_form(phone="12000000006", password="another long password")
    begun = house.service.start_registration(form, client=CLIENT)
    with pytest.raises(RegistrationRefused):
        house.service.confirm_registration(begun.token, code=house.last_code("12000000006"), client=CLIENT)
    assert [message.code for message in house.messages.inbox(person)] == ["identity.registration-attempted"]
    with pytest.raises(SignInRefused):
        house.service.start_sign_in(ID_NO, password="another long password", client=CLIENT)


def test_a_refused_registration_leaves_nothing_that_can_be_read(house: IdentityHouse, database: Database) -> None:
    begun = house.service.start_registration(a_form("林晓和"), client=CLIENT)
    with pytest.raises(RegistrationRefused):
        house.service.confirm_registration(begun.token, code=house.last_code(), client=CLIENT)
    with database.read() as connection:
        assert connection.scalar(text("SELECT count(*) FROM identity_people")) == 0
        assert connection.scalar(text("SELECT count(*) FROM kernel_keys WHERE wrapped IS NOT NULL")) == 0
        assert connection.scalar(text("SELECT count(*) FROM identity_codes WHERE sealed IS NOT NULL")) == 0


def test_an_outage_keeps_what_was_begun_and_the_same_code_goes_through_later(house: IdentityHouse) -> None:
    house.population.is_up = False
    begun = house.service.start_registration(a_form(), client=CLIENT)
    code = house.last_code()
    for _ in range(6):
        with pytest.raises(ProofingUnavailable):
            house.service.confirm_registration(begun.token, code=code, client=CLIENT)
    house.population.is_up = True
    assert isinstance(
        house.service.session(house.service.confirm_registration(begun.token, code=code, client=CLIENT)), Citizen
    )


def test_a_wrong_code_asks_no_department(house: IdentityHouse) -> None:
    begun = house.service.start_registration(a_form(), client=CLIENT)
    with pytest.raises(CodeRefused):
        house.service.confirm_registration(begun.token, code=wrong(house.last_code()), client=CLIENT)
    assert house.population.calls == 0


def test_a_code_cannot_be_used_twice(house: IdentityHouse) -> None:
    begun = house.service.start_registration(a_form(), client=CLIENT)
    code = house.last_code()
    house.service.confirm_registration(begun.token, code=code, client=CLIENT)
    with pytest.raises(ChallengeGone):
        house.service.confirm_registration(begun.token, code=code, client=CLIENT)


def test_a_registration_cannot_be_confirmed_as_a_sign_in(house: IdentityHouse) -> None:
    begun = house.service.start_registration(a_form(), client=CLIENT)
    with pytest.raises(ChallengeGone):
        house.service.confirm_sign_in(begun.token, code=house.last_code(), client=CLIENT)


def test_two_registrations_of_one_number_open_one_account(house: IdentityHouse, database: Database) -> None:
    first = house.service.start_registration(a_form(), client=CLIENT)
    first_code = house.last_code()
    second = house.service.start_registration(a_form(phone="12000000006"), client=CLIENT)
    house.service.confirm_registration(first.token, code=first_code, client=CLIENT)
    with pytest.raises(RegistrationRefused):
        house.service.confirm_registration(second.token, code=house.last_code("12000000006"), client=CLIENT)
    with database.read() as connection:
        assert connection.scalar(text("SELECT count(*) FROM identity_people")) == 1


def test_a_former_ward_opens_an_account_on_the_person_that_they_are(house: IdentityHouse) -> None:
    ward = house.child(house.citizen(house.register()))
    token = house.register(a_form(CHILD_NAME, id_no=CHILD_ID_NO, phone="12000000002"))
    assert house.citizen(token).person == ward
    assert house.service.facts(ward).phone == "12000000002"


@pytest.mark.parametrize(
    "change",
    [
        lambda n: ({"phone": f"1200000010{n}"}, Client(f"192.0.2.{n}")),
        lambda n: (
            {"id_no": [ID_NO, STRANGER_ID_NO, CHILD_ID_NO, "470102199011230458", "47010219990228103X"][n]},
            Client(f"192.0.2.{n}"),
        ),
    ],
    ids=["one-number-many-phones", "one-phone-many-numbers"],
)
def test_probing_one_number_or_with_one_phone_must_soon_wait(
    house: IdentityHouse, change: Callable[[int], tuple[dict[str, str], Client]]
) -> None:
    for attempt in range(5):
        fields, client = change(attempt % 5)
        house.service.start_registration(a_form(**fields), client=client)
    fields, client = change(0)
    with pytest.raises(TooManyAttempts) as refused:
        house.service.start_registration(a_form(**fields), client=Client("198.51.100.7"))
    assert refused.value.seconds == 60


def test_an_abandoned_registration_is_forgotten_and_its_key_shredded(house: IdentityHouse, database: Database) -> None:
    house.service.start_registration(a_form(), client=CLIENT)
    house.pass_time(days=2)
    house.service.tidy()
    with database.read() as connection:
        assert connection.scalar(text("SELECT count(*) FROM identity_codes")) == 0
        assert connection.scalar(text("SELECT count(*) FROM kernel_keys WHERE wrapped IS NOT NULL")) == 0


def test_tidying_keeps_the_keys_of_people(house: IdentityHouse) -> None:
    person = house.citizen(house.register()).person
    house.pass_time(days=60)
    house.service.tidy()
    assert house.service.facts(person).name == NAME
