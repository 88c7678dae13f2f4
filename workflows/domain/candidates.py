"""Look for the values of one field that bring a claim to another result, nearest first."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal as Number

from gov_portal.kernel.types import Bool, Choices, Date, Decimal, Enum, Int, MoneyFen
from gov_portal.kernel.types.dates import EARLIEST, LATEST
from gov_portal.kernel.types.numeric import LARGEST_INT
from workflows.domain.definition import Field
from workflows.domain.expressions import Tree
from workflows.domain.trees import walk_tree

MOST_VALUES = 6
_LONGEST_DAYS = 150 * 366

Test = Callable[[object], bool]


def values_for(declared: Field, value: object, claims: Sequence[Tree], test: Test) -> Iterator[object]:
    """Yield values of a field, other than the present one, that pass the test.

    Args:
        declared: the field, whose type says what it may hold.
        value: what it holds now.
        claims: trees whose constants are worth trying.
        test: tells whether a value brings the wanted result.
    """
    found = 0
    for other in _others(declared, value, claims, test):
        if other != value and (other is not None or declared.is_maybe) and test(other):
            yield other
            found += 1
            if found == MOST_VALUES:
                return


def days_from(today: date, test: Callable[[date], bool]) -> Iterator[date]:
    """Yield the first day after today that passes the test, if one comes."""
    start = today.toordinal()
    latest = min(start + _LONGEST_DAYS, date.max.toordinal())
    for ordinal in _boundaries(start, start, latest, lambda one: test(date.fromordinal(one))):
        yield date.fromordinal(ordinal)
        return


def _others(declared: Field, value: object, claims: Sequence[Tree], test: Test) -> Iterator[object]:
    match declared.type:
        case Bool():
            yield from (True, False)
        case Enum(members=members):
            yield from members
        case Choices(of=of):
            chosen = value if isinstance(value, tuple) else ()
            yield from (tuple(m for m in of.members if (m in chosen) != (m == one)) for one in of.members)
        case Int() | MoneyFen() | Decimal() | Date():
            yield from _numbers(declared, value, claims, test)
        case _:
            yield from (one for one in constants(claims) if isinstance(one, str) and _is_fit(declared, one))
            if value is None:
                yield declared.type.sample()
    if declared.is_maybe:
        yield None


def _is_fit(declared: Field, text: str) -> bool:
    return bool(text) and (not hasattr(declared.type, "length") or len(text) <= declared.type.length)


def _numbers(declared: Field, value: object, claims: Sequence[Tree], test: Test) -> Iterator[object]:
    """Yield the nearest numbers or days: what constants suggest, and where the result turns on either side."""
    scale = _Scale(declared)
    near = [scale.place(one) for one in constants(claims)]
    places = sorted({place + step for place in near if place is not None for step in (-1, 0, 1)})
    here = scale.place(value)
    if here is None:
        here = min(max(places[0] if places else 0, scale.low), scale.high)
    tried = [*_boundaries(here, scale.low, scale.high, lambda one: test(scale.value(one))), *places]
    for place in sorted(tried, key=lambda one: abs(one - here)):
        if scale.low <= place <= scale.high:
            yield scale.value(place)


class _Scale:
    """Count the values of a field's type as whole numbers."""

    def __init__(self, declared: Field) -> None:
        self.kind = declared.type
        match self.kind:
            case Date(low=low, high=high):
                self.low, self.high = (low or EARLIEST).toordinal(), (high or LATEST).toordinal()
            case Decimal(precision=precision):
                self.high = 10**precision - 1
                self.low = -self.high
            case Int(low=low, high=high):
                self.low = -LARGEST_INT if low is None else low
                self.high = LARGEST_INT if high is None else high
            case _:
                self.low, self.high = 0, LARGEST_INT

    def place(self, value: object) -> int | None:
        match self.kind, value:
            case Date(), date():
                return value.toordinal()
            case Date(), _:
                return None
            case Decimal(scale=scale), int() | Number():
                return int(Number(value).scaleb(scale))
            case _, int() if not isinstance(value, bool):
                return value
        return None

    def value(self, place: int) -> object:
        match self.kind:
            case Date():
                return date.fromordinal(place)
            case Decimal(scale=scale):
                return Number(place).scaleb(-scale)
        return place


def _boundaries(here: int, low: int, high: int, test: Callable[[int], bool]) -> Iterator[int]:
    """Yield on either side the first place that passes, by longer and longer strides and then by halves."""
    for end, sign in ((high, 1), (low, -1)):
        missed, stride = here, 1
        while missed != end:
            place = min(here + stride, end) if sign > 0 else max(here - stride, end)
            if test(place):
                yield _first(missed, place, test)
                break
            missed, stride = place, stride * 2


def _first(missed: int, passed: int, test: Callable[[int], bool]) -> int:
    while abs(passed - missed) > 1:
        middle = (passed + missed) // 2
        missed, passed = (missed, middle) if test(middle) else (middle, passed)
    return passed


def constants(claims: Iterable[Tree]) -> Iterator[object]:
    """Yield the constants that stand in some trees."""
    for claim in claims:
        for part in walk_tree(claim):
            match part[0]:
                case "const":
                    yield from part[1] if isinstance(part[1], tuple | list) else (part[1],)
                case "date":
                    yield date.fromisoformat(str(part[1]))
                case "decimal":
                    yield Number(str(part[1]))
