"""Cut lists into pages; a cursor names the last row that was shown, signed, for its caller and address only."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from flask import current_app, request, url_for
from itsdangerous import BadSignature, URLSafeSerializer
from marshmallow import Schema, fields, validate

from gov_portal.kernel.errors import Invalid
from gov_portal.kernel.principal import actor_of
from gov_portal.web.api.front import Json
from gov_portal.web.base.access import principal

LONGEST_PAGE = 100
USUAL_PAGE = 50

R = TypeVar("R")


class CursorInvalid(Invalid):
    """Refuse a cursor that was not given out for this list, or whose row is gone: begin at the first page."""

    code = "api.cursor"


class PageQuery(Schema):
    """Ask for one page of a list."""

    limit = fields.Integer(load_default=USUAL_PAGE, validate=validate.Range(1, LONGEST_PAGE))
    cursor = fields.String(load_default="", validate=validate.Length(max=1000))


@dataclass(frozen=True, slots=True)
class Page(Generic[R]):
    """Hold one page of rows."""

    items: Sequence[R]


Answer = tuple[Page[R], int, dict[str, str]]


def page(rows: Sequence[R], query: Json, *, key: Callable[[R], str]) -> "Answer[R]":
    """Return the page behind the cursor with a ``Link`` to the next one.

    Args:
        rows: all rows in their order; lists of a person are short.
        query: as ``PageQuery`` has loaded it.
        key: what tells a row from the others.
    """
    start = 0
    if query["cursor"]:
        last = read_cursor(query["cursor"])
        places = [place for place, row in enumerate(rows) if key(row) == last]
        if not places:
            raise CursorInvalid(field="cursor")
        start = places[0] + 1
    shown = rows[start : start + query["limit"]]
    has_more = start + len(shown) < len(rows)
    return Page(shown), 200, link(key(shown[-1]) if has_more else "", query)


def window(find: Callable[[str, int], Sequence[R]], query: Json, *, key: Callable[[R], str]) -> "Answer[R]":
    """Return the page behind the cursor of a list that is read from there on.

    Args:
        find: returns rows behind the place that a key names, the first ones for an empty one, and at most so many.
        query: as ``PageQuery`` has loaded it.
        key: what names a row's place.
    """
    limit = query["limit"]
    found = find(read_cursor(query["cursor"]) if query["cursor"] else "", limit + 1)
    return Page(found[:limit]), 200, link(key(found[limit - 1]) if len(found) > limit else "", query)


def link(last: str, query: Json) -> dict[str, str]:
    """Return the ``Link`` header of a page that ends with a row; none where nothing follows."""
    if not last:
        return {}
    kept = {name: value for name, value in query.items() if name != "cursor" and value not in ("", None, False)}
    target = url_for(
        str(request.endpoint), **{**(request.view_args or {}), **kept, "cursor": _serializer().dumps(last)}
    )
    return {"Link": f'<{target}>; rel="next"'}


def read_cursor(cursor: str) -> str:
    """Return what a cursor names.

    Raises:
        CursorInvalid: it was changed, or given to somebody else or for another list.
    """
    try:
        return str(_serializer().loads(cursor))
    except BadSignature:
        raise CursorInvalid(field="cursor") from None


def _serializer() -> URLSafeSerializer:
    who = principal()
    owner = actor_of(who) if who else "anybody"
    return URLSafeSerializer(current_app.secret_key or b"", salt=f"api.cursor:{request.endpoint}:{owner}")
