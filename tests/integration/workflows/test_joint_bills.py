"""The bills of a bundle are paid at once: all or none, each part hears of its own, refunds go back by part."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import httpx
import pytest

from gov_portal.exchange.adapters.assertion import ClientKey
from gov_portal.exchange.adapters.rest import RestConnector
from gov_portal.kernel.ids import CaseId
from gov_portal.payments.domain import OrderState
from gov_portal.payments.services import Payments
from gov_portal.sandbox.cashier import Till
from gov_portal.sandbox.faults import Down, Faults
from gov_portal.wiring.to_payments import CaseFollower, CasePayments, DepartmentCashier
from tests.factories.charged import charged_bundle, decided, filled
from tests.factories.departments import RunningDepartment, running
from tests.factories.town import Town
from workflows.domain.state import Status
from workflows.services.cases import CaseService
from workflows.services.effects import EffectService
from workflows.services.errors import BillsMoved, CaseUnknown, NothingToPay, PaymentUnavailable

pytestmark = pytest.mark.xdist_group("joint bills")
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
    connector = RestConnector({"finance": finance.address}, key=ClientKey.at(finance.folder.parent / "secrets"))
    cashier = DepartmentCashier(connector, base_url="http://127.0.0.1:1")
    yield Payments(town.db, cashier=cashier, follower=CaseFollower(), today=lambda: TODAY)
    connector.close()


@pytest.fixture
def paying(town: Town, payments: Payments, tmp_path: Path) -> Town:
    """Return a town whose bills go to the payment department's process, with the bundle that costs money."""
    desk = replace(town.desk, ports=replace(town.desk.ports, payments=CasePayments(payments)))
    desk.definitions.publish(charged_bundle(tmp_path))
    return replace(town, desk=desk, cases=CaseService(desk), effects=EffectService(desk))


def press(pay_url: str, act: str) -> None:
    """Press a button of the department's page; where it sends people back to is not there in this test."""
    assert httpx.post(pay_url, data={"act": act}).status_code == 303


def page(pay_url: str) -> str:
    return httpx.get(pay_url).text


def hear(town: Town, payments: Payments, case: CaseId) -> None:
    """Ask the department about every order of the parts, as its knock makes us do."""
    for part in town.cases.part_cases(case, by=town.citizen).values():
        for order in payments.orders(part):
            payments.notice(order.id)
    town.deliver_all()


def bills(town: Town, case: CaseId) -> dict[str, str]:
    parts = town.cases.part_cases(case, by=town.citizen)
    views = {step: town.cases.view(part, by=town.citizen) for step, part in parts.items()}
    return {step: bill.state for step, view in views.items() for bill in view.bills}


def test_the_sum_stands_on_the_draft_before_it_is_handed_in(paying: Town) -> None:
    draft = paying.cases.draft(filled(paying), by=paying.citizen)
    lines = [(fee.item_name, line.name, line.amount_fen) for fee in draft.fees for line in fee.lines]
    assert lines == [("乙", "工本费", 8000), ("丙", "工本费", 1200)]
    assert draft.fees_fen == 9200


def test_a_part_that_is_not_chosen_or_depends_on_nothing_known_costs_nothing_yet(paying: Town) -> None:
    case = paying.cases.begin("t.whole", by=paying.citizen)
    paying.cases.save_page(case, page="chosen", raw={"chosen.second": "false"}, by=paying.citizen)
    (fee,) = paying.cases.draft(case, by=paying.citizen).fees
    assert (fee.item_name, fee.is_open, fee.amount_fen) == ("丙", True, 0)


def test_one_payment_pays_every_part_and_each_goes_on_by_itself(paying: Town, payments: Payments) -> None:
    case = decided(paying)
    waiting = paying.cases.joint_bill(case, by=paying.citizen)
    assert (waiting.amount_fen, waiting.pay_url) == (9200, "")
    joint = paying.cases.join_bills(case, by=paying.citizen)
    assert joint == paying.cases.join_bills(case, by=paying.citizen) == paying.cases.joint_bill(case, by=paying.citizen)
    for text in ("乙", "丙", "80.00 元", "12.00 元", "92.00 元"):
        assert text in page(joint.pay_url)
    press(joint.pay_url, "pay")
    press(joint.pay_url, "pay")
    hear(paying, payments, case)
    assert bills(paying, case) == {"second": "paid", "third": "paid"}
    assert paying.cases.view(case, by=paying.citizen).outcome == "whole"
    assert not [one for one in payments.reconcile(TODAY) if one.ours_fen in (8000, 1200) or one.theirs_fen is None]
    with pytest.raises(NothingToPay):
        paying.cases.join_bills(case, by=paying.citizen)


