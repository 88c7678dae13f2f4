"""Pages of a bundle (一件事): its guide, its progress with all parts, a part on its own, a part at the desk."""

from tests.acceptance.stops import Stop
from tests.factories.pages import CASE
from tests.factories.views import a_case, a_supplement, a_work, at
from workflows.domain.definition import Phase
from workflows.domain.state import Status
from workflows.views import PartView, WholeView

REGISTER = PartView(
    "register",
    "market.company-register",  # type: ignore[arg-type]
    "企业设立登记",
    "open",
    CASE,
    "470101-20260302-0000124-K",
    Status.OPEN,
    Phase.ACCEPTANCE,
    needs_applicant=True,
    changed_at=at(4),
)
PARTS = (
    REGISTER,
    PartView("seal", "police.seal-filing", "公章刻制备案", "waiting", after=("企业设立登记",)),  # type: ignore[arg-type]
    PartView("fund", "fund.deposit-account", "住房公积金单位缴存登记", "left_out"),  # type: ignore[arg-type]
)
WHOLE = WholeView(
    "market.start-business",  # type: ignore[arg-type]
    "开办企业一件事",
    "470101-20260302-0000123-K",
    "register",
    (REGISTER,),
    CASE,
)

STOPS = {
    "guide of a bundle": Stop("/items/market.start-business"),
    "progress of a bundle": Stop(
        f"/cases/{CASE}", "citizen", {"case_view": a_case(parts=PARTS, supplement=a_supplement())}
    ),
    "progress of a part": Stop(f"/cases/{CASE}", "citizen", {"case_view": a_case(whole=WHOLE)}),
    "task of a part": Stop(
        f"/officer/cases/{CASE}/tasks/accept.1", "window", {"work_view": a_work(case=a_case(whole=WHOLE))}
    ),
}
