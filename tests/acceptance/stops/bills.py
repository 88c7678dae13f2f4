"""Pages of a case with a bill: for who pays it, and for who may correct it."""

from tests.acceptance.stops import Stop
from tests.factories.pages import CASE
from tests.factories.views import a_bill, a_case, a_draft, a_joint_bill
from workflows.views import ExpectedFee, ExpectedLine

TO_CORRECT = a_case(bills=(a_bill(pay_url="", may_revise=True),))

LINES = (ExpectedLine("建筑垃圾处置费", 8000), ExpectedLine("城市基础设施配套费", None))
FEES = (ExpectedFee("企业设立登记", "dept.market", LINES),)
WITH_FEES = a_draft(is_complete=True, fees=FEES)

STOPS: dict[str, Stop] = {
    "bill to pay": Stop(f"/cases/{CASE}", "citizen", {"case_view": a_case(bills=(a_bill(has_failed=True),))}),
    "bills to pay at once": Stop(f"/cases/{CASE}/payment", "citizen"),
    "bills to join": Stop(f"/cases/{CASE}/payment", "citizen", {"joint_view": a_joint_bill(pay_url="")}),
    "fees before handing in": Stop(f"/cases/{CASE}/check", "citizen", {"draft_view": WITH_FEES}),
    "bill to correct": Stop(f"/officer/cases/{CASE}?read=1", "window", {"case_view": TO_CORRECT}),
}
