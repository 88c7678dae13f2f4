"""Open a real browser on a small screen, without JavaScript."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

PHONE = {"width": 375, "height": 667}
DESK = {"width": 1280, "height": 900}
PATIENCE_MS = 20_000


@contextmanager
def opened(program: str) -> Iterator[Browser]:
    """Yield the running browser."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield browser
        browser.close()


@contextmanager
def person(browser: Browser, base_url: str, *, viewport: dict[str, int] = PHONE) -> Iterator[Page]:
    """Yield the page of somebody who has just opened a browser without JavaScript."""
    context = browser.new_context(
        base_url=base_url,
        viewport=viewport,
        java_script_enabled=False,
        locale="zh-CN",  # type: ignore[arg-type]
    )
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    yield page
    context.close()


def keep_picture(page: Page, name: str) -> None:
    """Keep a picture of the page where ``GOV_SCREENSHOTS`` names a folder."""
    folder = os.environ.get("GOV_SCREENSHOTS")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)
