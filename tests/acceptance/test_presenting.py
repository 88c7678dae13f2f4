"""Showing a licence on a phone: the ring runs down, time moves, a new code comes in time; without script by hand."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Page, expect

from tests.acceptance.screens import Screens
from tests.acceptance.stops import every_stop

pytestmark = pytest.mark.browser

STOP = every_stop()["show a licence"]
RING = ".ring rect"
CODE = ".qr > svg:first-child path >> nth=-1"


@contextmanager
def watched(screens: Screens) -> Iterator[Page]:
    """The page with its clock in our hands."""
    with screens.context(STOP) as context:
        page = context.new_page()
        page.clock.install()
        screens.open(page, STOP)
        yield page


def ring(page: Page) -> float:
    return float(page.locator(RING).get_attribute("stroke-dashoffset") or "nan")


def drawn(page: Page) -> str:
    return page.locator(CODE).get_attribute("d") or ""


def test_the_ring_runs_down_and_the_time_of_day_moves(screens: Screens) -> None:
    with watched(screens) as page:
        page.clock.run_for(1000)
        assert page.locator("#time-of-day").inner_text() == "09:00:01"
        assert ring(page) == pytest.approx(1, abs=0.5)
        page.clock.run_for(29_000)
        assert page.locator("#time-of-day").inner_text() == "09:00:30"
        assert ring(page) == pytest.approx(30, abs=0.5)


def test_a_new_code_comes_before_the_old_one_ends(screens: Screens) -> None:
    with watched(screens) as page:
        first = drawn(page)
        page.clock.run_for(49_000)
        assert drawn(page) == first
        with page.expect_response(lambda answer: answer.url.endswith("/present")):
            page.clock.run_for(2_000)
        expect(page.locator(CODE)).not_to_have_attribute("d", first)
        page.clock.run_for(1_000)
        assert ring(page) < 5
        assert page.locator(".stale").is_hidden()


def test_without_a_network_the_stale_code_is_covered(screens: Screens) -> None:
    with watched(screens) as page:
        page.route("**/present", lambda route: route.abort())
        page.clock.run_for(61_000)
        expect(page.locator(".stale")).to_be_visible()
        page.unroute("**/present")
        with page.expect_response(lambda answer: answer.url.endswith("/present")):
            page.clock.run_for(4_000)
        expect(page.locator(".stale")).to_be_hidden()


def test_without_script_the_page_says_until_when_and_gives_a_new_code_at_a_press(screens: Screens) -> None:
    with screens.context(STOP, has_script=False) as context:
        page = context.new_page()
        screens.open(page, STOP)
        assert "这个码到 09:01:00 为止有效" in page.locator("main").inner_text()
        first = drawn(page)
        page.get_by_role("link", name="换一个新码").click()
        page.wait_for_load_state()
        assert drawn(page) != first


def test_the_code_stays_dark_on_white_in_the_dark(screens: Screens) -> None:
    with screens.at(STOP) as page:
        page.emulate_media(color_scheme="dark")
        assert page.evaluate("getComputedStyle(document.querySelector('.qr')).backgroundColor") == "rgb(255, 255, 255)"
        assert page.locator(CODE).get_attribute("stroke") == "#1c2430"
