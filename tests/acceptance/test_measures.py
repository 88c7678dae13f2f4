"""What design/look.md promises is measured in the browser: type, lines, targets, weight, and when something shows."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Request

from tests.acceptance.screens import Look, Screens, faults, look_again
from tests.acceptance.stops import Stop, every_stop
from tests.acceptance.walking import FOCUS, LEAST_RING_PX

pytestmark = pytest.mark.browser

STOPS = every_stop()
TARGET_PX, LARGE_TARGET_PX = 44, 60
PAGE_BYTES, SCRIPT_BYTES = 50 * 1024, 15 * 1024
NOT_FOR_PEOPLE = {"gallery"}
"""Shows every component with its source: for developers, and heavier than any page may be."""
FIRST_PAINT_MS = 1500
VISITS = 3
"""A machine that does other things meanwhile may be slow once; a heavy page is slow each time."""
IMPORTANT = ("home", "guide", "sign in", "form", "check", "receipt", "progress", "wallet", "valid", "queue", "task")
# What people see most and every third page on each run; all of them by `make test-browser`.
EVERY = tuple(
    pytest.param(name, marks=() if name in IMPORTANT or index % 3 == 0 else pytest.mark.matrix)
    for index, name in enumerate(STOPS)
)
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

# Everything that takes the focus, one after the other, as the keyboard would; what shows no ring is returned.
UNSEEN_FOCUS = f"""least => {{
  const focus = {FOCUS};
  return [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')]
    .filter(part => part.checkVisibility() && !part.disabled && (part.focus(), document.activeElement === part))
    .map(part => focus(part)).filter(at => at.ring < least);
}}"""


@dataclass(frozen=True)
class Measured:
    """What one visit in the standard and one in the large display found."""

    type: dict[str, list[tuple[float, str]]]
    small_targets: dict[int, list[str]]
    unseen_focus: list[dict[str, object]]
    faint: dict[str, list[str]]
    refreshes: int
    strangers: set[str]
    weights: dict[str, int]


@dataclass
class Measures:
    """Visit every stop twice, however many claims are made about it."""

    screens: Screens
    known: dict[str, Measured] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)

    def of(self, name: str) -> Measured:
        """Return what was found at a stop."""
        if name not in self.known:
            self.known[name] = self._visit(STOPS[name])
        return self.known[name]

    def _visit(self, stop: Stop) -> Measured:
        asked: list[Request] = []
        with self.screens.context(stop) as context:
            page = context.new_page()
            page.on("request", lambda request: asked.append(request))
            self.screens.open(page, stop)
            own = urlsplit(self.screens.base_url).netloc
            strangers = {request.url for request in asked if urlsplit(request.url).netloc != own}
            weights = self._weights(page, asked)
            refreshes = page.locator("meta[http-equiv=refresh]").count()
            small = page.evaluate(TARGETS, TARGET_PX)
            page.keyboard.press("Tab")
            unseen = page.evaluate(UNSEEN_FOCUS, LEAST_RING_PX)
        with self.screens.at(stop, is_large=True) as page:
            found, small_large = page.evaluate(TYPE), page.evaluate(TARGETS, LARGE_TARGET_PX)
            faint = {}
            for colours in ("light", "dark"):
                look_again(page, Look(colours=colours, is_large=True))
                faint[colours] = faults(page, rules=("color-contrast",))
        return Measured(
            found, {TARGET_PX: small, LARGE_TARGET_PX: small_large}, unseen, faint, refreshes, strangers, weights
        )

    def _weights(self, page: Page, asked: list[Request]) -> dict[str, int]:
        """Return bytes of the page that stands in the end, as they are, not as they are packed for the way."""
        document = [one for one in asked if one.resource_type == "document" and one.frame == page.main_frame][-1]
        kinds = {"stylesheet": "page", "script": "script"}
        weights = {"page": len(document.response().body()), "script": 0}
        for kind, url in {(request.resource_type, request.url) for request in asked if request.resource_type in kinds}:
            if url not in self.sizes:
                self.sizes[url] = len(page.request.get(url).body())
            weights[kinds[kind]] += self.sizes[url]
        return weights


@pytest.fixture(scope="module")
def measures(screens: Screens) -> Measures:
    return Measures(screens)


@pytest.mark.parametrize("name", EVERY)
def test_large_type_is_large_and_airy(measures: Measures, name: str) -> None:
    found = measures.of(name).type
    assert [text for text in found["sizes"] if text[0] < 18] == []
    assert max(size for size, _ in found["sizes"]) >= 30
    assert found["tight"] == []


@pytest.mark.parametrize("name", EVERY)
def test_large_type_stands_out_from_its_ground(measures: Measures, name: str) -> None:
    assert measures.of(name).faint == {"light": [], "dark": []}


@pytest.mark.parametrize("name", EVERY)
def test_targets_can_be_hit(measures: Measures, name: str) -> None:
    assert measures.of(name).small_targets == {TARGET_PX: [], LARGE_TARGET_PX: []}


@pytest.mark.parametrize("name", EVERY)
def test_the_focus_is_seen_wherever_it_goes(measures: Measures, name: str) -> None:
    assert measures.of(name).unseen_focus == []


@pytest.mark.parametrize("name", EVERY)
def test_a_page_never_changes_by_itself(measures: Measures, name: str) -> None:
    assert measures.of(name).refreshes == 0


@pytest.mark.parametrize("name", EVERY)
def test_a_page_is_light_and_asks_nobody_else(measures: Measures, name: str) -> None:
    found = measures.of(name)
    assert found.strangers == set()
    assert found.weights["script"] <= SCRIPT_BYTES
    if name not in NOT_FOR_PEOPLE:
        assert found.weights["page"] <= PAGE_BYTES


@pytest.mark.alone
@pytest.mark.parametrize("name", IMPORTANT)
def test_a_slow_phone_shows_something_soon(screens: Screens, name: str) -> None:
    assert any(painted_ms(screens, STOPS[name]) < FIRST_PAINT_MS for _ in range(VISITS))


def painted_ms(screens: Screens, stop: Stop) -> float:
    """Return when a slow phone that has never been here shows the first text of a page."""
    with screens.context(stop) as context:
        page = context.new_page()
        phone = context.new_cdp_session(page)
        phone.send("Network.emulateNetworkConditions", SLOW_NETWORK)
        phone.send("Emulation.setCPUThrottlingRate", {"rate": SLOWED_DOWN_BY})
        screens.open(page, stop)
        page.wait_for_function("performance.getEntriesByName('first-contentful-paint').length > 0")
        return float(page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime"))


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
