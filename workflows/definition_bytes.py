"""Write compiled definitions as bytes and read them back as they were: every distinct value once, and only data.

Nothing but the kinds of value that are listed here comes out of bytes, whatever they hold.
"""

import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from operator import attrgetter
from types import MappingProxyType
from typing import Any, TypeVar

import orjson

from gov_portal.kernel.types import FieldType, parse_type
from workflows.domain import definition, heading, opening, paying, subject
from workflows.domain.measures import Location, Phase, Unit
from workflows.dsl import runs

T = TypeVar("T")
Row = list[object]
_Parts = Callable[[Any], Iterable[object]]

_QUICKLY = 1
_SCALARS = (str, type(None), int, bool)
_MODULES = (definition, heading, opening, paying, runs, subject)


class NotPacked(Exception):
    """Tell that bytes hold no packed value of the kind that is asked for."""


@lru_cache(maxsize=2048)
def _type_of(spelling: str) -> FieldType:
    return parse_type(spelling)


def _pairs(mapping: Mapping[object, object]) -> list[object]:
    return [part for pair in mapping.items() for part in pair]


def _mapping(*parts: object) -> dict[object, object]:
    return dict(zip(parts[::2], parts[1::2], strict=True))


def _parts_of(kind: type[Any]) -> _Parts:
    names = [one.name for one in fields(kind) if one.init]
    if len(names) == 1:
        only = attrgetter(names[0])
        return lambda value: (only(value),)
    return attrgetter(*names)


def _maker_of(kind: type[Any]) -> Callable[..., object]:
    told = [one for one in fields(kind) if one.init]
    if not any(one.kw_only for one in told):
        return kind
    names = [one.name for one in told]
    return lambda *parts: kind(**dict(zip(names, parts, strict=True)))


def _classes() -> list[type]:
    found = {one for module in _MODULES for one in vars(module).values() if isinstance(one, type) and is_dataclass(one)}
    return sorted(found, key=lambda one: one.__qualname__)


_CLASSES = _classes()
_PARTS: dict[type, _Parts] = {
    tuple: iter,
    list: iter,
    frozenset: lambda value: sorted(value),
    dict: _pairs,
    MappingProxyType: _pairs,
    Decimal: lambda value: (str(value),),
    date: lambda value: (value.isoformat(),),
    Phase: lambda value: (str(value),),
    Unit: lambda value: (str(value),),
    Location: iter,
    FieldType: lambda value: (value.name,),
    **{one: _parts_of(one) for one in _CLASSES},
}
"""Kind of a value -> what it is made of; the order numbers the kinds."""

_MAKERS: tuple[Callable[..., object], ...] = (
    lambda *parts: parts,
    lambda *parts: list(parts),
    lambda *parts: frozenset(parts),
    _mapping,
    lambda *parts: MappingProxyType(_mapping(*parts)),
    Decimal,
    date.fromisoformat,
    Phase,
    Unit,
    Location,
    _type_of,
    *(_maker_of(one) for one in _CLASSES),
)
_WRITTEN = {kind: (parts, number) for number, (kind, parts) in enumerate(_PARTS.items())}


class _Packer:
    """Number every distinct value, the parts of a value before itself, and behind the parts the number of its kind."""

    def __init__(self) -> None:
        self.rows: list[object] = []
        self._scalars: dict[type, dict[object, int]] = {kind: {} for kind in _SCALARS}
        self._made: dict[tuple[int, ...], int] = {}

    def numbers(self, values: Iterable[object]) -> list[int]:
        """Return the numbers of some values."""
        rows, scalars, numbers = self.rows, self._scalars, []
        for value in values:
            kind = type(value)
            known = scalars.get(kind)
            if known is None:
                number = self._number(value, kind)
            elif (found := known.get(value)) is None:
                number = known[value] = len(rows)
                rows.append(value)
            else:
                number = found
            numbers.append(number)
        return numbers

    def _number(self, value: object, kind: type) -> int:
        """Return the number of a value that is made of others."""
        parts, kind_number = _WRITTEN.get(kind) or _WRITTEN[FieldType if isinstance(value, FieldType) else kind]
        row = self.numbers(parts(value))
        row.append(kind_number)
        number = self._made.setdefault(tuple(row), len(self.rows))
        if number == len(self.rows):
            self.rows.append(row)
        return number


def pack(value: object) -> bytes:
    """Return a value as bytes, small and with every distinct part once.

    Raises:
        KeyError: some part is of a kind that is not listed here.
    """
    packer = _Packer()
    packer.numbers((value,))
    return zlib.compress(orjson.dumps(packer.rows), _QUICKLY)


def unpack(packed: bytes, kind: type[T]) -> T:
    """Return the value of some bytes.

    Raises:
        NotPacked: they hold something else.
    """
    made: list[object] = []
    value_at, add = made.__getitem__, made.append
    try:
        for row in orjson.loads(zlib.decompress(packed)):
            add(_MAKERS[row.pop()](*map(value_at, row)) if type(row) is list else row)
    except (zlib.error, ValueError, ArithmeticError, LookupError, TypeError, AttributeError) as error:
        raise NotPacked from error
    if not made or not isinstance(made[-1], kind):
        raise NotPacked
    return made[-1]
