"""Hold the values of annotated copies (加注件): for what, for whom, until when; pure."""

import calendar
from dataclasses import dataclass, field
from datetime import date

from gov_portal.kernel.errors import Conflict, DomainError, Invalid, InvalidFields, NotFound
from gov_portal.kernel.ids import CopyId, LicenceId
from gov_portal.kernel.types import Date, FieldType, Text, Value, ValueRefused
from gov_portal.licences.domain import CopyStatus

MOST_MONTHS = 6
"""How far ahead the last day of a copy may lie."""
MOST_AT_ONCE = 20
"""How many copies of one licence may be in force together."""
TEXT = Text(30)
"""Type of purpose and recipient: short enough to be read across the page."""


class CopyNotFound(NotFound):
    """Answer that there is no such copy, or that this principal may not know of it."""

    code = "licence.copy-not-found"


class CopyEnded(Conflict):
    """Refuse to hand out a copy that was withdrawn, or whose time is over."""

    code = "licence.copy-ended"


class TooManyCopies(Conflict):
    """Refuse one more copy while ``most`` of the licence are in force."""

    code = "licence.too-many-copies"


class CopyOutlives(Invalid):
    """Refuse a last day behind that of the licence itself."""

    code = "licence.copy-outlives"


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyOrder:
    """Ask for a copy, as typed.

    Attributes:
        key: the same for every attempt.
    """

    purpose: object = field(repr=False)
    recipient: object = field(repr=False)
    valid_until: object
    key: str


@dataclass(frozen=True, slots=True)
class CopyTerms:
    """Hold what a copy says it is for; purpose and recipient may name people."""

    purpose: str = field(repr=False)
    recipient: str = field(repr=False)
    valid_until: date

    @property
    def marking(self) -> str:
        """Return what stands across each page."""
        on = f"{self.valid_until.year}年{self.valid_until.month}月{self.valid_until.day}日"
        return f"仅供{self.recipient}办理{self.purpose}使用，有效期至{on}，再次复印无效"


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyView:
    """Show one copy to who holds the licence."""

    copy: CopyId
    licence: LicenceId
    purpose: str = field(repr=False)
    recipient: str = field(repr=False)
    status: CopyStatus
    made_on: date
    valid_until: date
    withdrawn_on: date | None
    verify_code: str


def last_day_of_copy(today: date) -> date:
    """Return the last day that a copy made today may have."""
    year, month = divmod(today.year * 12 + today.month - 1 + MOST_MONTHS, 12)
    return date(year, month + 1, min(today.day, calendar.monthrange(year, month + 1)[1]))


def check_order(order: CopyOrder, *, today: date, licence_until: date | None) -> CopyTerms:
    """Return the terms of a copy.

    Raises:
        InvalidFields: everything that is wrong at once; each fault names its field.
    """
    faults: list[DomainError] = []
    recipient = _parsed("recipient", TEXT, order.recipient, faults=faults)
    purpose = _parsed("purpose", TEXT, order.purpose, faults=faults)
    until = _parsed("valid_until", Date(today, last_day_of_copy(today)), order.valid_until, faults=faults)
    if isinstance(until, date) and licence_until is not None and until > licence_until:
        faults.append(CopyOutlives(field="valid_until", last=licence_until.isoformat()))
    if faults or not isinstance(until, date):
        raise InvalidFields(faults)
    return CopyTerms(str(purpose), str(recipient), until)


def _parsed(name: str, kind: FieldType, raw: object, *, faults: list[DomainError]) -> Value:
    try:
        return kind.parse(raw)
    except ValueRefused as refused:
        faults.append(ValueRefused(refused.fault, field=name, **refused.params))
        return None
