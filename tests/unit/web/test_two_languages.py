"""Texts, dates and values are said in the language that the reader chose."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from flask import Flask

from gov_portal.kernel.types import Bool, Choices, Date, Enum, Text
from gov_portal.web.base.labels import duration, source_label
from gov_portal.web.base.text import _, day, days_to, moment, own_words, weekday
from gov_portal.web.base.values import said
from tests.factories.cases import card_item
from workflows.domain.definition import Duration, Unit
from workflows.dsl.picture import flow_picture
from workflows.views import FieldView

_BOTH = "肢体残疾、言语残疾"


@pytest.fixture
def english() -> Iterator[None]:
    """A request of somebody who chose English."""
    with Flask("reader").test_request_context(headers={"Cookie": "gov_language=en"}):
        yield


@pytest.mark.parametrize(("days", "text"), [(1, "1 working day left"), (2, "2 working days left")])
def test_english_knows_one_and_many(english: None, days: int, text: str) -> None:
    assert _("还剩 {n} 个工作日", n=days) == text


def test_dates_are_written_as_english_writes_them(english: None) -> None:
    first, last = date(2026, 3, 5), date(2026, 3, 13)
    assert day(first) == "5 March 2026"
    assert weekday(first) == "Thursday, 5 March 2026"
    assert days_to(first, last) == "5 March to 13 March 2026"
    assert days_to(date(2026, 12, 30), date(2027, 1, 4)) == "30 December 2026 to 4 January 2027"
    assert moment(datetime(2026, 3, 1, 17, 30, tzinfo=UTC)) == "2 March 2026 01:30"


def test_labels_are_said(english: None) -> None:
    assert duration(Duration(15, Unit.WORKING_DAY)) == "15 working days"
    assert source_label("police.person") == "Taken from the police"


def test_somebodys_own_words_are_marked_and_escaped(english: None) -> None:
    assert own_words("张<三") == '<span lang="zh-CN" translate="no">张&lt;三</span>'


def test_own_words_on_a_chinese_page_are_plain() -> None:
    assert own_words("张三") == "张三"


@pytest.mark.parametrize(
    ("view", "text"),
    [
        (FieldView("claim.kind", "", Enum(("limb",)), "limb", "肢体残疾"), "Limbs"),
        (
            FieldView("a.b", "", Choices(Enum(("limb", "speech"))), ("limb", "speech"), "肢体残疾、言语残疾"),
            "Limbs, Speech",
        ),
        (FieldView("a.b", "", Bool(), True, "是"), "Yes"),
        (FieldView("a.b", "", Date(), date(1980, 5, 1), "1980年5月1日"), "1 May 1980"),
        (FieldView("a.b", "", Text(40), "同意", "同意"), '<span lang="zh-CN" translate="no">同意</span>'),
    ],
    ids=["enum", "choices", "bool", "date", "own words"],
)
def test_values_are_said_but_never_what_a_person_wrote(english: None, view: FieldView, text: str) -> None:
    assert said(view) == text


def test_the_flow_is_drawn_in_english(english: None) -> None:
    picture = flow_picture(card_item(), say=_)
    assert "Make the licence" in picture
    assert "5 working days" in picture
    assert not [character for character in picture if "\u4e00" <= character <= "\u9fff"]
