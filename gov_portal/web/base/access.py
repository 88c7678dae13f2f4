"""Let nobody in by default: a route without a permission is refused, and so is whoever lacks it."""

from collections.abc import Callable
from typing import TypeVar, cast

from flask import Flask, Request, g, redirect, request, session, url_for
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask.typing import ResponseReturnValue
from itsdangerous import URLSafeTimedSerializer

from gov_portal.kernel.errors import DomainError, Forbidden
from gov_portal.kernel.principal import Citizen, Officer
from gov_portal.web.base.present import present_app, present_g, present_request
from gov_portal.web.base.problems import wants_problem
from gov_portal.web.base.programs import BELOW, bearer_token, has_credentials, is_program
from gov_portal.web.base.proxies import UNPROVEN
from gov_portal.web.base.services import services
from gov_portal.web.base.text import phrase
from gov_portal.web.base.ways import page_before
from identity.domain.values import Client, SessionToken
from identity.permissions import PERMISSIONS, Permission, allows, needs_sign_in

SESSION_COOKIE = "gov_session"
_MARK = "gov_permission"
_TOKEN = "token"  # noqa: S105 - the name of a cookie's entry
_SIGN_IN_PAGES = {"officer": "officer.sign_in"}
_DEFAULT_SIGN_IN = "citizen.sign_in"
_SESSIONLESS = ("base", "operators")
"""Fronts whose answers no session changes: a style sheet must not take the news that a page should tell."""

V = TypeVar("V", bound=Callable[..., ResponseReturnValue])


class SignInNeeded(DomainError):
    """Ask a program without a session to sign in; people are sent to the page instead."""

    code = "sign-in-needed"
    status = 401


def requires(permission: Permission) -> Callable[[V], V]:
    """Demand a permission of whoever calls a view."""

    def mark(view: V) -> V:
        setattr(view, _MARK, permission)
        return view

    return mark


def permission_of(view: Callable[..., object]) -> Permission | None:
    """Return what a view demands; ``None`` means that nobody may call it."""
    return cast(Permission | None, getattr(view, _MARK, None))


def principal() -> Citizen | Officer | None:
    """Return who sent this request."""
    return cast("Citizen | Officer | None", present_g().get("principal"))


def current_citizen() -> Citizen:
    """Return the signed-in person.

    Raises:
        Forbidden: someone else holds the session.
    """
    who = principal()
    if not isinstance(who, Citizen):
        raise Forbidden
    return who


def current_officer() -> Officer:
    """Return the signed-in officer.

    Raises:
        Forbidden: someone else holds the session.
    """
    who = principal()
    if not isinstance(who, Officer):
        raise Forbidden
    return who


def session_token() -> SessionToken:
    """Return the token of this request's session; empty without one."""
    if is_program():
        return SessionToken(bearer_token())
    return SessionToken(session.get(_TOKEN, ""))


def open_session(token: SessionToken) -> None:
    """Give the browser its session; everything from before is dropped, the CSRF secret too."""
    session.clear()
    session[_TOKEN] = token


def close_session() -> None:
    """Take the session from the browser."""
    session.clear()


def client() -> Client:
    """Describe where the request comes from."""
    agent = request.user_agent.string
    return Client(
        address=request.remote_addr or "", device=phrase("手机浏览器") if "Mobile" in agent else phrase("电脑浏览器")
    )


def admit() -> ResponseReturnValue | None:
    """Check the permission of the route before its view runs; ``None`` lets the request on."""
    asked = present_request()
    if asked.endpoint is None or asked.routing_exception is not None:
        return None
    permission = permission_of(present_app().view_functions[asked.endpoint])
    if permission is None:
        raise Forbidden
    token = session_token()
    if is_program():
        present_g().principal = _bearer(token)
    elif token and asked.blueprint not in _SESSIONLESS:
        g.principal = services().identity.session(token)
        g.is_session_over = g.principal is None
    if allows(principal(), permission, is_sandbox=services().is_sandbox, is_monitor=is_monitor(permission)):
        return None
    if principal() is None and needs_sign_in(permission):
        return _ask_to_sign_in()
    raise Forbidden


def is_monitor(permission: Permission) -> bool:
    """Tell whether a caller may see what is for operators; an address that nobody vouches for opens nothing."""
    if not PERMISSIONS[permission].monitor:
        return False
    address = "" if any(name in request.headers for name in UNPROVEN) else request.remote_addr or ""
    return services().monitor.door.opens_to(token=bearer_token(), address=address)


def _bearer(token: SessionToken) -> Citizen | Officer | None:
    """Return who sends a token; credentials that open nothing are refused, not passed over.

    Raises:
        SignInNeeded: the token is unknown or over.
    """
    who = services().identity.bearer(token) if token else None
    if who is None and has_credentials():
        raise SignInNeeded
    return who


def _ask_to_sign_in() -> ResponseReturnValue:
    if wants_problem():
        raise SignInNeeded
    front = (request.blueprint or "").partition(".")[0]
    page = _SIGN_IN_PAGES.get(front, _DEFAULT_SIGN_IN)
    way_back = request.full_path.rstrip("?") if request.method == "GET" else page_before() or "/"
    return redirect(url_for(page, next=way_back, over="1" if session_token() else None), 303)


class _Cookies(SecureCookieSessionInterface):
    """Read the session from its cookie; a program has none, and what signs is made once, not for every request."""

    def __init__(self) -> None:
        self._signers: dict[object, URLSafeTimedSerializer | None] = {}

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        if app.secret_key not in self._signers:
            self._signers = {app.secret_key: super().get_signing_serializer(app)}
        return self._signers[app.secret_key]

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        return SecureCookieSession() if request.path.startswith(BELOW) else super().open_session(app, request)


def register_access(app: Flask) -> None:
    """Guard every route of the app."""
    app.session_interface = _Cookies()
    app.before_request(admit)
    app.config.update(SESSION_COOKIE_NAME=SESSION_COOKIE, SESSION_COOKIE_SAMESITE="Lax", SESSION_COOKIE_HTTPONLY=True)
