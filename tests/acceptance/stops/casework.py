"""Pages of one case at the officers' desk: sheet, acts, papers, phrases, undo, keys."""

from dataclasses import replace
from datetime import date
from uuid import UUID

from gov_portal.kernel.ids import FileId
from tests.acceptance.stops import Stop
from tests.factories.casework import AROUND, ASSIGNABLE, CAME_TO_NOTHING, NOTED, UNDER_WAY
from tests.factories.pages import CASE
from tests.factories.views import TASK, a_case, a_granted_case, a_work, at, the_fields
from workflows.domain.state import TaskKind
from workflows.views import ActView, MaterialView, OpinionView, Permitted

DESK = f"/officer/cases/{CASE}"
TASKS = f"{DESK}/tasks/accept.1"
SCANNED = MaterialView(
    "guard_doc", "materials.guard_doc", "监护关系证明", "civil.guardian", "uploaded", FileId(UUID(int=4))
)
TWO_PAPERS = a_work(materials=(*a_work().materials, SCANNED))
MARKED = {"work_view": TWO_PAPERS, "checks.noted": NOTED, "beside": AROUND}
RAISED = a_work(
    task="verify.1",
    step="verify",
    step_label="核验",
    kind=TaskKind.RAISED,
    raised_reason="mismatch",
    markable=(),
    acts=(ActView("confirm", "", needs_reason=True, is_enabled=True),),
)
ASKED = OpinionView(1, "受理", "样例市残疾人联合会", "评定医师", "二级还是三级？", "", at(3), None, date(2026, 3, 6))
ANSWERED = replace(ASKED, number=2, answer="二级。", ended_at=at(4), due_on=None)
ASKING = a_work(
    askable=(("assessor", "评定医师"),),
    acts=(ActView("ok", "受理", needs_reason=False, is_enabled=False, why_not="case.answer-awaited"),),
    case=a_case(opinions=(ASKED, ANSWERED, replace(ANSWERED, number=3, answer=""))),
)
ANSWERING = a_work(
    kind=TaskKind.CONSULT,
    markable=(),
    acts=(ActView("reply", "", needs_reason=True, is_enabled=True),),
    case=a_case(opinions=(ASKED,)),
)
TO_CORRECT = replace(
    a_granted_case(), permitted=Permitted(correct=True), correctable=the_fields(), corrects=CASE, corrected_by=CASE
)
READ = a_case(permitted=Permitted(suspend=True, extend=True), suspend_grounds=("听证", "鉴定"))

STOPS: dict[str, Stop] = {
    "task with notes": Stop(f"{TASKS}?paper=2&act=supplement", "window", MARKED),
    "task against notes": Stop(f"{TASKS}?act=ok", "window", MARKED),
    "task taking effect": Stop(TASKS, "window", {"held.held_tasks": frozenset({(CASE, TASK)})}),
    "task with questions": Stop(TASKS, "window", {"work_view": ASKING}),
    "question to answer": Stop(TASKS, "window", {"work_view": ANSWERING}),
    "task raised": Stop(f"{DESK}/tasks/verify.1", "leader", {"work_view": RAISED}),
    "undo": Stop("/officer?all=1", "window", {"held.acts": (UNDER_WAY, CAME_TO_NOTHING)}),
    "case of a colleague": Stop(
        f"{DESK}?read=1", "leader", {"case_view": READ, "assignable_tasks": ASSIGNABLE, "queue_rows": ()}
    ),
    "closed case": Stop(f"{DESK}?read=1", "leader", {"case_view": a_granted_case(), "queue_rows": ()}),
    "closed case to correct": Stop(f"{DESK}?read=1", "leader", {"case_view": TO_CORRECT, "queue_rows": ()}),
    "case without papers": Stop(TASKS, "window", {"work_view": replace(TWO_PAPERS, fields=(), materials=())}),
    "phrases": Stop("/officer/phrases", "leader"),
    "keyboard": Stop("/officer/help/keyboard", "window"),
}
