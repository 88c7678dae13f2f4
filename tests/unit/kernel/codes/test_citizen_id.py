from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gov_portal.kernel.codes import citizen_id
from gov_portal.kernel.codes.citizen_id import Sex
from gov_portal.kernel.codes.errors import CodeFault, CodeInvalid

GOOD = "11010519491231002X"  # the example of GB 11643-1999
bodies = st.from_regex(r"[0-9]{17}", fullmatch=True)
numbers = bodies.map(lambda body: body + citizen_id.check_character(body))


def test_the_example_of_the_standard_is_valid() -> None:
    assert citizen_id.validate(GOOD) == GOOD
    assert citizen_id.birth(GOOD) == date(1949, 12, 31)
    assert citizen_id.sex(GOOD) is Sex.FEMALE


@pytest.mark.parametrize(
    ("number", "fault"),
    [
        pytest.param("1101051949123100", CodeFault.LENGTH, id="short"),
        pytest.param("11010519491231002XX", CodeFault.LENGTH, id="long"),
        pytest.param("11010519491231002x", CodeFault.FORM, id="small-x"),
        pytest.param("1101051949123100A2", CodeFault.FORM, id="letter-inside"),
        pytest.param("１10105194912310020", CodeFault.FORM, id="full-width-digit"),
        pytest.param("010105194912310020", CodeFault.FORM, id="leading-zero"),
        pytest.param("110105194902300021", CodeFault.BIRTH, id="30-february"),
        pytest.param("110105194913010021", CodeFault.BIRTH, id="month-13"),
        pytest.param("110105194912310020", CodeFault.CHECK, id="check"),
    ],
)
def test_a_wrong_number_is_refused_with_its_fault(number: str, fault: CodeFault) -> None:
    with pytest.raises(CodeInvalid) as caught:
        citizen_id.validate(number)
    assert caught.value.fault is fault
    assert not citizen_id.is_valid(number)


@pytest.mark.parametrize("area", ["810000", "820000", "830000", "911156", "429021"])
def test_permits_foreigners_and_abolished_areas_share_the_check(area: str) -> None:
    assert citizen_id.is_valid(citizen_id.build(area, date(1980, 2, 29), sequence=7))


def test_an_odd_sequence_is_male() -> None:
    assert citizen_id.sex(citizen_id.build("470101", date(1980, 2, 29), sequence=7)) is Sex.MALE


def test_the_refusal_does_not_tell_the_number() -> None:
    with pytest.raises(CodeInvalid) as caught:
        citizen_id.validate("110105194912310020")
    assert "110105" not in repr(caught.value) + str(caught.value)


@given(numbers, st.integers(0, 16), st.sampled_from("0123456789"))
def test_the_check_character_finds_one_wrong_digit(number: str, place: int, digit: str) -> None:
    assume(number[place] != digit)
    changed = number[:place] + digit + number[place + 1 :]
    assert citizen_id.check_character(changed[:-1]) != changed[-1]


@given(bodies, st.integers(0, 15))
def test_the_check_character_finds_two_neighbours_swapped(body: str, place: int) -> None:
    assume(body[place] != body[place + 1])
    swapped = body[:place] + body[place + 1] + body[place] + body[place + 2 :]
    assert citizen_id.check_character(swapped) != citizen_id.check_character(body)


@given(numbers)
def test_the_last_two_swapped_are_found(number: str) -> None:
    assume(number[-1] != number[-2] and number[-1] != "X")
    assert citizen_id.check_character(number[:-2] + number[-1]) != number[-2]
