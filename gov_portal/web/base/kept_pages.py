"""Answer public pages from memory, before Flask, as long as nothing that they show has changed.

Only what is the same for every reader with the same choices is kept: pages marked ``kept``, asked without a session,
without a query, and answered without a cookie. They are found by address, place, language, display and colours, and
by the edition of the published items, so that no guide outlives its version. Figures on them may be seconds old.
"""

import re
import time
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from http import HTTPStatus
from typing import TypeVar
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import psycopg
from flask import Flask, Response, current_app, request, session
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.http import parse_cookie

from gov_portal.kernel import request_ids
from gov_portal.kernel.codes.division import Divisions
from gov_portal.web.base.access import SESSION_COOKIE, principal
from gov_portal.web.base.language import LANGUAGE_COOKIE, LANGUAGES
from gov_portal.web.base.look import DISPLAY_COOKIE, THEME_COOKIE, THEMES
from gov_portal.web.base.present import present_request
from gov_portal.web.base.regions import REGION_COOKIE
from gov_portal.web.base.requests import Asked, asked_now, tell
from gov_portal.web.base.services import Services, services, services_of
from gov_portal.web.base.text import moment

KEEP_S = 10.0
MOST = 500
"""How many pages a process keeps; the one that was made longest ago goes first."""

_MARK = "gov_kept"
_KEY = "gov.kept_key"
_PLACE = re.compile(r"<\w+>")
_EXTENSION = "gov_portal.kept_pages"
_OWN_HEADERS = frozenset({request_ids.HEADER, "Content-Length"})
"""Headers that belong to one answer."""

Key = tuple[object, ...]
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class KeptPage:
    """Hold an answer as it was sent, but for what belongs to one request."""

    body: bytes = field(repr=False)
    headers: list[tuple[str, str]]
    tag: str
    asked: Asked
    until: float


class KeptPages:
    """Keep the pages over some services; safe for threads, for each step is one operation of a dictionary."""

    def __init__(self, over: Services, addresses: re.Pattern[str]) -> None:
        """Begin with none; ``addresses`` are those of all pages that may be kept."""
        self.over = over
        self.addresses = addresses
        self._pages: OrderedDict[Key, KeptPage] = OrderedDict()

    def find(self, key: Key) -> KeptPage | None:
        """Return a page that may still be shown."""
        page = self._pages.get(key)
        return page if page is not None and page.until > time.monotonic() else None

    def keep(self, key: Key, page: KeptPage) -> None:
        """Keep a page, and let the oldest go."""
        self._pages[key] = page
        self._pages.move_to_end(key)
        while len(self._pages) > MOST:
            self._pages.popitem(last=False)


def kept(view: V) -> V:
    """Mark a view whose pages may be kept."""
    setattr(view, _MARK, True)
    return view


def register_kept_pages(app: Flask) -> None:
    """Keep what can be; register it before whatever else adds headers in Flask, so that they are kept as well."""
    app.after_request(_keep)


def answer_from_memory(app: Flask) -> None:
    """Answer what is kept without asking what lies behind."""
    app.wsgi_app = answering(app, app.wsgi_app)  # type: ignore[assignment, method-assign]


