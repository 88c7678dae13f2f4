"""People get to where they want on a 375 px screen with JavaScript off."""

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from gov_portal.cli.demo.people import paper, portrait
from gov_portal.cli.identity import DEMO_PASSWORD
from gov_portal.cli.instance import Instance
from gov_portal.sandbox.officers import load_officers
from gov_portal.sandbox.people import load_people
from tests.acceptance.browsers import DESK, PATIENCE_MS, keep_picture, opened, person

pytestmark = pytest.mark.browser

CODE = re.compile(r"验证码是 (\d{6})")
ITEM = "残疾人证首次申办"
CAUSE = "幼年高烧后听力逐渐下降"


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with opened(chromium) as browser:
        yield browser


def code_for(page: Page, phone: str) -> str:
    """Read the newest code of a phone from the sandbox's desk, in a window of its own."""
    window = page.context.new_page()
    window.goto("/sandbox/messages")
    text = window.locator("li[data-message='identity.code']", has_text=phone).first.inner_text()
    window.close()
    found = CODE.search(text)
    assert found is not None
    return found[1]


def sign_in(page: Page, phone: str, *, login: str) -> None:
    page.locator("input[name=login]").fill(login)
    page.locator("input[name=password]").fill(DEMO_PASSWORD)
    page.get_by_role("button", name="继续").click()
    page.locator("input[name=code]").fill(code_for(page, phone))
    page.get_by_role("button", name="登录").click()


def as_file(folder: Path, upload: tuple[str, bytes, str]) -> Path:
    path = folder / upload[0]
    path.write_bytes(upload[1])
    return path


def fits(page: Page) -> bool:
    """Tell whether nothing sticks out to the right; JavaScript is off, so the picture is measured."""
    html = page.locator("html").bounding_box()
    widest = max(
        box["x"] + box["width"] for part in page.locator("main *:visible").all() if (box := part.bounding_box())
    )
    assert html is not None
    return widest <= html["width"] + 1


def open_form(page: Page) -> None:
    """Go from the home page to the first page of the form, signing in on the way."""
    adult = load_people().person("adult")
    page.goto("/")
    page.get_by_label("您要办什么事？").fill("残疾证")
    page.get_by_role("button", name="搜索").click()
    page.get_by_role("link", name=ITEM).click()
    expect(page.get_by_text("个人可以申请，受理后15个工作日内办结，发给残疾人证。")).to_be_visible()
    assert fits(page)
    keep_picture(page, "guide")
    page.get_by_role("link", name="开始办理").click()
    sign_in(page, adult.phone or "", login=adult.id_no)
    page.get_by_label("我自己").check()
    page.locator("#start button").first.click()


def apply(page: Page, folder: Path) -> str:
    """Fill the form with one slip on the way, submit it, and return the number of the case."""
    open_form(page)
    expect(page.get_by_text("已从公安取得").first).to_be_visible()
    page.get_by_label("致残原因").fill(CAUSE)
    page.get_by_role("button", name="保存并继续").click()
    expect(page).to_have_title(re.compile("^错误："))
    expect(page.locator(".error-summary")).to_contain_text("请修改下面的内容")
    expect(page.get_by_label("致残原因")).to_have_value(CAUSE)
    assert fits(page)
    keep_picture(page, "form-with-faults")
    fill(page, folder)
    keep_picture(page, "check")
    page.get_by_role("button", name="提交申请").click()
    expect(page.get_by_role("heading", name="已收到您的申请")).to_be_visible()
    assert fits(page)
    keep_picture(page, "receipt")
    return page.locator("[data-case-number]").get_attribute("data-case-number") or ""


def fill(page: Page, folder: Path) -> None:
    """Fill the pages of the form up to the check."""
    page.get_by_label("致残原因").fill(CAUSE)
    page.locator("input[name='applicant.photo']").set_input_files(as_file(folder, portrait()))
    page.get_by_label("听力残疾").check()
    page.locator("[data-field='claim.homebound']").get_by_label("否").check()
    page.get_by_role("button", name="保存并继续").click()
    page.get_by_label("到服务窗口领取").check()
    page.get_by_role("button", name="保存并继续").click()
    expect(page.get_by_role("heading", name="核对填写的内容")).to_be_visible()
    expect(page.get_by_text(CAUSE)).to_be_visible()


def in_queue(page: Page, number: str) -> None:
    """Find the task of a case in the queue, waiting until it is there."""
    deadline = time.monotonic() + PATIENCE_MS / 1000
    while True:
        page.goto("/officer")
        page.get_by_text("按条件筛选和排序").click()
        page.get_by_label("办件编号", exact=True).fill(number)
        page.get_by_role("button", name="筛选").click()
        if page.get_by_role("link", name=number).count():
            page.get_by_role("link", name=number).first.click()
            return
        assert time.monotonic() < deadline, page.locator("main").inner_text()
        time.sleep(0.3)


def officer_in(page: Page, login: str) -> None:
    officer = next(one for one in load_officers() if one.login == login)
    page.goto("/officer")
    sign_in(page, officer.phone, login=login)
    expect(page.get_by_role("heading", name="待办")).to_be_visible()


