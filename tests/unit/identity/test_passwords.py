"""A password is refused when it is short, long, widely known, a pattern, or made of the person's own data."""

import pytest

from identity.domain.errors import PasswordTooLong, PasswordTooShort, PasswordTrivial
from identity.domain.passwords import WIDELY_KNOWN, judge

OWN_DATA = ("470101198005010124", "12000000001")


@pytest.mark.parametrize(
    "password",
    [
        "four green teapots",
        "correct-horse",
        "我爱北京天安门城楼上",
        "Tr0ub4dor&3x",
        "\U00020bb7野家很好吃呀真的很",
        "a" * 9 + "bcd",
    ],
)
def test_long_and_uncommon_is_enough(password: str) -> None:
    assert judge(password, own_data=OWN_DATA) == password


@pytest.mark.parametrize("password", ["", "short", "ninechars", "𠮷" * 9])
def test_fewer_than_ten_characters_are_too_short(password: str) -> None:
    with pytest.raises(PasswordTooShort) as refused:
        judge(password)
    assert (refused.value.field, refused.value.params) == ("password", {"minimum": 10})


def test_a_password_that_would_cost_too_much_to_hash_is_too_long() -> None:
    with pytest.raises(PasswordTooLong):
        judge("ab3!" * 33)


@pytest.mark.parametrize(
    "password",
    [
        "1234567890",
        "0987654321",
        "Password123",
        "ＰＡＳＳＷＯＲＤ１２３",
        "aaaaaaaaaaaa",
        "abababababab",
        "ABCDEFGHIJK",
        "poiuytrewq",
        "470101198005010124",
        "my19800501!",
        "call 12000000001",
    ],
)
def test_the_known_the_patterned_and_ones_own_data_are_trivial(password: str) -> None:
    with pytest.raises(PasswordTrivial) as refused:
        judge(password, own_data=OWN_DATA)
    assert password not in str(refused.value)


@pytest.mark.parametrize("password", sorted(WIDELY_KNOWN))
def test_every_listed_password_is_long_enough_to_need_the_list(password: str) -> None:
    assert len(password) >= 10
    assert password == password.casefold()


def test_two_keyboards_give_the_same_password() -> None:
    assert judge("cafe\u0301 au lait") == judge("café au lait")
