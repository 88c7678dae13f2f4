"""Every message has a text in both languages, and no text can reach beyond its parameters."""

import string

import pytest

from gov_portal.messaging.catalogue import CHINESE, ENGLISH, Catalogue, shipped

CHINESE_TEXTS, ENGLISH_TEXTS = shipped().texts[CHINESE], shipped().texts[ENGLISH]


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_both_languages_hold_the_same_codes() -> None:
    assert set(CHINESE_TEXTS) == set(ENGLISH_TEXTS)


@pytest.mark.parametrize("code", sorted(CHINESE_TEXTS))
def test_both_languages_use_the_same_plain_names(code: str) -> None:
    names = placeholders(CHINESE_TEXTS[code])
    assert names == placeholders(ENGLISH_TEXTS[code])
    assert all(name.isidentifier() for name in names)


def test_a_code_is_filled_in() -> None:
    text = shipped().text("identity.code", {"code": "012345", "minutes": 5})
    assert text == "您的验证码是 012345，5 分钟内有效。工作人员不会向您索要验证码。"


def test_a_parameters_value_is_translated_where_the_catalogue_knows_it() -> None:
    params = {"case_number": "N", "item": "残疾人证首次申办", "outcome": "granted"}
    assert "已办结：准予。" in shipped().text("case.closed", params)
    assert "is closed: granted." in shipped().text("case.closed", params, language=ENGLISH)


def test_an_unknown_code_is_told_in_general_words() -> None:
    assert shipped().text("case.quite-new", {"case_number": "N-1"}) == "您的办件 N-1 有新进展，请登录查看。"


def test_an_unknown_language_is_answered_in_chinese() -> None:
    assert shipped().text("fallback", {}, language="fr").startswith("您的办件")


def test_a_wanting_parameter_leaves_a_gap_rather_than_no_message() -> None:
    assert shipped().text("case.received", {}).startswith("您的申请 （）已收到")


@pytest.mark.parametrize("value", ["{code.__class__}", "{0}", "{", "%s", "outcome"])
def test_a_parameter_is_never_read_as_a_text(value: str) -> None:
    catalogue = Catalogue({CHINESE: {"fallback": "", "x": "<{code}>"}})
    assert catalogue.text("x", {"code": value}) == f"<{value}>"
