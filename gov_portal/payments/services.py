"""Place orders, learn what became of them, give money back, and compare books with the payment department."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta
from uuid import UUID

import structlog

from gov_portal.kernel.db import Database
from gov_portal.kernel.ids import CaseId
from gov_portal.payments import storage
from gov_portal.payments.domain import (
    CashierRefused,
    CashierUnavailable,
    Difference,
    JointPayment,
    NewOrder,
    Order,
    OrderState,
    OrderUnknown,
    Standing,
    differences,
)
from gov_portal.payments.ports import Cashier, Follower

ASK_AGAIN_S = 60.0
_ASKED_AT_ONCE = 50
_DAYS_COMPARED = 3
"""How many days back a day that was not compared, or has differences, is compared again."""

_log = structlog.get_logger(__name__)


class Payments:
    """Keep the orders of cases; every method may run twice."""

    def __init__(self, db: Database, *, cashier: Cashier, follower: Follower, today: Callable[[], date]) -> None:
        """Reach the payment department by ``cashier``; ``today`` is the real day, which its books go by."""
        self._db = db
        self._cashier = cashier
        self._follower = follower
        self._today = today

    def place(self, order: NewOrder) -> Order:
        """Place an order, once per key.

        Raises:
            CashierUnavailable, CashierRefused: the department did not take it.
        """
        with self._db.begin() as uow:
            storage.add_order(uow.driver, order)
        known = self.order(order.id)
        if known.state is not OrderState.NEW:
            return known
        self._cashier.place(order)
        standing = self._cashier.standing(order.id, case_number=order.case_number)
        if standing is None:
            raise CashierUnavailable
        with self._db.begin() as uow:
            storage.note_placed(uow.driver, order.id, pay_url=standing.pay_url)
        return self.order(order.id)

    def order(self, order: UUID) -> Order:
        """Return an order.

        Raises:
            OrderUnknown: there is none.
        """
        with self._db.driver() as driver:
            found = storage.order_of(driver, order)
        if found is None:
            raise OrderUnknown
        return found

    def orders(self, case: CaseId) -> list[Order]:
        """Return the orders of a case, the oldest first."""
        with self._db.driver() as driver:
            return storage.orders_of(driver, case)

    def notice(self, order: UUID) -> None:
        """Take a knock of the payment department: nothing in it is believed, the department is asked, now or later."""
        with self._db.driver() as driver:
            known = storage.order_of(driver, order)
        if known is not None and known.state in (OrderState.NEW, OrderState.PLACED):
            with suppress(CashierUnavailable, CashierRefused):
                self._refresh(known)

    def poll(self) -> int:
        """Ask about orders of which nobody has heard for a minute; return how many changed."""
        with self._db.driver() as driver:
            orders = storage.open_orders(driver, older_than_s=ASK_AGAIN_S, limit=_ASKED_AT_ONCE)
        changed = 0
        for order in orders:
            try:
                changed += self._refresh(self.order(order))
            except CashierUnavailable:
                return changed
        return changed

    def join(self, joint: JointPayment) -> None:
        """Let several orders be paid at once, all or none.

        Raises:
            CashierUnavailable: the department did not take it.
            CashierRefused: one of them is not open any more; what became of them was asked.
        """
        try:
            self._cashier.join(joint)
        except CashierRefused:
            for order in joint.orders:
                self.notice(order)
            raise

    def joint_url(self, joint: JointPayment) -> str:
        """Return where such orders are paid; empty where they cannot be paid together now.

        Raises:
            CashierUnavailable: the department does not tell.
        """
        return self._cashier.joint_url(joint)

    def take_back(self, order: UUID, *, refund_fen: int) -> None:
        """Cancel an order that is not paid, or give back so much of one that is.

        Raises:
            CashierUnavailable, CashierRefused: it is not done.
        """
        with self._db.driver() as driver:
            known = storage.order_of(driver, order)
        if known is None or known.state in (OrderState.CANCELLED, OrderState.REFUNDED):
            return
        standing = self._cashier.standing(order, case_number=known.case_number)
        is_paid = standing is not None and standing.state in (OrderState.PAID, OrderState.REFUNDED)
        if not is_paid:
            if standing is not None:
                self._cashier.cancel(order, case_number=known.case_number)
            self._note_back(known, OrderState.CANCELLED)
            return
        amount = min(max(0, refund_fen), known.amount_fen)
        if standing is not None and known.state is not OrderState.PAID:
            with self._db.begin() as uow:
                storage.note_standing(uow.driver, order, standing)
        if amount:
            self._cashier.refund(order, amount_fen=amount, case_number=known.case_number)
        self._note_back(known, OrderState.REFUNDED, amount)

    def reconcile(self, day: date) -> tuple[Difference, ...]:
        """Compare the books of one day (对账) and note what differs; what we missed is taken in first.

        Raises:
            CashierUnavailable: the department does not tell.
        """
        theirs = self._cashier.movements(day)
        for entry in theirs:
            self.notice(entry.order)
        with self._db.begin() as uow:
            found = differences(day, storage.movements_of(uow.driver, day), theirs)
            storage.note_compared(uow.driver, day, found, entries=len(theirs))
        if found:
            _log.error("books-differ", day=day.isoformat(), differences=len(found))
        return found

    def reconcile_due(self) -> None:
        """Compare the last days that are over and were not compared, or still differ."""
        today = self._today()
        standing = {one.day for one in self.differences()}
        for back in range(1, _DAYS_COMPARED + 1):
            day = today - timedelta(days=back)
            with self._db.driver() as driver:
                is_done = storage.is_compared(driver, day)
            if not is_done or day in standing:
                try:
                    self.reconcile(day)
                except CashierUnavailable:
                    return

    def differences(self) -> tuple[Difference, ...]:
        """Return every difference that stands, for operators."""
        with self._db.driver() as driver:
            return storage.differences_of(driver)

    def _refresh(self, known: Order) -> bool:
        standing = self._cashier.standing(known.id, case_number=known.case_number)
        if standing is None:
            return False
        with self._db.begin() as uow:
            order = storage.order_of(uow.driver, known.id, is_locked=True)
            if order is None or order.state not in (OrderState.NEW, OrderState.PLACED):
                return False
            storage.note_standing(uow.driver, order.id, _believable(standing, order))
            if standing.state is OrderState.PAID and standing.amount_fen == order.amount_fen:
                self._follower.paid(uow, order)
                return True
            if standing.has_failed and order.failed_at is None:
                self._follower.failed(uow, order)
                return True
        return False

    def _note_back(self, order: Order, state: OrderState, refunded_fen: int = 0) -> None:
        on = self._today() if refunded_fen else None
        with self._db.begin() as uow:
            storage.note_taken_back(uow.driver, order.id, state=state, refunded_fen=refunded_fen, on=on)


def _believable(standing: Standing, order: Order) -> Standing:
    """Return what is noted: an order that was paid with another amount stays open, for operators to look at."""
    is_paid = standing.state is OrderState.PAID
    if is_paid and standing.amount_fen == order.amount_fen:
        return standing
    return Standing(OrderState.PLACED, standing.pay_url, standing.amount_fen, None, standing.has_failed or is_paid)
