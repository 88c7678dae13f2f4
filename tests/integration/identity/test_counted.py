"""Sign-ins and lock-outs are counted for operators, without saying whose they were."""

import pytest

from gov_portal.kernel.monitoring.metrics import LOCKOUTS, SIGN_INS
from identity.domain.errors import SignInRefused, TooManyAttempts
from tests.factories.identity import CLIENT, ID_NO, PHONE, STRANGER_ID_NO, IdentityHouse


def counted(house: IdentityHouse) -> dict[tuple[str, ...], float]:
    return {(one.metric.name, *one.labels): one.value for one in house.base.tally.samples()}


def guess(house: IdentityHouse, login: str, times: int) -> None:
    for _ in range(times):
        with pytest.raises((SignInRefused, TooManyAttempts)):
            house.service.start_sign_in(login, password="five green teapots", client=CLIENT)


def test_opened_and_refused_sign_ins_are_told_apart(house: IdentityHouse) -> None:
    house.register()
    house.sign_in()
    guess(house, STRANGER_ID_NO, 2)
    found = counted(house)
    assert found[SIGN_INS.name, "citizen", "opened"] == 1
    assert found[SIGN_INS.name, "citizen", "refused"] == 2


def test_an_officers_wrong_password_is_an_officers(house: IdentityHouse) -> None:
    with pytest.raises(SignInRefused):
        house.service.start_officer_sign_in("nobody", password="wrong", client=CLIENT)
    assert counted(house) == {(SIGN_INS.name, "officer", "refused"): 1}


def test_whoever_must_wait_is_counted_by_the_limit(house: IdentityHouse) -> None:
    house.register()
    guess(house, ID_NO, 6)
    found = counted(house)
    assert found[LOCKOUTS.name, "sign-in.account"] >= 1
    assert not [labels for labels in found if ID_NO in str(labels) or PHONE in str(labels)]
