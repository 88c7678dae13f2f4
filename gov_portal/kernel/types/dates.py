"""Define the type of dates."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from gov_portal.kernel.types.base import FieldType, Sensitivity, Value, narrow, present
from gov_portal.kernel.types.faults import Fault, ValueRefused

# A year outside is a slip of the finger, not a date that a government service has to do with.
EARLIEST = date(1850, 1, 1)
LATEST = date(2199, 12, 31)

_SPELLINGS = (
    re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})"),
    re.compile(r"([0-9]{4})/([0-9]{1,2})/([0-9]{1,2})"),
    re.compile(r"([0-9]{4})\.([0-9]{1,2})\.([0-9]{1,2})"),
    re.compile(r"([0-9]{4})年([0-9]{1,2})月([0-9]{1,2})日"),
    re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})"),
)
_PART = re.compile(r"[0-9]{1,4}")


@dataclass(frozen=True, slots=True)
class Date(FieldType):
    """Hold a day, perhaps within closed bounds."""

    low: date | None = None
    high: date | None = None

    @property
    def name(self) -> str:
        """Return ``date`` or ``date(a .. b)``."""
        if self.low is None and self.high is None:
            return "date"
        return f"date({self.low or ''} .. {self.high or ''})".replace("( ", "(").replace(" )", ")")

    @property
    def sensitivity(self) -> int:
        """Return the class of personal data: most dates are somebody's."""
        return Sensitivity.PERSONAL

    def parse(self, raw: object) -> Value:
        """Return the day of an ISO text, of usual Chinese spellings, or of ``{"year", "month", "day"}``."""
        given = present(raw)
        if isinstance(given, datetime):
            raise ValueRefused(Fault.DATE_FORM)
        day = given if isinstance(given, date) else _compose(*_parts(given))
        low, high = self.low or EARLIEST, self.high or LATEST
        if not low <= day <= high:
            raise ValueRefused(Fault.DATE_RANGE, low=low.isoformat(), high=high.isoformat())
        return day

    def dump(self, value: Value) -> object:
        """Return the ISO text."""
        return None if value is None else narrow(value, date).isoformat()

    def json_schema(self) -> dict[str, object]:
        """Return the schema of an ISO date."""
        return {"type": "string", "format": "date"}

    def sample(self) -> Value:
        """Return 1 May 1990, or the bound that is nearest to it."""
        return min(max(date(1990, 5, 1), self.low or EARLIEST), self.high or LATEST)

    def _load(self, stored: object) -> Value:
        return date.fromisoformat(narrow(stored, str))

    def _show(self, value: Value) -> str:
        day = narrow(value, date)
        return f"{day.year}年{day.month}月{day.day}日"

    def _mask(self, value: Value) -> str:
        return f"{narrow(value, date).year}年**月**日"


def _parts(given: object) -> tuple[str, str, str]:
    if isinstance(given, Mapping):
        return _part(given, "year"), _part(given, "month"), _part(given, "day")
    if not isinstance(given, str) or len(given) > 40:
        raise ValueRefused(Fault.DATE_FORM)
    text = "".join(unicodedata.normalize("NFKC", given).split())
    for spelling in _SPELLINGS:
        if match := spelling.fullmatch(text):
            return match[1], match[2], match[3]
    raise ValueRefused(Fault.DATE_FORM)


def _part(given: Mapping[object, object], name: str) -> str:
    text = unicodedata.normalize("NFKC", str(given.get(name, given.get(name[0], "")))[:8]).strip()
    if not _PART.fullmatch(text):
        raise ValueRefused(Fault.DATE_FORM, part=name)
    return text


def _compose(year: str, month: str, day: str) -> date:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise ValueRefused(Fault.DATE_IMPOSSIBLE) from None
