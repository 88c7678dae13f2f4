"""With a script a form keeps what is typed and makes photos small; whatever goes wrong is said beside it."""

import io
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from gov_portal.kernel.files import FileTypeRefused
from tests.acceptance.screens import Screens, arranged
from tests.acceptance.stops import Stop, every_stop
from tests.factories.pages import CITIZEN, FILE
from workflows.services.errors import PageMoved

pytestmark = pytest.mark.browser

FORM = every_stop()["form"]
SAVED = "已保存 09:00"
SEE_HOW_IT_IS_OPENED = """() => {
  HTMLInputElement.prototype.click = function () { window.taken = this.getAttribute('capture'); };
}"""
ORIENTATION, TURNED_LEFT = 0x0112, 8


@contextmanager
def filling(screens: Screens, *, stop: Stop = FORM, is_phone: bool = False) -> Iterator[Page]:
    """Yield the page of somebody with a script, under our own content policy."""
    cases = screens.pages.cases
    cases.calls.clear()
    with screens.context(stop) as cookies, arranged(screens.pages, stop):
        context = screens.browser.new_context(
            storage_state=cookies.storage_state(),
            viewport={"width": 375, "height": 700},
            has_touch=is_phone,
            is_mobile=is_phone,
        )
        page = context.new_page()
        blocked: list[str] = []
        page.on("console", lambda line: blocked.append(line.text) if "Content Security" in line.text else None)
        page.goto(screens.base_url + stop.path)
        yield page
        context.close()
    assert blocked == []
    cases.refuse.clear()


def typed(screens: Screens, path: str) -> list[object]:
    return [call["raw"][path] for call in screens.pages.cases.called("keep_typed")]


def picture(path: Path, size: tuple[int, int] = (4000, 3000)) -> Path:
    """Make a photo as a phone does: large, lying on its side, with a note of how to turn it."""
    image = Image.effect_noise(size, 90).convert("RGB")
    exif = Image.Exif()
    exif[ORIENTATION] = TURNED_LEFT
    exif[0x010F] = "a camera"
    image.save(path, "JPEG", exif=exif, quality=70)
    return path


def go_on(page: Page) -> None:
    """Press the button and wait for the page that comes next to be whole."""
    with page.expect_navigation():
        page.get_by_role("button", name="保存并继续").click()


@pytest.fixture
def stored(screens: Screens) -> Iterator[list[tuple[str, bytes]]]:
    """What is stored, in the order in which it comes."""
    cases, found = screens.pages.cases, []

    def attach(case, path, content, *, claimed_type, by):
        if "attach" in cases.refuse:
            raise cases.refuse["attach"]
        found.append((claimed_type, content))
        return FILE

    before, cases.attach = cases.attach, attach
    yield found
    cases.attach = before


def test_what_is_typed_is_kept_after_a_pause_and_the_time_is_told(screens: Screens) -> None:
    with filling(screens) as page:
        page.get_by_label("致残原因").fill(" 幼年")
        expect(page.get_by_role("status")).to_have_text(SAVED)
        assert typed(screens, "claim.cause") == [" 幼年"]
        assert page.locator("input[name=mark]").input_value() == "+"
        page.wait_for_timeout(2000)
        assert len(typed(screens, "claim.cause")) == 1


def test_leaving_keeps_what_was_typed_last(screens: Screens) -> None:
    with filling(screens) as page:
        page.get_by_label("致残原因").fill("还没停")
        page.goto(screens.base_url + "/help")
        page.wait_for_timeout(500)
    assert typed(screens, "claim.cause") == ["还没停"]


def test_without_a_network_it_says_so_and_saves_once_there_is_one(screens: Screens) -> None:
    with filling(screens) as page:
        page.context.set_offline(True)
        page.get_by_label("致残原因").fill("在电梯里")
        expect(page.get_by_role("status")).to_contain_text("没有网络")
        page.context.set_offline(False)
        expect(page.get_by_role("status")).to_have_text(SAVED)
        assert page.get_by_label("致残原因").input_value() == "在电梯里"


def test_whoever_was_signed_out_signs_in_elsewhere_and_nothing_is_lost(screens: Screens) -> None:
    holders = screens.pages.identity.holders
    with filling(screens) as page:
        del holders["citizen"]
        page.get_by_label("致残原因").fill("登录过期")
        expect(page.get_by_role("status")).to_contain_text("登录已过期")
        expect(page.get_by_role("status").get_by_role("link", name="登录")).to_have_attribute("target", "_blank")
        holders["citizen"] = CITIZEN
        page.evaluate("window.dispatchEvent(new Event('focus'))")
        expect(page.get_by_role("status")).to_have_text(SAVED)
    assert typed(screens, "claim.cause") == ["登录过期"]


