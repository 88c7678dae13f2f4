"""Join payments to the payment department's system, and to the cases that wait for its answer."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from gov_portal.exchange.domain import AnswerKind, Failure, Operation, ResourceId, SystemId
from gov_portal.exchange.ports import Connector, ProviderFailed, ProviderReply, ProviderRequest
from gov_portal.kernel import outbox
from gov_portal.kernel.db import UnitOfWork
from gov_portal.kernel.ids import CaseId
from gov_portal.kernel.outbox import OutboxMessage
from gov_portal.payments.domain import (
    CashierRefused,
    CashierUnavailable,
    Entry,
    JointPayment,
    NewOrder,
    Order,
    OrderLine,
    OrderState,
    Standing,
    order_number,
)
from gov_portal.payments.services import Payments
from workflows.domain.commands import ResultKind
from workflows.ports import BillRequest, BillStanding, JointRequest, PartnerRefused, PartnerUnavailable

SYSTEM = SystemId("finance")
NOTICE_PATH = "/api/v1/payment-notices"
_ORDER = ResourceId("finance.order")
_JOINT = ResourceId("finance.joint")
_PURPOSE = "payment"


class DepartmentCashier:
    """Reach the payment department by signed requests, as every department; none of them names a person."""

    def __init__(self, connector: Connector, *, base_url: str) -> None:
        """Tell the department to knock and to send people back at ``base_url``."""
        self._connector = connector
        self._base_url = base_url

    def place(self, order: NewOrder) -> None:
        """Hand an order over, once per number."""
        content = {
            "order": str(order.id),
            "title": order.title,
            "payee": order.payee,
            "lines": [[line.name, line.amount_fen] for line in order.lines],
            "notify_url": f"{self._base_url}{NOTICE_PATH}",
            "return_url": f"{self._base_url}/cases/{order.case}",
        }
        self._push(_ORDER, content, key=f"place:{order.id}", case_number=order.case_number)

    def standing(self, order: UUID, *, case_number: str) -> Standing | None:
        """Return how an order stands there."""
        reply = self._ask(_ORDER, str(order), case_number=case_number)
        if reply.kind is AnswerKind.ABSENT or not reply.rows:
            return None
        row = reply.rows[0]
        try:
            paid_on = row.get("paid_on")
            return Standing(
                state=OrderState(str(row["state"])),
                pay_url=_web_address(row.get("pay_url")),
                amount_fen=int(str(row["amount_fen"])),
                paid_on=date.fromisoformat(str(paid_on)) if paid_on else None,
                has_failed=row.get("has_failed") is True,
                refunded_fen=int(str(row.get("refunded_fen") or 0)),
            )
        except (KeyError, ValueError) as fault:
            raise CashierUnavailable from fault

    def cancel(self, order: UUID, *, case_number: str) -> None:
        """Take back an order that is not paid."""
        self._push(ResourceId("finance.cancel"), {"order": str(order)}, key=f"cancel:{order}", case_number=case_number)

    def join(self, joint: JointPayment) -> None:
        """Let open orders be paid at once, all or none."""
        content = {
            "joint": str(joint.id),
            "orders": [str(order) for order in joint.orders],
            "return_url": f"{self._base_url}/cases/{joint.case}",
        }
        self._push(_JOINT, content, key=f"join:{joint.id}", case_number=joint.case_number)

    def joint_url(self, joint: JointPayment) -> str:
        """Return where such orders are paid; empty where they cannot be."""
        reply = self._ask(_JOINT, str(joint.id), case_number=joint.case_number)
        is_open = reply.kind is not AnswerKind.ABSENT and reply.rows and reply.rows[0].get("is_open") is True
        return _web_address(reply.rows[0].get("pay_url")) if is_open else ""

    def refund(self, order: UUID, *, amount_fen: int, case_number: str) -> None:
        """Give money back, once per order."""
        content = {"order": str(order), "amount_fen": amount_fen}
        self._push(ResourceId("finance.refund"), content, key=f"refund:{order}", case_number=case_number)

    def movements(self, day: date) -> tuple[Entry, ...]:
        """Return what was paid and refunded on a day of the department's."""
        reply = self._ask(ResourceId("finance.movements"), day.isoformat(), case_number="-")
        try:
            return tuple(
                Entry(UUID(str(row["order"])), str(row["kind"]), int(str(row["amount_fen"]))) for row in reply.rows
            )
        except (KeyError, ValueError) as fault:
            raise CashierUnavailable from fault

    def _push(self, resource: ResourceId, content: Mapping[str, object], *, key: str, case_number: str) -> None:
        self._call(resource, Operation.PUSH, {"content": content}, key=key, case_number=case_number)

    def _ask(self, resource: ResourceId, key: str, *, case_number: str) -> ProviderReply:
        return self._call(resource, Operation.QUERY, {"key": key}, key="", case_number=case_number)

    def _call(
        self, resource: ResourceId, operation: Operation, body: Mapping[str, object], *, key: str, case_number: str
    ) -> ProviderReply:
        request = ProviderRequest(
            system=SYSTEM,
            resource=resource,
            operation=operation,
            body=body,
            purpose=_PURPOSE,
            case_number=case_number,
            idempotency_key=key,
        )
        try:
            return self._connector.call(request)
        except ProviderFailed as fault:
            raise (CashierRefused if fault.failure is Failure.PROVIDER_REFUSED else CashierUnavailable) from fault


