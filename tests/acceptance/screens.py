"""Look at a page as people do: on a phone or at a desk, light or dark, in standard or large type, in two languages."""

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product

from axe_playwright_python.base import AXE_SCRIPT
from flask.sessions import SecureCookieSessionInterface
from playwright.sync_api import Browser, BrowserContext, Page, Request
from werkzeug.serving import make_server

from tests.acceptance.stops import Stop
from tests.factories.pages import Pages, an_app, the_app, turning_away

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OF_COLOURS = ("color-contrast", "link-in-text-block")
"""What a page may break in the dark alone; every other rule reads what is the same in both colours."""
HEIGHT = 800

# Contrast takes more than half of the time. `preload` would wait for every style sheet anew, for no rule asked for.
AXE = """async ([only, contrastOf]) => {
  axe.configure({rules: [{id: 'color-contrast', selector: contrastOf}]});
  const found = await axe.run(document, {runOnly: only, resultTypes: ['violations'], preload: false});
  const wrong = found.violations.flatMap(rule => rule.nodes.map(
    node => `${rule.id}: ${node.html.slice(0, 160)} – ${node.failureSummary}`));
  const page = document.documentElement;
  return page.scrollWidth > page.clientWidth ? [...wrong, 'wider than the screen'] : wrong;
}"""


@dataclass(frozen=True)
class Look:
    """One way to look at a page."""

    width: int = 375
    colours: str = "light"
    is_large: bool = False

    def __str__(self) -> str:
        return f"{self.width} px, {self.colours}, {'large' if self.is_large else 'standard'} display"


# The display comes first: only it needs the page to be loaded anew.
LOOKS = tuple(
    Look(width, colours, is_large)
    for is_large, width, colours in product((False, True), (320, 375, 1280), ("light", "dark"))
)


@dataclass
class Screens:
    """Show stops in one browser, over services that live in memory."""

    pages: Pages
    base_url: str
    browser: Browser
    asked: list[Request] = field(default_factory=list)
    """What the window asked for since it was sent to the last stop."""

    @cached_property
    def window(self) -> Page:
        """Open the window in which stops are looked at one after the other, with axe at hand on every page."""
        context = self._opened()
        context.add_init_script(AXE_SCRIPT)
        page = context.new_page()
        page.on("request", lambda request: self.asked.append(request))
        return page

    def visit(self, stop: Stop, look: Look) -> Page:
        """Show a stop in the window; a browser of its own for each would cost as much as looking does."""
        context = self.window.context
        context.clear_cookies()
        context.add_cookies(self._cookies(stop, is_large=look.is_large))
        look_again(self.window, look)
        self.asked.clear()
        self.open(self.window, stop)
        return self.window

    @contextmanager
    def at(self, stop: Stop, *, is_large: bool = False, language: str = "zh") -> Iterator[Page]:
        """Yield the page of a stop, light and as wide as a phone."""
        with self.context(stop, is_large=is_large, language=language) as context:
            page = context.new_page()
            self.open(page, stop)
            yield page

    def open(self, page: Page, stop: Stop) -> None:
        """Go to a stop and press what it says."""
        with arranged(self.pages, stop):
            page.goto(self.base_url + stop.path)
            if stop.press:
                button = page.locator("main").get_by_role("button", name=stop.press, exact=True).first
                with crowded(self.pages, stop), page.expect_navigation():
                    button.click()
        if stop.is_full:
            # Else it would look again by itself.
            page.evaluate("window.stop()")

    @contextmanager
    def context(
        self, stop: Stop, *, is_large: bool = False, language: str = "zh", has_script: bool = True
    ) -> Iterator[BrowserContext]:
        """Yield a browser of its own with the cookies of whoever visits the stop."""
        context = self._opened(has_script=has_script)
        context.add_cookies(self._cookies(stop, is_large=is_large, language=language))
        yield context
        context.close()

    def _opened(self, *, has_script: bool = True) -> BrowserContext:
        return self.browser.new_context(
            java_script_enabled=has_script,
            viewport={"width": 375, "height": HEIGHT},
            locale="zh-CN",
            bypass_csp=True,
            reduced_motion="reduce",
        )

    def _cookies(self, stop: Stop, *, is_large: bool, language: str = "zh") -> list[dict[str, str]]:
        values = {"gov_display": "large" if is_large else "normal", "gov_language": language}
        if session := session_of(stop):
            values["gov_session"] = self._sealed(session)
        return [{"name": name, "value": value, "url": self.base_url} for name, value in values.items()]

    def _sealed(self, session: dict[str, object]) -> str:
        signer = SecureCookieSessionInterface().get_signing_serializer(self.pages.app)
        assert signer is not None
        return str(signer.dumps(session))


def session_of(stop: Stop) -> dict[str, object]:
    """Return what the session of whoever visits a stop holds."""
    return {**stop.session, **({"token": stop.holder} if stop.holder else {})}


@contextmanager
def arranged(pages: Pages, stop: Stop) -> Iterator[None]:
    """Let the services answer as the stop says, and as before afterwards."""
    before = [(*_place(pages, key), value) for key, value in stop.state.items()]
    kept = [(owner, name, getattr(owner, name)) for owner, name, _ in before]
    for owner, name, value in before:
        setattr(owner, name, value)
    with nullcontext() if stop.press else crowded(pages, stop):
        yield
    for owner, name, value in kept:
        setattr(owner, name, value)


def crowded(pages: Pages, stop: Stop) -> AbstractContextManager[None]:
    """Let nobody in if the stop says so."""
    return turning_away(pages) if stop.is_full else nullcontext()


def _place(pages: Pages, key: str) -> tuple[object, str]:
    """Return the double and its attribute: ``case_view`` of the cases, ``ratings.view`` of another service."""
    service, _, name = key.rpartition(".")
    found = next(one for one in pages.app.extensions.values() if hasattr(one, "cases") and hasattr(one, "identity"))
    return (getattr(found, service) if service else pages.cases), name


@contextmanager
def served(browser: Browser) -> Iterator[Screens]:
    """Serve the pages on this machine and yield the screens that show them."""
    pages = an_app(app=the_app())
    server = make_server("127.0.0.1", 0, pages.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield Screens(pages, f"http://127.0.0.1:{server.server_port}", browser)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def faults(page: Page, *, rules: tuple[str, ...] = (), contrast_of: str = "*") -> list[str]:
    """Return what axe finds wrong with a page by all rules, or by some, and whether it can be scrolled sideways.

    ``contrast_of`` selects whose contrast is looked at.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    only = {"type": "rule", "values": list(rules)} if rules else {"type": "tag", "values": TAGS}
    found: list[str] = page.evaluate(AXE, [only, contrast_of])
    return found


def look_again(page: Page, look: Look) -> None:
    """Change width and colours of an open page."""
    page.set_viewport_size({"width": look.width, "height": HEIGHT})
    page.emulate_media(color_scheme="dark" if look.colours == "dark" else "light")
