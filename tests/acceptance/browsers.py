"""Open a real browser on a small screen, without JavaScript unless it is asked for."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

PHONE = {"width": 375, "height": 667}
DESK = {"width": 1280, "height": 900}
FONTS = Path(".cache/fonts")
PATIENCE_MS = 20_000
PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")


def installed() -> str:
    """Return the path of the browser's program; empty where there is none."""
    return next((path for name in PROGRAMS if (path := shutil.which(name))), "")


@contextmanager
def opened(program: str) -> Iterator[Browser]:
    """Yield the running browser; it has the fonts of the cards too, so that Chinese can be seen anywhere."""
    with sync_playwright() as playwright, tempfile.TemporaryDirectory(prefix="gov-fonts-") as folder:
        browser = playwright.chromium.launch(
            executable_path=program,
            args=["--no-sandbox", "--disable-dev-shm-usage"],
            env={**os.environ, "FONTCONFIG_FILE": str(_fonts(Path(folder)))},
        )
        yield browser
        browser.close()


def _fonts(folder: Path) -> Path:
    """Write a font configuration of the system's fonts and our own."""
    config = folder / "fonts.conf"
    config.write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd"><fontconfig>'
        f'<include ignore_missing="yes">/etc/fonts/fonts.conf</include><dir>{FONTS.resolve()}</dir>'
        f"<cachedir>{folder}</cachedir></fontconfig>",
        encoding="utf-8",
    )
    return config


@contextmanager
def person(
    browser: Browser, base_url: str, *, viewport: dict[str, int] = PHONE, has_script: bool = False
) -> Iterator[Page]:
    """Yield the page of somebody who has just opened a browser, without JavaScript as a rule."""
    context = browser.new_context(
        base_url=base_url,
        viewport=viewport,
        java_script_enabled=has_script,
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
