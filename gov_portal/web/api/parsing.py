"""Read bodies and queries strictly, and say what is wrong with them as the pages do."""

from collections.abc import Iterator, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any, NoReturn

import orjson
from flask import Request, abort, request
from marshmallow import Schema, ValidationError, fields
from webargs import missing
from webargs.flaskparser import FlaskParser

from gov_portal.kernel.errors import DomainError, Invalid, InvalidFields

_JSON = "application/json"


class FieldRefused(Invalid):
    """Refuse a value whose shape is not the documented one; ``field`` says which."""

    code = "api.field"


class FieldMissing(Invalid):
    """Ask for a value that must be given."""

    code = "api.field-missing"


class FieldUnknown(Invalid):
    """Refuse a name that the endpoint does not know."""

    code = "api.field-unknown"


_KINDS = {
    fields.Field.default_error_messages["required"]: FieldMissing,
    Schema().error_messages["unknown"]: FieldUnknown,
}
"""Which fault a message of the schemas tells; every other is about the value itself."""


class BodyMalformed(DomainError):
    """Refuse a body that is no JSON."""

    code = "api.malformed"
    status = 400


class BodyParser(FlaskParser):
    """Parse requests; every fault is answered by the one place that answers errors.

    A multipart body with a part that nobody asked for is refused, as a JSON body with such a member is.
    """

    DEFAULT_UNKNOWN_BY_LOCATION = FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION | {"files": None}

    def parse(
        self,
        argmap: Any,  # noqa: ANN401 - as the parser declares it
        req: Request | None = None,
        *,
        location: str | None = None,
        **how: Any,  # noqa: ANN401 - as the parser declares it
    ) -> Any:  # noqa: ANN401 - as the parser declares it
        """Return what a request brings; without a query what is usual, which is found once."""
        usual = _usual(argmap) if location == "query" and not request.query_string else None
        return super().parse(argmap, req, location=location, **how) if usual is None else usual

    def _raw_load_json(self, req: Request) -> Any:  # noqa: ANN401 - JSON is anything
        content = req.get_data()
        if not content:
            return missing
        if req.mimetype != _JSON:
            abort(415)
        try:
            # orjson refuses lone surrogates and NaN, which nothing behind could store.
            return orjson.loads(content)
        except orjson.JSONDecodeError:
            raise BodyMalformed from None

    def load_files(self, req: Request, schema: Schema) -> Any:  # noqa: ANN401 - as the parser declares it
        """Return texts and files of a multipart body together."""
        if req.mimetype != "multipart/form-data":
            abort(415)
        return {**req.form.to_dict(), **req.files.to_dict()}

    def handle_error(
        self,
        error: ValidationError,
        req: Request,
        schema: Schema,
        *,
        error_status_code: int | None,
        error_headers: Mapping[str, str] | None,
    ) -> NoReturn:
        """Raise every fault at once."""
        messages = error.messages_dict
        raise InvalidFields([*_faults(next(iter(messages.values()), {}), path="")])


@cache
def _usual(schema: Schema) -> Mapping[str, Any] | None:
    """Return what a query without any parameter means; ``None`` where there must be some."""
    try:
        return MappingProxyType(schema.load({}))
    except ValidationError:
        return None


def _faults(messages: object, *, path: str) -> Iterator[DomainError]:
    if isinstance(messages, Mapping):
        for name, below in messages.items():
            step = "" if name == "_schema" else str(name)
            yield from _faults(below, path=".".join(filter(None, (path, step))))
        return
    for text in messages if isinstance(messages, list) else [messages]:
        yield _KINDS.get(str(text), FieldRefused)(field=path or "body")
