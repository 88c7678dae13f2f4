"""Set the headers that keep a page to itself.

The list is written behind Flask, for each header there would be read and copied several times.
"""

from collections.abc import Callable, Iterable
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask

from gov_portal.web.base.present import present_request

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
_FRAME = "gov.may_be_framed"
_SECURE = (("Strict-Transport-Security", "max-age=31536000"),)


def may_be_framed() -> None:
    """Let the answer to this request stand in a frame of our own desk, as a file of a case may; a page does in none."""
    present_request().environ[_FRAME] = True


def protecting(app: WSGIApplication) -> WSGIApplication:
    """Return an app all of whose answers carry the security headers, but for those that it has set otherwise."""

    def protected(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        def started(status: str, headers: list[tuple[str, str]], *error: Any) -> Callable[[bytes], object]:  # noqa: ANN401
            own = _FRAMED if _FRAME in environ else _ALONE
            wanted = (*own, *_SECURE) if environ["wsgi.url_scheme"] == "https" else own
            given = {name.lower() for name, _ in headers}
            return start(status, [*headers, *(one for one in wanted if one[0].lower() not in given)], *error)

        return app(environ, started)

    return protected


def register_headers(app: Flask) -> None:
    """Protect every answer of the app; register it after whatever else answers in front of Flask."""
    app.wsgi_app = protecting(app.wsgi_app)  # type: ignore[assignment, method-assign]
