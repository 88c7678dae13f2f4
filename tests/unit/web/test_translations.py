"""Whatever a page says in Chinese, it can say in English."""

import string
from pathlib import Path

import pytest

from gov_portal.web.base.english import english
from tests.factories.phrases import HAN, phrases_of

FRONTS = sorted(path for path in Path("gov_portal/web").iterdir() if path.is_dir() and (path / "__init__.py").exists())


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("front", FRONTS, ids=lambda path: path.name)
def test_every_text_of_a_front_goes_through_the_catalogue_and_has_english_words(front: Path) -> None:
    phrases = phrases_of(front)
    assert [f"{phrase.place} {phrase.text}" for phrase in phrases if not phrase.is_said] == []
    assert sorted({phrase.text for phrase in phrases} - set(english())) == []


def test_english_words_have_the_same_places_and_no_chinese() -> None:
    wrong = {text: said for text, said in english().items() if places(text) != places(said) or HAN.search(said)}
    assert wrong == {}