class CaseFollower:
    """Bring what became of an order into its case, through the outbox."""

    def paid(self, uow: UnitOfWork, order: Order) -> None:
        """Go on with a paid order."""
        self._tell(uow, order, ResultKind.DONE)

    def failed(self, uow: UnitOfWork, order: Order) -> None:
        """Note that a payment was tried in vain."""
        self._tell(uow, order, ResultKind.FAILED)

    def _tell(self, uow: UnitOfWork, order: Order, result: ResultKind) -> None:
        payload = {
            "case": str(order.case),
            "step": order.step,
            "visit": order.visit,
            "kind": "paid",
            "detail": {"result": result.value},
        }
        key = f"case:{order.case}:bill:{order.id}:{result.value}"
        outbox.add(uow, OutboxMessage(topic="case.paid", key=key, payload=payload))


class CasePayments:
    """Let cases bill applicants."""

    def __init__(self, payments: Payments) -> None:
        """Bill through the payments."""
        self._payments = payments

    def bill(self, request: BillRequest) -> None:
        """Place a bill once per case, step and visit.

        Raises:
            PartnerUnavailable: nobody answers now, or the department refuses, which operators must see to.
        """
        order = NewOrder(
            key=_key(request.case, request.step, request.visit),
            case=request.case,
            case_number=request.case_number,
            step=request.step,
            visit=request.visit,
            payee=request.payee,
            title=request.title,
            lines=tuple(OrderLine(name, amount_fen) for name, amount_fen in request.lines),
        )
        try:
            self._payments.place(order)
        except (CashierUnavailable, CashierRefused) as fault:
            raise PartnerUnavailable from fault

    def take_back(self, case: CaseId, step: str, visit: int, *, refund_fen: int) -> None:
        """Cancel or refund.

        Raises:
            PartnerUnavailable, PartnerRefused: it is not done.
        """
        for order in self._payments.orders(case):
            if (order.step, order.visit) == (step, visit):
                try:
                    self._payments.take_back(order.id, refund_fen=refund_fen)
                except CashierUnavailable as fault:
                    raise PartnerUnavailable from fault
                except CashierRefused as fault:
                    raise PartnerRefused from fault

    def join(self, request: JointRequest) -> str:
        """Let bills be paid at once, all or none, and return where.

        Raises:
            PartnerUnavailable, PartnerRefused: nobody answers now; one of them is not open any more.
        """
        joint = _joint(request)
        try:
            self._payments.join(joint)
        except CashierUnavailable as fault:
            raise PartnerUnavailable from fault
        except CashierRefused as fault:
            raise PartnerRefused from fault
        return self.joint_url(request)

    def joint_url(self, request: JointRequest) -> str:
        """Return where such bills are paid; empty where they are not joined.

        Raises:
            PartnerUnavailable: nobody answers now.
        """
        try:
            return self._payments.joint_url(_joint(request))
        except (CashierUnavailable, CashierRefused) as fault:
            raise PartnerUnavailable from fault

    def standings(self, case: CaseId) -> tuple[BillStanding, ...]:
        """Return how the bills of a case stand."""
        return tuple(
            BillStanding(
                step=order.step,
                visit=order.visit,
                state=order.state.value,
                amount_fen=order.amount_fen,
                pay_url=order.pay_url,
                has_failed=order.failed_at is not None,
                refunded_fen=order.refunded_fen,
                number=str(order.id),
                paid_on=order.paid_on,
            )
            for order in self._payments.orders(case)
        )


def _joint(request: JointRequest) -> JointPayment:
    orders = tuple(order_number(_key(*bill)) for bill in request.bills)
    return JointPayment(orders, request.case, request.case_number)


def _key(case: CaseId, step: str, visit: int) -> str:
    return f"{case}:{step}:{visit}:bill"


def _web_address(address: object) -> str:
    """Return an address that a page may lead to; nothing where it is none of the web."""
    text = str(address or "")
    return text if text.startswith(("https://", "http://")) else ""
