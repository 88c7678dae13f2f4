"""Somebody without a phone applies at a counter, where an officer clicks and no script runs."""

import time
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from gov_portal.cli.instance import Instance
from gov_portal.sandbox.people import load_people
from tests.acceptance.browsers import DESK, PATIENCE_MS, keep_picture
from tests.acceptance.walking import Walker, pointing
from tests.acceptance.ways import ITEM, Applicant, AtDesk, number_on

pytestmark = pytest.mark.browser


def test_a_person_without_a_phone_applies_at_a_counter_and_is_told_what_is_missing(
    live_portal: Instance, browser: Browser, tmp_path: Path
) -> None:
    with pointing(browser, live_portal.base_url, viewport=DESK) as walk:
        AtDesk(walk, "counter.470101").sign_in()
        hall = walk.page
        hall.get_by_role("link", name="窗口代录").click()
        identify_without_phone(hall)
        number = enter(walk, tmp_path)
        hall.get_by_role("button", name="结束这次核身").click()
        expect(hall.get_by_text("现在没有正在办的核身")).to_be_visible()
        ask_for_cause(browser, live_portal.base_url, number)
        tell(hall, number)


def identify_without_phone(hall: Page) -> None:
    """Identify somebody by the card, with one slip on the way."""
    elder = load_people().person("without_phone")
    hall.get_by_role("link", name="核验身份").click()
    hall.get_by_label("姓名", exact=True).fill(elder.name)
    hall.get_by_label("身份证号", exact=True).fill(elder.id_no)
    hall.get_by_role("button", name="核验身份").click()
    expect(hall.locator(".error-summary")).to_contain_text("请确认您已查看证件原件")
    hall.get_by_label("我已看过证件原件").check()
    hall.get_by_role("button", name="核验身份").click()
    expect(hall.get_by_role("heading", name=elder.name)).to_be_visible()
    assert elder.id_no not in hall.content()
    keep_picture(hall, "counter-visit")


def enter(walk: Walker, folder: Path) -> str:
    """Ask for consent, enter the application, submit it, and return the number on the receipt as it is printed."""
    hall = walk.page
    hall.get_by_role("link", name=ITEM).click()
    hall.get_by_label("口头同意").check()
    hall.get_by_role("button", name="开始填写").click()
    expect(hall.get_by_text("已从公安取得").first).to_be_visible()
    Applicant(walk, folder).answer()
    expect(hall.get_by_text("逐项念给申请人听")).to_be_visible()
    hall.get_by_role("button", name="提交申请").click()
    expect(hall.get_by_role("heading", name="已收到您的申请")).to_be_visible()
    hall.emulate_media(media="print")
    expect(hall.get_by_text("申请人：周桂香（470101********0269）")).to_be_visible()
    expect(hall.get_by_text("东样区街道政务服务窗口的工作人员代录，申请人口头同意")).to_be_visible()
    expect(hall.get_by_role("button", name="结束这次核身")).to_be_hidden()
    keep_picture(hall, "counter-receipt")
    hall.emulate_media(media="screen")
    return number_on(hall)


def ask_for_cause(browser: Browser, base_url: str, number: str) -> None:
    """Let the officer who accepts find something missing."""
    with pointing(browser, base_url, viewport=DESK) as walk:
        desk = AtDesk(walk, "window.470101")
        desk.sign_in()
        desk.open(number)
        window = walk.page
        expect(window.get_by_text("由窗口工作人员戚清越代录").first).to_be_visible()
        window.locator("input[name='check.claim.cause'][value=wanting]").check()
        window.locator("input[name='check-reason.claim.cause']").fill("填写不完整")
        window.locator("#checks button[value=supplement]").click()
        window.locator("#act-supplement button[name=act]").click()
        expect(window.get_by_role("status")).to_contain_text(number)


def tell(hall: Page, number: str) -> None:
    """Find what must be told, waiting until it is there, and note that it was told by phone."""
    row = hall.locator("tr[data-code='case.supplement-asked']", has_text=number)
    deadline = time.monotonic() + PATIENCE_MS / 1000
    hall.goto("/officer/counter/tellings")
    while not row.count():
        assert time.monotonic() < deadline, hall.locator("main").inner_text()
        time.sleep(0.3)
        hall.reload()
    keep_picture(hall, "counter-tellings")
    row.get_by_role("button", name="已电话告知").click()
    expect(hall.get_by_role("status")).to_contain_text("已电话告知")
    expect(row).to_have_count(0)
