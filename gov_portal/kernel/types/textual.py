"""Define types whose values are plain text: text, address, enum and lists of enum members."""

import unicodedata
from dataclasses import dataclass

from gov_portal.kernel.types.base import FieldType, Sensitivity, Value, narrow, present
from gov_portal.kernel.types.faults import Fault, ValueRefused

ADDRESS_LENGTH = 200
ADDRESS_SHORTEST = 5

# Control characters break storage and terminals; direction marks let a text look like another one; U+FFFD stands where
# something was lost on the way.
_REFUSED_CATEGORIES = frozenset({"Cc", "Cs"})
_REFUSED_MARKS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\ufffd")
_ALLOWED_CONTROLS = frozenset("\n\t")
_SHORT_NAME = 4
_LARGEST_PRINTED = 10**40


@dataclass(frozen=True, slots=True)
class Text(FieldType):
    """Hold text of at most ``length`` characters, trimmed, in Unicode form NFC; rare characters count as one."""

    length: int

    @property
    def name(self) -> str:
        """Return ``text(n)``."""
        return f"text({self.length})"

    @property
    def sensitivity(self) -> int:
        """Return the class of personal data: nobody knows what is in a free text."""
        return Sensitivity.PERSONAL

    def parse(self, raw: object) -> Value:
        """Return the trimmed text."""
        return clean_text(raw, longest=self.length)

    def json_schema(self) -> dict[str, object]:
        """Return the schema of a bounded string."""
        return {"type": "string", "minLength": 1, "maxLength": self.length}

    def sample(self) -> Value:
        """Return a short text that says that it is a sample."""
        return "样例文字"[: self.length]

    def _load(self, stored: object) -> Value:
        return narrow(stored, str)

    def _mask(self, value: Value) -> str:
        return mask_text(narrow(value, str))


@dataclass(frozen=True, slots=True)
class Address(FieldType):
    """Hold a postal address (地址) in one line."""

    @property
    def name(self) -> str:
        """Return ``address``."""
        return "address"

    @property
    def sensitivity(self) -> int:
        """Return the class of sensitive data: it tells where somebody lives."""
        return Sensitivity.SENSITIVE

    def parse(self, raw: object) -> Value:
        """Return the address with line breaks turned into spaces."""
        text = " ".join(clean_text(raw, longest=ADDRESS_LENGTH).split())
        if len(text) < ADDRESS_SHORTEST:
            raise ValueRefused(Fault.ADDRESS_TOO_SHORT, shortest=ADDRESS_SHORTEST)
        return text

    def json_schema(self) -> dict[str, object]:
        """Return the schema of a bounded string."""
        return {"type": "string", "minLength": ADDRESS_SHORTEST, "maxLength": ADDRESS_LENGTH}

    def sample(self) -> Value:
        """Return an address in the made-up province."""
        return "样例省样例市东样区样例路1号"

    def _load(self, stored: object) -> Value:
        return narrow(stored, str)

    def _mask(self, value: Value) -> str:
        return narrow(value, str)[:6].rstrip("0123456789号") + "****"


@dataclass(frozen=True, slots=True)
class Enum(FieldType):
    """Hold one of a few members; members are ASCII ids, their labels stand in the definition."""

    members: tuple[str, ...]

    @property
    def name(self) -> str:
        """Return ``enum(a,b)``."""
        return f"enum({','.join(self.members)})"

    @property
    def sensitivity(self) -> int:
        """Return the class of internal data."""
        return Sensitivity.INTERNAL

    def parse(self, raw: object) -> Value:
        """Return the member."""
        given = present(raw)
        member = given.strip() if isinstance(given, str) else given
        if not isinstance(member, str) or member not in self.members:
            raise ValueRefused(Fault.ENUM_UNKNOWN, members=self.members)
        return member

    def json_schema(self) -> dict[str, object]:
        """Return the schema of one of the members."""
        return {"type": "string", "enum": list(self.members)}

    def sample(self) -> Value:
        """Return the first member."""
        return self.members[0]

    def _load(self, stored: object) -> Value:
        return narrow(stored, str)


