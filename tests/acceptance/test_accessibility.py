"""No page breaks a rule of WCAG 2.2 AA that a machine can check, on any screen and in any display."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask.sessions import SecureCookieSessionInterface
from playwright.sync_api import BrowserContext
from werkzeug.serving import make_server

from tests.acceptance.browsers import opened
from tests.acceptance.stops import Stop, every_stop
from tests.factories.pages import Pages, an_app
from tests.factories.views import a_case, a_draft, a_work

pytestmark = pytest.mark.browser

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@dataclass(frozen=True)
class Look:
    """One way to look at a page."""

    name: str
    width: int
    colours: str = "light"
    is_large: bool = False
    has_all_rules: bool = False

    @property
    def rules(self) -> dict[str, object]:
        """Check everything once; what colours and sizes change, in every look."""
        if self.has_all_rules:
            return {"type": "tag", "values": TAGS}
        return {"type": "rule", "values": ["color-contrast", "target-size"]}


LOOKS = (
    Look("320 px", 320, has_all_rules=True),
    Look("dark", 375, "dark"),
    Look("large display", 375, is_large=True),
    Look("desk", 1280),
)
STOPS = every_stop()
FRESH = {"draft_view": a_draft(), "case_view": a_case(), "work_view": a_work()}


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[Pages, str]]:
    pages = an_app()
    server = make_server("127.0.0.1", 0, pages.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield pages, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def contexts(chromium: str) -> Iterator[dict[Look, BrowserContext]]:
    with opened(chromium) as browser:
        yield {
            look: browser.new_context(
                viewport={"width": look.width, "height": 800},
                color_scheme=look.colours,
                locale="zh-CN",
                bypass_csp=True,
            )
            for look in LOOKS
        }


def cookies(pages: Pages, base_url: str, *, stop: Stop, is_large: bool) -> list:
    signer = SecureCookieSessionInterface().get_signing_serializer(pages.app)
    assert signer is not None
    values = {"gov_session": signer.dumps({"token": stop.holder})} if stop.holder else {}
    values["gov_display"] = "large" if is_large else "normal"
    return [{"name": name, "value": str(value), "url": base_url} for name, value in values.items()]


@pytest.mark.parametrize("name", STOPS)
@pytest.mark.parametrize("look", LOOKS, ids=lambda look: look.name)
def test_a_page_can_be_used_by_everybody(
    served, contexts: dict[Look, BrowserContext], *, name: str, look: Look
) -> None:
    pages, base_url = served
    stop = STOPS[name]
    for attribute, value in {**FRESH, **stop.state}.items():
        setattr(pages.cases, attribute, value)
    page = contexts[look].new_page()
    contexts[look].clear_cookies()
    contexts[look].add_cookies(cookies(pages, base_url, stop=stop, is_large=look.is_large))
    page.goto(base_url + stop.path)
    found = Axe().run(page, options={"runOnly": look.rules})
    too_wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    page.close()
    assert found.violations_count == 0, found.generate_report()
    assert too_wide <= 0
