"""People get to where they want: with a pointer and no script on a phone, and with nothing but a keyboard."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from gov_portal.cli.demo.people import paper
from gov_portal.cli.demo.story import Stage
from gov_portal.cli.instance import Instance
from tests.acceptance.browsers import DESK, keep_picture
from tests.acceptance.cards import begin, granted, on_stage
from tests.acceptance.walking import Keyboard, Pointer, Walker, pointing, typing
from tests.acceptance.ways import Applicant, AtDesk, as_file

pytestmark = pytest.mark.browser

Walking = Callable[..., AbstractContextManager[Walker]]
HANDS = pytest.mark.parametrize(
    "walking", [pytest.param(pointing, id="no script"), pytest.param(typing, id="no pointer")]
)


def fits(page: Page) -> bool:
    """Tell whether nothing sticks out to the right; scripts may be off, so the picture is measured."""
    html = page.locator("html").bounding_box()
    widest = max(
        box["x"] + box["width"] for part in page.locator("main *:visible").all() if (box := part.bounding_box())
    )
    assert html is not None
    return widest <= html["width"] + 1


def sees_a_number(page: Page, number: str) -> None:
    expect(page.locator("main [data-case-number]").first).to_have_attribute("data-case-number", number)


@HANDS
def test_a_person_goes_from_home_to_receipt_and_follows_the_case(
    live_portal: Instance, browser: Browser, tmp_path: Path, walking: Walking
) -> None:
    with walking(browser, live_portal.base_url) as walk:
        number = Applicant(walk, tmp_path).apply()
        assert fits(walk.page)
        walk.press("查看办理进度")
        sees_a_number(walk.page, number)
        expect(walk.page.locator("[data-kind=submitted]")).to_be_visible()
        expect(walk.page.locator("[data-holder=accept]")).to_be_visible()
        assert fits(walk.page)
        keep_picture(walk.page, "progress")
        walk.press("撤回申请")
        expect(walk.page.get_by_role("heading", name="要撤回这份申请吗？")).to_be_visible()
        walk.press("撤回申请")
        expect(walk.page.locator("[data-outcome=withdrawn]")).to_be_visible()


@pytest.fixture(scope="module")
def holder(live_portal: Instance, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Somebody who holds a card."""
    with on_stage(live_portal, tmp_path_factory.mktemp("holder")) as stage:
        granted(stage, "neighbour", kind="hearing")
    return "neighbour"


@HANDS
def test_a_holder_goes_from_home_to_the_wallet(
    live_portal: Instance, browser: Browser, tmp_path: Path, walking: Walking, holder: str
) -> None:
    with walking(browser, live_portal.base_url) as walk:
        applicant = Applicant(walk, tmp_path, holder)
        applicant.find_item()
        applicant.begin()
        applicant.open_wallet()


@HANDS
def test_an_officer_goes_from_queue_to_decision(
    live_portal: Instance, browser: Browser, stage: Stage, walking: Walking
) -> None:
    matter = begin(stage, "adult", kind="hearing")
    with walking(browser, live_portal.base_url, viewport=DESK) as walk:
        desk = AtDesk(walk, "window.470101")
        desk.sign_in()
        keep_picture(walk.page, "queue")
        desk.open(matter.number)
        desk.refuse(matter.number, "申请人户籍不在本区，请向户籍所在地申请")
    told = matter.finish("refused").text
    assert "申请人户籍不在本区" in told
    assert "行政复议" in told


def test_a_doctor_assesses_on_a_phone(live_portal: Instance, browser: Browser, stage: Stage, tmp_path: Path) -> None:
    matter = begin(stage, "adult", kind="hearing")
    matter.do("window", "accept", "ok")
    with pointing(browser, live_portal.base_url) as walk:
        desk = AtDesk(walk, "assessor.470101")
        desk.sign_in()
        desk.open(matter.number)
        walk.choose("评定类别", "听力残疾")
        walk.type("评定级别", "2")
        walk.upload("评定报告", as_file(tmp_path, paper()))
        assert fits(walk.page)
        keep_picture(walk.page, "assessment")
        walk.press("完成残疾评定")
        expect(walk.page.get_by_role("status")).to_contain_text(matter.number)
    page = matter.await_phase("kind", "acted")
    assert page.marks["document"] == ["受理通知书"]
    assert page.marks["clock"]


def test_a_walker_without_pointer_notices_a_hidden_focus(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content("<main><style>a:focus{outline:0}</style><a href='#x'>甲</a> <a href='#y'>乙</a></main>")
    page.locator("a").first.evaluate("e => e.focus()")
    with pytest.raises(AssertionError, match="'ring': 0"):
        Keyboard(page).press("乙")
    page.close()


def test_a_walker_without_pointer_notices_a_trap(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content(
        "<style>body{background:#fff} a:focus{outline:3px solid #000}</style>"
        "<main><a href='#x' onkeydown='event.key === \"Tab\" && event.preventDefault()'>甲</a>"
        "<a href='#y'>乙</a></main>"
    )
    page.locator("a").first.focus()
    with pytest.raises(AssertionError, match="Tab never reaches"):
        Keyboard(page, most_tabs=10).press("乙")
    Pointer(page).press("乙")
    page.close()
