"""Define what every field type can do."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from datetime import date
from decimal import Decimal as Number
from enum import IntEnum
from typing import TypeAlias, TypeVar

from gov_portal.kernel.types.faults import Fault, ValueRefused

Value: TypeAlias = None | bool | int | str | Number | date | tuple["Value", ...]
"""One value of a field; ``None`` is an absent one. Money is fen, ids and references are text."""

V = TypeVar("V", bool, int, str, Number, date, "tuple[Value, ...]")


class Sensitivity(IntEnum):
    """Name how much harm a leak does (敏感等级)."""

    PUBLIC = 1
    INTERNAL = 2
    PERSONAL = 3
    SENSITIVE = 4


class FieldType(ABC):
    """Parse, keep, show and mask the values of one type; immutable and equal by its parameters.

    ``parse`` takes what people and other systems send, ``load`` only what ``dump`` wrote. ``show`` and ``mask`` give
    an empty text for ``None``; labels of enum members come from the definition, not from here.
    """

    __slots__ = ()

    @property
    @abstractmethod
    def name(self) -> str:
        """Return the canonical spelling in the language, such as ``text(40)``."""

    @property
    @abstractmethod
    def sensitivity(self) -> int:
        """Return the sensitivity class, 1 (public) to 4 (sensitive personal data)."""

    @abstractmethod
    def parse(self, raw: object) -> Value:
        """Return the value of what was typed or sent as JSON.

        Raises:
            ValueRefused: with a code that says what is wrong; ``type.missing`` for a blank.
        """

    def dump(self, value: Value) -> object:
        """Return the storage form: JSON that ``load`` turns back into the same value."""
        return value

    def load(self, stored: object) -> Value:
        """Return the value of a storage form.

        Raises:
            TypeError: if ``dump`` cannot have written it.
        """
        return None if stored is None else self._load(stored)

    def show(self, value: Value) -> str:
        """Return the value as a person reads it."""
        return "" if value is None else self._show(value)

    def mask(self, value: Value) -> str:
        """Return the value with what identifies a person hidden."""
        return "" if value is None else self._mask(value)

    @abstractmethod
    def json_schema(self) -> dict[str, object]:
        """Return the JSON Schema of the storage form of a present value."""

    @abstractmethod
    def sample(self) -> Value:
        """Return a valid value, always the same; people and codes in it are made up."""

    @abstractmethod
    def _load(self, stored: object) -> Value: ...

    def _show(self, value: Value) -> str:
        return str(value)

    def _mask(self, value: Value) -> str:
        return self._show(value)


def is_blank(raw: object) -> bool:
    """Tell whether nothing was given: ``None``, an empty or white text, a list or mapping of nothing but blanks."""
    if raw is None:
        return True
    if isinstance(raw, str):
        return not raw.strip()
    if isinstance(raw, Mapping):
        return all(is_blank(part) for part in raw.values())
    if isinstance(raw, list | tuple):
        return all(is_blank(part) for part in raw)
    return False


def present(raw: object) -> object:
    """Return what was given.

    Raises:
        ValueRefused: ``type.missing`` for a blank.
    """
    if is_blank(raw):
        raise ValueRefused(Fault.MISSING)
    return raw


def narrow(value: object, kind: type[V]) -> V:
    """Return the value as what it must be already.

    Raises:
        TypeError: if it is something else, a fault of the caller; the value itself is not named.
    """
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise TypeError(f"expected {kind.__name__}, found {type(value).__name__}")
    return value
