"""Let in as many requests at once as this process can serve well; some wait in line, and who is too many is told.

Python computes for one request at a time, and each change to another costs it time, so the places are few. Who asks a
department gives the place back until it has answered, and counts among those who wait.

Who is turned away loses nothing: a page comes back to itself by ``Refresh`` after some seconds, no two readers after
the same, and who has waited once finds places in the line that are kept for them; what a form held can be sent again;
a program gets a problem with ``Retry-After``. Probes and files of our own need no place.
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from threading import Lock
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask, Response, request

from gov_portal.kernel import outside, request_ids
from gov_portal.kernel.errors import DomainError
from gov_portal.kernel.places import Places
from gov_portal.web.base.present import present_request
from gov_portal.web.base.problems import answer_domain_error, wants_problem
from gov_portal.web.base.requests import Asked, method_of, tell
from gov_portal.web.base.services import services_of
from gov_portal.web.base.waiting import soon_s, waiting_page

TURNED_AWAY = "turned-away"
"""Stands for the route of such a request in figures and lines: nobody has looked for the route."""

WAITED_COOKIE = "gov_waited"
_WAITED_S = 60
_ALWAYS = frozenset({"/healthz", "/readyz", "/metrics"})
_FILES = "/assets/"


class Busy(DomainError):
    """Ask a program to come again after ``seconds``; nobody has looked at what it sent."""

    code = "busy"
    status = 503


@dataclass(frozen=True, slots=True)
class Room:
    """Say how many requests a process serves at once, and how many more may wait for how long."""

    at_once: int = 4
    waiting: int = 28
    patience_s: float = 3.0


class Admission:
    """Give out the places of one process; safe for threads."""

    def __init__(self, room: Room) -> None:
        """Begin with all places free."""
        self._room = room
        self._places = Places(room.at_once)
        self._lock = Lock()
        self._here = 0

    def enter(self, *, has_waited: bool) -> bool:
        """Take a place, or wait for one; false where the line is too long.

        Half of the line is kept for who has waited; a place that is free is anybody's.
        """
        room = self._room
        with self._lock:
            is_welcome = has_waited or self._places.is_any_free
            if self._here >= room.at_once + (room.waiting if is_welcome else room.waiting // 2):
                return False
            self._here += 1
        if self._places.take(patience_s=room.patience_s):
            outside.place.set(self._places)
            return True
        self._go()
        return False

    def leave(self) -> None:
        """Give the place back."""
        outside.place.set(None)
        self._places.give_back()
        self._go()

    def _go(self) -> None:
        with self._lock:
            self._here -= 1


def register_admission(app: Flask, room: Room) -> None:
    """Let nobody reach the app but through the door."""
    app.wsgi_app = admitting(app, app.wsgi_app, Admission(room))  # type: ignore[assignment, method-assign]


def admitting(app: Flask, behind: WSGIApplication, admission: Admission) -> WSGIApplication:
    """Return an app that lets in whom there is room for."""

    def answer(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        path, began = environ.get("PATH_INFO", ""), time.perf_counter()
        if path in _ALWAYS or path.startswith(_FILES):
            return behind(environ, start)
        if not admission.enter(has_waited=WAITED_COOKIE in environ.get("HTTP_COOKIE", "")):
            return _turn_away(app, environ, began)(environ, start)
        try:
            return behind(environ, start)
        finally:
            admission.leave()

    return answer


def _turn_away(app: Flask, environ: WSGIEnvironment, began: float) -> Response:
    with app.request_context(environ):
        seconds = soon_s()
        busy = Busy(seconds=seconds)
        response = answer_domain_error(busy) if wants_problem() else _page()
        response.headers["Retry-After"] = str(seconds)
        if request.method == "GET" and not wants_problem():
            response.headers["Refresh"] = str(seconds)
        response.headers[request_ids.HEADER] = request_id = request_ids.accepted(
            request.headers.get(request_ids.HEADER, "")
        )
        tally, asked = services_of(app).monitor.tally, Asked(method_of(present_request()), TURNED_AWAY)
        tell(tally, asked, status=response.status_code, began=began, request_id=request_id)
        return response


def _page() -> Response:
    response = waiting_page("base/turned_away.html")
    response.set_cookie(WAITED_COOKIE, "1", max_age=_WAITED_S, httponly=True, samesite="Lax", secure=request.is_secure)
    return response
