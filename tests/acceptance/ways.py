"""The ways that everybody goes: from the home page to a receipt and to the wallet, from the queue to a decision."""

import re
import time
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page, expect

from gov_portal.cli.demo.people import portrait
from gov_portal.cli.identity import DEMO_PASSWORD
from gov_portal.sandbox.officers import load_officers
from gov_portal.sandbox.people import SandboxPerson, load_people
from tests.acceptance.browsers import PATIENCE_MS, keep_picture
from tests.acceptance.walking import Walker, read_code

ITEM = "残疾人证首次申办"
CAUSE = "幼年高烧后听力逐渐下降"


@dataclass(frozen=True)
class Applicant:
    """Somebody who applies with pictures of their own."""

    walk: Walker
    folder: Path
    handle: str = "adult"

    @property
    def person(self) -> SandboxPerson:
        """Return who it is."""
        return load_people().person(self.handle)

    @property
    def page(self) -> Page:
        """Return what they look at."""
        return self.walk.page

    def find_item(self) -> None:
        """Search on the home page and read the guide."""
        self.page.goto("/")
        self.walk.type("您要办什么事？", "残疾证")
        self.walk.press("搜索")
        self.walk.press(ITEM)
        expect(self.page.get_by_text("个人可以申请，受理后15个工作日内办结，发给残疾人证。")).to_be_visible()
        keep_picture(self.page, "guide")

    def begin(self) -> None:
        """Go from the guide to the first page of the form, signing in on the way."""
        self.walk.press("开始办理")
        sign_in(self.walk, self.person.phone or "", login=self.person.id_no)
        if self.page.get_by_label("我自己").count():
            self.walk.choose("为谁办理？", "我自己")
        self.page.wait_for_load_state()
        self.walk.press("继续填写" if self.page.get_by_text("您有一份没填完的申请").count() else "开始填写")

    def fill(self) -> None:
        """Fill the form with one slip on the way."""
        expect(self.page.get_by_text("已从公安取得").first).to_be_visible()
        self.walk.type("致残原因", CAUSE)
        self.walk.press("保存并继续")
        expect(self.page).to_have_title(re.compile("^错误："))
        expect(self.page.locator(".error-summary")).to_contain_text("请修改下面的内容")
        expect(self.page.get_by_label("致残原因")).to_have_value(CAUSE)
        keep_picture(self.page, "form-with-faults")
        self.answer()

    def answer(self) -> None:
        """Fill the pages of the form up to the check."""
        self.walk.type("致残原因", CAUSE)
        self.walk.upload("证件照片", as_file(self.folder, portrait()))
        self.walk.choose("申报的残疾类别", "听力残疾")
        self.walk.choose("需要上门评定", "否")
        self.walk.press("保存并继续")
        self.walk.choose("领取方式", "到服务窗口领取")
        self.walk.press("保存并继续")
        expect(self.page.get_by_role("heading", name="核对填写的内容")).to_be_visible()
        expect(self.page.get_by_text(CAUSE)).to_be_visible()

    def submit(self) -> str:
        """Submit from the check, and return the number of the case."""
        keep_picture(self.page, "check")
        self.walk.press("提交申请")
        expect(self.page.get_by_role("heading", name="已收到您的申请")).to_be_visible()
        keep_picture(self.page, "receipt")
        return number_on(self.page)

    def apply(self) -> str:
        """Go from the home page to the receipt and return the number of the case."""
        self.find_item()
        self.begin()
        self.fill()
        return self.submit()

    def open_wallet(self) -> None:
        """Go from the home page to a licence in the wallet, and see that it is genuine."""
        self.page.goto("/")
        self.walk.press("我的证照")
        self.walk.press("残疾人证")
        expect(self.page.get_by_role("link", name="打开证照（PDF）")).to_be_visible()
        keep_picture(self.page, "licence")
        self.walk.press("核验这张证照")
        expect(self.page.get_by_text("这张证照是真的，现在有效。")).to_be_visible()


@dataclass(frozen=True)
class AtDesk:
    """An officer at the desk."""

    walk: Walker
    login: str

    def sign_in(self) -> None:
        """Sign in."""
        officer = next(one for one in load_officers() if one.login == self.login)
        self.walk.page.goto("/officer")
        sign_in(self.walk, officer.phone, login=self.login)
        expect(self.walk.page.get_by_role("heading", name="待办", exact=True)).to_be_visible()

    def open(self, number: str) -> None:
        """Find the task of a case in the queue, waiting until it is there."""
        deadline = time.monotonic() + PATIENCE_MS / 1000
        page = self.walk.page
        while True:
            page.goto("/officer")
            self.walk.press("按条件筛选和排序")
            self.walk.type("办件编号", number)
            self.walk.press("筛选")
            page.wait_for_load_state()
            if page.get_by_role("link", name=number).count():
                self.walk.press(number)
                return
            assert time.monotonic() < deadline, page.locator("main").inner_text()
            time.sleep(0.3)

    def refuse(self, number: str, reason: str) -> None:
        """Refuse a case, at first without the reason that it needs."""
        page = self.walk.page
        expect(page.get_by_text("公安提供").first).to_be_visible()
        self.walk.press("不予受理…")
        self.walk.press("不予受理")
        expect(page.get_by_role("link", name="请写明理由，申请人会看到")).to_be_visible()
        keep_picture(page, "task-with-faults")
        self.walk.type("理由", reason)
        self.walk.press("不予受理")
        expect(page.get_by_text(f"已完成：不予受理（{number}）")).to_be_visible()


def sign_in(walk: Walker, phone: str, *, login: str) -> None:
    """Sign in from the page that asks for it."""
    page = walk.page
    page.wait_for_load_state()
    walk.type("工号" if page.get_by_label("工号").count() else "身份证号或手机号", login)
    walk.type("密码", DEMO_PASSWORD)
    walk.press("继续")
    expect(page.get_by_role("heading", name="填写验证码")).to_be_visible()
    walk.type("验证码", read_code(page, phone))
    walk.press("登录")


def number_on(page: Page) -> str:
    """Return the number of the case that a page is about."""
    return page.locator("main [data-case-number]").first.get_attribute("data-case-number") or ""


def as_file(folder: Path, upload: tuple[str, bytes, str]) -> Path:
    """Keep an upload as a file and return its path."""
    path = folder / upload[0]
    path.write_bytes(upload[1])
    return path
