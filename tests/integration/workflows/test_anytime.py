"""What may happen at any time: withdraw, urge, suspend, resume, extend, claim, hand over, appeal, object."""

import pytest

from gov_portal.kernel.errors import DomainError
from gov_portal.kernel.ids import CaseId, OfficerId, TaskKey
from gov_portal.kernel.principal import Citizen
from tests.factories.town import REVIEW, Town
from workflows.domain.commands import AskOpinion
from workflows.domain.state import Status
from workflows.engine.refusals import ReasonMissing
from workflows.services.errors import CaseUnknown, NoticeUnknown


def kinds(town: Town, case: CaseId) -> list[str]:
    return [entry.kind for entry in town.cases.view(case, by=town.leader).timeline]


def refused(town: Town) -> CaseId:
    case = town.submitted()
    town.act(case, "accept.1", "refuse", by=town.window, reason="材料与事实不符")
    return case


def test_a_withdrawn_case_is_closed_with_its_reason(town: Town) -> None:
    case = town.accepted()
    town.cases.withdraw(case, by=town.citizen, reason="不需要了", key="k")
    town.cases.withdraw(case, by=town.citizen, reason="不需要了", key="k")
    view = town.cases.view(case, by=town.citizen)
    assert (view.status, view.outcome) == (Status.CLOSED, "withdrawn")
    assert [entry.detail.get("reason") for entry in view.timeline if entry.kind == "withdrawn"] == ["不需要了"]
    assert town.cases.queue(town.assessor) == ()


def test_nobody_withdraws_the_case_of_another(town: Town) -> None:
    case = town.submitted()
    with pytest.raises(CaseUnknown):
        town.cases.withdraw(case, by=town.stranger)


def test_a_suspension_stops_work_and_says_why(town: Town) -> None:
    case = town.accepted()
    town.cases.suspend(case, ground="听证", reason="当事人申请听证", by=town.leader)
    view = town.cases.view(case, by=town.citizen)
    assert view.status is Status.SUSPENDED
    assert [(one.kind, one.ground) for one in view.standstills] == [("suspended", "听证")]
    with pytest.raises(DomainError, match="case.suspended"):
        town.assess(case)
    town.move("2026-03-06")
    town.cases.resume(case, by=town.leader)
    assert town.cases.view(case, by=town.citizen).status is Status.OPEN
    town.assess(case)


def test_an_extension_is_counted_and_told(town: Town) -> None:
    case = town.accepted()
    town.cases.extend(case, reason="案情复杂", by=town.leader)
    clock = town.cases.view(case, by=town.citizen).clock
    assert clock is not None
    assert clock.added_working_days == 10
    with pytest.raises(DomainError, match="case.extension-used-up"):
        town.cases.extend(case, reason="还是复杂", by=town.leader)


def test_what_the_page_offers_is_what_the_service_accepts(town: Town) -> None:
    case = town.accepted()
    mine = town.cases.view(case, by=town.citizen).permitted
    assert (mine.withdraw, mine.urge, mine.appeal, mine.suspend) == (True, True, False, False)
    theirs = town.cases.view(case, by=town.leader).permitted
    assert (theirs.suspend, theirs.resume, theirs.extend, theirs.withdraw) == (True, False, True, False)
    assert not town.cases.view(case, by=town.checkers[0]).permitted.extend


def test_an_opinion_is_asked_for_in_another_office_and_answered_from_its_queue(town: Town) -> None:
    case, task = town.reviewed(), TaskKey("approve.1")
    asker = town.leader
    work = town.cases.work(case, task, by=asker)
    assert work.askable == (("assessor", "评定医师"),)
    question = AskOpinion(task, "assessor", "听力是否复查过？")
    town.cases.ask_opinion(case, question, by=asker, key="k")
    town.cases.ask_opinion(case, question, by=asker, key="k")
    holders = [(one.step, one.step_label) for one in town.cases.view(case, by=town.citizen).holders]
    assert holders == [("approve", "批准"), ("", "征求意见")]
    (row,) = town.cases.queue(town.assessor)
    asked = town.cases.work(case, row.task, by=town.assessor)
    assert [(act.id, act.needs_reason, act.is_enabled) for act in asked.acts] == [("reply", True, True)]
    assert [(one.question, one.answer, one.ended_at) for one in asked.case.opinions] == [("听力是否复查过？", "", None)]
    with pytest.raises(DomainError, match="case.answer-awaited"):
        town.act(case, task, "ok", by=town.leader)
    town.act(case, row.task, "reply", by=town.assessor, reason="复查过，二级。")
    assert town.cases.queue(town.assessor) == ()
    (answered,) = town.cases.view(case, by=town.assessor).opinions
    assert (answered.answer, answered.asked) == ("复查过，二级。", "评定医师")


def test_the_applicant_learns_that_an_opinion_was_asked_for_but_not_the_words(town: Town) -> None:
    case, task = town.reviewed(), TaskKey("approve.1")
    town.cases.ask_opinion(case, AskOpinion(task, "assessor", "听力是否复查过？"), by=town.leader)
    view = town.cases.view(case, by=town.citizen)
    assert view.opinions == ()
    assert "consulted" in [entry.kind for entry in view.timeline]
    assert "听力是否复查过" not in repr([entry.detail for entry in view.timeline])


def test_one_urges_once_a_day(town: Town) -> None:
    case = town.accepted()
    town.cases.urge(case, by=town.citizen)
    with pytest.raises(DomainError, match="case.urged-already"):
        town.cases.urge(case, by=town.citizen)
    town.move("2026-03-04")
    town.cases.urge(case, by=town.citizen)


