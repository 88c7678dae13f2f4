"""Names with rare characters (生僻字) go from the keyboard to every page whole."""

from dataclasses import replace

import pytest
from playwright.sync_api import Page

from tests.acceptance.screens import Look, Screens, faults, look_again
from tests.acceptance.stops import Stop, every_stop
from tests.factories.views import a_case

pytestmark = pytest.mark.browser

RARE = "𠮷䶮㛃𬭚㼆"
"""Extension B, end of extension A, extension A, extension E and extension A again; all of them stand in names."""

# A glyph that no font has is drawn as a box, the same for every character: U+10FFFF has none anywhere.
BOXES = """characters => {
  const drawn = character => {
    const canvas = document.createElement('canvas');
    canvas.width = canvas.height = 48;
    const pen = canvas.getContext('2d', {willReadFrequently: true});
    pen.font = '32px ' + getComputedStyle(document.body).fontFamily;
    pen.fillText(character, 4, 36);
    return pen.getImageData(0, 0, 48, 48).data.join();
  };
  const box = drawn('\\u{10FFFF}'), blank = drawn(' ');
  return [...characters].filter(character => [box, blank].includes(drawn(character)));
}"""


def case_of(name: str) -> Stop:
    case = a_case()
    fields = (replace(case.fields[0], value=name, shown=name), *case.fields[1:])
    return replace(every_stop()["progress"], state={"case_view": replace(case, fields=fields)})


def test_what_is_typed_arrives_whole(screens: Screens) -> None:
    with screens.at(every_stop()["form"]) as page:
        box = page.locator("[name='claim.cause']")
        box.click()
        box.press("Control+A")
        page.keyboard.insert_text(RARE)
        assert box.input_value() == RARE
        page.get_by_role("button", name="保存并继续").click()
        page.wait_for_load_state()
    assert screens.pages.cases.called("save_page")[-1]["raw"]["claim.cause"] == RARE


def test_every_character_has_a_glyph(screens: Screens) -> None:
    with screens.at(case_of(RARE)) as page:
        assert page.evaluate(BOXES, "\U0010fffe") == ["\U0010fffe"]
        assert page.evaluate(BOXES, RARE) == []
        assert shown(page) == RARE


def test_a_long_name_wraps_on_the_smallest_phone(screens: Screens) -> None:
    with screens.at(case_of(RARE * 8)) as page:
        look_again(page, Look(320))
        assert shown(page) == RARE * 8
        assert faults(page) == []


def shown(page: Page) -> str:
    page.locator("details", has_text="展开查看").locator("summary").click()
    return page.locator("dl.answers dd").first.inner_text()
