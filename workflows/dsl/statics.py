"""Give every field, let and constant a static type, so that expressions are checked before anything runs."""

from dataclasses import dataclass, field, replace
from functools import lru_cache

from gov_portal.kernel.types import FieldType

NUMBERS = frozenset({"int", "decimal", "money"})
ORDERED = NUMBERS | {"date"}
TEXTS = frozenset({"text", "cn_id", "credit_code", "phone", "address", "region", "officer"})


@dataclass(frozen=True, slots=True)
class Static:
    """Hold what is known of a value before it exists.

    Attributes:
        kind: first word of the type's spelling; ``unknown`` where a fault was already reported.
        members: of an enum, or of the enum inside a list.
        low, high: bounds of an int, where it has them.
        origin: field that it is the type of, for messages.
    """

    kind: str
    members: tuple[str, ...] = ()
    low: int | None = None
    high: int | None = None
    origin: str = field(default="", compare=False)

    @property
    def is_number(self) -> bool:
        """Return whether it can be calculated with."""
        return self.kind in NUMBERS

    def __str__(self) -> str:
        """Return the type as the author would write it."""
        if self.kind == "enum":
            return f"enum({', '.join(self.members)})"
        if self.kind == "int" and (self.low is not None or self.high is not None):
            return f"int({self.low if self.low is not None else ''}..{self.high if self.high is not None else ''})"
        return self.kind


UNKNOWN = Static("unknown")
BOOL = Static("bool")
INT = Static("int")
DECIMAL = Static("decimal")
TEXT = Static("text")
DATE = Static("date")
REGION = Static("region")


@lru_cache(maxsize=1024)
def of_spelling(spelling: str) -> Static:
    """Return the static type of a type's spelling, such as ``int(0..4)`` or ``list(enum(a,b))``."""
    kind, _, rest = spelling.partition("(")
    inside = rest.rpartition(")")[0].strip()
    match kind.strip():
        case "enum":
            return Static("enum", members=tuple(part.strip() for part in inside.split(",") if part.strip()))
        case "int" if ".." in inside:
            low, _, high = inside.partition("..")
            return Static("int", low=_bound(low), high=_bound(high))
        case "list":
            return replace(of_spelling(inside), kind="list")
        case plain:
            return Static(plain.split(" ")[0].split("{")[0])


def _bound(text: str) -> int | None:
    stripped = text.strip()
    return int(stripped) if stripped.lstrip("-").isdigit() else None


def of_field(field_type: FieldType) -> Static:
    """Return the static type of a field's type."""
    return of_spelling(field_type.name)


def are_comparable(left: Static, right: Static) -> bool:
    """Return whether ``==`` between the two can ever be true."""
    if "unknown" in (left.kind, right.kind):
        return True
    if left.is_number and right.is_number:
        return True
    if left.kind == "enum" and right.kind == "enum":
        return bool(set(left.members) & set(right.members))
    return left.kind == right.kind and left.kind not in ("rows", "image", "file")


def accepts(target: Static, given: Static) -> bool:
    """Return whether a value of type ``given`` may be stored in a field of type ``target``."""
    if "unknown" in (target.kind, given.kind):
        return True
    if target.kind == "enum" and given.kind == "enum":
        return set(given.members) <= set(target.members)
    if target.kind in ("money", "int") and given.kind in ("money", "int"):
        return True
    if target.kind == "decimal" and given.is_number:
        return True
    return target.kind == given.kind
