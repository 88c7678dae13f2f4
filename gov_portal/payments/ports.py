"""Say what payments need from others; ``gov_portal.wiring`` joins them."""

from datetime import date
from typing import Protocol
from uuid import UUID

from gov_portal.kernel.db import UnitOfWork
from gov_portal.payments.domain import Entry, JointPayment, NewOrder, Order, Standing


class Cashier(Protocol):
    """Reach the payment department (缴费系统).

    Every method raises ``CashierUnavailable`` where nobody answers and ``CashierRefused`` where it will not.
    """

    def place(self, order: NewOrder) -> None:
        """Hand an order over, once per number."""
        ...

    def standing(self, order: UUID, *, case_number: str) -> Standing | None:
        """Return how an order stands there; ``None`` where it is not known."""
        ...

    def cancel(self, order: UUID, *, case_number: str) -> None:
        """Take back an order that is not paid."""
        ...

    def join(self, joint: JointPayment) -> None:
        """Let open orders be paid at once, all or none; refused where one of them is not open."""
        ...

    def joint_url(self, joint: JointPayment) -> str:
        """Return where such orders are paid; empty where they were never joined, or one is not open any more."""
        ...

    def refund(self, order: UUID, *, amount_fen: int, case_number: str) -> None:
        """Give money back, once per order."""
        ...

    def movements(self, day: date) -> tuple[Entry, ...]:
        """Return what was paid and refunded on a day of the department's."""
        ...


class Follower(Protocol):
    """Be told what became of an order, in the transaction that notes it."""

    def paid(self, uow: UnitOfWork, order: Order) -> None:
        """Go on with a paid order."""
        ...

    def failed(self, uow: UnitOfWork, order: Order) -> None:
        """Note that a payment was tried in vain."""
        ...
