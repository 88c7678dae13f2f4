"""Whoever chose English reads no Chinese on any page, but names and what people wrote themselves."""

from html.parser import HTMLParser

import pytest

from tests.acceptance.screens import arranged, session_of
from tests.acceptance.stops import every_stop
from tests.factories.pages import Pages
from tests.factories.phrases import HAN

STOPS = every_stop()
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
SPOKEN = ("title", "aria-label", "aria-description", "placeholder", "alt", "data-label", "summary")
OWN_WORDS = {"textarea", "script", "style"}
"""What stands in a box to type in is the person's own."""


class Chinese(HTMLParser):
    """Gather the Chinese texts that are not marked as such."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, bool]] = []
        self.found: list[str] = []

    @property
    def is_marked(self) -> bool:
        return bool(self.open) and self.open[-1][1]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        is_marked = values.get("translate") == "no" or values.get("lang") == "zh-CN" or tag in OWN_WORDS
        is_marked = self.is_marked or is_marked
        for name in SPOKEN:
            if HAN.search(values.get(name) or "") and not is_marked:
                self.found.append(f'{name}="{values[name]}"')
        if tag == "input" and values.get("type") in {"submit", "button"} and HAN.search(values.get("value") or ""):
            self.found.append(f'value="{values["value"]}"')
        if tag not in VOID:
            self.open.append((tag, is_marked))

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if HAN.search(data) and not self.is_marked:
            self.found.append(data.strip())


def chinese_of(html: str) -> list[str]:
    reader = Chinese()
    reader.feed(html)
    return reader.found


@pytest.mark.parametrize("name", STOPS)
def test_a_page_in_english_speaks_no_chinese(pages: Pages, name: str) -> None:
    stop = STOPS[name]
    client = pages.app.test_client()
    with client.session_transaction() as session:
        session.update(session_of(stop))
    client.set_cookie("gov_language", "en")
    with arranged(pages, stop):
        response = client.get(stop.path, headers={"Accept": "text/html"})
    assert response.status_code < 500 or (stop.is_full and response.status_code == 503)
    assert response.mimetype == "text/html"
    assert '<html lang="en"' in response.text
    assert chinese_of(response.text) == []


def test_unmarked_chinese_is_found() -> None:
    assert chinese_of('<p title="中文">a<span lang="zh-CN">张三<b>丰</b></span>李四</p>') == ['title="中文"', "李四"]
