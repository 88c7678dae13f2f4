"""Read the spelling of a type as it stands in a definition."""

import re
from collections.abc import Callable
from datetime import date
from difflib import get_close_matches

from gov_portal.kernel.types.base import FieldType
from gov_portal.kernel.types.coded import CnId, CreditCode, Phone, Region
from gov_portal.kernel.types.dates import Date
from gov_portal.kernel.types.numeric import Bool, Decimal, Int, MoneyFen
from gov_portal.kernel.types.references import File, Image, LicenceRef, OfficerRef
from gov_portal.kernel.types.rows import Rows
from gov_portal.kernel.types.textual import Address, Choices, Enum, Text

LONGEST_TEXT = 10_000
MOST_MEMBERS = 200
LARGEST_PRECISION = 30

_SHAPE = re.compile(r"([a-z_]+)\s*(?:\((.*)\)|(\{.*\}))?", re.DOTALL)
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_KIND = re.compile(r"[a-z][a-z0-9-]*")
_NUMBER = re.compile(r"-?[0-9]{1,16}")


class TypeSpellingInvalid(ValueError):
    """Refuse the spelling of a type.

    Attributes:
        spelling: what was written.
        reason: one sentence on what is wrong.
        remedy: one sentence on how to mend it.
    """

    def __init__(self, spelling: str, reason: str, *, remedy: str) -> None:
        """Remember what is wrong and how to mend it."""
        self.spelling = spelling
        self.reason = reason
        self.remedy = remedy
        super().__init__(f"{reason} {remedy}")


def parse_type(spelling: str) -> FieldType:
    """Return the type of a spelling such as ``text(40)``, ``int(0..4)`` or ``enum(a,b)``.

    Raises:
        TypeSpellingInvalid: with reason and remedy.
    """
    match = _SHAPE.fullmatch(spelling.strip())
    if match is None:
        raise TypeSpellingInvalid(
            spelling, f"{spelling!r} is not the spelling of a type.", remedy="Write a name such as text(40) or date."
        )
    head, argument, body = match.groups()
    if head in _PLAIN:
        if argument is None and body is None:
            return _PLAIN[head]()
        if head not in _WITH_ARGUMENT:
            raise TypeSpellingInvalid(spelling, f"{head} takes no argument.", remedy=f"Write {head}.")
    if head == "rows":
        return _rows(spelling, body)
    if head not in _WITH_ARGUMENT:
        raise _unknown(spelling, head)
    reader, example = _WITH_ARGUMENT[head]
    found = reader(argument) if argument is not None else None
    if found is None:
        raise TypeSpellingInvalid(spelling, f"{spelling!r} has a wrong argument.", remedy=f"Write {example}.")
    return found


def type_names() -> tuple[str, ...]:
    """Return the names that a spelling may begin with."""
    return tuple(sorted({*_PLAIN, *_WITH_ARGUMENT, "rows"}))


def _text(argument: str) -> FieldType | None:
    length = _number(argument)
    return Text(length) if length is not None and 1 <= length <= LONGEST_TEXT else None


def _int(argument: str) -> FieldType | None:
    low_text, dots, high_text = argument.partition("..")
    low, high = _number(low_text), _number(high_text)
    if not dots or (low is None and low_text.strip()) or (high is None and high_text.strip()):
        return None
    if (low is None and high is None) or (low is not None and high is not None and low > high):
        return None
    return Int(low, high)


def _decimal(argument: str) -> FieldType | None:
    parts = [_number(part) for part in argument.split(",")]
    match parts:
        case [int(precision), int(scale)] if 1 <= precision <= LARGEST_PRECISION and 0 <= scale <= precision:
            return Decimal(precision, scale)
    return None


def _date(argument: str) -> FieldType | None:
    low_text, dots, high_text = argument.partition("..")
    try:
        low = date.fromisoformat(low_text.strip()) if low_text.strip() else None
        high = date.fromisoformat(high_text.strip()) if high_text.strip() else None
    except ValueError:
        return None
    if not dots or (low is None and high is None) or (low and high and low > high):
        return None
    return Date(low, high)


def _enum(argument: str) -> Enum | None:
    members = tuple(member.strip() for member in argument.split(","))
    are_good = all(_NAME.fullmatch(member) for member in members) and len(set(members)) == len(members)
    return Enum(members) if are_good and len(members) <= MOST_MEMBERS else None


def _list(argument: str) -> FieldType | None:
    match = _SHAPE.fullmatch(argument.strip())
    if match is None or match[1] != "enum" or match[2] is None:
        return None
    inner = _enum(match[2])
    return Choices(inner) if inner else None


def _licence(argument: str) -> FieldType | None:
    kind = argument.strip()
    return LicenceRef(kind) if _KIND.fullmatch(kind) else None


def _rows(spelling: str, body: str | None) -> FieldType:
    columns = [part.partition(":") for part in _split(body[1:-1])] if body else []
    names = [name.strip() for name, _, _ in columns]
    if not columns or len(set(names)) < len(names) or not all(_NAME.fullmatch(name) for name in names):
        raise TypeSpellingInvalid(
            spelling, "rows needs columns with different names.", remedy="Write rows {name: text(40), amount: money}."
        )
    kinds = [parse_type(kind) for _, _, kind in columns]
    if any(isinstance(kind, Rows) for kind in kinds):
        raise TypeSpellingInvalid(spelling, "rows stand inside rows.", remedy="Declare a second field of rows.")
    return Rows(tuple(zip(names, kinds, strict=True)))


def _split(text: str) -> list[str]:
    parts, depth = [""], 0
    for character in text:
        depth += (character in "({") - (character in ")}")
        if character == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += character
    return [part for part in parts if part.strip()]


def _number(text: str) -> int | None:
    return int(text) if _NUMBER.fullmatch(text.strip()) else None


def _unknown(spelling: str, head: str) -> TypeSpellingInvalid:
    near = get_close_matches(head, type_names(), n=1)
    remedy = f"Did you mean {near[0]}?" if near else f"Types are {', '.join(type_names())}."
    return TypeSpellingInvalid(spelling, f"There is no type {head!r}.", remedy=remedy)


_PLAIN: dict[str, Callable[[], FieldType]] = {
    "int": Int,
    "money": MoneyFen,
    "bool": Bool,
    "date": Date,
    "cn_id": CnId,
    "credit_code": CreditCode,
    "phone": Phone,
    "region": Region,
    "address": Address,
    "image": Image,
    "file": File,
    "officer": OfficerRef,
}
_WITH_ARGUMENT: dict[str, tuple[Callable[[str], FieldType | None], str]] = {
    "text": (_text, f"text(40), at most text({LONGEST_TEXT})"),
    "int": (_int, "int(0..4), int(1..) or int"),
    "decimal": (_decimal, f"decimal(10,2), at most {LARGEST_PRECISION} digits"),
    "date": (_date, "date(1900-01-01 .. 2100-12-31) or date"),
    "enum": (_enum, "enum(first,second) with lower-case ASCII members, each once"),
    "list": (_list, "list(enum(first,second))"),
    "licence": (_licence, "licence(id-card)"),
}
