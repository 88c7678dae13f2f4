"""Declare endpoints: one line says the address, who may call it, what comes in and what goes out."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import wraps
from http import HTTPStatus
from typing import Any, TypeAlias, TypeVar, cast

import orjson
from flask import Response, abort
from flask_smorest import Blueprint  # type: ignore[import-untyped]
from flask_smorest.utils import (  # type: ignore[import-untyped]
    set_status_and_headers_in_response,
    unpack_tuple_response,
)
from marshmallow import Schema

from gov_portal.web.api.once import once
from gov_portal.web.api.parsing import BodyParser
from gov_portal.web.api.writing import written
from gov_portal.web.base.access import requires
from gov_portal.web.base.present import present_request
from identity.permissions import PERMISSIONS, Permission, needs_sign_in

PREFIX = "/api/v1"
FILES = ("application/pdf", "image/png", "image/jpeg", "application/octet-stream")
Json: TypeAlias = Mapping[str, Any]
"""What a schema of ours has loaded: the schema says which keys there are."""

V = TypeVar("V", bound=Callable[..., object])


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """Say what comes in and what goes out.

    Attributes:
        query, body, upload: schemas of the query, the JSON body, or the fields of a multipart body.
        answer: schema of the JSON answer; ``None`` for none.
        media: media types of the answer where it is a file.
        status: status of success.
        is_paged: the answer has a ``Link`` to the next page.
        is_once: the request may carry an ``Idempotency-Key``.
    """

    query: type[Schema] | None = None
    body: type[Schema] | None = None
    upload: type[Schema] | None = None
    answer: Schema | None = None
    media: tuple[str, ...] = ()
    status: int = 200
    is_paged: bool = False
    is_once: bool = False

    def places(self) -> Iterator[tuple[str, type[Schema]]]:
        """Yield where something comes in, and its schema."""
        for location, schema in (("files", self.upload), ("json", self.body), ("query", self.query)):
            if schema is not None:
                yield location, schema


_JSON = ("application/json", "application/problem+json")
_PARSER = BodyParser()


def _negotiated(view: Callable[..., Any], offered: tuple[str, ...]) -> Callable[..., Any]:
    """Refuse a request whose ``Accept`` leaves out all that the view can answer."""

    @wraps(view)
    def checked(*args: object, **kwargs: object) -> object:
        accepted = present_request().accept_mimetypes
        if accepted and not accepted.best_match(offered):
            abort(406)
        return view(*args, **kwargs)

    return checked


View = Callable[..., Any]


def _answering(view: View, shape: Shape) -> View:
    """Return what calls a view and writes its answer."""

    @wraps(view)
    def answered(*args: object, **kwargs: object) -> Response:
        value, status, headers = unpack_tuple_response(view(*args, **kwargs))
        if not isinstance(value, Response):
            content = orjson.dumps(value) if shape.answer is None else written(shape.answer, value)
            value = Response(content, shape.status, content_type=_JSON[0])
        set_status_and_headers_in_response(value, status, headers)
        return value

    return answered


def _taking(view: View, shape: Shape) -> View:
    """Return what reads a request and calls a view with what came in."""
    for location, schema in shape.places():
        view = _PARSER.use_args(schema(), location=location)(view)
    return view


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """Hold what was said of one endpoint; ``rule`` lies below ``/api/v1``."""

    name: str
    method: str
    rule: str
    title: str
    may: Permission
    shape: Shape
    view: View


class Resource(Blueprint):  # type: ignore[misc]
    """Hold the endpoints of one kind of thing."""

    ARGUMENTS_PARSER = _PARSER

    def __init__(self, name: str, *, title: str) -> None:
        """Name the resource; ``title`` is the Chinese heading of the reference."""
        super().__init__(f"api_{name}", __name__, url_prefix=PREFIX, description=title)
        self.declared: dict[str, Declared] = {}

    def endpoint(
        self, method: str, rule: str, *, title: str, may: Permission, shape: Shape = Shape()
    ) -> Callable[[V], V]:
        """Register a view.

        Args:
            method: HTTP method.
            rule: address below ``/api/v1``.
            title: Chinese heading of the reference; the docstring is the English one.
            may: what it demands of the caller.
            shape: what comes in and what goes out.
        """

        def register(view: V) -> V:
            self.add(
                Declared(name=view.__name__, method=method, rule=rule, title=title, may=may, shape=shape, view=view)
            )
            return view

        return register

    def add(self, one: Declared, *, within: Callable[[View], View] = lambda view: view) -> None:
        """Register an endpoint; ``within`` wraps all that comes behind the question who may call it."""
        decorated = _taking(_answering(one.view, one.shape), one.shape)
        if one.shape.is_once:
            decorated = once(decorated)
        decorated = requires(one.may)(_negotiated(within(decorated), one.shape.media or _JSON))
        self.declared[one.name] = one
        # Past smorest, which copies all that it knows of an endpoint again and again; ``describe`` tells it.
        super(Blueprint, self).add_url_rule(one.rule, one.name, decorated, methods=[one.method])

    def describe(self) -> None:
        """Tell what the document says of every endpoint."""
        for one in self.declared.values():
            self._store_endpoint_docs(one.name, self._documented(one), None, None, methods=[one.method])

    def _documented(self, one: Declared) -> View:
        status, who = int(one.shape.status), PERMISSIONS[one.may]
        described = self.response(status, one.shape.answer, description=HTTPStatus(status).phrase)(one.view)
        callers = [name for name in ("anonymous", "citizen", "officer") if getattr(who, name)]
        documented = self.doc(
            **{
                "operationId": one.name,
                "security": [{"bearer": []}] if needs_sign_in(one.may) else [],
                "x-title": one.title,
                "x-callers": callers,
                "x-roles": sorted(who.roles),
                "x-media": list(one.shape.media),
                "x-paged": one.shape.is_paged,
                "x-once": one.shape.is_once,
            }
        )(described)
        for location, schema in one.shape.places():
            documented = self.arguments(schema, location=location)(documented)
        return cast(View, documented)
