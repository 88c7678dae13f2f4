"""Set the headers that keep a page to itself."""

from flask import Flask, Response, g, request

_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self'; object-src 'none'; "
    "frame-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors {ancestors}"
)


_FOR_ALL = (
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()"),
    ("Cache-Control", "private, no-store"),
)
_ALONE = (("Content-Security-Policy", _POLICY.format(ancestors="'none'")), *_FOR_ALL)
_FRAMED = (("Content-Security-Policy", _POLICY.format(ancestors="'self'")), *_FOR_ALL)
_SECURE = (("Strict-Transport-Security", "max-age=31536000"),)


def protect(response: Response) -> Response:
    """Add the security headers; a file of a case may stand in a frame of our own desk, a page in none."""
    wanted = _FRAMED if getattr(g, "may_be_framed", False) else _ALONE
    given = {name.lower() for name, _ in response.headers}
    for name, value in (*wanted, *_SECURE) if request.is_secure else wanted:
        if name.lower() not in given:
            response.headers.add(name, value)
    return response


def register_headers(app: Flask) -> None:
    """Protect every answer of the app."""
    app.after_request(protect)
