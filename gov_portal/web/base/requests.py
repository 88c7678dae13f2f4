"""Count every request and write one line about it: the route, never the address, which may hold a code or a token."""

import time
from dataclasses import dataclass

import structlog
from flask import Flask, Request, Response, g, signals

from gov_portal.kernel import request_ids, tracing
from gov_portal.kernel.monitoring.metrics import REQUEST_SECONDS, REQUESTS
from gov_portal.kernel.monitoring.tally import Tally
from gov_portal.web.base.present import present_g, present_request
from gov_portal.web.base.services import services

UNMATCHED = "unmatched"
_OTHER = "other"
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_QUIET = frozenset({"base.healthz", "base.asset", "operators.readyz", "operators.metrics"})
"""What is asked so often, and says so little, that only ``debug`` shows it."""

_log = structlog.get_logger(__name__)


def request_id() -> str:
    """Return the id of this request, by which its lines are found."""
    return str(g.request_id)


def _route_of(asked: Request) -> str:
    """Return the template of the route, such as ``/cases/<uuid:case>``."""
    return asked.url_rule.rule if asked.url_rule is not None else UNMATCHED


@dataclass(frozen=True, slots=True)
class Asked:
    """Hold what a line says of a request: neither its address nor who sent it."""

    method: str
    route: str
    is_quiet: bool = False


def asked_now() -> Asked:
    """Return what is said of the present request."""
    asked = present_request()
    return Asked(method_of(asked), _route_of(asked), asked.endpoint in _QUIET)


def method_of(asked: Request) -> str:
    """Return the method of a request, one word for all that we do not know."""
    return asked.method if asked.method in _METHODS else _OTHER


def tell(tally: Tally, asked: Asked, *, status: int, began: float, request_id: str) -> None:
    """Count a request that was answered, and write its line."""
    seconds = time.perf_counter() - began
    tally.add(REQUESTS, asked.method, asked.route, str(int(status)))
    tally.observe(REQUEST_SECONDS, asked.route, seconds=seconds)
    write = _log.debug if asked.is_quiet else _log.info
    ms = round(seconds * 1000, 1)
    write("request", method=asked.method, route=asked.route, status=int(status), ms=ms, request_id=request_id)


def _begin() -> None:
    own = present_g()
    own.request_id = request_id = request_ids.accepted(present_request().headers.get(request_ids.HEADER, ""))
    own.began = time.perf_counter()
    tracing.begin(request_id)


def _end(response: Response) -> Response:
    own = present_g()
    response.headers[request_ids.HEADER] = own.request_id
    status, tally = response.status_code, services().monitor.tally
    tell(tally, asked_now(), status=status, began=own.began, request_id=own.request_id)
    return response


def _forget(_: BaseException | None) -> None:
    tracing.end()


def _crashed(sender: Flask, exception: BaseException, **_: object) -> None:
    asked = asked_now()
    _log.error("request-crashed", method=asked.method, route=asked.route, exc_info=exception)


def register_requests(app: Flask) -> None:
    """Watch every request of the app from before anything else looks at it; Flask's own words name the address."""
    app.logger.disabled = True
    app.before_request(_begin)
    app.after_request(_end)
    app.teardown_request(_forget)
    signals.got_request_exception.connect(_crashed, app)
