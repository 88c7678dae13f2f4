"""Pages of the counter: identify a person, enter for them, hand in, tell."""

from tests.acceptance.stops import Stop
from tests.factories.counter import VISIT, a_telling, an_unsent
from tests.factories.letters import a_conversation
from tests.factories.pages import CASE
from tests.factories.views import a_case, a_case_row, a_denied_case, a_draft, a_granted_case, a_supplement, at
from workflows.domain.counter import AtCounter, Consent
from workflows.domain.state import Status

DESK = "/officer/counter"
HERE = f"{DESK}/visits/{VISIT}"
ENTRY = f"{HERE}/cases/{CASE}"
AGREED = {"counter.consents": {(CASE, VISIT): Consent.ORAL}}
ENTERED = AtCounter("东样区街道政务服务窗口", Consent.ORAL, at(2))
LETTERS = {"correspondence.seen": a_conversation()}
ROWS = (a_case_row(needs_applicant=True), a_case_row(status=Status.DRAFT, case_number=""))

STOPS: dict[str, Stop] = {
    "counter": Stop(DESK, "counter", {"counter.drafts": [an_unsent()], "counter.waiting": [a_telling()]}),
    "counter identify": Stop(f"{DESK}/identify", "counter"),
    "counter identify with faults": Stop(f"{DESK}/identify", "counter", press="核验身份"),
    "counter visit": Stop(HERE, "counter", {"rows": ROWS}),
    "counter consent": Stop(f"{HERE}/items/cdpf.disability-card.first", "counter", {"rows": ROWS}),
    "counter form": Stop(f"{ENTRY}/form/basic", "counter", AGREED),
    "counter materials": Stop(f"{ENTRY}/materials", "counter", AGREED),
    "counter check": Stop(f"{ENTRY}/check", "counter", {**AGREED, "draft_view": a_draft(is_complete=True)}),
    "counter discard": Stop(f"{ENTRY}/discard", "counter", AGREED),
    "counter receipt": Stop(f"{ENTRY}/receipt", "counter", {"case_view": a_case(counter=ENTERED)}),
    "counter case": Stop(ENTRY, "counter", {"case_view": a_granted_case()}),
    "counter supplement": Stop(
        f"{ENTRY}/supplement", "counter", {"case_view": a_case(counter=ENTERED, supplement=a_supplement())}
    ),
    "counter tellings": Stop(
        f"{DESK}/tellings", "counter", {"counter.waiting": [a_telling(), a_telling(code="case.closed")]}
    ),
    "counter case with letters": Stop(ENTRY, "counter", {"case_view": a_case(counter=ENTERED), **LETTERS}),
    "counter letters": Stop(f"{ENTRY}/letters", "counter", LETTERS),
    "counter withdraw": Stop(f"{ENTRY}/withdraw", "counter"),
    "counter appeal": Stop(f"{ENTRY}/appeal", "counter", {"case_view": a_denied_case()}, press="申请复议"),
    "counter rate": Stop(f"{ENTRY}/rating", "counter", {"case_view": a_granted_case()}),
}