def answering(app: Flask, behind: WSGIApplication) -> WSGIApplication:
    """Return an app that asks ``behind`` only for what is not kept."""

    def answer(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        began, known = time.perf_counter(), services_of(app)
        pages = _pages(app, known)
        if _KEY not in environ:
            environ[_KEY] = _key(environ, known) if _may_be_kept(environ, pages.addresses) else None
        key = environ[_KEY]
        page = pages.find(key) if key is not None else None
        if page is None:
            return behind(environ, start)
        is_known = page.tag in environ.get("HTTP_IF_NONE_MATCH", "")
        status, body = (HTTPStatus.NOT_MODIFIED, b"") if is_known else (HTTPStatus.OK, page.body)
        request_id = request_ids.accepted(environ.get("HTTP_X_REQUEST_ID", ""))
        own = [(request_ids.HEADER, request_id), *([] if is_known else [("Content-Length", str(len(body)))])]
        start(f"{status:d} {status.phrase}", [*page.headers, *own])
        tell(known.monitor.tally, page.asked, status=status, began=began, request_id=request_id)
        return [body]

    return answer


def _pages(app: Flask, known: Services) -> KeptPages:
    """Return the pages over these services; an app that was given others begins anew."""
    pages: KeptPages | None = app.extensions.get(_EXTENSION)
    if pages is None or pages.over is not known:
        pages = app.extensions[_EXTENSION] = KeptPages(known, _addresses(app))
    return pages


def _addresses(app: Flask) -> re.Pattern[str]:
    """Return what the addresses of kept pages look like: to match every address by all rules would cost as much."""
    rules = (rule.rule for rule in app.url_map.iter_rules() if hasattr(app.view_functions[rule.endpoint], _MARK))
    return re.compile("|".join("[^/]+".join(map(re.escape, _PLACE.split(rule))) for rule in rules))


def _may_be_kept(environ: WSGIEnvironment, addresses: re.Pattern[str]) -> bool:
    """Tell whether the address looks like that of a page that is kept: nothing is asked of the database for others."""
    if environ["REQUEST_METHOD"] != "GET" or environ.get("QUERY_STRING"):
        return False
    return addresses.fullmatch(environ.get("PATH_INFO", "")) is not None


def _key(environ: WSGIEnvironment, known: Services) -> Key | None:
    """Return by what a page is found; ``None`` where the request may be somebody's own."""
    cookies = parse_cookie(environ.get("HTTP_COOKIE")) if "HTTP_COOKIE" in environ else {}
    if SESSION_COOKIE in cookies:
        return None
    try:
        shown = (known.cases.edition(), known.clock.now() if known.is_sandbox else None)
    except (psycopg.Error, SQLAlchemyError):
        return None
    address = (environ["wsgi.url_scheme"], environ.get("HTTP_HOST", ""), environ.get("PATH_INFO", ""))
    return (*address, *shown, known.monitor.heart.is_writing_paused, *_choices(cookies))


def _choices(cookies: Mapping[str, str]) -> Key:
    """Return what the reader chose, where it is one of the choices: whatever else stands there makes no other page."""
    region, theme, language = (cookies.get(name) for name in (REGION_COOKIE, THEME_COOKIE, LANGUAGE_COOKIE))
    return (
        cookies.get(DISPLAY_COOKIE) == "large",
        theme if theme in dict(THEMES) else None,
        language if language in LANGUAGES else None,
        region if region in Divisions.default().by_code else None,
    )


def _keep(response: Response) -> Response:
    """Keep a page that is nobody's own, and let browsers ask whether it is still the same."""
    key = present_request().environ.get(_KEY)
    if key is None or not _is_everybodys(response):
        return response
    body = response.get_data()
    printed = moment(services().clock.now()).encode()
    # The minute of printing, which stands on every page, makes no other page of it.
    tag = f'"{sha256(body.replace(printed, b"")).hexdigest()[:32]}"'
    response.headers["ETag"] = f"W/{tag}"
    response.headers["Cache-Control"] = "no-cache"
    response.vary.add("Cookie")
    headers = [(name, value) for name, value in response.headers if name not in _OWN_HEADERS]
    page = KeptPage(body, headers, tag, asked_now(), time.monotonic() + KEEP_S)
    _pages(current_app._get_current_object(), services()).keep(key, page)  # type: ignore[attr-defined]
    response.make_conditional(request)
    return response


def _is_everybodys(response: Response) -> bool:
    if request.endpoint is None or not hasattr(current_app.view_functions[request.endpoint], _MARK):
        return False
    is_plain = response.status_code == HTTPStatus.OK and "Set-Cookie" not in response.headers
    return is_plain and principal() is None and not session.modified