def test_a_person_goes_from_home_to_receipt_and_follows_the_case(
    live_portal: Instance, browser: Browser, tmp_path: Path
) -> None:
    with person(browser, live_portal.base_url) as page:
        number = apply(page, tmp_path)
        page.get_by_role("link", name="查看办理进度").click()
        expect(page.locator("main [data-case-number]")).to_have_attribute("data-case-number", number)
        expect(page.locator("[data-kind=submitted]")).to_be_visible()
        expect(page.locator("[data-holder=accept]")).to_be_visible()
        assert fits(page)
        keep_picture(page, "progress")
        accept(browser, live_portal.base_url, number)
        assess(browser, live_portal.base_url, number, report=as_file(tmp_path, paper()))
        page.reload()
        expect(page.locator("[data-clock]")).to_be_visible()
        expect(page.get_by_role("link", name="受理通知书")).to_be_visible()
        keep_picture(page, "progress-in-review")
        page.get_by_role("link", name="撤回申请").click()
        page.get_by_role("button", name="撤回申请").click()
        expect(page.locator("[data-outcome=withdrawn]")).to_be_visible()


def test_a_person_without_a_phone_applies_at_a_counter_and_is_told_what_is_missing(
    live_portal: Instance, browser: Browser, tmp_path: Path
) -> None:
    with person(browser, live_portal.base_url, viewport=DESK) as hall:
        officer_in(hall, "counter.470101")
        hall.get_by_role("link", name="窗口代录").click()
        identify_without_phone(hall)
        number = enter(hall, tmp_path)
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


def enter(hall: Page, folder: Path) -> str:
    """Ask for consent, enter the application, submit it, and return the number on the receipt as it is printed."""
    hall.get_by_role("link", name=ITEM).click()
    hall.get_by_label("口头同意").check()
    hall.get_by_role("button", name="开始填写").click()
    expect(hall.get_by_text("已从公安取得").first).to_be_visible()
    fill(hall, folder)
    expect(hall.get_by_text("逐项念给申请人听")).to_be_visible()
    hall.get_by_role("button", name="提交申请").click()
    expect(hall.get_by_role("heading", name="已收到您的申请")).to_be_visible()
    hall.emulate_media(media="print")
    expect(hall.get_by_text("申请人：周桂香（470101********0269）")).to_be_visible()
    expect(hall.get_by_text("东样区街道政务服务窗口的工作人员代录，申请人口头同意")).to_be_visible()
    expect(hall.get_by_role("button", name="结束这次核身")).to_be_hidden()
    keep_picture(hall, "counter-receipt")
    hall.emulate_media(media="screen")
    return hall.locator("[data-case-number]").get_attribute("data-case-number") or ""


def ask_for_cause(browser: Browser, base_url: str, number: str) -> None:
    """Let the officer who accepts find something missing."""
    with person(browser, base_url, viewport=DESK) as window:
        officer_in(window, "window.470101")
        in_queue(window, number)
        expect(window.get_by_text("由窗口工作人员戚清越代录").first).to_be_visible()
        window.locator("input[name='check.claim.cause'][value=wanting]").check()
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


def accept(browser: Browser, base_url: str, number: str) -> None:
    with person(browser, base_url, viewport=DESK) as window:
        officer_in(window, "window.470101")
        in_queue(window, number)
        window.locator("#act-ok").get_by_role("button", name="受理").click()
        expect(window.get_by_text(f"已完成：受理（{number}）")).to_be_visible()


def assess(browser: Browser, base_url: str, number: str, *, report: Path) -> None:
    with person(browser, base_url) as assessor:
        officer_in(assessor, "assessor.470101")
        in_queue(assessor, number)
        form = assessor.locator("#act-done")
        form.get_by_label("听力残疾").check()
        form.locator("input[name='assess.level']").fill("2")
        form.locator("input[name='assess.report']").set_input_files(report)
        assert fits(assessor)
        keep_picture(assessor, "assessment")
        form.locator("button[name=act]").click()
        expect(assessor.get_by_role("status")).to_contain_text(number)


def test_an_officer_goes_from_queue_to_decision(live_portal: Instance, browser: Browser, tmp_path: Path) -> None:
    with person(browser, live_portal.base_url) as citizen, person(browser, live_portal.base_url, viewport=DESK) as desk:
        number = apply(citizen, tmp_path)
        officer_in(desk, "window.470101")
        keep_picture(desk, "queue")
        in_queue(desk, number)
        expect(desk.get_by_text("公安提供").first).to_be_visible()
        desk.locator("[data-act=refuse] summary").click()
        desk.locator("#act-refuse").get_by_role("button").click()
        expect(desk.get_by_role("link", name="请写明理由，申请人会看到")).to_be_visible()
        keep_picture(desk, "task-with-faults")
        desk.locator("#act-refuse textarea[name=reason]").fill("申请人户籍不在本区，请向户籍所在地申请")
        desk.locator("#act-refuse").get_by_role("button", name="不予受理").click()
        expect(desk.get_by_text(f"已完成：不予受理（{number}）")).to_be_visible()
        citizen.goto(citizen.url.removesuffix("/receipt"))
        expect(citizen.locator("[data-outcome=refused]")).to_be_visible()
        expect(citizen.get_by_text("申请人户籍不在本区").first).to_be_visible()
        expect(citizen.get_by_text("行政复议").first).to_be_visible()
        assert fits(citizen)
        keep_picture(citizen, "refused")