def test_what_the_bank_refuses_takes_nothing_and_may_be_tried_again(paying: Town, payments: Payments) -> None:
    case = decided(paying)
    joint = paying.cases.join_bills(case, by=paying.citizen)
    press(joint.pay_url, "fail")
    hear(paying, payments, case)
    again = paying.cases.joint_bill(case, by=paying.citizen)
    assert [due.bill.has_failed for due in again.bills] == [True, True]
    assert again.pay_url == joint.pay_url
    press(again.pay_url, "pay")
    hear(paying, payments, case)
    assert bills(paying, case) == {"second": "paid", "third": "paid"}


def test_where_one_part_is_withdrawn_between_no_money_moves_and_the_rest_is_joined_anew(
    paying: Town, payments: Payments
) -> None:
    case = decided(paying)
    joint = paying.cases.join_bills(case, by=paying.citizen)
    paying.cases.withdraw(paying.cases.part_cases(case, by=paying.citizen)["second"], by=paying.citizen)
    paying.deliver_all()
    assert "不能再合并缴款" in page(joint.pay_url)
    press(joint.pay_url, "pay")
    hear(paying, payments, case)
    assert bills(paying, case) == {"second": "cancelled", "third": "placed"}
    rest = paying.cases.join_bills(case, by=paying.citizen)
    assert (rest.amount_fen, rest.pay_url == joint.pay_url) == (1200, False)


def test_a_bill_paid_alone_meanwhile_is_heard_of_before_the_others_are_joined(
    paying: Town, payments: Payments, finance: RunningDepartment
) -> None:
    case = decided(paying)
    second = paying.cases.part_cases(case, by=paying.citizen)["second"]
    (order,) = payments.orders(second)
    Till(finance.folder).settle(str(order.id), is_paid=True)
    with pytest.raises(BillsMoved):
        paying.cases.join_bills(case, by=paying.citizen)
    assert payments.order(order.id).state is OrderState.PAID
    paying.deliver_all()
    assert paying.cases.join_bills(case, by=paying.citizen).amount_fen == 1200


def test_while_the_department_is_down_nobody_pays_and_nothing_is_lost(paying: Town, finance: RunningDepartment) -> None:
    case = decided(paying)
    finance.set_faults(Faults(down=Down.BUSY))
    try:
        with pytest.raises(PaymentUnavailable):
            paying.cases.join_bills(case, by=paying.citizen)
    finally:
        finance.set_faults(Faults())
    assert paying.cases.join_bills(case, by=paying.citizen).amount_fen == 9200


def test_money_that_comes_when_one_part_is_over_goes_back_for_that_part_alone(
    paying: Town, payments: Payments, finance: RunningDepartment
) -> None:
    case = decided(paying)
    joint = paying.cases.join_bills(case, by=paying.citizen)
    press(joint.pay_url, "pay")
    # The knock is lost, and the second part is withdrawn before anybody asks.
    second = paying.cases.part_cases(case, by=paying.citizen)["second"]
    paying.cases.withdraw(second, by=paying.citizen)
    hear(paying, payments, case)
    assert bills(paying, case) == {"second": "refunded", "third": "paid"}
    assert [order.refunded_fen for order in payments.orders(second)] == [8000]


def test_bills_that_nobody_pays_in_time_are_closed_to_their_joint_page(paying: Town, payments: Payments) -> None:
    case = decided(paying)
    joint = paying.cases.join_bills(case, by=paying.citizen)
    paying.move("2026-03-20")
    paying.cases.fire_due()
    paying.deliver_all()
    press(joint.pay_url, "pay")
    hear(paying, payments, case)
    assert bills(paying, case) == {"second": "cancelled", "third": "cancelled"}
    assert paying.cases.view(case, by=paying.citizen).status is Status.CLOSED


def test_a_stranger_learns_of_no_bill(paying: Town) -> None:
    case = decided(paying)
    for ask in (paying.cases.joint_bill, paying.cases.join_bills):
        with pytest.raises(CaseUnknown):
            ask(case, by=paying.stranger)
