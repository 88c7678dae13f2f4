"""Walk through the pages as a person does: with pointer and no script, or with nothing but the keys of a keyboard."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from playwright.sync_api import Browser, Locator, Page

from tests.acceptance.browsers import PHONE, person

MOST_TABS = 160
"""More than any page has stops: whoever needs more is trapped."""
LEAST_RING_PX, LEAST_CONTRAST = 2, 3
"""WCAG 2.4.13: how thick the mark of the focus is, and how it stands out."""
CODE = re.compile(r"验证码是 (\d{6})")

# How thick the ring around an element is, as far as it stands out.
RING = """(() => {
  const luminance = colour => {
    const linear = part => part <= .03928 ? part / 12.92 : ((part + .055) / 1.055) ** 2.4;
    const [r, g, b] = colour.match(/[\\d.]+/g).slice(0, 3).map(part => linear(part / 255));
    return .2126 * r + .7152 * g + .0722 * b;
  };
  const paper = luminance(getComputedStyle(document.body).backgroundColor);
  const standsOut = colour => {
    const own = luminance(colour);
    return (Math.max(own, paper) + .05) / (Math.min(own, paper) + .05);
  };
  const shadow = text => {
    const [x, y, , spread] = text.replace(/rgba?\\([^)]*\\)/, '').match(/-?[\\d.]+/g).map(Number);
    return Math.max(Math.abs(x), Math.abs(y)) + spread;
  };
  const rings = style => [
    style.outlineStyle === 'none' ? null : [parseFloat(style.outlineWidth), style.outlineColor],
    style.boxShadow === 'none' ? null : [shadow(style.boxShadow), style.boxShadow.match(/rgba?\\([^)]*\\)/)[0]],
  ];
  return here => [here, here.closest('label')].filter(Boolean)
    .flatMap(part => rings(getComputedStyle(part))).filter(Boolean)
    .reduce((most, [width, colour]) => standsOut(colour) >= LEAST_CONTRAST ? Math.max(most, width) : most, 0);
})()""".replace("LEAST_CONTRAST", str(LEAST_CONTRAST))

# Where the focus is: at the wanted element or not, how thick its ring is, and whether it is in sight.
FOCUS = f"""wanted => {{
  const here = document.activeElement, ring = {RING};
  const isHere = here === wanted || (wanted.type === 'radio' && here.type === 'radio' && here.name === wanted.name);
  const box = (here.closest('label') || here).getBoundingClientRect();
  const points = [.1, .5, .9].flatMap(x => [.1, .5, .9].map(y => [box.left + x * box.width, box.top + y * box.height]));
  const isInSight = points.some(([x, y]) => {{
    const top = document.elementFromPoint(x, y);
    const isNear = top && (here.contains(top) || top.contains(here));
    return isNear || (top && here.closest('label') && top.closest('label') === here.closest('label'));
  }});
  return {{
    isHere, isInSight, name: here.tagName + ' ' + (here.innerText || here.name || '').trim().slice(0, 40),
    isLost: here === document.body, ring: ring(here),
  }};
}}"""
LEADS_AWAY = """e => e.tagName !== 'SUMMARY' && !e.dataset.box && !e.dataset.into
  && !(e.getAttribute('href') || '').startsWith('#')"""


class Walker(Protocol):
    """Somebody in front of a page."""

    page: Page

    def press(self, name: str) -> None:
        """Press the button, link or fold of a name."""

    def type(self, label: str, text: str) -> None:
        """Type into the field of a label."""

    def choose(self, group: str, label: str) -> None:
        """Choose one of a group."""

    def upload(self, label: str, path: Path) -> None:
        """Give a file to the field of a label."""


@dataclass
class Pointer:
    """Click and type."""

    page: Page

    def press(self, name: str) -> None:
        named(self.page, name).click()

    def type(self, label: str, text: str) -> None:
        labelled(self.page, label).fill(text)

    def choose(self, group: str, label: str) -> None:
        option(self.page, group, label).check()

    def upload(self, label: str, path: Path) -> None:
        labelled(self.page, label).set_input_files(path)


@dataclass
class Keyboard:
    """Use Tab, Enter, space bar and arrows alone; the focus must be seen wherever it goes, and never be caught."""

    page: Page
    most_tabs: int = MOST_TABS
    tabs: int = 0

    def __post_init__(self) -> None:
        """Have the browser hand over its windows for files from the first on."""
        self.page.on("filechooser", lambda chooser: None)

    def press(self, name: str) -> None:
        target = named(self.page, name)
        self.reach(target)
        if target.evaluate(LEADS_AWAY):
            with self.page.expect_navigation():
                self.page.keyboard.press("Enter")
        else:
            self.page.keyboard.press("Enter")

    def type(self, label: str, text: str) -> None:
        target = labelled(self.page, label)
        self.reach(target)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(text)
        assert target.input_value() == text

    def choose(self, group: str, label: str) -> None:
        target = option(self.page, group, label)
        self.reach(target)
        if not target.is_checked():
            self.page.keyboard.press("Space")
        for _ in range(MOST_TABS):
            if target.is_checked():
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"the arrows never reach {label}")

    def upload(self, label: str, path: Path) -> None:
        self.reach(labelled(self.page, label))
        with self.page.expect_file_chooser() as chosen:
            self.page.keyboard.press("Enter")
        chosen.value.set_files(path)

    def reach(self, target: Locator) -> None:
        """Press Tab until the focus is on something, over the skip link where it leads nearer."""
        self._skip(target)
        for _ in range(self.most_tabs):
            if target.evaluate("e => e === document.activeElement && e.matches(':focus-visible')"):
                return
            if self._tab(target):
                return
        raise AssertionError(f"Tab never reaches {target}")

    def _skip(self, target: Locator) -> None:
        """Go past the head of a fresh page by its first link."""
        if not target.evaluate("e => document.activeElement === document.body && !!e.closest('main')"):
            return
        self.page.keyboard.press("Tab")
        skip = self.page.locator("a.skip")
        assert skip.evaluate("e => e === document.activeElement && e.getBoundingClientRect().top >= 0")
        self.page.keyboard.press("Enter")
        assert self.page.locator("main").evaluate("e => e === document.activeElement")

    def _tab(self, target: Locator) -> bool:
        """Go one stop on, and tell whether it is the wanted one; the focus must be seen on the way."""
        self.page.keyboard.press("Tab")
        self.tabs += 1
        at = target.evaluate(FOCUS)
        if not at["isLost"] and not at["name"].startswith("IFRAME"):
            assert at["ring"] >= LEAST_RING_PX, at
            assert at["isInSight"], at
        return bool(at["isHere"])


def named(page: Page, name: str) -> Locator:
    """Return the first thing in sight that can be pressed and has a name, or one that begins so."""
    exactly = [page.get_by_role(role, name=name, exact=True) for role in ("button", "link")]  # type: ignore[arg-type]
    fold = page.locator("summary").filter(has_text=re.compile(rf"^\s*{re.escape(name)}\s*$"))
    starting = [
        page.get_by_role(role, name=re.compile(rf"^{re.escape(name)}"))  # type: ignore[arg-type]
        for role in ("button", "link")
    ]
    page.wait_for_load_state()
    return _first_there([*exactly, fold, *starting], name)


def labelled(page: Page, label: str) -> Locator:
    """Return the field of a label."""
    page.wait_for_load_state()
    return _first_there(
        [page.get_by_label(label, exact=True), page.get_by_label(re.compile(f"^{re.escape(label)}"))], label
    )


def option(page: Page, group: str, label: str) -> Locator:
    """Return a choice of a group."""
    page.wait_for_load_state()
    return page.get_by_role("group", name=group).get_by_label(label, exact=True).first


def _first_there(candidates: list[Locator], name: str) -> Locator:
    shown = [one.locator("visible=true") for one in candidates]
    found = next((one for one in shown if one.count()), None)
    if found is None:
        raise AssertionError(f"nothing is called {name}: {shown[0].page.locator('body').inner_text()[:1500]}")
    return found.first


def read_code(page: Page, phone: str) -> str:
    """Read the newest code of a phone from the sandbox's desk, in a window of its own."""
    window = page.context.new_page()
    window.goto("/sandbox/messages")
    text = window.locator("li[data-message='identity.code']", has_text=phone).first.inner_text()
    window.close()
    found = CODE.search(text)
    assert found is not None
    return found[1]


@contextmanager
def pointing(browser: Browser, base_url: str, *, viewport: dict[str, int] = PHONE) -> Iterator[Walker]:
    """Yield somebody with a pointer and no script."""
    with person(browser, base_url, viewport=viewport) as page:
        yield Pointer(page)


@contextmanager
def typing(browser: Browser, base_url: str, *, viewport: dict[str, int] = PHONE) -> Iterator[Walker]:
    """Yield somebody with a keyboard alone, and scripts."""
    with person(browser, base_url, viewport=viewport, has_script=True) as page:
        yield Keyboard(page)
