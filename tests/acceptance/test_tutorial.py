"""The tutorial is its own script: what it says is done in a browser, in its order, and counted."""

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from gov_portal.cli.instance import Instance
from tests.acceptance.browsers import DESK, PATIENCE_MS, PHONE, keep_picture, person
from tests.acceptance.walking import CODE, Pointer, labelled, named, option
from tests.acceptance.ways import number_on

pytestmark = pytest.mark.browser

TUTORIAL = Path("docs/tutorial/first-card.md")
PRESS_S, ENTRY_S = 2, 6
"""How long somebody new takes to find and press something, and to find a field and fill it."""
PERSON_S, MACHINE_S = 300, 120
TOKEN = re.compile(
    r"\*\*(?P<press>[^*]+)\*\*|\*(?P<reload>Reload)\*|<(?P<open>http[^>]+)>"
    r"|「(?P<label>[^」]+)」\s+(?:`(?P<value>[^`]+)`|\[[^\]]+\]\((?P<file>[^)]+)\))"
)
COUNTS = re.compile(r"It is (\d+) presses and (\d+) entries")


@dataclass(frozen=True)
class Section:
    """One section of the page: who is meant, and what they do."""

    title: str
    tokens: tuple[re.Match[str], ...]

    @property
    def is_applicants(self) -> bool:
        return "林晓禾" in self.title


def sections() -> tuple[Section, ...]:
    """Return the numbered sections that have something to do, beginning with the second."""
    parts = re.split(r"^## ", TUTORIAL.read_text("utf-8"), flags=re.MULTILINE)[1:]
    titled = [part.partition("\n")[::2] for part in parts if re.match(r"[2-9]\. ", part)]
    return tuple(Section(title, tuple(TOKEN.finditer(text))) for title, text in titled)


def counted() -> tuple[int, int]:
    tokens = [token for section in sections() for token in section.tokens]
    entries = sum(1 for token in tokens if token["label"])
    return len(tokens) - entries, entries


@dataclass
class Reader:
    """Does what the page says in one of the two windows."""

    window: Page
    case: dict[str, str]
    code: str = ""

    def follow(self, token: re.Match[str]) -> None:
        if token["press"]:
            self.press(token["press"])
        elif token["reload"]:
            self.window.reload()
        elif token["open"]:
            self.window.goto(urlsplit(token["open"]).path)
        else:
            self.enter(token["label"], token["value"] or "", token["file"])

    def press(self, name: str) -> None:
        if name == "在新窗口看验证码":
            with self.window.expect_popup() as opened_window:
                named(self.window, name).click()
            found = CODE.search(opened_window.value.locator("li[data-message='identity.code']").first.inner_text())
            assert found is not None
            self.code = found[1]
            opened_window.value.close()
            return
        self.wait_for(self.case["number"] if name == "its number" else name).click()
        self.window.wait_for_load_state()
        if name == "提交申请":
            expect(self.window.get_by_role("heading", name="已收到您的申请")).to_be_visible()
            self.case["number"] = number_on(self.window)

    def wait_for(self, name: str) -> Locator:
        """Return what is pressed, loading the page again until workers and departments have done their part."""
        deadline = time.monotonic() + PATIENCE_MS / 1000
        while True:
            try:
                return named(self.window, name)
            except AssertionError:
                assert time.monotonic() < deadline, (name, self.window.locator("main").inner_text()[:1500])
                is_number = name == self.case.get("number")
                self.window.goto(f"/officer?number={name}") if is_number else self.window.reload()
                time.sleep(0.2)

    def enter(self, label: str, value: str, file: str | None) -> None:
        hand = Pointer(self.window)
        self.window.wait_for_load_state()
        if file:
            hand.upload(label, (TUTORIAL.parent / file).resolve())
        elif option(self.window, label, value).count():
            hand.choose(label, value)
        elif labelled(self.window, label).evaluate("e => e.tagName") == "SELECT":
            labelled(self.window, label).select_option(label=value)
        else:
            hand.type(label, self.code if value == "the six digits" else value)


@pytest.fixture
def windows(live_portal: Instance, browser: Browser) -> Iterator[tuple[Page, Page]]:
    with (
        person(browser, live_portal.base_url, viewport=PHONE, has_script=True) as applicant,
        person(browser, live_portal.base_url, viewport=DESK, has_script=True) as officer,
    ):
        yield applicant, officer


def test_somebody_new_applies_corrects_and_gets_the_card(windows: tuple[Page, Page]) -> None:
    case: dict[str, str] = {}
    readers = {True: Reader(windows[0], case), False: Reader(windows[1], case)}
    started = time.monotonic()
    for section in sections():
        for token in section.tokens:
            readers[section.is_applicants].follow(token)
    took_s = time.monotonic() - started
    expect(windows[0].get_by_text("这张证照是真的，现在有效。")).to_be_visible()
    keep_picture(windows[0], "tutorial-end")
    assert took_s < MACHINE_S


def test_the_tutorial_says_how_much_it_is_and_it_is_under_five_minutes() -> None:
    found = COUNTS.search(TUTORIAL.read_text("utf-8"))
    assert found is not None
    presses, entries = counted()
    assert (int(found[1]), int(found[2])) == (presses, entries)
    assert presses * PRESS_S + entries * ENTRY_S < PERSON_S
