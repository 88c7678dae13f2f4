"""The pages show letters to whom they concern, keep what was typed, and mark as read only what was shown."""

from dataclasses import replace
from html import unescape

import pytest

from tests.factories.casework import PHRASE
from tests.factories.letters import WAITING, a_conversation, a_letter
from tests.factories.pages import CASE, Pages
from tests.factories.views import TASK, a_case_row
from workflows.services.correspondence import LettersClosed, LettersTooMany, NotWithYou

CASE_PAGE, LETTERS = f"/cases/{CASE}", f"/cases/{CASE}/letters"
DESK = f"/officer/cases/{CASE}"


def test_a_case_shows_who_wrote_when_and_whether_it_was_read(pages: Pages) -> None:
    pages.correspondence.seen = a_conversation()
    text = pages.signed_in().get(CASE_PAGE).text
    for words in (
        "东样区样例街道办事处",
        "不可以，请用近期两寸白底彩色照片。",
        "办理单位已读",
        "对方还没有读",
        "1 条新留言",
    ):
        assert words in text
    assert "今天还可以留言 18 条" in text
    assert pages.correspondence.called("mark_read") == [{"first": 1, "last": 3}]


def test_a_case_without_new_letters_marks_nothing(pages: Pages) -> None:
    text = pages.signed_in().get(CASE_PAGE).text
    assert "还没有留言" in text
    assert pages.correspondence.called("mark_read") == []


def test_a_letter_is_sent_and_leads_back_to_the_case(pages: Pages) -> None:
    visitor = pages.signed_in()
    visitor.get(CASE_PAGE)
    response = visitor.post(LETTERS, {"text": "第一行\r\n第二行", "key": "k"})
    assert (response.status_code, response.location) == (303, f"{CASE_PAGE}#letters")
    assert pages.correspondence.called("write") == [{"text": "第一行\n第二行", "key": "k", "shown": None}]


@pytest.mark.parametrize(("typed", "words"), [(" ", "请填写留言"), ("长" * 1001, "1000")], ids=["nothing", "too much"])
def test_what_is_wrong_with_a_letter_is_said_and_nothing_is_lost(pages: Pages, typed: str, words: str) -> None:
    response = pages.signed_in().post(LETTERS, {"text": typed, "key": "k"}, form=CASE_PAGE)
    assert response.status_code == 422
    assert 'href="#f-letter-text"' in response.text
    assert words in response.text
    assert typed in response.text
    assert pages.correspondence.called("write") == []


@pytest.mark.parametrize("error", [LettersClosed(), LettersTooMany(maximum=20)], ids=["closed", "too many"])
def test_a_refused_letter_keeps_its_text(pages: Pages, error) -> None:
    pages.correspondence.refuse["write"] = error
    response = pages.signed_in().post(LETTERS, {"text": "我的问题", "key": "k"}, form=CASE_PAGE)
    assert response.status_code == 422
    assert "我的问题" in response.text
    assert "error-summary" in response.text


def test_a_closed_case_has_no_form(pages: Pages) -> None:
    pages.correspondence.seen = a_conversation(may_write=False, is_closed=True, unread=0)
    text = pages.signed_in().get(LETTERS).text
    assert "办件已经办结，不能再留言" in text
    assert "<textarea" not in text


@pytest.mark.parametrize("before", ["x", "-1", "²", "9" * 40])
def test_a_spoilt_address_shows_the_last_letters(pages: Pages, before: str) -> None:
    assert pages.signed_in().get(LETTERS, query_string={"before": before}).status_code == 200
    assert pages.correspondence.called("letters")[-1]["before"] is None


def test_markup_in_a_letter_is_text(pages: Pages) -> None:
    pages.correspondence.seen = a_conversation(letters=(a_letter(text="<b>粗</b>"),))
    assert "&lt;b&gt;粗&lt;/b&gt;" in pages.signed_in().get(LETTERS).text


def test_the_list_of_cases_says_where_a_letter_waits(pages: Pages) -> None:
    pages.cases.rows = (replace(a_case_row(), has_new_letter=True), a_case_row())
    text = pages.signed_in().get("/cases").text
    assert text.count("有新留言") == 2  # the line above the list, and the badge of one case
    assert 'data-new-letters="1"' in text


@pytest.mark.parametrize("page", [f"{DESK}/tasks/{TASK}", f"{DESK}?read=1"])
def test_an_officer_reads_letters_beside_the_acts_and_marks_none_by_looking(pages: Pages, page: str) -> None:
    pages.correspondence.seen = a_conversation()
    text = pages.signed_in("window").get(page).text
    for words in ("照片可以用黑白的吗？", "申请人", "1 条新留言", "标为已读，不用回复"):
        assert words in text
    assert pages.correspondence.called("mark_read") == []


def test_an_officer_answers_what_stood_above(pages: Pages) -> None:
    visitor = pages.signed_in("window")
    visitor.get(f"{DESK}/tasks/{TASK}")
    response = visitor.post(f"{DESK}/letters", {"text": "请重拍。", "key": "k", "first": "1", "last": "3"})
    assert response.location == f"{DESK}#letters"
    assert pages.correspondence.called("write") == [{"text": "请重拍。", "key": "k", "shown": (1, 3)}]


def test_a_phrase_goes_into_the_letter_without_sending_it(pages: Pages) -> None:
    form = {"text": "您好。", "insert": "letter", "snippet": str(PHRASE)}
    response = pages.signed_in("window").post(f"{DESK}/letters", form, form=f"{DESK}/letters")
    assert "您好。请用手机在光线充足处重新拍摄，四角完整。" in unescape(response.text)
    assert pages.correspondence.called("write") == []


def test_an_officer_marks_letters_as_read_without_an_answer(pages: Pages) -> None:
    response = pages.signed_in("window").post(
        f"{DESK}/letters/read", {"first": "1", "last": "3"}, form=f"{DESK}/letters"
    )
    assert response.location == f"{DESK}#letters"
    assert pages.correspondence.called("mark_read") == [{"first": 1, "last": 3}]


@pytest.mark.parametrize("form", [{}, {"first": "a", "last": "3"}, {"first": "1", "last": "9" * 30}])
def test_a_form_without_sound_numbers_marks_nothing(pages: Pages, form: dict) -> None:
    assert pages.signed_in("window").post(f"{DESK}/letters/read", form, form=f"{DESK}/letters").status_code == 303
    assert pages.correspondence.called("mark_read") == []


def test_a_letter_of_a_unit_that_lost_the_case_keeps_its_text(pages: Pages) -> None:
    pages.correspondence.refuse["write"] = NotWithYou()
    response = pages.signed_in("window").post(f"{DESK}/letters", {"text": "我的答复"}, form=f"{DESK}/letters")
    assert response.status_code == 422
    assert "我的答复" in response.text


def test_the_queue_leads_to_the_cases_with_new_letters(pages: Pages) -> None:
    assert "有新留言" not in pages.signed_in("window").get("/officer?all=1").text
    pages.correspondence.rows = (WAITING,)
    queue = pages.signed_in("window").get("/officer?all=1").text
    assert '<a href="/officer/letters" aria-keyshortcuts="m">' in queue
    listed = pages.signed_in("window").get("/officer/letters").text
    assert f'href="{DESK}#letters"' in listed
    assert "2 条" in listed
