"""Define the types of numbers: int, decimal, money and bool."""

import decimal
import re
import unicodedata
from dataclasses import dataclass

from gov_portal.kernel.types.base import FieldType, Sensitivity, Value, narrow, present
from gov_portal.kernel.types.faults import Fault, ValueRefused
from gov_portal.kernel.types.textual import int_text

# Integers beyond this are not exact in every JSON reader.
LARGEST_INT = 2**53 - 1
FEN_PER_YUAN = 100

_INT = re.compile(r"[+-]?[0-9]{1,16}")
_DECIMAL = re.compile(r"[+-]?[0-9]{1,40}(?:\.[0-9]{0,40})?")
_MONEY = re.compile(r"(-?)([0-9]{1,13})(?:\.([0-9]{1,2}))?")
_TRUE = frozenset({"true", "1", "yes", "on", "是"})
_FALSE = frozenset({"false", "0", "no", "off", "否"})


@dataclass(frozen=True, slots=True)
class Int(FieldType):
    """Hold a whole number, perhaps within closed bounds."""

    low: int | None = None
    high: int | None = None

    @property
    def name(self) -> str:
        """Return ``int`` or ``int(a..b)``."""
        if self.low is None and self.high is None:
            return "int"
        return f"int({'' if self.low is None else self.low}..{'' if self.high is None else self.high})"

    @property
    def sensitivity(self) -> int:
        """Return the class of internal data."""
        return Sensitivity.INTERNAL

    def parse(self, raw: object) -> Value:
        """Return the number; thousands separators are not understood."""
        text = _plain(raw, fault=Fault.INT_FORM)
        if not _INT.fullmatch(text):
            raise ValueRefused(Fault.INT_FORM)
        number = int(text)
        low, high = self._bounds()
        if not low <= number <= high:
            raise ValueRefused(Fault.INT_RANGE, low=low, high=high)
        return number

    def json_schema(self) -> dict[str, object]:
        """Return the schema of a bounded integer."""
        low, high = self._bounds()
        return {"type": "integer", "minimum": low, "maximum": high}

    def sample(self) -> Value:
        """Return the lowest number that is allowed and at least 1, else the nearest."""
        low, high = self._bounds()
        return min(max(low, 1), high)

    def _bounds(self) -> tuple[int, int]:
        low = -LARGEST_INT if self.low is None else self.low
        return low, LARGEST_INT if self.high is None else self.high

    def _load(self, stored: object) -> Value:
        return narrow(stored, int)


@dataclass(frozen=True, slots=True)
class Decimal(FieldType):
    """Hold an exact number of at most ``precision`` digits, ``scale`` of them behind the point."""

    precision: int
    scale: int

    @property
    def name(self) -> str:
        """Return ``decimal(p,s)``."""
        return f"decimal({self.precision},{self.scale})"

    @property
    def sensitivity(self) -> int:
        """Return the class of internal data."""
        return Sensitivity.INTERNAL

    def parse(self, raw: object) -> Value:
        """Return the number with exactly ``scale`` places; more places than that are refused, not rounded."""
        text = repr(raw) if isinstance(raw, float) else _plain(raw, fault=Fault.DECIMAL_FORM)
        if not _DECIMAL.fullmatch(text):
            raise ValueRefused(Fault.DECIMAL_FORM)
        whole, _, places = text.lstrip("+-").partition(".")
        if len(places.rstrip("0")) > self.scale:
            raise ValueRefused(Fault.DECIMAL_PLACES, places=self.scale)
        if len(whole.lstrip("0")) > self.precision - self.scale:
            raise ValueRefused(Fault.DECIMAL_RANGE, digits=self.precision - self.scale)
        return self._exact(text)

    def dump(self, value: Value) -> object:
        """Return a JSON string, for JSON numbers lose digits."""
        return None if value is None else format(narrow(value, decimal.Decimal), "f")

    def json_schema(self) -> dict[str, object]:
        """Return the schema of a string of digits."""
        places = rf"\.[0-9]{{{self.scale}}}" if self.scale else ""
        return {"type": "string", "pattern": rf"^-?[0-9]{{1,{self.precision - self.scale or 1}}}{places}$"}

    def sample(self) -> Value:
        """Return 1, or 0 where no digit stands before the point."""
        return self._exact("1" if self.precision > self.scale else "0")

    def _exact(self, text: str) -> decimal.Decimal:
        number = decimal.Decimal(text).quantize(decimal.Decimal(1).scaleb(-self.scale), context=_CONTEXT)
        return number if number else abs(number)

    def _load(self, stored: object) -> Value:
        return decimal.Decimal(narrow(stored, str))


