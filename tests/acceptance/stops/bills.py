"""Pages of a case with a bill: for who pays it, and for who may correct it."""

from tests.acceptance.stops import Stop
from tests.factories.pages import CASE
from tests.factories.views import a_bill, a_case

TO_CORRECT = a_case(bills=(a_bill(pay_url="", may_revise=True),))

STOPS: dict[str, Stop] = {
    "bill to pay": Stop(f"/cases/{CASE}", "citizen", {"case_view": a_case(bills=(a_bill(has_failed=True),))}),
    "bill to correct": Stop(f"/officer/cases/{CASE}?read=1", "window", {"case_view": TO_CORRECT}),
}
