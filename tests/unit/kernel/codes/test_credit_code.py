import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gov_portal.kernel.codes import credit_code
from gov_portal.kernel.codes.errors import CodeFault, CodeInvalid

# Codes of real public bodies, read off their published documents.
VECTORS = ["114414000072083734", "11442000MB2D460477", "11440100007482575H", "11511301008778183N"]
bodies = st.text(alphabet=credit_code.ALPHABET, min_size=17, max_size=17)


@pytest.mark.parametrize("code", VECTORS)
def test_a_published_code_is_valid(code: str) -> None:
    assert credit_code.validate(code) == code


@pytest.mark.parametrize("code", VECTORS)
def test_the_organisation_code_inside_has_its_own_check(code: str) -> None:
    assert credit_code.organisation_check_character(code[8:16]) == code[16]


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        pytest.param("11441400007208373", CodeFault.LENGTH, id="short"),
        pytest.param("114414000072083733", CodeFault.CHECK, id="check"),
        pytest.param("1144010000748257SH", CodeFault.FORM, id="letter-outside-the-alphabet"),
        pytest.param("114401000074825７5H", CodeFault.FORM, id="full-width-digit"),
        pytest.param("11A40100007482575H", CodeFault.FORM, id="letter-in-the-division"),
    ],
)
def test_a_wrong_code_is_refused_with_its_fault(code: str, fault: CodeFault) -> None:
    with pytest.raises(CodeInvalid) as caught:
        credit_code.validate(code)
    assert caught.value.fault is fault
    assert not credit_code.is_valid(code)


def test_a_built_code_is_valid() -> None:
    code = credit_code.build("G", "1", division_code="470000", serial="00000001")
    assert code.startswith("G147000000000001")
    assert credit_code.is_valid(code)


@given(bodies, st.integers(0, 16), st.sampled_from(credit_code.ALPHABET))
def test_the_check_character_finds_one_wrong_character(body: str, place: int, character: str) -> None:
    assume(body[place] != character)
    changed = body[:place] + character + body[place + 1 :]
    assert credit_code.check_character(changed) != credit_code.check_character(body)


@given(bodies, st.integers(0, 15))
def test_the_check_character_finds_two_neighbours_swapped(body: str, place: int) -> None:
    assume(body[place] != body[place + 1])
    swapped = body[:place] + body[place + 1] + body[place] + body[place + 2 :]
    assert credit_code.check_character(swapped) != credit_code.check_character(body)


@given(bodies)
def test_the_last_two_swapped_are_found(body: str) -> None:
    check = credit_code.check_character(body)
    assume(check != body[-1])
    assert credit_code.check_character(body[:-1] + check) != body[-1]
