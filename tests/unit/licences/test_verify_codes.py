import pytest

from gov_portal.licences.verify_codes import ALPHABET, LENGTH, new_code, read_code, show_code


def test_a_new_code_is_twelve_characters_of_the_alphabet_and_never_the_same() -> None:
    codes = {new_code() for _ in range(500)}
    assert len(codes) == 500
    assert all(len(code) == LENGTH and set(code) <= set(ALPHABET) for code in codes)


def test_a_code_is_shown_in_groups_of_four() -> None:
    assert show_code("K7Q4M2XP9TRD") == "K7Q4-M2XP-9TRD"


@pytest.mark.parametrize(
    "typed", ["K7Q4M2XP9TRD", "k7q4-m2xp-9trd", " K7Q4 M2XP 9TRD ", "K7Q4-M2XP-9TRD"], ids=["plain", "small", "s", "-"]
)
def test_a_code_is_read_as_people_type_it(typed: str) -> None:
    assert read_code(typed) == "K7Q4M2XP9TRD"


def test_letters_that_look_like_digits_are_read_as_digits() -> None:
    assert read_code("OIL0-1111-0000") == "011011110000"


@pytest.mark.parametrize(
    "typed",
    ["", "K7Q4", "K7Q4M2XP9TRDX", "K7Q4M2XP9TRU", "Ｋ7Q4M2XP9TRD", "K" * 10_000],
    ids=["nothing", "short", "one more", "wrong check", "wide letter", "long"],
)
def test_what_cannot_be_a_code_is_none(typed: str) -> None:
    assert read_code(typed) is None
