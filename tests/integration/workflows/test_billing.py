"""A case bills its applicant at the payment department and goes on when the money is there."""

from collections.abc import Iterator
from datetime import date

import pytest

from gov_portal.exchange.adapters.assertion import ClientKey
from gov_portal.exchange.adapters.rest import RestConnector
from gov_portal.kernel import outbox
from gov_portal.kernel.ids import CaseId
from gov_portal.payments.domain import CashierUnavailable, OrderState
from gov_portal.payments.services import Payments
from gov_portal.sandbox.cashier import Till
from gov_portal.sandbox.faults import Down, Faults
from gov_portal.wiring.to_payments import CaseFollower, CasePayments, DepartmentCashier
from tests.factories.departments import RunningDepartment, running
from tests.factories.town import Town
from tests.integration.workflows.test_incoming import PERMIT, a_message, applied
from workflows.domain.state import Status
from workflows.ports import BillRequest
from workflows.services.incoming import Incoming

pytestmark = pytest.mark.xdist_group("bills")
"""Else each worker would start the department anew."""

TODAY = date.today()  # noqa: DTZ011 - the department goes by the real day


@pytest.fixture(scope="module")
def finance(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDepartment]:
    folder = tmp_path_factory.mktemp("finance")
    ClientKey.at(folder / "secrets")
    with running("finance", store=folder, secrets_dir=folder / "secrets") as department:
        yield department


@pytest.fixture
def payments(town: Town, finance: RunningDepartment) -> Iterator[Payments]:
    key = ClientKey.at(finance.folder.parent / "secrets")
    connector = RestConnector({"finance": finance.address}, key=key)
    cashier = DepartmentCashier(connector, base_url="http://127.0.0.1:1")
    yield Payments(town.db, cashier=cashier, follower=CaseFollower(), today=lambda: TODAY)
    connector.close()


def decided(town: Town) -> CaseId:
    town.desk.definitions.publish([PERMIT])
    Incoming(town.desk).receive(a_message(), by=town.assessor)
    case = applied(town)
    town.act(case, "check.1", "ok", by=town.checkers[0])
    town.deliver_all()
    town.act(case, "decide.1", "ok", by=town.leader)
    return case


def billed(town: Town) -> CaseId:
    case = decided(town)
    town.deliver_all()
    return case


def a_bill(case: CaseId, visit: int = 1) -> BillRequest:
    return BillRequest(
        case=case, case_number="N-1", step="fee", visit=visit, payee="dept.cdpf", title="样例", lines=(("费", 40000),)
    )


def test_the_applicant_sees_the_lines_and_where_to_pay_and_the_officer_how_it_stands(town: Town) -> None:
    case = billed(town)
    (bill,) = town.cases.view(case, by=town.citizen).bills
    assert [(line.name, line.amount_fen) for line in bill.lines] == [("审查费", 40000)]
    assert (bill.amount_fen, bill.state, bill.pay_url) == (40000, "placed", "https://pay.example/1")
    assert [row.needs_payment for row in town.cases.my_cases(town.citizen)] == [True]
    (seen,) = town.cases.view(case, by=town.leader).bills
    assert (seen.state, seen.pay_url) == ("placed", "")


def test_a_payment_department_that_is_down_is_asked_again(town: Town) -> None:
    case = decided(town)
    town.doubles.payments.is_down = True
    for one in outbox.due(town.db, 20):
        message = outbox.claim(town.db, one)
        if message is not None:
            town.effects.deliver(message)
    assert town.cases.view(case, by=town.citizen).bills[0].state == "new"
    town.doubles.payments.is_down = False
    town.deliver_all()
    (bill,) = town.cases.view(case, by=town.citizen).bills
    assert bill.state == "placed"
    assert "unavailable" in [entry.kind for entry in town.cases.view(case, by=town.leader).timeline]


