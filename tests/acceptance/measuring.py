"""Measure on an open page what the look promises: type, lines, targets, focus, weight, and that it stays as it is."""

from http import HTTPStatus
from urllib.parse import urlsplit

from playwright.sync_api import Page, Request

from tests.acceptance.walking import LEAST_RING_PX, RING

TARGET_PX, LARGE_TARGET_PX = 44, 60
LARGE_TYPE_PX, LARGEST_TYPE_PX = 18, 30
PAGE_BYTES, SCRIPT_BYTES = 50 * 1024, 15 * 1024

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
  const ring = {RING};
  return [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')]
    .filter(part => part.checkVisibility() && !part.disabled)
    .filter(part => (part.focus({{preventScroll: true}}), document.activeElement === part && ring(part) < least))
    .map(part => part.outerHTML.slice(0, 90));
}}"""

# What the page loaded and its own address with it: kind, bytes as they are and not as they were packed.
LOADS = """() => {
  const [page] = performance.getEntriesByType('navigation');
  const bytes = kind => performance.getEntriesByType('resource')
    .filter(one => new URL(one.name).pathname.endsWith(kind)).reduce((sum, one) => sum + one.decodedBodySize, 0);
  return {
    page: page.decodedBodySize, style: bytes('.css'), script: bytes('.js'),
    isRestless: document.querySelector('meta[http-equiv=refresh]') !== null,
  };
}"""


def wrong_measures(page: Page, *, is_large: bool) -> list[str]:
    """Return what is too small, too tight or not seen in the standard or the large display (长辈版)."""
    page.keyboard.press("Tab")
    return [
        *(_wrong_type(page) if is_large else []),
        *page.evaluate(TARGETS, LARGE_TARGET_PX if is_large else TARGET_PX),
        *(f"focus is not seen: {at}" for at in page.evaluate(UNSEEN_FOCUS, LEAST_RING_PX)),
    ]


def _wrong_type(page: Page) -> list[str]:
    found = page.evaluate(TYPE)
    largest = max(size for size, _text in found["sizes"])
    return [
        *(f"{size} px: {text}" for size, text in found["sizes"] if size < LARGE_TYPE_PX),
        *(f"lines of {line}: {text}" for line, text in found["tight"]),
        *([f"nothing is larger than {largest} px"] if largest < LARGEST_TYPE_PX else []),
    ]


def wrong_loads(page: Page, asked: list[Request], *, is_for_people: bool, is_full: bool = False) -> list[str]:
    """Return what is asked of other hosts or heavier than it may be, and whether it is the page, and stays it.

    A portal that is full answers 503, and looks again by itself for whoever waits.
    """
    own, found = urlsplit(page.url).netloc, page.evaluate(LOADS)
    answer = [one for one in asked if one.is_navigation_request() and one.frame == page.main_frame][-1].response()
    weight, is_restless = found["page"] + found["style"], found["isRestless"] or "refresh" in answer.headers
    return [
        *(f"asks {one.url}" for one in asked if urlsplit(one.url).netloc != own),
        *([f"{weight} bytes of page and style"] if is_for_people and weight > PAGE_BYTES else []),
        *([f"{found['script']} bytes of script"] if found["script"] > SCRIPT_BYTES else []),
        *([f"answers {answer.status}"] if (answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR) != is_full else []),
        *(["has no style"] if not found["style"] else []),
        *(["changes by itself"] if is_restless and not is_full else []),
    ]
