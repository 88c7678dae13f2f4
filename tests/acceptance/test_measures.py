"""When a slow phone shows something, what paper shows, and that a reader may choose light or dark."""

import pytest

from tests.acceptance.screens import Screens
from tests.acceptance.stops import Stop, every_stop

pytestmark = pytest.mark.browser

STOPS = every_stop()
FIRST_PAINT_MS = 1500
VISITS = 3
"""A machine that does other things meanwhile may be slow once; a heavy page is slow each time."""
IMPORTANT = ("home", "guide", "sign in", "form", "check", "receipt", "progress", "wallet", "valid", "queue", "task")
# A phone on a slow mobile network: Lighthouse's profile of 1.6 Mbit/s and 150 ms, and a processor four times slower.
SLOW_NETWORK = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 750e3 / 8}
SLOWED_DOWN_BY = 4


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
