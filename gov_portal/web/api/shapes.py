"""Derive what goes out from the views of the services: named fields of a frozen dataclass, nothing else.

A field that a neighbour adds to a view stays inside until somebody names it here; one that is renamed stops the start.
"""

from collections.abc import Callable, Mapping
from dataclasses import fields as dataclass_fields
from datetime import date, datetime
from enum import StrEnum
from types import NoneType, UnionType
from typing import Any, NewType, Union, get_args, get_origin, get_type_hints
from uuid import UUID

from marshmallow import Schema, fields

from gov_portal.kernel.types import Text
from gov_portal.web.base.text import _


class Said(fields.String):
    """Say a text of a definition in the reader's language."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:  # noqa: ANN401
        return _(str(value)) if value else value


class Derived(fields.String):
    """Give a text that follows from the whole view."""

    def __init__(self, derive: Callable[[Any], str]) -> None:
        """Keep what it follows by."""
        super().__init__()
        self._derive = derive

    def serialize(self, attr: str, obj: Any, accessor: Any = None, **kwargs: Any) -> str:  # noqa: ANN401
        """Return the text."""
        return self._derive(obj)


class Sorted(fields.List[Any]):
    """List what has no order of its own."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> list[Any] | None:  # noqa: ANN401
        return super()._serialize(None if value is None else sorted(value), attr, obj, **kwargs)


class Plain(fields.String):
    """Take a text that a person or a department wrote, as the forms do: bounded, without control characters."""

    def __init__(self, longest: int, *, is_required: bool = True) -> None:
        """Bound the text; one that is not required may be left out or empty."""
        default: dict[str, Any] = {"required": True} if is_required else {"load_default": ""}
        bounds = {"maxLength": longest, **({"minLength": 1} if is_required else {})}
        super().__init__(metadata=bounds, **default)
        self._type = Text(longest)
        self._is_required = is_required

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:  # noqa: ANN401
        text = super()._deserialize(value, attr, data, **kwargs)
        if not self._is_required and not text:
            return ""
        return str(self._type.parse(text))


def answer(name: str, of: type, names: str, /, **special: fields.Field[Any]) -> Schema:
    """Return the schema of some fields of a view.

    Args:
        name: name in the document.
        of: frozen dataclass of a service.
        names: its fields; one with ``*`` is said in the reader's language.
        special: fields that are derived otherwise.
    """
    hints = get_type_hints(of)
    known = {one.name for one in dataclass_fields(of)}
    members: dict[str, Any] = {}
    for spelled in names.split():
        field = spelled.rstrip("*")
        if field not in known:
            raise TypeError(f"{of.__name__} has no field {field}")
        members[field] = special.pop(field, None) or _field(hints[field], is_said=spelled.endswith("*"))
    return _named(name, {**members, **special})


def listed(name: str, item: Schema) -> Schema:
    """Return the schema of one page of a list."""
    return _named(name, {"items": fields.List(fields.Nested(item), required=True)})


def made(name: str, /, **members: fields.Field[Any]) -> Schema:
    """Return the schema of an answer that no view stands behind."""
    return _named(name, members)


def _named(name: str, members: Mapping[str, Any]) -> Schema:
    for member in members.values():
        member.required = True
    schema: Schema = type(name, (Schema,), dict(members))()
    return schema


def _field(hint: Any, *, is_said: bool) -> fields.Field[Any]:  # noqa: ANN401 - a type of any kind
    arguments = [one for one in get_args(hint) if one is not NoneType]
    if get_origin(hint) in (Union, UnionType):
        inner = _field(arguments[0], is_said=is_said)
        inner.allow_none = True
        return inner
    if get_origin(hint) is frozenset:
        return Sorted(_field(arguments[0], is_said=is_said))
    if get_origin(hint) is tuple:
        return fields.List(_field(arguments[0], is_said=is_said))
    return _plain(hint.__supertype__ if isinstance(hint, NewType) else hint, is_said=is_said)


def _plain(kind: Any, *, is_said: bool) -> fields.Field[Any]:  # noqa: ANN401 - a type of any kind
    if kind is str:
        return Said() if is_said else fields.String()
    if issubclass(kind, StrEnum):
        return fields.Enum(kind, by_value=True)
    simple: dict[type, type[fields.Field[Any]]] = {
        bool: fields.Boolean,
        int: fields.Integer,
        UUID: fields.UUID,
        datetime: fields.AwareDateTime,
        date: fields.Date,
    }
    return simple[kind]()
