"""Sign-in needs both factors, answers strangers and owners alike, and grows slower with every failure."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from identity.domain.errors import ChallengeGone, CodeRefused, SignInRefused, TooManyAttempts
from identity.domain.values import Client
from tests.factories.identity import (
    CHILD_ID_NO,
    CHILD_NAME,
    CLIENT,
    ID_NO,
    PASSWORD,
    PHONE,
    STRANGER_ID_NO,
    IdentityHouse,
    a_form,
    wrong,
)

NO_PASSWORD_OF_ANYBODY = "five green teapots"


@pytest.mark.parametrize("login", [ID_NO, PHONE, "470101 19800501 0124", "+86 120 0000 0001"])
def test_number_and_phone_both_lead_to_the_account(house: IdentityHouse, login: str) -> None:
    person = house.citizen(house.register()).person
    citizen = house.citizen(house.sign_in(login))
    assert (citizen.person, citizen.ial, citizen.aal) == (person, 3, 2)


def test_the_right_password_alone_opens_nothing(house: IdentityHouse) -> None:
    house.register()
    begun = house.service.start_sign_in(ID_NO, password=PASSWORD, client=CLIENT)
    assert house.service.session(begun.token) is None  # type: ignore[arg-type]


@pytest.mark.parametrize("login", [ID_NO, PHONE, STRANGER_ID_NO, "12000000099", "", "'; drop table"])
def test_a_wrong_password_and_a_missing_account_give_the_same_answer(house: IdentityHouse, login: str) -> None:
    house.register()
    sent = house.codes_sent()
    with pytest.raises(SignInRefused) as refused:
        house.service.start_sign_in(login, password=NO_PASSWORD_OF_ANYBODY, client=CLIENT)
    assert (str(refused.value), refused.value.status) == ("identity.sign-in-refused", 401)
    assert house.codes_sent() == sent


def test_a_refused_sign_in_costs_the_same_whether_or_not_there_is_an_account(
    house: IdentityHouse, statements: Callable[[Callable[[], object]], list[str]]
) -> None:
    house.register()

    def attempt(login: str) -> None:
        with pytest.raises(SignInRefused):
            house.service.start_sign_in(login, password=NO_PASSWORD_OF_ANYBODY, client=CLIENT)

    assert statements(lambda: attempt(ID_NO)) == statements(lambda: attempt(STRANGER_ID_NO))


def test_a_missing_account_costs_one_password_hash_too(house: IdentityHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[str | None] = []
    match = house.passwords.match
    monkeypatch.setattr(
        house.passwords, "match", lambda stored, password: compared.append(stored) or match(stored, password)
    )
    with pytest.raises(SignInRefused):
        house.service.start_sign_in(STRANGER_ID_NO, password=PASSWORD, client=CLIENT)
    assert compared == [None]


def test_a_phone_of_two_accounts_leads_to_neither(house: IdentityHouse) -> None:
    house.register()
    house.register(a_form(CHILD_NAME, id_no=CHILD_ID_NO))
    with pytest.raises(SignInRefused):
        house.service.start_sign_in(PHONE, password=PASSWORD, client=CLIENT)
    house.sign_in(ID_NO)


def test_the_wait_grows_with_every_failure_is_told_in_seconds_and_ends_by_itself(house: IdentityHouse) -> None:
    house.register()
    waits = []
    for _ in range(9):
        with pytest.raises(SignInRefused):
            house.service.start_sign_in(ID_NO, password=NO_PASSWORD_OF_ANYBODY, client=CLIENT)
        wait = seconds_to_wait(house)
        waits.append(wait)
        house.pass_time(seconds=wait)
    assert waits == [0, 0, 0, 2, 4, 8, 16, 32, 60]
    house.sign_in()


def test_asking_while_waiting_does_not_prolong_the_wait(house: IdentityHouse) -> None:
    house.register()
    fail(house, times=4)
    house.pass_time(seconds=1)
    for _ in range(5):
        with pytest.raises(TooManyAttempts) as refused:
            house.service.start_sign_in(ID_NO, password=PASSWORD, client=CLIENT)
        assert refused.value.seconds == 1
    house.pass_time(seconds=1)
    house.sign_in()


def test_waiting_for_a_number_does_not_tell_which_phone_belongs_to_it(house: IdentityHouse) -> None:
    house.register()
    fail(house, times=4)
    assert seconds_to_wait(house) == 2
    with pytest.raises(SignInRefused):
        house.service.start_sign_in(PHONE, password=NO_PASSWORD_OF_ANYBODY, client=CLIENT)


def test_a_full_sign_in_forgives_the_failures_with_phone_and_number(house: IdentityHouse) -> None:
    house.register()
    for login in (ID_NO, PHONE) * 3:
        with pytest.raises(SignInRefused):
            house.service.start_sign_in(login, password=NO_PASSWORD_OF_ANYBODY, client=CLIENT)
    house.sign_in()
    for login in (ID_NO, PHONE) * 3:
        with pytest.raises(SignInRefused):
            house.service.start_sign_in(login, password=NO_PASSWORD_OF_ANYBODY, client=CLIENT)


def test_an_account_that_does_not_exist_makes_one_wait_just_the_same(house: IdentityHouse) -> None:
    fail(house, times=4)
    assert seconds_to_wait(house) == 2


def test_a_full_sign_in_forgives_the_failures_before(house: IdentityHouse) -> None:
    house.register()
    fail(house, times=3)
    house.sign_in()
    fail(house, times=3)
    house.sign_in()


def test_the_right_password_without_the_code_forgives_nothing(house: IdentityHouse) -> None:
    house.register()
    for _ in range(4):
        house.service.start_sign_in(ID_NO, password=PASSWORD, client=CLIENT)
    assert seconds_to_wait(house) == 2


def test_one_address_trying_many_accounts_must_wait(house: IdentityHouse) -> None:
    for number in range(21):
        with pytest.raises(SignInRefused):
            house.service.start_sign_in(f"nobody{number}", password=PASSWORD, client=CLIENT)
    with pytest.raises(TooManyAttempts) as refused:
        house.service.start_sign_in("somebody", password=PASSWORD, client=CLIENT)
    assert refused.value.seconds == 5


def test_a_stranger_who_fails_from_elsewhere_delays_the_owner_by_a_minute_at_most(house: IdentityHouse) -> None:
    house.register()
    for number in range(40):
        with pytest.raises(SignInRefused):
            house.service.start_sign_in(ID_NO, password=NO_PASSWORD_OF_ANYBODY, client=Client(f"198.51.100.{number}"))
        house.pass_time(seconds=60)
    house.sign_in()


def test_parallel_guesses_get_no_more_tries_than_serial_ones(house: IdentityHouse) -> None:
    house.register()

    def guess(number: int) -> str:
        try:
            house.service.start_sign_in(ID_NO, password=f"guess number {number}", client=Client(f"192.0.2.{number}"))
        except (SignInRefused, TooManyAttempts) as refused:
            return refused.code
        return "in"

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(guess, range(24)))
    assert answers.count("identity.sign-in-refused") == 4
    assert "in" not in answers


def test_five_wrong_codes_end_the_sign_in_even_for_the_right_one(house: IdentityHouse) -> None:
    house.register()
    begun = house.service.start_sign_in(ID_NO, password=PASSWORD, client=CLIENT)
    code = house.last_code()
    for _ in range(5):
        with pytest.raises(CodeRefused):
            house.service.confirm_sign_in(begun.token, code=wrong(code), client=CLIENT)
    with pytest.raises(ChallengeGone):
        house.service.confirm_sign_in(begun.token, code=code, client=CLIENT)


def test_the_fifth_try_may_be_the_right_one(house: IdentityHouse) -> None:
    house.register()
    begun = house.service.start_sign_in(ID_NO, password=PASSWORD, client=CLIENT)
    for _ in range(4):
        with pytest.raises(CodeRefused):
            house.service.confirm_sign_in(begun.token, code=wrong(house.last_code()), client=CLIENT)
    assert house.service.session(house.service.confirm_sign_in(begun.token, code=house.last_code(), client=CLIENT))


@pytest.mark.parametrize("code", ["", "12345", "abcdef", "²²²²²²", "1" * 5000, "١٢٣٤٥٦\x00"])
def test_a_malformed_code_is_refused_like_a_wrong_one(house: IdentityHouse, code: str) -> None:
    house.register()
    begun = house.service.start_sign_in(ID_NO, password=PASSWORD, client=CLIENT)
    with pytest.raises(CodeRefused):
        house.service.confirm_sign_in(begun.token, code=code, client=CLIENT)


def test_a_code_may_be_typed_with_spaces_and_full_width_digits(house: IdentityHouse) -> None:
    house.register()
    begun = house.service.start_sign_in(ID_NO, password=PASSWORD, client=CLIENT)
    code = house.last_code()
    typed = f" {code[:3]} " + "".join(chr(ord(digit) + 0xFEE0) for digit in code[3:])
    assert house.service.session(house.service.confirm_sign_in(begun.token, code=typed, client=CLIENT))


@pytest.mark.parametrize(("minutes", "is_good"), [(4.9, True), (5, False)])
def test_a_code_lives_five_minutes_of_security_time(house: IdentityHouse, minutes: float, is_good: bool) -> None:
    house.register()
    begun = house.service.start_sign_in(ID_NO, password=PASSWORD, client=CLIENT)
    house.clock.move_to(house.clock.now().replace(year=2030))
    house.pass_time(minutes=minutes)
    if is_good:
        assert house.service.confirm_sign_in(begun.token, code=house.last_code(), client=CLIENT)
    else:
        with pytest.raises(CodeRefused):
            house.service.confirm_sign_in(begun.token, code=house.last_code(), client=CLIENT)


def test_a_fresh_code_voids_the_one_before_and_works_after_it_ran_out(house: IdentityHouse) -> None:
    house.register()
    begun = house.service.start_sign_in(ID_NO, password=PASSWORD, client=CLIENT)
    old = house.last_code()
    house.pass_time(minutes=6)
    again = house.service.send_code_again(begun.token)
    assert again.token == begun.token
    if old != house.last_code():
        with pytest.raises(CodeRefused):
            house.service.confirm_sign_in(begun.token, code=old, client=CLIENT)
    assert house.service.session(house.service.confirm_sign_in(begun.token, code=house.last_code(), client=CLIENT))


def test_codes_cannot_flood_a_phone(house: IdentityHouse) -> None:
    house.register()
    begun = house.service.start_sign_in(ID_NO, password=PASSWORD, client=CLIENT)
    with pytest.raises(TooManyAttempts):
        for _ in range(30):
            house.service.send_code_again(begun.token)
    assert house.codes_sent() <= 12


def test_what_was_begun_ends_after_half_an_hour(house: IdentityHouse) -> None:
    house.register()
    begun = house.service.start_sign_in(ID_NO, password=PASSWORD, client=CLIENT)
    house.pass_time(minutes=31)
    with pytest.raises(ChallengeGone):
        house.service.send_code_again(begun.token)


def test_an_unknown_token_is_answered_like_one_that_has_ended(house: IdentityHouse) -> None:
    with pytest.raises(ChallengeGone):
        house.service.confirm_sign_in("nonsense", code="123456", client=CLIENT)  # type: ignore[arg-type]


def test_one_code_opens_one_session_even_when_sent_twice_at_once(house: IdentityHouse) -> None:
    house.register()
    begun = house.service.start_sign_in(ID_NO, password=PASSWORD, client=CLIENT)
    code = house.last_code()

    def confirm(_: int) -> str:
        try:
            return house.service.confirm_sign_in(begun.token, code=code, client=CLIENT)
        except ChallengeGone:
            return ""

    with ThreadPoolExecutor(4) as threads:
        opened = [token for token in threads.map(confirm, range(4)) if token]
    assert len(opened) == 1


def fail(house: IdentityHouse, *, times: int) -> None:
    for _ in range(times):
        with pytest.raises(SignInRefused):
            house.service.start_sign_in(ID_NO, password=NO_PASSWORD_OF_ANYBODY, client=CLIENT)


def seconds_to_wait(house: IdentityHouse) -> int:
    """What another attempt is told right now; the counter is not touched while it must wait."""
    with house.base.db.driver() as driver:
        row = driver.execute(
            "SELECT max(free_at) FROM identity_throttles WHERE attempts > 0 AND free_at > %s", (house.base.now(),)
        ).fetchone()
    if row is None or row[0] is None:
        return 0
    with pytest.raises(TooManyAttempts) as refused:
        house.service.start_sign_in(ID_NO, password=PASSWORD, client=CLIENT)
    return refused.value.seconds
