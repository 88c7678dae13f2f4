"""Define orders, what the payment department says of them, and differences between its books and ours; pure."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID, uuid5

from gov_portal.kernel.errors import DomainError
from gov_portal.kernel.ids import CaseId

_NAMESPACE = UUID("5c3f4a34-5f0a-4f57-9a3c-0c6f6a7e9b21")


class OrderState(StrEnum):
    """Name how an order (缴费单) stands."""

    NEW = "new"
    """Written down here, not yet taken by the department."""
    PLACED = "placed"
    PAID = "paid"
    CANCELLED = "cancelled"
    REFUNDED = "refunded"


@dataclass(frozen=True, slots=True)
class OrderLine:
    """Name one line of an order and its amount."""

    name: str
    amount_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NewOrder:
    """Ask for an order; it names no person.

    Attributes:
        key: idempotency key: case, step, visit.
        case, step, visit: what it belongs to.
        payee: department that the money is for.
        title: what for, as the payer reads it.
    """

    key: str
    case: CaseId
    case_number: str
    step: str
    visit: int
    payee: str
    title: str
    lines: tuple[OrderLine, ...]

    @property
    def amount_fen(self) -> int:
        """Return the sum of the lines."""
        return sum(line.amount_fen for line in self.lines)

    @property
    def id(self) -> UUID:
        """Return the order's own number, the same for every attempt."""
        return order_number(self.key)


def order_number(key: str) -> UUID:
    """Return the number of the order that has an idempotency key."""
    return uuid5(_NAMESPACE, key)


@dataclass(frozen=True, slots=True)
class JointPayment:
    """Gather orders that are paid at once (合并缴款): all of them or none.

    It is nothing beside them: each order is paid, refunded and compared by itself, so that no half-paid state exists.

    Attributes:
        case, case_number: where people come back to.
    """

    orders: tuple[UUID, ...]
    case: CaseId
    case_number: str

    @property
    def id(self) -> UUID:
        """Return its own number, the same for the same orders."""
        return uuid5(_NAMESPACE, ",".join(sorted(map(str, self.orders))))


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Hold one order as it stands here; ``refunded_fen`` is what was given back of a paid one."""

    id: UUID
    case: CaseId
    case_number: str
    step: str
    visit: int
    amount_fen: int
    state: OrderState
    pay_url: str
    placed_at: datetime
    paid_on: date | None = None
    failed_at: datetime | None = None
    refunded_fen: int = 0
    refunded_on: date | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """Hold how an order stands in the department's books; days are the department's own."""

    state: OrderState
    pay_url: str = ""
    amount_fen: int = 0
    paid_on: date | None = None
    has_failed: bool = False
    refunded_fen: int = 0


@dataclass(frozen=True, slots=True)
class Entry:
    """Hold one movement of money on one day: ``paid`` in, or ``refunded`` out."""

    order: UUID
    kind: str
    amount_fen: int


@dataclass(frozen=True, slots=True)
class Difference:
    """Hold where the two books disagree (对账差异): an amount is ``None`` on the side that knows of none."""

    day: date
    order: UUID
    kind: str
    ours_fen: int | None
    theirs_fen: int | None


def differences(day: date, ours: tuple[Entry, ...], theirs: tuple[Entry, ...]) -> tuple[Difference, ...]:
    """Compare the movements of one day, order by order; several of one kind are added up."""
    here, there = _sums(ours), _sums(theirs)
    return tuple(
        Difference(day, order, kind, here.get((order, kind)), there.get((order, kind)))
        for order, kind in sorted({*here, *there}, key=str)
        if here.get((order, kind)) != there.get((order, kind))
    )


def _sums(entries: tuple[Entry, ...]) -> dict[tuple[UUID, str], int]:
    found: dict[tuple[UUID, str], int] = {}
    for entry in entries:
        found[entry.order, entry.kind] = found.get((entry.order, entry.kind), 0) + entry.amount_fen
    return found


class CashierUnavailable(Exception):
    """Tell that the payment department does not answer now; it is worth trying again."""


class CashierRefused(Exception):
    """Tell that the payment department will not do it, however often it is asked."""


class OrderUnknown(DomainError):
    """Answer that there is no such order."""

    code = "payment.order-unknown"
    status = 404
