"""A respondent sees their own part of a case from the moment they are asked, acts in it and hears of it."""

from dataclasses import replace

import pytest

from gov_portal.kernel.errors import DomainError, InvalidFields
from gov_portal.kernel.ids import CaseId, ItemId, TaskKey
from tests.factories.town import OTHER, Town
from workflows.domain.commands import ActOn
from workflows.domain.state import Status
from workflows.services.errors import CaseUnknown, FieldNotAsked, FileUnknown

ARBITRATION = ItemId("labour.arbitration")


def served(town: Town, *, respondent: str = OTHER) -> CaseId:
    """Return a case in which the respondent is asked for an answer."""
    officers = town.doubles.officers
    clerk = officers.add("clerk", org="dept.labour", role="clerk")
    case = town.cases.begin(ARBITRATION, by=town.citizen)
    other = {"dispute.respondent_name": "旁人", "dispute.respondent_id": respondent}
    town.cases.save_page(case, page="respondent", raw=other, by=town.citizen)
    dispute = {"dispute.kind": "wages", "dispute.claim": "补发工资", "dispute.facts": "三个月没有发"}
    town.cases.save_page(case, page="dispute", raw=dispute, by=town.citizen)
    town.cases.submit(case, by=town.citizen)
    town.act(case, "accept.1", "ok", by=clerk)
    with pytest.raises(CaseUnknown):
        town.cases.involvement(case, by=town.stranger)
    town.act(case, "serve.1", "served", by=clerk)
    return case


def test_the_respondent_is_told_and_sees_only_what_is_theirs(town: Town) -> None:
    case = served(town)
    town.deliver_all()
    told = [code for person, code, _ in town.doubles.messages.told.values() if person == town.stranger.person]
    assert told == ["case.your-turn"]
    view = town.cases.involvement(case, by=town.stranger)
    assert {one.path for one in view.fields} == {
        "applicant.name",
        "dispute.kind",
        "dispute.claim",
        "dispute.facts",
    }
    assert [one.name for one in view.documents] == ["应诉通知书"]
    assert view.turn is not None
    assert [act.id for act in view.turn.acts] == ["answer", "waive"]
    assert [row.is_asked for row in town.cases.involved_in(town.stranger)] == [True]
    for read in (town.cases.view, town.cases.receipt_paper):
        with pytest.raises(CaseUnknown):
            read(case, by=town.stranger)
    with pytest.raises(CaseUnknown):
        town.cases.withdraw(case, by=town.stranger)


def test_the_answer_reaches_the_tribunal_once(town: Town) -> None:
    case = served(town)
    answer = ActOn(TaskKey("answer.1"), "answer", {"answer.text": "已经发放"})
    town.cases.take_turn(case, answer, by=town.stranger, key="k")
    town.cases.take_turn(case, answer, by=town.stranger, key="k")
    assert town.cases.involvement(case, by=town.stranger).turn is None
    assert [row.is_asked for row in town.cases.involved_in(town.stranger)] == [False]
    fields = {one.path: one.shown for one in town.cases.view(case, by=town.citizen).fields}
    assert fields["answer.text"] == "已经发放"


def test_nobody_else_answers_and_faults_are_told_at_once(town: Town) -> None:
    case = served(town)
    answer = ActOn(TaskKey("answer.1"), "answer", {"answer.text": "x"})
    with pytest.raises(DomainError, match="case.not-your-task"):
        town.cases.take_turn(case, answer, by=town.citizen)
    with pytest.raises(CaseUnknown):
        town.cases.take_turn(case, answer, by=town.newcomer())
    with pytest.raises(InvalidFields):
        town.cases.take_turn(case, replace(answer, fields={"answer.text": "长" * 2001}), by=town.stranger)
    with pytest.raises(FieldNotAsked):
        town.cases.attach_in_turn(case, "dispute.proof", b"%PDF-1.4", claimed_type="application/pdf", by=town.stranger)


def test_the_respondent_opens_the_notices_they_get_and_no_others(town: Town) -> None:
    case = served(town)
    town.deliver_all()
    notices = {one.name: one.file for one in town.cases.view(case, by=town.citizen).documents}
    media_type, _ = town.cases.involved_file(case, notices["应诉通知书"], by=town.stranger)
    assert media_type == "application/pdf"
    with pytest.raises(FileUnknown):
        town.cases.involved_file(case, notices["仲裁受理通知书"], by=town.stranger)


def test_a_respondent_whom_the_platform_does_not_know_holds_nothing_up(town: Town) -> None:
    case = served(town, respondent="470101197001010018")
    town.deliver_all()
    town.move("2026-04-20")
    town.cases.fire_due()
    view = town.cases.view(case, by=town.citizen)
    assert view.status is Status.OPEN
    assert [one.step for one in view.holders] == ["panel"]
