"""People find items by their own words."""

import pytest

from gov_portal.web.base.search import entry_of, find
from workflows.guides import guides

CARD = entry_of(
    "card",
    [
        (5, "残疾人证首次申办"),
        (4, "听力 视力 轮椅"),
        (2, "居民身份证 户口簿"),
        (2, "残联"),
        (5, "First disability card"),
    ],
)
LICENCE = entry_of("shop", [(5, "食品经营许可证"), (4, "小吃店 餐馆"), (2, "市场监管"), (5, "Food business licence")])
ENTRIES = (LICENCE, CARD)


def found(query: str) -> list[str]:
    return find(query, ENTRIES, words=guides())


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("残疾证", "card"),
        ("残疾人证", "card"),
        ("我要办残疾证", "card"),
        ("听不见怎么办", "card"),
        ("聋", "card"),
        ("轮椅", "card"),
        ("残联", "card"),
        ("disab", "card"),
        ("Disability card", "card"),
        ("开小吃店", "shop"),
        ("食品许可证", "shop"),
        ("餐馆", "shop"),
        ("food", "shop"),
    ],
)
def test_what_people_say_finds_the_item_first(query: str, first: str) -> None:
    assert found(query)[:1] == [first]


@pytest.mark.parametrize("query", ["护照", "结婚", "zzz", "驾驶执照", "😀", "'; DROP TABLE"])
def test_what_no_item_has_finds_nothing(query: str) -> None:
    assert found(query) == []


def test_an_empty_query_shows_everything() -> None:
    assert found(" ") == ["shop", "card"]
