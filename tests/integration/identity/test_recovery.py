"""A forgotten password is set anew by phone, name and number; nobody learns who has an account."""

from collections.abc import Callable

import pytest

from identity.domain.errors import (
    ChallengeGone,
    CodeRefused,
    EmailInvalid,
    PasswordTrivial,
    PasswordWrong,
    ProofingUnavailable,
    RecoveryRefused,
    SignInRefused,
    TooManyAttempts,
)
from tests.factories.identity import (
    CHILD_ID_NO,
    CHILD_NAME,
    CLIENT,
    ID_NO,
    NAME,
    PASSWORD,
    PHONE,
    STRANGER_ID_NO,
    IdentityHouse,
    a_form,
    wrong,
)

NEW = "seven blue lanterns"
OTHER_PHONE = "12000000006"
EMAIL = "lin@example.com"


def recover(house: IdentityHouse, **form: str) -> None:
    begun = house.service.start_recovery(a_form(password=NEW, **form), client=CLIENT)
    house.service.confirm_recovery(begun.token, code=house.last_code(form.get("phone", PHONE)), client=CLIENT)


def test_the_owner_sets_a_new_password_and_every_other_session_ends(house: IdentityHouse) -> None:
    before = house.register()
    begun = house.service.start_recovery(a_form(password=NEW), client=CLIENT)
    session = house.service.confirm_recovery(begun.token, code=house.last_code(), client=CLIENT)
    assert house.service.session(before) is None
    assert (house.citizen(session).ial, house.citizen(session).aal) == (3, 2)
    with pytest.raises(SignInRefused):
        house.sign_in(password=PASSWORD)
    house.sign_in(password=NEW)


@pytest.mark.parametrize(
    "form",
    [
        {"name": "林晓和"},
        {"id_no": STRANGER_ID_NO},
        {"name": CHILD_NAME, "id_no": CHILD_ID_NO},
        {"phone": OTHER_PHONE},
    ],
    ids=["name-does-not-match", "number-unknown", "ward-without-account", "another-phone"],
)
def test_every_reason_not_to_set_a_password_gives_the_same_answer(house: IdentityHouse, form: dict[str, str]) -> None:
    session = house.register()
    house.child(house.citizen(session))
    with pytest.raises(RecoveryRefused) as refused:
        recover(house, **form)
    assert (str(refused.value), refused.value.params) == ("identity.recovery-refused", {})
    assert house.service.session(session) is not None
    house.sign_in(password=PASSWORD)


def test_beginning_costs_the_same_statements_whoever_it_is(
    house: IdentityHouse, statements: Callable[[Callable[[], object]], list[str]]
) -> None:
    house.register()
    known = statements(lambda: house.service.start_recovery(a_form(), client=CLIENT))
    stranger = a_form("顾无踪", id_no=STRANGER_ID_NO, phone="12000000017")
    assert known == statements(lambda: house.service.start_recovery(stranger, client=CLIENT))


def test_the_owner_is_told_of_an_attempt_with_another_phone(house: IdentityHouse) -> None:
    person = house.citizen(house.register()).person
    with pytest.raises(RecoveryRefused):
        recover(house, phone=OTHER_PHONE)
    assert [message.code for message in house.messages.inbox(person)] == ["identity.recovery-attempted"]


def test_a_code_sets_one_password_and_a_wrong_one_none(house: IdentityHouse) -> None:
    house.register()
    begun = house.service.start_recovery(a_form(password=NEW), client=CLIENT)
    code = house.last_code()
    with pytest.raises(CodeRefused):
        house.service.confirm_recovery(begun.token, code=wrong(code), client=CLIENT)
    house.service.confirm_recovery(begun.token, code=code, client=CLIENT)
    with pytest.raises(ChallengeGone):
        house.service.confirm_recovery(begun.token, code=code, client=CLIENT)


def test_a_code_of_a_recovery_opens_neither_sign_in_nor_registration(house: IdentityHouse) -> None:
    house.register()
    begun = house.service.start_recovery(a_form(password=NEW), client=CLIENT)
    for confirm in (house.service.confirm_sign_in, house.service.confirm_registration):
        with pytest.raises(ChallengeGone):
            confirm(begun.token, code=house.last_code(), client=CLIENT)


def test_an_outage_of_the_population_base_leaves_the_code_good(house: IdentityHouse) -> None:
    house.register()
    begun = house.service.start_recovery(a_form(password=NEW), client=CLIENT)
    house.population.is_up = False
    with pytest.raises(ProofingUnavailable):
        house.service.confirm_recovery(begun.token, code=house.last_code(), client=CLIENT)
    house.population.is_up = True
    house.service.confirm_recovery(begun.token, code=house.last_code(), client=CLIENT)


def test_attempts_on_one_number_must_wait_ever_longer(house: IdentityHouse) -> None:
    with pytest.raises(TooManyAttempts):
        for last in range(6):
            house.service.start_recovery(a_form(phone=f"1200000010{last}"), client=CLIENT)


def test_a_person_changes_the_password_and_stays_signed_in_here_only(house: IdentityHouse) -> None:
    elsewhere, here = house.register(), house.sign_in()
    with pytest.raises(PasswordWrong):
        house.service.change_password(here, current=NEW, new=NEW)
    with pytest.raises(PasswordTrivial):
        house.service.change_password(here, current=PASSWORD, new=f"my number {ID_NO}")
    house.service.change_password(here, current=PASSWORD, new=NEW)
    assert house.service.session(elsewhere) is None
    assert house.service.session(here) is not None
    house.sign_in(password=NEW)


def test_guesses_at_the_present_password_must_wait(house: IdentityHouse) -> None:
    here = house.register()

    def guess() -> None:
        house.service.change_password(here, current="not the right one", new=NEW)

    for _attempt in range(5):
        with pytest.raises(PasswordWrong):
            guess()
    with pytest.raises(TooManyAttempts):
        guess()


def test_an_address_is_on_the_account_once_its_code_came_back(house: IdentityHouse) -> None:
    citizen = house.citizen(house.register())
    begun = house.service.start_email(citizen, email=" lin@Example.COM ")
    assert house.service.facts(citizen.person).email == ""
    assert house.service.confirm_email(citizen, begun.token, code=house.last_code(EMAIL)) == EMAIL
    facts = house.service.facts(citizen.person)
    assert (facts.email, facts.name, facts.id_no, facts.phone) == (EMAIL, NAME, ID_NO, PHONE)
    assert [one.email for one in house.people.addressees(citizen.person)] == [EMAIL]
    house.service.remove_email(citizen)
    assert house.service.facts(citizen.person).email == ""


def test_only_whoever_asked_for_the_code_confirms_the_address(house: IdentityHouse) -> None:
    citizen = house.citizen(house.register())
    house.population.names[STRANGER_ID_NO] = "顾无踪"
    form = a_form("顾无踪", id_no=STRANGER_ID_NO, phone=OTHER_PHONE)
    stranger = house.citizen(house.register(form))
    begun = house.service.start_email(citizen, email=EMAIL)
    with pytest.raises(ChallengeGone):
        house.service.confirm_email(stranger, begun.token, code=house.last_code(EMAIL))
    assert house.service.facts(stranger.person).email == ""


@pytest.mark.parametrize("typed", ["", "lin", "lin@", "lin@example", "a b@example.com", "lin@example.com\nBcc: x@y.zz"])
def test_what_is_no_address_gets_no_code(house: IdentityHouse, typed: str) -> None:
    citizen = house.citizen(house.register())
    with pytest.raises(EmailInvalid):
        house.service.start_email(citizen, email=typed)