def test_the_later_window_says_so_and_stops_saving(screens: Screens) -> None:
    screens.pages.cases.refuse["keep_typed"] = PageMoved()
    with filling(screens) as page:
        page.get_by_label("致残原因").fill("第二个窗口")
        expect(page.get_by_role("status")).to_contain_text("在别的窗口或设备上改过")
        page.get_by_label("致残原因").fill("第二个窗口还在填")
        page.wait_for_timeout(2500)
        assert len(typed(screens, "claim.cause")) == 1
        assert page.get_by_label("致残原因").input_value() == "第二个窗口还在填"


def test_the_button_waits_for_what_is_on_its_way(screens: Screens) -> None:
    cases, keep = screens.pages.cases, screens.pages.cases.keep_typed

    def keep_slowly(case, **more: object) -> str:
        time.sleep(1)
        return str(keep(case, **more))

    with filling(screens) as page:
        cases.keep_typed = keep_slowly
        with page.expect_request("**/keep"):
            page.get_by_label("致残原因").fill("快手")
        go_on(page)
    cases.keep_typed = keep
    (saved,) = cases.called("save_page")
    assert saved["mark"] == "+"


def test_a_large_photo_arrives_small_upright_and_without_the_cameras_notes(
    screens: Screens, stored: list[tuple[str, bytes]], tmp_path: Path
) -> None:
    with filling(screens) as page:
        page.locator("input[type=file]").set_input_files(picture(tmp_path / "大照片.jpg"))
        expect(page.get_by_text("已上传 大照片.jpg")).to_be_visible()
        expect(page.get_by_role("img", name="预览：大照片.jpg")).to_be_visible()
        go_on(page)
    ((media_type, content),) = stored
    with Image.open(io.BytesIO(content)) as sent:
        assert (media_type, sent.format, sent.size) == ("image/jpeg", "JPEG", (1500, 2000))
        assert not sent.getexif()
    (saved,) = screens.pages.cases.called("save_page")
    assert saved["raw"]["applicant.photo"] == str(FILE)


def test_a_chosen_photo_can_be_removed_or_replaced(
    screens: Screens, stored: list[tuple[str, bytes]], tmp_path: Path
) -> None:
    with filling(screens) as page:
        page.locator("input[type=file]").set_input_files(picture(tmp_path / "a.jpg", (300, 400)))
        page.get_by_role("button", name="移除").click()
        expect(page.get_by_role("img", name="预览")).to_have_count(0)
        expect(page.locator("input[type=file]")).to_be_focused()
        page.locator("input[type=file]").set_input_files(picture(tmp_path / "b.jpg", (300, 400)))
        with page.expect_file_chooser() as chooser:
            page.get_by_role("button", name="换一个").click()
        chooser.value.set_files(picture(tmp_path / "c.jpg", (300, 400)))
        expect(page.get_by_text("已上传 c.jpg")).to_be_visible()


def test_a_refused_file_is_told_at_its_field_and_not_sent_again(
    screens: Screens, stored: list[tuple[str, bytes]], tmp_path: Path
) -> None:
    screens.pages.cases.refuse["attach"] = FileTypeRefused()
    with filling(screens) as page:
        page.locator("input[type=file]").set_input_files(picture(tmp_path / "a.jpg", (300, 400)))
        expect(page.get_by_role("alert")).to_contain_text("只能上传")
        assert page.locator("input[type=file]").evaluate("input => input.files.length") == 0


def test_an_unreadable_format_of_a_phone_is_told_with_a_way_out(screens: Screens, tmp_path: Path) -> None:
    heic = tmp_path / "IMG_1.HEIC"
    heic.write_bytes(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic")
    with filling(screens) as page:
        page.locator("input[type=file]").set_input_files(heic)
        expect(page.get_by_role("alert")).to_contain_text("截图")


def test_a_phone_offers_its_camera_and_its_album(screens: Screens) -> None:
    with filling(screens, is_phone=True) as page:
        camera = page.get_by_role("button", name="拍照")
        assert camera.bounding_box()["height"] >= 44
        expect(page.locator("input[type=file]")).to_be_visible()
        page.evaluate(SEE_HOW_IT_IS_OPENED)
        camera.click()
        assert page.evaluate("window.taken") == "environment"
        assert page.locator("input[type=file]").get_attribute("capture") is None
