"""Show pages to whoever must wait: they ask neither database nor session, and give back what a form held."""

import random
from http import HTTPStatus

from flask import Response, current_app, request
from werkzeug.exceptions import HTTPException

from gov_portal.web.base.language import language
from gov_portal.web.base.look import choices_of_look

_SOONEST_S, _LATEST_S = 4, 9
_FORM = "application/x-www-form-urlencoded"
_SECRET = "password"  # noqa: S105 - the name of an input whose content is never sent back


def soon_s() -> int:
    """Return after how many seconds to come back: no two readers after the same."""
    return random.randint(_SOONEST_S, _LATEST_S)  # noqa: S311 - spreads who comes back, hides nothing


def waiting_page(template: str, **context: object) -> Response:
    """Return a page on which one waits; whoever sent a form may send it again by one press.

    Templates find ``is_read`` and ``fields``: what the form held, or ``None`` where one must go back to it.
    """
    is_read = request.method == "GET"
    html = current_app.jinja_env.get_template(template).render(
        is_read=is_read,
        fields=None if is_read else _fields(),
        here=request.full_path.rstrip("?") if is_read else request.path,
        is_desk=request.path.startswith("/officer"),
        language=language(),
        **choices_of_look(),
        **context,
    )
    return Response(html, HTTPStatus.SERVICE_UNAVAILABLE, content_type="text/html; charset=utf-8")


def _fields() -> list[tuple[str, str]] | None:
    """Return what a form held, to be sent again by one press; ``None`` where it held files or a password."""
    if request.mimetype != _FORM:
        return None
    try:
        found = list(request.form.items(multi=True))
    except HTTPException:
        return None
    return None if any(_SECRET in name for name, _ in found) else found
