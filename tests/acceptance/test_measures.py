"""What design/look.md promises is measured in the browser: type, lines, targets, weight, and when something shows."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Request

from tests.acceptance.screens import Screens
from tests.acceptance.stops import every_stop

pytestmark = pytest.mark.browser

STOPS = every_stop()
PAGE_BYTES, SCRIPT_BYTES = 50 * 1024, 15 * 1024
NOT_FOR_PEOPLE = {"gallery"}
"""Shows every component with its source: for developers, and heavier than any page may be."""
FIRST_PAINT_MS = 1500
# A phone on a slow mobile network: Lighthouse's profile of 1.6 Mbit/s and 150 ms, and a processor four times slower.
SLOW_NETWORK = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 750e3 / 8}
SLOWED_DOWN_BY = 4

TYPE = """() => {
  const found = {sizes: [], tight: []};
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const part = node.parentElement, box = part.getBoundingClientRect(), style = getComputedStyle(part);
    const isHidden = part.closest('.visually-hidden, script, style, option, svg, .skip') || !part.checkVisibility();
    if (!node.data.trim() || isHidden || box.width < 2) continue;
    const size = parseFloat(style.fontSize), line = parseFloat(style.lineHeight) / size;
    found.sizes.push([Math.round(size * 100) / 100, node.data.trim().slice(0, 30)]);
    if (line < 1.3 && box.height > 1.5 * size) found.tight.push([line, node.data.trim().slice(0, 30)]);
  }
  return found;
}"""

TARGETS = """least => {
  const wrong = [], own = 'a[href], button, input:not([type=hidden]), select, textarea, summary';
  for (const target of document.querySelectorAll(own)) {
    if (!target.checkVisibility() || target.closest('.visually-hidden, .skip') || target.disabled) continue;
    const shown = target.closest('label') || target, box = shown.getBoundingClientRect();
    if (shown.tagName === 'A' && isInText(shown)) continue;
    if (box.width < least - 0.5 || box.height < least - 0.5)
      wrong.push(`${Math.round(box.width)}×${Math.round(box.height)} ${target.outerHTML.slice(0, 90)}`);
  }
  // WCAG 2.5.8: a link in a sentence is as high as its line.
  function isInText(link) {
    let block = link.parentElement;
    while (getComputedStyle(block).display.startsWith('inline')) block = block.parentElement;
    const rest = [...block.childNodes].filter(node => !node.contains(link)).map(node => node.textContent).join('');
    return getComputedStyle(link).display.startsWith('inline') && !link.matches('.button') && rest.trim() !== '';
  }
  return wrong;
}"""


@pytest.mark.parametrize("name", STOPS)
def test_large_type_is_large_and_airy(screens: Screens, name: str) -> None:
    with screens.at(STOPS[name], is_large=True) as page:
        found = page.evaluate(TYPE)
    assert [text for text in found["sizes"] if text[0] < 18] == []
    assert max(size for size, _ in found["sizes"]) >= 30
    assert found["tight"] == []


@pytest.mark.parametrize("name", STOPS)
def test_targets_can_be_hit(screens: Screens, name: str) -> None:
    wrong = {}
    for is_large, least in ((False, 44), (True, 60)):
        with screens.at(STOPS[name], is_large=is_large) as page:
            wrong[least] = page.evaluate(TARGETS, least)
    assert wrong == {44: [], 60: []}


@pytest.mark.parametrize("name", STOPS)
def test_a_page_never_changes_by_itself(screens: Screens, name: str) -> None:
    with screens.at(STOPS[name]) as page:
        assert page.locator("meta[http-equiv=refresh]").count() == 0


@pytest.mark.parametrize("name", STOPS)
def test_a_page_is_light_and_asks_nobody_else(screens: Screens, name: str) -> None:
    asked: list[Request] = []
    with screens.context(STOPS[name]) as context:
        page = context.new_page()
        page.on("request", lambda request: asked.append(request))
        screens.open(page, STOPS[name])
        page.wait_for_load_state("networkidle")
        weights = _weights(page, asked)
    assert {
        request.url for request in asked if urlsplit(request.url).netloc != urlsplit(screens.base_url).netloc
    } == set()
    assert weights["script"] <= SCRIPT_BYTES
    if name not in NOT_FOR_PEOPLE:
        assert weights["page"] <= PAGE_BYTES


def _weights(page: Page, asked: list[Request]) -> dict[str, int]:
    """Return bytes of the page that stands in the end, as they are, not as they are packed for the way."""
    document = [
        request for request in asked if request.resource_type == "document" and request.frame == page.main_frame
    ][-1]
    kinds = {"stylesheet": "page", "script": "script"}
    weights = {"page": len(document.response().body()), "script": 0}
    for kind, url in {(request.resource_type, request.url) for request in asked if request.resource_type in kinds}:
        weights[kinds[kind]] += len(page.request.get(url).body())
    return weights


@pytest.mark.parametrize("name", [name for name in ("home", "form", "progress", "wallet", "queue") if name in STOPS])
def test_a_slow_phone_shows_something_soon(screens: Screens, name: str) -> None:
    with screens.context(STOPS[name]) as context:
        page = context.new_page()
        phone = context.new_cdp_session(page)
        phone.send("Network.emulateNetworkConditions", SLOW_NETWORK)
        phone.send("Emulation.setCPUThrottlingRate", {"rate": SLOWED_DOWN_BY})
        screens.open(page, STOPS[name])
        page.wait_for_function("performance.getEntriesByName('first-contentful-paint').length > 0")
        painted_ms = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    assert painted_ms < FIRST_PAINT_MS


def test_paper_has_no_navigation_but_a_date(screens: Screens) -> None:
    with screens.at(STOPS["progress"]) as page:
        page.emulate_media(media="print")
        assert page.locator(".masthead nav").is_hidden()
        assert page.locator("footer .print-only").is_visible()
        assert "470101-20260302-0000001-X" in page.locator("main").inner_text()


@pytest.mark.parametrize(("chosen", "system", "paper"), [
    ("auto", "dark", "rgb(20, 24, 31)"),
    ("auto", "light", "rgb(251, 250, 247)"),
    ("light", "dark", "rgb(251, 250, 247)"),
    ("dark", "light", "rgb(20, 24, 31)"),
])  # fmt: skip
def test_a_reader_may_choose_light_or_dark(screens: Screens, chosen: str, system: str, paper: str) -> None:
    with screens.context(STOPS["home"]) as context:
        page = context.new_page()
        page.emulate_media(color_scheme=system)
        page.goto(f"{screens.base_url}/theme?to={chosen}&back=/")
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == paper
