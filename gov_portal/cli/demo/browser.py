"""Read and submit HTML forms over HTTP: a browser without eyes and without JavaScript."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Self

import httpx

Upload = tuple[str, bytes, str]
"""File name, content, media type."""


class StoryBroken(Exception):
    """Report a step of the story that did not go as told."""


@dataclass(slots=True)
class Form:
    """Hold one form of a page: where it goes and the values it comes with."""

    id: str
    action: str
    method: str = "get"
    values: dict[str, str] = field(default_factory=dict)
    files: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    choices: dict[str, list[str]] = field(default_factory=dict)


@dataclass(slots=True)
class Page:
    """Hold one answer: its forms, its ``data-*`` attributes and its text.

    Attributes:
        rows: element and text of everything with a ``data-kind``: ``li`` of a timeline, ``tr`` of a clock.
    """

    status: int
    url: str
    body: bytes
    media_type: str
    forms: dict[str, Form] = field(default_factory=dict)
    marks: dict[str, list[str]] = field(default_factory=dict)
    links: list[str] = field(default_factory=list)
    rows: list[tuple[str, list[str]]] = field(default_factory=list)
    text: str = ""

    def mark(self, name: str) -> str:
        """Return the first ``data-<name>`` of the page."""
        if name not in self.marks:
            raise StoryBroken(f"{self.url}: no data-{name} on the page: {self.text[:400]}")
        return self.marks[name][0]

    def link(self, part: str) -> str:
        """Return the first link whose target contains ``part``."""
        for target in self.links:
            if part in target:
                return target
        raise StoryBroken(f"{self.url}: no link with {part!r}")


class _Reader(HTMLParser):
    def __init__(self, page: Page) -> None:
        super().__init__()
        self.page = page
        self.form: Form | None = None
        self.select: str | None = None
        self.textarea: str | None = None
        self.words: list[str] = []
        self.row: tuple[str, list[str]] | None = None
        self.is_hidden = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        for name, value in values.items():
            if name.startswith("data-"):
                self.page.marks.setdefault(name.removeprefix("data-"), []).append(value)
        if "data-kind" in values:
            self.row = (tag, [])
            self.page.rows.append(self.row)
        match tag:
            case "a":
                self.page.links.append(values.get("href", ""))
            case "form":
                self.form = Form(values.get("id", ""), values.get("action", ""), values.get("method", "get").lower())
                self.page.forms[self.form.id] = self.form
            case "input" | "select" | "textarea" | "button" if self.form is not None and "name" in values:
                self._control(tag, values, self.form)
            case "option" if self.select and self.form is not None and "selected" in values:
                self.form.values[self.select] = values.get("value", "")
            case "style" | "script":
                self.is_hidden = True

    def _control(self, tag: str, values: dict[str, str], form: Form) -> None:
        name, kind = values["name"], values.get("type", "text")
        form.names.add(name)
        if kind == "radio":
            form.choices.setdefault(name, []).append(values.get("value", ""))
        if tag == "select":
            self.select = name
        elif tag == "textarea":
            self.textarea = name
            form.values[name] = ""
        elif tag == "input" and kind == "file":
            form.files.add(name)
        elif tag == "input" and (kind not in {"radio", "checkbox", "submit"} or "checked" in values):
            form.values[name] = values.get("value", "on" if kind == "checkbox" else "")

    def handle_endtag(self, tag: str) -> None:
        if self.row is not None and tag == self.row[0]:
            self.row = None
        match tag:
            case "form":
                self.form = None
            case "select":
                self.select = None
            case "textarea":
                self.textarea = None
            case "style" | "script":
                self.is_hidden = False

    def handle_data(self, data: str) -> None:
        if self.textarea and self.form is not None:
            self.form.values[self.textarea] += data
        elif not self.is_hidden and data.strip():
            self.words.append(data.strip())
            if self.row is not None:
                self.row[1].append(data.strip())


def _read(response: httpx.Response) -> Page:
    media_type = response.headers.get("content-type", "").partition(";")[0]
    page = Page(response.status_code, str(response.url), response.content, media_type)
    if media_type == "text/html":
        reader = _Reader(page)
        reader.feed(response.text)
        page.text = " ".join(reader.words)
    return page


class Browser:
    """Walk the portal as one person; cookies are kept, redirects followed."""

    def __init__(self, base_url: str) -> None:
        """Open an empty browser."""
        self._client = httpx.Client(base_url=base_url, follow_redirects=True, timeout=30)

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the connections."""
        self._client.close()

    def cookie(self, name: str) -> str:
        """Return a cookie that the portal has set; empty without it."""
        return self._client.cookies.get(name) or ""

    def open(self, path: str, *, expect: int = 200) -> Page:
        """Open an address; any other status than expected breaks the story."""
        return self._checked(_read(self._client.get(path)), expect)

    def submit(
        self,
        page: Page,
        form_id: str,
        values: Mapping[str, str] | None = None,
        *,
        files: Mapping[str, Upload] | None = None,
        expect: int = 200,
    ) -> Page:
        """Submit a form of a page with its own values and these; names that it does not have break the story."""
        if form_id not in page.forms:
            raise StoryBroken(f"{page.url}: no form {form_id!r}, only {sorted(page.forms)}: {page.text[:400]}")
        form = page.forms[form_id]
        unknown = (set(values or {}) | set(files or {})) - form.names
        if unknown:
            raise StoryBroken(f"{page.url}: form {form_id!r} has no {sorted(unknown)}, only {sorted(form.names)}")
        data = {**form.values, **(values or {})}
        target = httpx.URL(page.url).join(form.action or page.url)
        if form.method == "get":
            response = self._client.get(target, params=data)
        elif form.files:
            parts = {name: (files or {}).get(name, ("", b"", "application/octet-stream")) for name in form.files}
            response = self._client.post(target, data=data, files=parts)
        else:
            response = self._client.post(target, data=data)
        return self._checked(_read(response), expect)

    @staticmethod
    def _checked(page: Page, expect: int) -> Page:
        if page.status != expect:
            raise StoryBroken(f"{page.url}: answered {page.status}, not {expect}: {page.text[:600]}")
        return page
