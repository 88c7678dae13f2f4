"""The inbox, what goes where, and the link that ends e-mails."""

from dataclasses import replace

import pytest

from gov_portal.messaging.news import Kind, Wishes
from tests.factories.inbox import MESSAGE, STOP_TOKEN, a_message
from tests.factories.pages import Pages


def test_new_messages_are_marked_and_counted(pages: Pages) -> None:
    html = pages.signed_in().get("/messages").text
    assert "有 1 条没有读过" in html
    assert html.count('class="badge info"') == 1
    assert "1 条新消息" in pages.signed_in().get("/account").text
    assert "1 条新消息" in pages.signed_in().get("/cases").text


def test_a_message_that_was_opened_has_been_read_and_leads_to_its_case(pages: Pages) -> None:
    response = pages.signed_in().get(f"/messages/{MESSAGE}")
    assert "查看办件" in response.text
    assert pages.messages.marked == [MESSAGE]
    pages.messages.shown = (a_message(2, is_read=True),)
    pages.signed_in().get(f"/messages/{MESSAGE}")
    assert pages.messages.marked == [MESSAGE]


def test_a_message_without_a_case_leads_nowhere(pages: Pages) -> None:
    pages.messages.shown = (replace(a_message(2), case=None),)
    assert "查看办件" not in pages.signed_in().get(f"/messages/{MESSAGE}").text


def test_the_message_of_another_is_not_found(pages: Pages) -> None:
    pages.messages.shown = ()
    assert pages.signed_in().get(f"/messages/{MESSAGE}").status_code == 404


def test_all_are_marked_as_read_by_a_form(pages: Pages) -> None:
    visitor = pages.signed_in()
    visitor.get("/messages")
    assert visitor.post("/messages/read").location == "/messages"
    assert pages.messages.marked == [None]
    assert pages.signed_in().client.post("/messages/read").status_code == 400


def test_twenty_to_a_page_and_a_way_to_older_ones(pages: Pages) -> None:
    pages.messages.shown = tuple(a_message(number) for number in range(45, 0, -1))
    first = pages.signed_in().get("/messages").text
    assert first.count("data-message=") == 20
    assert 'href="/messages?before=26"' in first
    last = pages.signed_in().get("/messages?before=6").text
    assert last.count("data-message=") == 5
    assert "更早的消息" not in last


@pytest.mark.parametrize("before", ["x", "-1", "9" * 40, "١", "1.5", ""])
def test_a_senseless_place_is_the_first_page(pages: Pages, before: str) -> None:
    response = pages.signed_in().get(f"/messages?before={before}")
    assert response.status_code == 200
    assert response.text.count("data-message=") == 2


def test_an_english_reader_reads_english(pages: Pages) -> None:
    visitor = pages.signed_in()
    visitor.client.set_cookie("gov_language", "en")
    assert "Your application 470101-1 (First disability card" in visitor.get("/messages").text


def test_wishes_are_kept(pages: Pages) -> None:
    visitor = pages.signed_in()
    form = visitor.get("/account/messages").text
    assert form.count('type="checkbox"') == 8
    typed = {"duties": ["sms", "email"], "progress": ["email"], "language": "en", "quiet": "22-7"}
    assert visitor.post("/account/messages", typed).location == "/account/messages"
    assert pages.messages.preferences.wishes == Wishes(
        "en", frozenset({Kind.DUTIES}), frozenset({Kind.DUTIES, Kind.PROGRESS}), 22, 7
    )
    shown = visitor.get("/account/messages").text
    assert "已经保存" in shown
    assert 'value="22-7" checked' in shown


def test_whoever_has_no_address_is_led_to_one(pages: Pages) -> None:
    assert "还没有登记邮箱" not in pages.signed_in().get("/account/messages").text
    pages.identity.email = ""
    assert "还没有登记邮箱" in pages.signed_in().get("/account/messages").text


def test_opening_the_link_of_an_e_mail_ends_nothing_yet(pages: Pages) -> None:
    assert "停止邮件" in pages.visitor().get(f"/messages/stop/{STOP_TOKEN}").text
    assert pages.messages.preferences.stopped == []


def test_a_mail_program_ends_e_mails_by_one_click_without_a_form(pages: Pages) -> None:
    one_click = {"List-Unsubscribe": "One-Click"}
    response = pages.app.test_client().post(f"/messages/stop/{STOP_TOKEN}", data=one_click)
    assert response.status_code == 200
    assert pages.messages.preferences.stopped == [STOP_TOKEN]


def test_a_changed_link_ends_nothing(pages: Pages) -> None:
    assert pages.visitor().get("/messages/stop/other").status_code == 404
    assert pages.app.test_client().post("/messages/stop/other").status_code == 404
