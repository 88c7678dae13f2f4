"""Remember in a browser for a year what its reader chose: language, display, colours, place."""

from flask import Response, request

YEAR_S = 365 * 24 * 3600


def keep_choice(response: Response, cookie: str, value: str) -> Response:
    """Put a choice into a cookie that only our pages read; it names nobody."""
    response.set_cookie(cookie, value, max_age=YEAR_S, httponly=True, samesite="Lax", secure=request.is_secure)
    return response