def test_a_case_goes_on_when_its_bill_is_paid_and_hears_of_a_failure_once(
    town: Town, payments: Payments, finance: RunningDepartment
) -> None:
    case = billed(town)
    bills, till = CasePayments(payments), Till(finance.folder)
    bills.bill(a_bill(case))
    bills.bill(a_bill(case))
    (order,) = payments.orders(case)
    assert order.pay_url == f"{finance.address}/pay/{order.id}"
    till.settle(str(order.id), is_paid=False)
    payments.notice(order.id)
    till.settle(str(order.id), is_paid=True)
    payments.notice(order.id)
    payments.notice(order.id)
    assert payments.order(order.id).state is OrderState.PAID
    assert [topic for topic, _ in town.outbox()].count("case.paid") == 2
    town.deliver_all()
    view = town.cases.view(case, by=town.leader)
    assert [holder.step for holder in view.holders] == ["make"]
    assert [entry.kind for entry in view.timeline].count("payment-failed") == 1
    bills.take_back(case, "fee", 1, refund_fen=10000)
    assert (payments.order(order.id).state, payments.order(order.id).refunded_fen) == (OrderState.REFUNDED, 10000)


def test_an_unpaid_order_is_cancelled_and_cannot_be_paid_any_more(
    town: Town, payments: Payments, finance: RunningDepartment
) -> None:
    case = billed(town)
    bills, till = CasePayments(payments), Till(finance.folder)
    bills.bill(a_bill(case))
    (order,) = payments.orders(case)
    bills.take_back(case, "fee", 1, refund_fen=10000)
    till.settle(str(order.id), is_paid=True)
    assert "已取消" in str(till.page(str(order.id)))
    assert payments.order(order.id).state is OrderState.CANCELLED


def test_daily_books_find_what_either_side_misses(town: Town, payments: Payments, finance: RunningDepartment) -> None:
    case = billed(town)
    bills, till = CasePayments(payments), Till(finance.folder)
    for visit in (1, 2, 3):
        bills.bill(a_bill(case, visit))
    known, unheard, lost = payments.orders(case)
    for order in (known, unheard, lost):
        till.settle(str(order.id), is_paid=True)
    payments.notice(known.id)
    payments.notice(lost.id)
    till.lose(str(lost.id))
    with town.db.driver() as driver:
        driver.execute("DELETE FROM payments_orders WHERE id = %s", (unheard.id,))
    mine = {known.id, unheard.id, lost.id}
    found = {one.order: (one.ours_fen, one.theirs_fen) for one in payments.reconcile(TODAY) if one.order in mine}
    assert found == {unheard.id: (None, 40000), lost.id: (40000, None)}
    assert {one.order for one in payments.differences()} >= {unheard.id, lost.id}


def test_a_knock_that_got_lost_is_made_good_by_the_books(
    town: Town, payments: Payments, finance: RunningDepartment
) -> None:
    case = billed(town)
    CasePayments(payments).bill(a_bill(case))
    (order,) = payments.orders(case)
    Till(finance.folder).settle(str(order.id), is_paid=True)
    assert order.id not in {one.order for one in payments.reconcile(TODAY)}
    assert payments.order(order.id).state is OrderState.PAID


def test_while_the_department_is_down_nothing_is_lost(
    town: Town, payments: Payments, finance: RunningDepartment
) -> None:
    finance.set_faults(Faults(down=Down.BUSY))
    try:
        with pytest.raises(CashierUnavailable):
            payments.reconcile(TODAY)
        assert payments.poll() == 0
    finally:
        finance.set_faults(Faults())


def test_money_that_comes_when_the_case_is_over_goes_back(town: Town) -> None:
    case = billed(town)
    town.doubles.payments.pay(case, "fee")
    town.move("2026-03-20")
    town.cases.fire_due()
    town.deliver_all()
    assert town.cases.view(case, by=town.citizen).status is Status.CLOSED
    (bill,) = town.doubles.payments.standings(case)
    assert (bill.state, bill.refunded_fen) == ("refunded", 40000)
