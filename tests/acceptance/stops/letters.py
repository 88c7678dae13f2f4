"""Pages with the letters of a case, as its applicant and as its officers see them."""

from dataclasses import replace

from tests.acceptance.stops import Stop
from tests.factories.letters import WAITING, a_conversation
from tests.factories.pages import CASE
from tests.factories.views import TASK, a_case_row, a_granted_case

NEW = {"correspondence.seen": a_conversation()}
OLDER = {"correspondence.seen": a_conversation(before=1, unread=0)}
CLOSED = {"correspondence.seen": a_conversation(may_write=False, is_closed=True, unread=0)}
DESK = f"/officer/cases/{CASE}"

STOPS: dict[str, Stop] = {
    "case with letters": Stop(f"/cases/{CASE}", "citizen", NEW),
    "letters": Stop(f"/cases/{CASE}/letters", "citizen", OLDER),
    "letters refused": Stop(f"/cases/{CASE}/letters", "citizen", NEW, press="发出留言"),
    "no letters": Stop(f"/cases/{CASE}/letters", "citizen"),
    "letters of a closed case": Stop(f"/cases/{CASE}/letters", "citizen", CLOSED),
    "cases with a letter": Stop("/cases", "citizen", {"rows": (replace(a_case_row(), has_new_letter=True),)}),
    "task with letters": Stop(f"{DESK}/tasks/{TASK}", "window", NEW),
    "closed case with letters": Stop(f"{DESK}?read=1", "leader", {**CLOSED, "case_view": a_granted_case()}),
    "letters at the desk": Stop(f"{DESK}/letters", "window", OLDER),
    "letters refused at the desk": Stop(f"{DESK}/letters", "window", NEW, press="发给申请人"),
    "new letters": Stop("/officer/letters", "window", {"correspondence.rows": (WAITING,)}),
    "no new letters": Stop("/officer/letters", "window"),
    "queue with new letters": Stop("/officer?all=1", "window", {"correspondence.rows": (WAITING,)}),
}
