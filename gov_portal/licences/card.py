"""Compose what a licence says from its values; pure."""

from collections.abc import Mapping
from datetime import date, timedelta

from gov_portal.kernel.codes import citizen_id
from gov_portal.kernel.types import Image, Value, ValueRefused
from gov_portal.licences.domain import CardLine, KindField, LicenceKind, LicenceValuesInvalid

SEXES = {citizen_id.Sex.MALE: "男", citizen_id.Sex.FEMALE: "女"}

Values = Mapping[str, Value]
"""Field name -> value; absent ones are ``None``."""


def check_values(kind: LicenceKind, given: tuple[Value, ...]) -> Values:
    """Return the values by name.

    Raises:
        LicenceValuesInvalid: too few, too many, or one that its field does not take; its ``field`` is named.
    """
    if len(given) != len(kind.fields):
        raise LicenceValuesInvalid(expected=len(kind.fields), count=len(given))
    return {field.name: _checked(field, value) for field, value in zip(kind.fields, given, strict=True)}


def facts(kind: LicenceKind, values: Values, *, issuer: str, validity: str) -> list[tuple[str, str]]:
    """Return the lines of the card, without those that have nothing to say."""
    by_name = {field.name: field for field in kind.fields}
    lines = [(line.label, _printed(line, by_name[line.of], values[line.of])) for line in kind.lines]
    return [*((label, text) for label, text in lines if text), ("发证机关", issuer), ("有效期", validity)]


def photo_of(kind: LicenceKind, values: Values) -> tuple[str, str | None]:
    """Return name and file id of the holder's picture; ``None`` for the id where there is none."""
    picture = photo_field(kind)
    if picture is None or values[picture.name] is None:
        return "", None
    return picture.name, str(values[picture.name])


def photo_field(kind: LicenceKind) -> KindField | None:
    """Return the field with the holder's picture."""
    return next((field for field in kind.fields if isinstance(field.type, Image)), None)


def last_day(issued_on: date, years: int | None) -> date | None:
    """Return the last day of validity: the day before the same date ``years`` later; ``None`` for good."""
    if years is None:
        return None
    try:
        anniversary = issued_on.replace(year=issued_on.year + years)
    except ValueError:  # 29 February: valid to the end of the month
        return date(issued_on.year + years, 2, 28)
    return anniversary - timedelta(days=1)


def validity(issued_on: date, until: date | None) -> str:
    """Return the validity as the card prints it."""
    return f"{_spell(issued_on)} 至 {_spell(until) if until else '长期'}"


def _checked(field: KindField, value: Value) -> Value:
    if value is None or value == "":
        if field.is_optional:
            return None
        raise LicenceValuesInvalid(field=field.name)
    try:
        return field.type.parse(field.type.dump(value))
    except (ValueRefused, TypeError):
        raise LicenceValuesInvalid(field=field.name) from None


def _printed(line: CardLine, field: KindField, value: Value) -> str:
    if value is None:
        return ""
    match line.derived:
        case "birth":
            return _spell(citizen_id.birth(str(value)))
        case "sex":
            return SEXES[citizen_id.sex(str(value))]
        case _:
            return field.labels.get(str(value)) or field.type.show(value)


def _spell(on: date) -> str:
    return f"{on.year}年{on.month}月{on.day}日"