@dataclass(frozen=True, slots=True)
class MoneyFen(FieldType):
    """Hold an amount of money in fen (分)."""

    @property
    def name(self) -> str:
        """Return ``money``."""
        return "money"

    @property
    def sensitivity(self) -> int:
        """Return the class of internal data."""
        return Sensitivity.INTERNAL

    def parse(self, raw: object) -> Value:
        """Return the amount in fen.

        A text is yuan as people type it (``1,234.50``, ``¥12``, ``12元``); a JSON integer is fen already.
        """
        given = present(raw)
        if isinstance(given, bool | float):
            raise ValueRefused(Fault.MONEY_FORM)
        if isinstance(given, int):
            return self._bounded(given)
        text = _plain(given, fault=Fault.MONEY_FORM).replace(",", "").lstrip("¥").removesuffix("元").strip()
        match = _MONEY.fullmatch(text)
        if match is None:
            raise ValueRefused(Fault.MONEY_FORM)
        sign, yuan, places = match.groups(default="")
        amount_fen = int(yuan) * FEN_PER_YUAN + int(places.ljust(2, "0"))
        return self._bounded(-amount_fen if sign else amount_fen)

    def json_schema(self) -> dict[str, object]:
        """Return the schema of an integer of fen."""
        return {"type": "integer", "minimum": -LARGEST_INT, "maximum": LARGEST_INT}

    def sample(self) -> Value:
        """Return one yuan."""
        return FEN_PER_YUAN

    def _bounded(self, amount_fen: int) -> int:
        if abs(amount_fen) > LARGEST_INT:
            raise ValueRefused(Fault.MONEY_RANGE)
        return amount_fen

    def _load(self, stored: object) -> Value:
        return narrow(stored, int)

    def _show(self, value: Value) -> str:
        amount_fen = narrow(value, int)
        yuan, fen = divmod(abs(amount_fen), FEN_PER_YUAN)
        return f"{'-' if amount_fen < 0 else ''}{yuan:,}.{fen:02d} 元"


@dataclass(frozen=True, slots=True)
class Bool(FieldType):
    """Hold yes or no."""

    @property
    def name(self) -> str:
        """Return ``bool``."""
        return "bool"

    @property
    def sensitivity(self) -> int:
        """Return the class of internal data."""
        return Sensitivity.INTERNAL

    def parse(self, raw: object) -> Value:
        """Return the claim; ``true 1 yes on 是`` and ``false 0 no off 否`` are understood."""
        given = present(raw)
        if isinstance(given, bool):
            return given
        word = given.strip().lower() if isinstance(given, str) else ""
        if word not in _TRUE | _FALSE:
            raise ValueRefused(Fault.BOOL_FORM)
        return word in _TRUE

    def json_schema(self) -> dict[str, object]:
        """Return the schema of a boolean."""
        return {"type": "boolean"}

    def sample(self) -> Value:
        """Return yes."""
        return True

    def _load(self, stored: object) -> Value:
        return narrow(stored, bool)

    def _show(self, value: Value) -> str:
        return "是" if narrow(value, bool) else "否"


# Wide enough for every precision that a spelling may ask for.
_CONTEXT = decimal.Context(prec=100)


def _plain(raw: object, *, fault: Fault) -> str:
    given = present(raw)
    if isinstance(given, bool | float):
        raise ValueRefused(fault)
    text = int_text(given) if isinstance(given, int) else given
    text = str(text) if isinstance(text, decimal.Decimal) else text
    if not isinstance(text, str) or len(text) > 100:
        raise ValueRefused(fault)
    return unicodedata.normalize("NFKC", text).replace("−", "-").strip()
