"""Write answers: the schemas say what goes out, functions made of them once do it, and orjson spells it.

A schema stays the one description of an answer, for the document and for its tests; walking it for each value of each
answer would cost more than everything else that a read does.
"""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import orjson
from marshmallow import Schema, fields

from gov_portal.web.api.shapes import Said
from gov_portal.web.base.english import english
from gov_portal.web.base.language import ENGLISH, language

Write = Callable[[Any], Any]

_AS_THEY_ARE = (
    fields.Boolean,
    fields.Integer,
    fields.UUID,
    fields.AwareDateTime,
    fields.Date,
    fields.Enum,
    fields.Raw,
)
"""Fields whose values JSON has, or orjson spells just as they would."""


def written(schema: Schema, value: object) -> bytes:
    """Return a value as the JSON that its schema describes."""
    return orjson.dumps(_writer(schema, is_english=language() == ENGLISH)(value), default=str)


@cache
def _writer(schema: Schema, *, is_english: bool) -> Write:
    """Return the function that a schema comes to in a language; one that dumps in its own way is asked itself."""
    if type(schema).dump is not Schema.dump:
        return schema.dump
    members = [_member(field, is_english=is_english) for field in schema.dump_fields.values()]

    def write(value: object) -> dict[str, Any]:
        held = value if isinstance(value, Mapping) else None
        found = {}
        for key, name, field, inner in members:
            if inner is None:
                found[key] = field.serialize(name, value)
            elif inner is _by_itself:
                # What `serialize` does beside this finds the value, which is where the shape has said.
                found[key] = field._serialize(getattr(value, name) if held is None else held[name], name, value)
            elif held is None:
                found[key] = inner(getattr(value, name))
            elif name in held:
                found[key] = inner(held[name])
        return found

    return write


def _member(field: fields.Field[Any], *, is_english: bool) -> tuple[str, str, fields.Field[Any], Write | None]:
    name = str(field.name)
    return field.data_key or name, field.attribute or name, field, _inner(field, is_english=is_english)


def _inner(field: fields.Field[Any], *, is_english: bool) -> Write | None:
    """Return what becomes of a field's value; ``None`` where the field itself is asked, for it may want the view."""
    kind = type(field)
    if kind in _AS_THEY_ARE:
        return _as_it_is
    if kind is fields.String:
        return _text
    if kind is Said:
        return _in_english if is_english else _text_unless_empty
    if isinstance(field, fields.Nested) and kind is fields.Nested:
        return _unless_none(_writer(field.schema, is_english=is_english))
    if isinstance(field, fields.List) and kind is fields.List:
        inner = _inner(field.inner, is_english=is_english)
        return None if inner in (None, _by_itself) else _unless_none(lambda values: [inner(one) for one in values])
    return _by_itself if kind.serialize is fields.Field.serialize else None


def _as_it_is(value: Any) -> Any:  # noqa: ANN401 - whatever the field holds
    return value


def _text(value: Any) -> Any:  # noqa: ANN401 - as the field takes it
    return value if value is None else str(value)


def _text_unless_empty(value: Any) -> Any:  # noqa: ANN401 - as the field takes it
    return str(value) if value else value


def _in_english(value: Any) -> Any:  # noqa: ANN401 - as the field takes it
    return english().get(str(value), str(value)) if value else value


def _by_itself(value: Any) -> Any:  # noqa: ANN401 - whatever the field holds
    raise TypeError("a field that writes by itself wants the view")


def _unless_none(write: Write) -> Write:
    return lambda value: None if value is None else write(value)
