"""Tell ways inside this site from ways that lead elsewhere."""

from urllib.parse import urlsplit

from flask import request
from flask.globals import request_ctx


def safe_way_back(target: str | None, *, otherwise: str) -> str:
    """Return a path of this site; anything that leads elsewhere is replaced.

    A path begins with one slash. Backslashes and what browsers leave out when they read an address (tabs, line ends)
    could make another host of the rest.
    """
    if not target or not target.startswith("/") or target.startswith("//"):
        return otherwise
    return otherwise if "\\" in target or any(ord(character) <= 0x20 for character in target) else target


def page_before() -> str:
    """Return the page with the form that this request sent: where it came from, else the page of its own address.

    Empty where neither is a page of this site.
    """
    return _referring_page() or _page_of(request.path)


def _referring_page() -> str:
    try:
        referrer = urlsplit(request.referrer or "")
    except ValueError:
        return ""
    page = _page_of(safe_way_back(referrer.path, otherwise="")) if referrer.netloc == request.host else ""
    return f"{page}?{referrer.query}" if referrer.query and page == referrer.path else page


def _page_of(path: str) -> str:
    """Return the page that shows the form which is sent to a path: that path itself, or the one above it."""
    adapter = request_ctx.url_adapter
    candidates = (path, path.rpartition("/")[0]) if path and adapter is not None else ()
    return next((one for one in candidates if one and adapter is not None and adapter.test(one, "GET")), "")
