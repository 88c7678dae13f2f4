"""Somebody starts a business (开办企业一件事): one form, one page for all its parts, no script."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from gov_portal.cli.demo.people import paper
from gov_portal.cli.demo.story import Stage
from gov_portal.cli.instance import Instance
from gov_portal.sandbox.people import load_people
from tests.acceptance.browsers import keep_picture
from tests.acceptance.walking import Walker, pointing
from tests.acceptance.ways import as_file, sign_in

pytestmark = pytest.mark.browser

CODE = "G14700000000000191"


def test_a_person_starts_a_business_with_one_form_and_follows_it_on_one_page(
    live_portal: Instance, browser: Browser, stage: Stage, tmp_path: Path
) -> None:
    with pointing(browser, live_portal.base_url) as walk:
        page = walk.page
        begin(walk)
        fill(walk, tmp_path)
        walk.press("提交申请")
        walk.press("查看办理进度")
        whole = page.url
        until(page, "register", "open")
        expect(page.locator("[data-part=tax]")).to_contain_text("等“企业设立登记”办完")
        number = page.locator("[data-part=register] small").first.inner_text().split(" ")[0]
        clerk = stage.officer("market-registrar.470100")
        clerk.note(number, step="accept", wanting={"company.title": "名称已被占用"})
        clerk.act(number, step="accept", act="supplement")
        page.goto(whole)
        expect(page.locator("[data-wanted=register]")).to_contain_text("名称已被占用")
        keep_picture(page, "bundle-supplement")
        walk.press("去补正")
        walk.type("企业名称", "晨光文具")
        walk.press("交回补正")
        clerk.act(number, step="accept", act="ok")
        clerk.act(number, step="approve", act="ok", values={"company.credit_code": CODE})
        page.goto(whole)
        until(page, "fund", "open")
        expect(page.locator("[data-part=register]")).to_contain_text("已准予登记")
        expect(page.locator("[data-kind=part-opened]")).to_have_count(5)
        keep_picture(page, "bundle")


def begin(walk: Walker) -> None:
    """Read the guide, sign in and begin."""
    person = load_people().person("guardian")
    walk.page.goto("/items/market.start-business")
    expect(walk.page.locator("[data-part]")).to_have_count(5)
    expect(walk.page.get_by_role("heading", name="比一件一件办省了多少")).to_be_visible()
    walk.press("开始办理")
    sign_in(walk, person.phone or "", login=person.id_no)
    walk.press("开始填写")


def fill(walk: Walker, folder: Path) -> None:
    """Fill the one form."""
    walk.choose("同时开立公积金账户", "是")
    walk.press("保存并继续")
    for label, text in (
        ("企业名称", "样例文具"),
        ("住所", "样例省样例市东样区一号"),
        ("注册资本", "100000"),
        ("经营范围", "文具零售"),
    ):
        walk.type(label, text)
    walk.type("从业人数", "3")
    walk.press("保存并继续")
    walk.choose("刻制的印章", "法定名称章")
    walk.type("刻章单位", "样例刻章店")
    walk.press("保存并继续")
    walk.choose("纳税人类型", "小规模纳税人")
    walk.type("财务负责人", "样例会计")
    walk.type("每月发票份数", "25")
    walk.press("保存并继续")
    walk.type("开户银行", "东样银行")
    walk.type("银行账号", "470101000001")
    for part, number in (("年", "2026"), ("月", "3"), ("日", "2")):
        walk.type(part, number)
    walk.press("保存并继续")
    walk.type("缴存比例", "8")
    walk.press("保存并继续")
    walk.upload("住所使用证明", as_file(folder, paper()))
    walk.press("保存并继续")


def until(page: Page, part: str, state: str) -> None:
    """Look again until a part stands as it should."""
    for _ in range(60):
        if page.locator(f"[data-part={part}][data-state={state}]").count():
            return
        page.wait_for_timeout(150)
        page.reload()
    raise AssertionError(page.locator("main").inner_text())
