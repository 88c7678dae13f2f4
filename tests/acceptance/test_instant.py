"""What comes at once: a project is filed while one waits, and a benefit comes to whom it is for."""

import pytest
from playwright.sync_api import Browser, expect

from gov_portal.cli.instance import Instance
from gov_portal.sandbox.people import load_people
from gov_portal.wiring.platform import Platform
from tests.acceptance.browsers import PATIENCE_MS, keep_picture
from tests.acceptance.walking import Walker, pointing
from tests.acceptance.ways import sign_in

pytestmark = pytest.mark.browser


def enter(walk: Walker, handle: str, path: str) -> None:
    """Let somebody sign in and go to a page."""
    person = load_people().person(handle)
    walk.page.goto("/sign-in")
    sign_in(walk, person.phone or "", login=person.id_no)
    walk.page.wait_for_load_state()
    walk.page.goto(path)


def test_a_project_is_filed_while_one_waits(live_portal: Instance, browser: Browser) -> None:
    with pointing(browser, live_portal.base_url) as walk:
        enter(walk, "founder", "/items/development.investment-filing/start")
        walk.press("开始填写")
        walk.type("项目名称", "年产五万件精密零件项目")
        walk.choose("所属行业", "制造业")
        walk.type("建设地点所在地", "470101")
        walk.type("详细地点", "东样区工业路一号")
        walk.type("总投资（万元）", "3000")
        for part, text in (("year", "2026"), ("month", "5"), ("day", "1")):
            walk.page.locator(f"[name='project.begins.{part}']").fill(text)
        walk.choose("项目在核准目录内", "否")
        walk.press("保存并继续")
        expect(walk.page.get_by_text("东样区启航精密零件有限公司")).to_be_visible()
        walk.press("提交申请")
        expect(walk.page.locator("[data-outcome=filed]")).to_be_visible(timeout=PATIENCE_MS)
        expect(walk.page.get_by_role("link", name="打开证照（PDF）")).to_be_visible()
        keep_picture(walk.page, "instant")


def test_a_benefit_comes_to_whom_it_is_for_and_one_tap_agrees(
    live_portal: Instance, platform: Platform, browser: Browser
) -> None:
    platform.casework.offers.survey()
    with pointing(browser, live_portal.base_url) as walk:
        enter(walk, "pensioner", "/")
        walk.page.locator("[data-offer='civil.elderly-allowance'] a").click()
        expect(walk.page.get_by_text("有关部门核对过，您符合条件。")).to_be_visible()
        keep_picture(walk.page, "offer")
        walk.press("同意并办理")
        expect(walk.page.locator("[data-outcome=granted]")).to_be_visible(timeout=PATIENCE_MS)
        expect(walk.page.locator("[data-result='award.monthly']")).to_contain_text("100")
        expect(walk.page.locator("[data-result='payment.bank']")).to_contain_text("样例银行")
