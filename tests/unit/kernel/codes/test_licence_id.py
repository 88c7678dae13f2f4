from itertools import product

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gov_portal.kernel.codes import licence_id
from gov_portal.kernel.codes.errors import CodeFault, CodeInvalid

# Identifiers printed in published documents of six authorities.
VECTORS = [
    "11100000000013338W011.11430000006122244L.20230000403.001.U",
    "11100000000013338W011.11430000006122244L.20230000403.002.S",
    "11100000000013338W032.11220000013544541J.2430599.001.F",
    "11100000MB03271699022.340100.000000016.001.9",
    "11100000000013338W087.11370800MB28559184.37080001202411010001.001.3",
    "11100000000013338W009.11330105002500287C.2025052201.002.0",
]
IDENTIFIER = licence_id.build("G14700000000000191001", "470100", serial="000123")
bodies = st.text(alphabet=licence_id.ALPHABET, min_size=1, max_size=60)


@pytest.mark.parametrize("text", VECTORS)
def test_a_published_identifier_is_read_and_given_back(text: str) -> None:
    whole = f"1.2.156.3005.2.{text}"
    assert str(licence_id.parse(whole)) == whole


def test_the_parts_are_found() -> None:
    identifier = licence_id.parse(f"1.2.156.3005.2.{VECTORS[1]}")
    assert (identifier.type_code, identifier.issuer_code) == ("11100000000013338W011", "11430000006122244L")
    assert (identifier.serial, identifier.version, identifier.check) == ("20230000403", 2, "S")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        pytest.param(f"1.2.156.3005.2.{VECTORS[0][:-1]}V", CodeFault.CHECK, id="check"),
        pytest.param(VECTORS[0], CodeFault.FORM, id="without-root"),
        pytest.param("1.2.156.3005.2.A.B.C.001", CodeFault.FORM, id="a-part-missing"),
        pytest.param("1.2.156.3005.2.A.B.C.1.0", CodeFault.FORM, id="short-version"),
        pytest.param("1.2.156.3005.2.a.B.C.001.0", CodeFault.FORM, id="small-letter"),
        pytest.param("1.2.156.3005.2.A..C.001.0", CodeFault.FORM, id="empty-part"),
        pytest.param("1.2.156.3005.2.A.B.C.０01.0", CodeFault.FORM, id="full-width-digit"),
    ],
)
def test_a_wrong_identifier_is_refused_with_its_fault(text: str, fault: CodeFault) -> None:
    with pytest.raises(CodeInvalid) as caught:
        licence_id.parse(text)
    assert caught.value.fault is fault


@pytest.mark.parametrize("body", ["", "a", "A.B"])
def test_the_check_character_is_only_for_digits_and_capitals(body: str) -> None:
    with pytest.raises(CodeInvalid):
        licence_id.check_character(body)


def test_the_next_version_keeps_everything_else() -> None:
    following = IDENTIFIER.next_version()
    assert (following.version, following.serial) == (2, IDENTIFIER.serial)
    assert str(following) != str(IDENTIFIER)


def test_there_is_no_version_1000() -> None:
    with pytest.raises(CodeInvalid):
        licence_id.build("A", "B", serial="C", version=999).next_version()


@given(bodies, st.data())
def test_the_check_character_finds_one_wrong_character(body: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(body) - 1))
    character = data.draw(st.sampled_from(licence_id.ALPHABET))
    assume(body[place] != character)
    changed = body[:place] + character + body[place + 1 :]
    assert licence_id.check_character(changed) != licence_id.check_character(body)


def test_the_check_character_misses_only_72_of_45360_swaps() -> None:
    # The leading character runs through every state of the check, so this is the whole of MOD 37,36.
    missed = 0
    for first, one, two in product(licence_id.ALPHABET, repeat=3):
        if one < two and licence_id.check_character(first + one + two) == licence_id.check_character(first + two + one):
            missed += 2
    assert missed == 72
