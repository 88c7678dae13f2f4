"""What looks like a number of a person is found, however little of a text is looked at first."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gov_portal.kernel.personal import PERSONAL, looks_personal, without_personal
from tests.factories.personal import NUMBERS

TEXTS = st.lists(st.sampled_from(NUMBERS) | st.text("0123456789Xx+- aé\n", max_size=12), max_size=5).map("".join)


@given(TEXTS)
def test_a_look_ahead_leaves_nothing_out(text: str) -> None:
    assert without_personal(text, instead="[]") == PERSONAL.sub("[]", text)
    assert looks_personal(text) == ("[]" in without_personal(text, instead="[]"))


@pytest.mark.parametrize("number", NUMBERS)
def test_each_is_taken_out_alone_and_between_words(number: str) -> None:
    assert without_personal(number, instead="[]") == "[]"
    assert without_personal(f"见\n{number}，", instead="[]") == "见\n[]，"
