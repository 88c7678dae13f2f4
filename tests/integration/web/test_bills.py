"""What is to pay stands on the case, line by line; only the applicant is led to where it is paid."""

from dataclasses import replace

from tests.factories.pages import CASE, Pages
from tests.factories.views import ITEM, PAY_URL, a_bill, a_case, a_case_row, a_draft, a_joint_bill, a_work
from workflows.domain.commands import ReviseBill
from workflows.views import BillView, ExpectedFee, ExpectedLine, PartView

BILL = a_bill()


def page(pages: Pages, bill: BillView) -> str:
    pages.cases.case_view = a_case(bills=(bill,))
    return pages.signed_in().get(f"/cases/{CASE}").text


def test_the_applicant_sees_every_line_and_a_plain_link_to_pay(pages: Pages) -> None:
    html = page(pages, BILL)
    assert 'data-bill="fee" data-state="placed"' in html
    for text in ("城市基础设施配套费", "1,200,000.00 元", "130.50 元", "1,200,130.50 元", "待缴款", "3月12日"):
        assert text in html
    assert f'<a class="button" href="{PAY_URL}" rel="noreferrer">去缴款</a>' in html
    assert "没有成功" not in html


def test_a_failed_payment_says_that_nothing_was_taken(pages: Pages) -> None:
    html = page(pages, replace(BILL, has_failed=True))
    assert "上次缴款没有成功，钱没有扣。" in html
    assert PAY_URL in html


def test_a_paid_and_a_refunded_bill_lead_nowhere(pages: Pages) -> None:
    paid = page(pages, replace(BILL, state="paid", pay_url=""))
    assert "已缴款" in paid
    assert "去缴款" not in paid
    assert "已退还" in page(pages, replace(BILL, state="refunded", pay_url="", refunded_fen=100))


def test_officers_see_how_it_stands(pages: Pages) -> None:
    bill = replace(BILL, pay_url="")
    pages.cases.case_view = a_case(bills=(bill,))
    pages.cases.work_view = replace(a_work(), case=a_case(bills=(bill,)))
    html = pages.signed_in("window").get(f"/officer/cases/{CASE}?read=1").text
    assert 'data-bill="fee" data-state="placed"' in html
    assert "去缴款" not in html


def test_programs_read_the_same(pages: Pages) -> None:
    pages.cases.case_view = a_case(bills=(BILL,))
    (bill,) = (
        pages.signed_in().client.get(f"/api/v1/cases/{CASE}", headers={"Authorization": "Bearer citizen"}).json["bills"]
    )
    assert (bill["amount_fen"], bill["state"], bill["pay_url"]) == (120013050, "placed", PAY_URL)
    assert [line["amount_fen"] for line in bill["lines"]] == [120000000, 13050]


def test_anybody_may_knock_and_learns_nothing(pages: Pages) -> None:
    answer = pages.visitor().client.post("/api/v1/payment-notices", json={"order": str(CASE)})
    assert (answer.status_code, answer.data) == (204, b"")
    assert pages.visitor().client.post("/api/v1/payment-notices", json={"order": "x"}).status_code == 422


def test_an_officer_corrects_an_amount_with_a_reason(pages: Pages) -> None:
    pages.cases.case_view = a_case(bills=(replace(BILL, pay_url="", may_revise=True),))
    visitor, form = pages.signed_in("window"), f"/officer/cases/{CASE}?read=1"
    assert 'name="amount-2" inputmode="decimal" value="130.50"' in visitor.get(form).text
    path = f"/officer/cases/{CASE}/bills/fee/revision"
    typed = {"amount-1": "1200000.00", "amount-2": "100", "reason": "垃圾量算错了"}
    assert visitor.post(path, typed, form=form).status_code == 303
    (call,) = pages.cases.called("revise_bill")
    assert call["change"] == ReviseBill("fee", ((1, 120000000), (2, 10000)), "垃圾量算错了")
    refused = visitor.post(path, {**typed, "amount-2": "viel"}, form=form)
    assert 'id="f-revise-amount-2-error"' in refused.text


def test_home_and_list_lead_to_the_bill_and_not_to_a_supplement(pages: Pages) -> None:
    pages.cases.rows = (replace(a_case_row(), needs_applicant=True, needs_payment=True),)
    home = pages.signed_in().get("/").text
    assert f'<strong>需要您缴费：</strong><a href="/cases/{CASE}">' in home
    assert "需要您缴费" in pages.signed_in().get("/cases").text


def test_what_will_be_to_pay_stands_on_the_last_page_with_its_sum(pages: Pages) -> None:
    fees = (
        ExpectedFee("企业设立登记", "dept.market", (ExpectedLine("建筑垃圾处置费", 8000, "样例收费办法"),)),
        ExpectedFee("公章刻制备案", "dept.police", (ExpectedLine("刻章费", None),)),
    )
    pages.cases.draft_view = a_draft(is_complete=True, fees=fees)
    html = pages.signed_in().get(f"/cases/{CASE}/check").text
    assert 'data-fees="8000"' in html
    for text in ("建筑垃圾处置费", "80.00 元", "办理时核定", "80.00 元 起", "现在不用缴"):
        assert text in html
    headers = {"Authorization": "Bearer citizen"}
    told = pages.signed_in().client.get(f"/api/v1/drafts/{CASE}", headers=headers).json["fees"]
    assert [(fee["amount_fen"], fee["is_open"]) for fee in told] == [(8000, False), (0, True)]


def test_a_bundle_with_several_bills_offers_to_pay_them_at_once(pages: Pages) -> None:
    visitor, bundle = pages.signed_in(), f"/cases/{CASE}"
    pages.cases.case_view = a_case(bills=(BILL,), parts=(PartView("register", ITEM, "企业设立登记", "open", CASE),))
    assert 'id="join-bills"' in visitor.get(bundle).text
    answer = visitor.post(f"{bundle}/payment", {}, form=bundle)
    assert (answer.status_code, answer.location) == (303, f"{bundle}/payment")
    html = visitor.get(f"{bundle}/payment").text
    assert 'data-joint="120021050"' in html
    for text in ("城市基础设施配套费", "建筑垃圾处置费", "1,200,210.50 元", f'href="{PAY_URL}-all"'):
        assert text in html


def test_what_is_not_joined_yet_is_joined_on_its_page_and_without_a_bill_there_is_none(pages: Pages) -> None:
    pages.cases.joint_view = a_joint_bill(pay_url="")
    path = f"/cases/{CASE}/payment"
    html = pages.signed_in().get(path).text
    assert 'id="join-bills"' in html
    assert "去缴款" not in html
    pages.cases.joint_view = a_joint_bill(bills=())
    assert pages.signed_in().get(path).location == f"/cases/{CASE}"


def test_programs_join_bills_too(pages: Pages) -> None:
    client, headers = pages.signed_in().client, {"Authorization": "Bearer citizen"}
    for told in (
        client.get(f"/api/v1/cases/{CASE}/payment", headers=headers).json,
        client.post(f"/api/v1/cases/{CASE}/payment", headers=headers).json,
    ):
        assert (told["amount_fen"], told["pay_url"]) == (120021050, f"{PAY_URL}-all")
        assert [(due["payee"], due["bill"]["amount_fen"]) for due in told["bills"]] == [
            ("dept.housing", 120013050),
            ("dept.market", 8000),
        ]
