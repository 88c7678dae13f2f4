"""Whoever comes when too many are there waits, and goes on by one press, without a script."""

import pytest
from playwright.sync_api import expect

from tests.acceptance.screens import Screens
from tests.acceptance.stops import Stop, every_stop
from tests.factories.pages import CASE, turning_away

pytestmark = pytest.mark.browser

READING = every_stop()["waiting to read"]
LETTERS = Stop(f"/cases/{CASE}/letters", "citizen")
TYPED = '第一行\n<第二行> & "完"'


def test_whoever_reads_goes_on_by_one_press_once_there_is_room(screens: Screens) -> None:
    with screens.context(READING, has_script=False) as context:
        page = context.new_page()
        with turning_away(screens.pages):
            page.goto(screens.base_url + READING.path)
        expect(page.get_by_role("heading", level=1)).to_have_text("现在办事的人很多，请稍等")
        page.get_by_role("link", name="现在再试").click()
        expect(page.locator("main [data-case-number]").first).to_be_visible()


def test_whoever_sent_something_sends_it_again_by_one_press(screens: Screens) -> None:
    correspondence = screens.pages.correspondence
    with screens.context(LETTERS, has_script=False) as context:
        page = context.new_page()
        page.goto(screens.base_url + LETTERS.path)
        page.locator("main textarea").fill(TYPED)
        with turning_away(screens.pages), page.expect_navigation():
            page.get_by_role("button", name="发出留言").click()
        assert correspondence.called("write") == []
        with page.expect_navigation():
            page.get_by_role("button", name="再提交一次").click()
    (sent,) = correspondence.called("write")
    assert sent["text"].splitlines() == TYPED.splitlines()
