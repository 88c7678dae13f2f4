"""Declare endpoints: one line says the address, who may call it, what comes in and what goes out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from http import HTTPStatus
from typing import Any, TypeAlias, TypeVar, cast

from flask import abort, request
from flask_smorest import Blueprint  # type: ignore[import-untyped]
from marshmallow import Schema

from gov_portal.web.api.once import once
from gov_portal.web.api.parsing import BodyParser
from gov_portal.web.base.access import requires
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


_JSON = ("application/json", "application/problem+json")


def _negotiated(view: Callable[..., Any], offered: tuple[str, ...]) -> Callable[..., Any]:
    """Refuse a request whose ``Accept`` leaves out all that the view can answer."""

    @wraps(view)
    def checked(*args: object, **kwargs: object) -> object:
        if request.accept_mimetypes and not request.accept_mimetypes.best_match(offered):
            abort(406)
        return view(*args, **kwargs)

    return checked


class Resource(Blueprint):  # type: ignore[misc]
    """Hold the endpoints of one kind of thing."""

    ARGUMENTS_PARSER = BodyParser()

    def __init__(self, name: str, *, title: str) -> None:
        """Name the resource; ``title`` is the Chinese heading of the reference."""
        super().__init__(f"api_{name}", __name__, url_prefix=PREFIX, description=title)

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
            decorated = self._documented(view, title=title, may=may, shape=shape)
            decorated = self._with_arguments(decorated, shape)
            if shape.is_once:
                decorated = once(decorated)
            decorated = requires(may)(_negotiated(decorated, shape.media or _JSON))
            self.add_url_rule(rule, endpoint=view.__name__, view_func=decorated, methods=[method])
            return view

        return register

    def _documented(
        self, view: Callable[..., object], *, title: str, may: Permission, shape: Shape
    ) -> Callable[..., Any]:
        status = int(shape.status)
        decorated = self.response(status, shape.answer, description=HTTPStatus(status).phrase)(view)
        who = PERMISSIONS[may]
        callers = [name for name in ("anonymous", "citizen", "officer") if getattr(who, name)]
        documented = self.doc(
            **{
                "operationId": view.__name__,
                "security": [{"bearer": []}] if needs_sign_in(may) else [],
                "x-title": title,
                "x-callers": callers,
                "x-roles": sorted(who.roles),
                "x-media": list(shape.media),
                "x-paged": shape.is_paged,
                "x-once": shape.is_once,
            }
        )(decorated)
        return cast(Callable[..., Any], documented)

    def _with_arguments(self, view: Callable[..., Any], shape: Shape) -> Callable[..., Any]:
        places = (("files", shape.upload), ("json", shape.body), ("query", shape.query))
        for location, schema in places:
            if schema is not None:
                view = self.arguments(schema, location=location)(view)
        return view
