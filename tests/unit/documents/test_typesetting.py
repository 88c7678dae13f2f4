from datetime import UTC, datetime
from pathlib import Path

import pytest

from gov_portal.documents.typesetting import FontsMissing, Typesetter, TypesettingFailed
from tests.unit.documents.inspection import text_of

AT = datetime(2026, 3, 4, tzinfo=UTC)


def a_notice(**changes: object) -> dict[str, object]:
    return {
        "title": "通知书",
        "number": "1",
        "authority": "样例省",
        "addressee": "样小禾",
        "facts": [["申请人", "样小禾"]],
        "paragraphs": ["正文"],
        "wanted": [],
        "closing": [],
        "on": "2026年3月4日",
        "is_sample": True,
        "footnotes": [],
        **changes,
    }


@pytest.mark.parametrize("name", ["𠮷", "䶮", "𰻞", "㐂", "·", "é"])
def test_a_rare_character_that_the_font_has_is_set(typesetter: Typesetter, name: str) -> None:
    text = text_of(typesetter.pdf("notice", a_notice(addressee=f"样{name}"), at=AT))
    assert f"样{name}：" in text
    assert "暂缺" not in text


@pytest.mark.parametrize("name", ["\U000323af", "\ue000", "\U000323af鼎\U000323b0"], ids=ascii)
def test_a_character_without_glyph_becomes_a_geta_mark_with_a_footnote(typesetter: Typesetter, name: str) -> None:
    text = text_of(typesetter.pdf("notice", a_notice(addressee=f"样{name}"), at=AT))
    assert "样〓" in text
    assert "字库暂缺的字" in text


@pytest.mark.parametrize("character", ["\0", "\x01", "\x1b", "\x7f", "\x85", "\ud800"], ids=ascii)
def test_a_control_character_stops_no_paper(typesetter: Typesetter, character: str) -> None:
    text = text_of(typesetter.pdf("notice", a_notice(paragraphs=[f"正{character}文"]), at=AT))
    assert "正" in text
    assert "文" in text


def test_a_failure_does_not_tell_the_data(typesetter: Typesetter) -> None:
    with pytest.raises(TypesettingFailed) as caught:
        typesetter.pdf("notice", a_notice(wanted="样小禾"), at=AT)
    assert "样小禾" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


def test_an_unknown_template_is_named(typesetter: Typesetter) -> None:
    with pytest.raises(FileNotFoundError, match="no-such-template"):
        typesetter.pdf("no-such-template", {}, at=AT)


def test_a_folder_without_fonts_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(FontsMissing, match=r"deploy/fonts\.sh"):
        Typesetter(tmp_path)
