"""Say what a licence holds in the words of programs: names, values, schemas; pure."""

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field

from gov_portal.kernel.codes import citizen_id
from gov_portal.kernel.types import Image
from gov_portal.licences.card import SEXES, photo_field
from gov_portal.licences.domain import CardLine, LicenceKind

_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_PHOTO_LABEL = "照片"
_PHOTO_SCHEMA: Mapping[str, object] = {"type": "string", "pattern": "^data:image/jpeg;base64,[A-Za-z0-9+/]+=*$"}
_DERIVED_SCHEMAS: Mapping[str, Mapping[str, object]] = {
    "birth": {"type": "string", "format": "date"},
    "sex": {"type": "string", "enum": ["female", "male"]},
}
_TEXT: Mapping[str, object] = {"type": "string"}
_DAY: Mapping[str, object] = {"type": "string", "format": "date"}
_OPEN: Mapping[str, Mapping[str, object]] = {
    "name": _TEXT,
    "identifier": _TEXT,
    "number": _TEXT,
    "issuer": _TEXT,
    "issued_on": _DAY,
    "valid_until": {"anyOf": [_DAY, {"type": "null"}]},
    "version": {"type": "integer", "minimum": 1},
    "status": {"type": "string", "enum": ["valid", "expired", "revoked", "superseded"]},
    "verify_code": _TEXT,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Name one thing that a holder may disclose.

    Attributes:
        name: its name for programs.
        label: as the card prints it.
        schema: JSON Schema of a present value.
        is_optional: it may be ``null``.
        labels: value -> how the card prints it, where there are few.
    """

    name: str
    label: str
    schema: Mapping[str, object]
    is_optional: bool
    labels: Mapping[str, str] = field(default_factory=dict)


def entries(kind: LicenceKind) -> tuple[Entry, ...]:
    """Return what the licences of a kind hold: its fields in their order, then what the card derives from them."""
    labels = {line.of: line.label for line in kind.lines if not line.derived}
    given = tuple(
        Entry(
            name=one.name,
            label=_PHOTO_LABEL if isinstance(one.type, Image) else labels.get(one.name, one.name),
            schema=_PHOTO_SCHEMA if isinstance(one.type, Image) else one.type.json_schema(),
            is_optional=one.is_optional,
            labels=one.labels,
        )
        for one in kind.fields
    )
    return given + tuple(
        Entry(
            name=line.derived,
            label=line.label,
            schema=_DERIVED_SCHEMAS[line.derived],
            is_optional=False,
            labels={str(sex): label for sex, label in SEXES.items()} if line.derived == "sex" else {},
        )
        for line in kind.lines
        if line.derived
    )


def values(kind: LicenceKind, stored: Mapping[str, object], *, photo: bytes | None) -> dict[str, object]:
    """Return the value of every entry, ``None`` where there is none.

    Args:
        kind: what it is.
        stored: values of the fields in storage form.
        photo: the holder's picture as a small JPEG.
    """
    found = {field.name: stored[field.name] for field in kind.fields}
    picture = photo_field(kind)
    if picture is not None:
        found[picture.name] = f"data:image/jpeg;base64,{b64encode(photo).decode()}" if photo else None
    return found | {line.derived: _derived(line, stored) for line in kind.lines if line.derived}


def json_schema(kind: LicenceKind, *, type_url: str) -> dict[str, object]:
    """Return the JSON Schema of the plain form of a kind's licences."""
    held = {
        entry.name: {"title": entry.label, **(_or_null(entry.schema) if entry.is_optional else entry.schema)}
        for entry in entries(kind)
    }
    return {
        "$schema": _DRAFT,
        "$id": f"{type_url}/schema",
        "title": kind.name,
        **_object({"type": {"const": type_url}, "licence": _object(_OPEN), "values": _object(held)}),
    }


def type_metadata(kind: LicenceKind, *, type_url: str) -> dict[str, object]:
    """Return what the address of a kind says of it.

    Source: draft-ietf-oauth-sd-jwt-vc, section "Type Metadata".
    """
    return {
        "vct": type_url,
        "name": kind.name,
        "display": [{"locale": "zh-CN", "name": kind.name}],
        "claims": [
            {
                "path": ["values", entry.name],
                "display": [{"locale": "zh-CN", "label": entry.label}],
                "sd": "always",
            }
            for entry in entries(kind)
        ],
        "schema_uri": f"{type_url}/schema",
    }


def _derived(line: CardLine, stored: Mapping[str, object]) -> str:
    number = str(stored[line.of])
    return citizen_id.birth(number).isoformat() if line.derived == "birth" else citizen_id.sex(number).value


def _or_null(schema: Mapping[str, object]) -> dict[str, object]:
    return {"anyOf": [schema, {"type": "null"}]}


def _object(properties: Mapping[str, object]) -> dict[str, object]:
    return {
        "type": "object",
        "properties": properties,
        "required": sorted(properties),
        "additionalProperties": False,
    }