@dataclass(frozen=True, slots=True)
class Choices(FieldType):
    """Hold a set of enum members, kept in the order of the declaration."""

    of: Enum

    @property
    def name(self) -> str:
        """Return ``list(enum(a,b))``."""
        return f"list({self.of.name})"

    @property
    def sensitivity(self) -> int:
        """Return the class of the members."""
        return self.of.sensitivity

    def parse(self, raw: object) -> Value:
        """Return the members as a tuple; one member alone is a list of one."""
        given = present(raw)
        parts = [given] if isinstance(given, str) else given
        if not isinstance(parts, list | tuple):
            raise ValueRefused(Fault.SHAPE, expected="list")
        found = [self.of.parse(part) for part in parts]
        if len(set(found)) < len(found):
            raise ValueRefused(Fault.LIST_REPEATED)
        return tuple(member for member in self.of.members if member in found)

    def dump(self, value: Value) -> object:
        """Return a JSON list."""
        return None if value is None else list(narrow(value, tuple))

    def json_schema(self) -> dict[str, object]:
        """Return the schema of a list without repetition."""
        return {"type": "array", "items": self.of.json_schema(), "uniqueItems": True, "minItems": 1}

    def sample(self) -> Value:
        """Return the first member alone."""
        return (self.of.members[0],)

    def _load(self, stored: object) -> Value:
        if not isinstance(stored, list):
            raise TypeError(f"expected list, found {type(stored).__name__}")
        return tuple(self.of.load(member) for member in stored)

    def _show(self, value: Value) -> str:
        return "、".join(str(member) for member in narrow(value, tuple))


def clean_text(raw: object, *, longest: int) -> str:
    """Return the text trimmed, in NFC, with plain line breaks.

    Raises:
        ValueRefused: for a blank, something that is no text, a control character, or too many characters.
    """
    given = present(raw)
    if not isinstance(given, str):
        raise ValueRefused(Fault.SHAPE, expected="text")
    # Long texts are refused before any work is done on them.
    if len(given) > longest * 4 + 100:
        raise ValueRefused(Fault.TEXT_TOO_LONG, longest=longest, length=len(given))
    text = unicodedata.normalize("NFC", given.replace("\r\n", "\n").replace("\r", "\n").strip())
    if any(_is_refused(character) for character in text):
        raise ValueRefused(Fault.TEXT_CHARACTER)
    if not any(_is_seen(character) for character in text):
        raise ValueRefused(Fault.MISSING)
    if len(text) > longest:
        raise ValueRefused(Fault.TEXT_TOO_LONG, longest=longest, length=len(text))
    return text


def compact(raw: object) -> str:
    """Return a code as people mean it: full-width digits and letters made plain, spaces and hyphens dropped.

    Raises:
        ValueRefused: for a blank or something that is no text.
    """
    given = present(raw)
    if isinstance(given, int) and not isinstance(given, bool):
        given = int_text(given)
    if not isinstance(given, str):
        raise ValueRefused(Fault.SHAPE, expected="text")
    text = unicodedata.normalize("NFKC", given[:200])
    return "".join(character for character in text if not (character.isspace() or character in "-‐‑–—_")).upper()


def int_text(number: int) -> str:
    """Return the digits of a number, or a text that no code has where Python refuses to print so many of them."""
    return str(number) if abs(number) < _LARGEST_PRINTED else "?"


def mask_text(text: str) -> str:
    """Return the first character and stars, so that a name stays recognisable to who knows it: 张三 gives 张*."""
    return text[:1] + "*" * (len(text) - 1 if len(text) <= _SHORT_NAME else 2)


def _is_seen(character: str) -> bool:
    return not character.isspace() and unicodedata.category(character) not in {"Cf", "Mn"}


def _is_refused(character: str) -> bool:
    if character in _ALLOWED_CONTROLS:
        return False
    return character in _REFUSED_MARKS or unicodedata.category(character) in _REFUSED_CATEGORIES
