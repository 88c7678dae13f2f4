"""Answer every error in one place: a page for people, problem details (RFC 9457) for programs."""

import json
from http import HTTPStatus

import psycopg
import structlog
from flask import Flask, Response, render_template, request
from sqlalchemy.exc import DBAPIError, OperationalError, TimeoutError
from werkzeug.exceptions import HTTPException, InternalServerError, ServiceUnavailable

from gov_portal.kernel.db import TransactionFailed
from gov_portal.kernel.errors import DomainError, Invalid, InvalidFields
from gov_portal.kernel.logs import describe
from gov_portal.kernel.outages import Outage, outage_of
from gov_portal.kernel.read_only import is_refusal
from gov_portal.web.base.catalogue import has_text, message, text_of
from gov_portal.web.base.csrf import CSRFError
from gov_portal.web.base.language import LANGUAGES
from gov_portal.web.base.programs import is_program, pointer_to
from gov_portal.web.base.text import _, phrase
from gov_portal.web.base.waiting import soon_s, waiting_page
from gov_portal.web.base.ways import page_before
from workflows.dsl.findings import DefinitionInvalid

PROBLEM = "application/problem+json"
AGAIN_S = 2
"""After how many seconds a request is worth repeating that met no database; most restarts are over by then."""

_OUTAGES = (psycopg.OperationalError, OperationalError, TimeoutError, TransactionFailed)
_log = structlog.get_logger(__name__)
PAUSE_S = 30
"""After how many seconds one may try again to change something while the database takes no writes."""

_OFFERED = ("text/html", PROBLEM, "application/json")
_NESTED = "api.field"
"""Begins the codes of faults whose field is a way through the body, not the path of an item's field."""
_KEPT_HEADERS = ("Allow", "Retry-After", "WWW-Authenticate")
_TITLES = {
    400: phrase("没有提交"),
    401: phrase("请先登录"),
    403: phrase("您不能办理这一页"),
    404: phrase("找不到这一页"),
    405: phrase("不能这样打开这一页"),
    406: phrase("不能用这种格式回答"),
    409: phrase("情况已经变化"),
    413: phrase("上传的内容太大"),
    415: phrase("不接受这种格式"),
    422: phrase("填写的内容有误"),
    424: phrase("有一个部门的系统暂时没有回应"),
    429: phrase("请稍等一会儿"),
    500: phrase("系统出了问题"),
    503: phrase("暂时不能使用"),
}


def wants_problem() -> bool:
    """Tell whether the caller is a program that asked for JSON."""
    return is_program() or request.accept_mimetypes.best_match(_OFFERED, default="text/html") != "text/html"


def _reader_language() -> str:
    return request.accept_languages.best_match(LANGUAGES, default="zh") or "zh"


def _problem(status: int, code: str, text: str, *, errors: list[dict[str, str]] | None = None) -> Response:
    body: dict[str, object] = {
        "type": f"urn:gov-portal:problem:{code}",
        "title": _problem_title(status, text),
        "status": status,
        "detail": text,
        "code": code,
    }
    if errors:
        body["errors"] = errors
    content = json.dumps(body, ensure_ascii=False)
    return Response(content, status, content_type=PROBLEM, headers={"Content-Language": _reader_language()})


def _problem_title(status: int, text: str) -> str:
    """Return what all problems of a status are called, in the language of the answer."""
    title = _TITLES.get(status, HTTPStatus(status).phrase)
    if is_program():
        return _(title)
    return text if _reader_language() != "zh" else title


def _page(status: int, text: str, *, faults: tuple[str, ...] = ()) -> Response:
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        title = _TITLES[status] if request.method == "GET" else phrase("暂时不能提交")
        return waiting_page("base/unavailable.html", title=_(title), text=text)
    title = _(_TITLES.get(status, _TITLES[500 if status >= 500 else 400]))
    way_back = "" if request.method == "GET" else page_before()
    html = render_template("base/error.html", title=title, text=text, faults=faults, way_back=way_back, status=status)
    return Response(html, status, content_type="text/html; charset=utf-8")


