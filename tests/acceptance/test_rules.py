"""With a script the fields of a form come and go as one types, by the rules of the server; nothing typed is lost."""

import pytest
from playwright.sync_api import expect

from tests.acceptance.screens import Screens, arranged
from tests.acceptance.stops import Stop
from tests.factories.browser_rules import RUN, SCRIPT, suite
from tests.factories.pages import CASE

pytestmark = pytest.mark.browser

DELIVERY = Stop(f"/cases/{CASE}/form/delivery", "citizen")
GO_ON = "保存并继续"


def test_the_browser_comes_to_what_the_suite_says(screens: Screens) -> None:
    page = screens.browser.new_page()
    load = "source => { const own = {}; new Function('globalThis', source)(own); window.rules = own.rules; }"
    page.evaluate(load, SCRIPT.read_text(encoding="utf-8"))
    agrees = page.evaluate(f"cases => ({RUN})(window.rules, cases)", suite())
    page.close()
    assert [one["why"] for one, is_right in zip(suite(), agrees, strict=True) if not is_right] == []


def test_a_field_comes_and_goes_with_the_answer_that_asks_for_it(screens: Screens) -> None:
    saved = screens.pages.cases.calls
    with screens.context(DELIVERY) as context, arranged(screens.pages, DELIVERY):
        page = context.new_page()
        page.goto(screens.base_url + DELIVERY.path)
        address = page.get_by_label("邮寄地址")
        expect(address).to_be_hidden()
        page.get_by_label("邮寄到家").check()
        address.fill("幸福路 1 号")
        page.get_by_label("到服务窗口领取").check()
        expect(address).to_be_hidden()
        page.get_by_label("邮寄到家").check()
        expect(address).to_have_value("幸福路 1 号")
        page.get_by_role("button", name=GO_ON).click()
        page.goto(screens.base_url + DELIVERY.path)
        page.get_by_label("到服务窗口领取").check()
        page.get_by_role("button", name=GO_ON).click()
        page.wait_for_load_state()
    raws = [call["raw"] for name, call in saved if name == "save_page"][-2:]
    assert raws == [{"delivery.way": "post", "delivery.address": "幸福路 1 号"}, {"delivery.way": "pickup"}]


def test_without_a_script_only_what_is_asked_now_is_sent(screens: Screens) -> None:
    browser = screens.browser
    with screens.context(DELIVERY) as cookies, arranged(screens.pages, DELIVERY):
        context = browser.new_context(storage_state=cookies.storage_state(), java_script_enabled=False)
        page = context.new_page()
        page.goto(screens.base_url + DELIVERY.path)
        assert page.get_by_label("邮寄地址").count() == 0
        page.get_by_label("邮寄到家").check()
        page.get_by_role("button", name=GO_ON).click()
        page.wait_for_load_state()
        context.close()
    assert screens.pages.cases.called("save_page")[-1]["raw"] == {"delivery.way": "post"}