def test_a_claimed_task_leaves_the_queues_of_the_colleagues(town: Town) -> None:
    case = town.submitted()
    colleague = town.doubles.officers.add("window.2", org="dept.subdistrict", role="window")
    town.cases.claim(case, TaskKey("accept.1"), by=town.window)
    assert [row.officer for row in town.cases.queue(town.window)] == [town.window.officer]
    assert town.cases.queue(colleague) == ()
    with pytest.raises(DomainError, match="case.not-your-task"):
        town.act(case, "accept.1", "ok", by=colleague)


def test_a_task_is_handed_to_a_colleague_who_could_take_it(town: Town) -> None:
    case = town.submitted()
    colleague = town.doubles.officers.add("window.2", org="dept.subdistrict", role="window")
    work = town.cases.work(case, TaskKey("accept.1"), by=town.window)
    assert [officer for officer, _ in work.hand_over_to] == [colleague.officer]
    town.cases.hand_over(case, TaskKey("accept.1"), to=colleague.officer, by=town.window, reason="休假")
    assert town.cases.queue(town.window) == ()
    town.act(case, "accept.1", "ok", by=colleague)


def test_a_task_is_not_handed_to_somebody_of_another_post(town: Town) -> None:
    case = town.submitted()
    with pytest.raises(DomainError, match="case.not-permitted"):
        town.cases.hand_over(case, TaskKey("accept.1"), to=town.leader.officer, by=town.window)
    with pytest.raises(DomainError, match="case.not-permitted"):
        town.cases.hand_over(case, TaskKey("accept.1"), to=OfficerId(town.citizen.person), by=town.window)


def test_an_appeal_opens_one_successor_that_knows_the_first_case(town: Town) -> None:
    case = refused(town)
    successor = town.cases.appeal(case, by=town.citizen, reason="事实认定有误")
    assert town.cases.appeal(case, by=town.citizen, reason="再来一次") == successor
    draft = town.cases.draft(successor, by=town.citizen)
    assert draft.item == REVIEW
    known = {view.path: view.shown for view in draft.prefilled}
    first = town.cases.view(case, by=town.citizen)
    assert known["appealed.case_number"] == first.case_number
    assert known["appealed.item_name"] == "残疾人证首次申办"
    page = draft.page("request")
    assert page is not None
    assert {view.path: view.value for view in page.fields}["request.grounds"] == "事实认定有误"
    assert first.appealed_by == successor
    assert town.cases.view(successor, by=town.citizen).appeal_of == case
    assert first.status is Status.CLOSED


def test_a_successor_that_a_crash_prevented_is_opened_by_the_outbox(town: Town) -> None:
    case = refused(town)
    town.cases.open_successor = lambda *_, **__: None  # type: ignore[method-assign]
    successor = town.cases.appeal(case, by=town.citizen, reason="事实认定有误")
    with pytest.raises(CaseUnknown):
        town.cases.view(successor, by=town.citizen)
    town.deliver_all()
    assert town.cases.draft(successor, by=town.citizen).item == REVIEW


def test_a_successor_goes_its_own_way_to_its_end(town: Town) -> None:
    case = refused(town)
    successor = town.cases.appeal(case, by=town.citizen, reason="事实认定有误")
    raw = {"request.aim": "revoke", "request.grounds": "事实认定有误，请复议"}
    town.cases.save_page(successor, page="request", raw=raw, by=town.citizen)
    town.cases.save_page(successor, page="delivery", raw={"delivery.way": "pickup"}, by=town.citizen)
    town.cases.submit(successor, by=town.citizen)
    assert town.cases.view(successor, by=town.citizen).status is Status.OPEN


def test_an_appeal_after_its_period_is_refused(town: Town) -> None:
    case = refused(town)
    town.move("2026-06-01")
    with pytest.raises(DomainError, match="case.no-appeal-now"):
        town.cases.appeal(case, by=town.citizen, reason="太晚了")


def test_anyone_signed_in_may_object_to_what_is_public(town: Town) -> None:
    case = town.publicised()
    (notice,) = town.cases.public_notices()
    assert {view.path: view.shown for view in notice.fields} == {"applicant.name": "样*", "verdict.grade": "二级"}
    town.cases.object_to(case, notice.step, text="我知道他听得见", by=town.stranger, key="k")
    town.cases.object_to(case, notice.step, text="我知道他听得见", by=town.stranger, key="k")
    (row,) = town.cases.queue(town.checkers[0])
    work = town.cases.work(case, row.task, by=town.checkers[0])
    assert [one.text for one in work.objections] == ["我知道他听得见"]
    assert {act.id for act in work.acts} == {"uphold", "dismiss"}
    with pytest.raises(ReasonMissing):
        town.act(case, row.task, "dismiss", by=town.checkers[0])
    town.act(case, row.task, "dismiss", by=town.checkers[0], reason="the finding agrees with the tests")
    assert "objected" in kinds(town, case)


def test_what_is_not_public_is_not_found(town: Town) -> None:
    case = town.accepted()
    assert town.cases.public_notices() == ()
    with pytest.raises(NoticeUnknown):
        town.cases.public_notice(case, "publicise")
    with pytest.raises(DomainError, match="case.no-objection-now"):
        town.cases.object_to(case, "publicise", text="x", by=town.stranger)


def test_a_guardian_sees_the_case_only_while_acting_for_the_ward(town: Town) -> None:
    case = town.submitted()
    guardian = Citizen(town.stranger.person, ial=4, aal=2, acting_for=town.citizen.person)
    assert town.cases.view(case, by=guardian).case_number
    with pytest.raises(CaseUnknown):
        town.cases.view(case, by=town.stranger)