def _error(fault: DomainError, *, language: str) -> dict[str, str]:
    field = fault.field or ""
    pointer = pointer_to(field, is_nested=fault.code.startswith(_NESTED))
    return {"field": field, "pointer": pointer, "code": fault.code, "message": message(fault, language=language)}


def answer_domain_error(error: DomainError) -> Response:
    """Answer an error of the business with its own status and words."""
    single = error.faults if isinstance(error, InvalidFields) else ()
    if wants_problem():
        language = _reader_language()
        errors = [_error(fault, language=language) for fault in (single or (error,)) if fault.field]
        response = _problem(error.status, error.code, message(error, language=language), errors=errors)
    else:
        response = _page(error.status, message(error), faults=tuple(message(fault) for fault in single))
    if seconds := error.params.get("seconds"):
        response.headers["Retry-After"] = str(seconds)
    return response


class WritingPaused(DomainError):
    """Say that the database takes no writes for now: everything can be read, nothing was changed."""

    code = "writing-paused"
    status = 503


class StorageFull(DomainError):
    """Say that the database has no room for another row: everything can be read, nothing was changed."""

    code = "storage-full"
    status = 503


class SentInVain(DomainError):
    """Say that nobody knows whether what was sent has arrived; sent again, nothing is done twice."""

    code = "sent-in-vain"
    status = 503


def answer_database_error(error: psycopg.Error | DBAPIError) -> Response:
    """Answer what could not be written because nothing can be; every other error of the database is ours."""
    if not is_refusal(error):
        raise error
    return answer_domain_error(WritingPaused(seconds=PAUSE_S))


class ItemFinding(Invalid):
    """Tell what the linter found in the source of an item: ``line``, ``column``, ``rule``, ``text``, ``remedy``."""

    code = "item.finding"


def answer_invalid_definition(error: DefinitionInvalid) -> Response:
    """Answer a source that does not pass the linter with every fault at its place."""
    found = [
        ItemFinding(
            field="source",
            line=one.at.line,
            column=one.at.column,
            rule=one.code,
            text=one.message,
            remedy=one.remedy,
        )
        for one in error.findings
        if one.is_error
    ]
    return answer_domain_error(InvalidFields(list(found)))


def answer_http_error(error: HTTPException) -> Response:
    """Answer an error of HTTP itself; ``Allow`` and its like are kept."""
    original = error.get_response()
    status = original.status_code
    if status < HTTPStatus.BAD_REQUEST:
        return Response(original.get_data(), status, headers=original.headers)
    code = "csrf" if isinstance(error, CSRFError) else f"http.{status}"
    if not has_text(code):
        code = "http.500" if status >= HTTPStatus.INTERNAL_SERVER_ERROR else "http.400"
    if wants_problem():
        response = _problem(status, code, text_of(code, language=_reader_language()))
    else:
        response = _page(status, text_of(code))
    for name in _KEPT_HEADERS:
        if name in original.headers:
            response.headers[name] = original.headers[name]
    return response


def answer_outage(error: Exception) -> Response:
    """Answer, while the database is away or breaks off, that the same request is worth repeating soon.

    What was asked for may have been done all the same: the key of the request tells.
    """
    _log.warning("database-away", error=describe(error))
    if outage_of(error) is Outage.DISK_FULL:
        return answer_domain_error(StorageFull(seconds=PAUSE_S))
    if request.method != "GET" and not wants_problem():
        return answer_domain_error(SentInVain(seconds=AGAIN_S))
    response = answer_http_error(ServiceUnavailable(retry_after=AGAIN_S))
    if not wants_problem():
        response.headers["Refresh"] = str(soon_s())
    return response


def register_problems(app: Flask) -> None:
    """Answer every error of the app here; views contain no ``try``."""
    app.register_error_handler(DomainError, answer_domain_error)
    app.register_error_handler(DefinitionInvalid, answer_invalid_definition)
    app.register_error_handler(psycopg.Error, answer_database_error)
    app.register_error_handler(DBAPIError, answer_database_error)
    app.register_error_handler(HTTPException, answer_http_error)
    app.register_error_handler(InternalServerError, answer_http_error)
    for outage in _OUTAGES:
        app.register_error_handler(outage, answer_outage)
