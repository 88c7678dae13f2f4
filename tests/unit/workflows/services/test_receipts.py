"""A case number says where, when and which, and shows a slip of the pen."""

from datetime import date

import pytest

from workflows.services.receipts import case_number, check_character


def test_a_case_number_has_region_day_serial_and_check_character() -> None:
    number = case_number("470101", date(2026, 3, 2), serial=123)
    assert number[:-1] == "470101-20260302-0000123-"
    assert number[-1] == check_character("470101-20260302-0000123")


def test_a_serial_that_outgrows_its_seven_digits_stays_whole() -> None:
    assert case_number("470101", date(2026, 3, 2), serial=12_345_678).split("-")[2] == "12345678"


@pytest.mark.parametrize("place", range(len("470101202603020000123")))
def test_one_wrong_digit_changes_the_check_character(place: int) -> None:
    digits = "470101202603020000123"
    for other in "0123456789":
        if other != digits[place]:
            wrong = digits[:place] + other + digits[place + 1 :]
            assert check_character(wrong) != check_character(digits)


def test_two_digits_that_change_places_change_the_check_character() -> None:
    digits = "470101202603020000123"
    for place in range(len(digits) - 1):
        swapped = digits[:place] + digits[place + 1] + digits[place] + digits[place + 2 :]
        if swapped != digits:
            assert check_character(swapped) != check_character(digits)
