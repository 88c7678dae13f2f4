"""Codes of items are read in the three lengths that live systems use."""

import pytest

from gov_portal.kernel.codes.errors import CodeInvalid
from gov_portal.kernel.codes.item_code import ItemCode, parse

REAL = "11440100007482575H3440118009000"
"""An implementing code of Guangzhou."""


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("440118009000", ItemCode("440118009000")),
        ("000105001000", ItemCode("000105001000")),
        (REAL, ItemCode("440118009000", "11440100007482575H", "3")),
        (f"{REAL}01", ItemCode("440118009000", "11440100007482575H", "3", "01")),
        # A body without a credit code: nothing about it is checked but its length.
        ("TE440100000000000X3440118009000", ItemCode("440118009000", "TE440100000000000X", "3")),
    ],
    ids=["base", "national", "implementing", "handling", "temporary"],
)
def test_a_code_is_read_in_its_parts(text: str, parts: ItemCode) -> None:
    assert parse(text) == parts


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("4401180090", "length"),
        (f"{REAL}012", "length"),
        ("990118009000", "form"),
        ("44O118009000", "form"),
        (REAL.replace("H3", "H9"), "form"),
        (f"{REAL}a1", "form"),
        (REAL.replace("H3", "K3"), "check"),
        ("11440100007482575H3" + "99" + REAL[21:], "form"),
    ],
)
def test_what_is_no_code_is_refused_for_its_first_fault(text: str, fault: str) -> None:
    with pytest.raises(CodeInvalid) as refused:
        parse(text)
    assert refused.value.fault == fault


def test_a_base_code_becomes_an_implementing_one_by_the_body_and_the_level() -> None:
    assert parse("440118009000").implementing("11440100007482575H", "3") == REAL
    assert parse("440118009000").implementing("", "3") == ""


def test_a_code_that_names_its_body_keeps_it() -> None:
    assert parse(REAL).implementing("114414000072083734", "4") == REAL


def test_only_an_item_with_a_suffix_has_a_handling_code() -> None:
    assert ItemCode("440118009000", suffix="02").handling("11440100007482575H", "3") == f"{REAL}02"
    assert parse(REAL).handling("", "") == ""
    assert ItemCode("440118009000", suffix="02").handling("", "3") == ""
