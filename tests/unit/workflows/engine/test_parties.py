"""A party takes its own steps and nobody else's; its silence never holds the case."""

from datetime import date

import pytest

from gov_portal.kernel.ids import CaseId, PersonId
from gov_portal.kernel.principal import Citizen
from tests.factories.cases import APPLICANT, CASE, PLATFORM, REGION, SPACE, Story, shipped_item
from workflows.domain.commands import ActOn, Begin, Due, OpenAppeal, Submit, WithdrawCase
from workflows.domain.state import Context, Status, Transition
from workflows.engine import advance
from workflows.engine.refusals import NotPermitted, NotYourTask

RESPONDENT = Citizen(PersonId(SPACE), ial=3, aal=2)
GIVEN = {
    "applicant.name": "样例",
    "applicant.id_no": "470101198005010017",
    "applicant.region": REGION,
    "dispute.respondent_id": "47010119800501001X",
    "dispute.respondent_name": "对方",
    "dispute.kind": "wages",
    "dispute.claim": "补发工资",
    "dispute.facts": "未按月发放",
}


def give(told: Story, command: object, actor: Citizen, *, standing: str) -> Transition:
    """Give a command as a citizen of one standing."""
    context = Context(CASE, told.now, actor, told.calendar, told.values, standing=standing)
    transition = advance(told.definition, told.state, command, context)  # type: ignore[arg-type]
    told.state = transition.state
    told.values.update(transition.writes)
    told.happenings.extend(transition.happenings)
    told.last = transition
    return transition


def asked() -> Story:
    """Return a case in which the respondent is asked for an answer."""
    told = Story(shipped_item("labour-arbitration"))
    told.give(Begin(), APPLICANT)
    told.give(Submit(dict(GIVEN)), APPLICANT)
    told.give(ActOn("accept.1", "ok"), told.officer("clerk", "clerk.1"))  # type: ignore[arg-type]
    told.give(ActOn("serve.1", "served"), told.officer("clerk", "clerk.1"))  # type: ignore[arg-type]
    return told


def at_settlement() -> Story:
    told = asked()
    give(told, ActOn("answer.1", "answer", {"answer.text": "已发放"}), RESPONDENT, standing="respondent")  # type: ignore[arg-type]
    fields = {"hearing.day": date(2026, 3, 20), "hearing.arbitrator": "9d9f1d4e-8b39-4d58-9b5c-111111111111"}
    told.give(ActOn("panel.1", "done", fields), told.officer("leader"))  # type: ignore[arg-type]
    told.give(Due(), PLATFORM, on="2026-03-23 09:00")
    heard = {"hearing.record": "如实", "hearing.proposal": "一次付清"}
    told.give(ActOn("hear.1", "heard", heard), told.officer("arbitrator"))  # type: ignore[arg-type]
    return told


def test_the_respondent_is_asked_and_told() -> None:
    told = asked()
    assert told.last is not None
    assert told.state.tasks["answer.1"].role == "respondent"  # type: ignore[index]
    assert [one.detail for one in told.last.effects if one.kind == "tell"] == [
        {"code": "case.your-turn", "to": "respondent"}
    ]


def test_only_the_respondent_answers() -> None:
    told = asked()
    command = ActOn("answer.1", "answer", {"answer.text": "x"})  # type: ignore[arg-type]
    with pytest.raises(NotYourTask):
        give(told, command, APPLICANT, standing="applicant")
    with pytest.raises(NotYourTask):
        told.give(command, told.officer("clerk"))
    give(told, command, RESPONDENT, standing="respondent")
    assert told.values["answer.act"] == "answer"
    assert told.values["answer.role"] == "respondent"


def test_a_party_neither_withdraws_nor_does_officers_work() -> None:
    told = asked()
    with pytest.raises(NotPermitted):
        give(told, WithdrawCase(), RESPONDENT, standing="respondent")
    with pytest.raises(NotYourTask):
        give(told, ActOn("panel.1", "done"), RESPONDENT, standing="respondent")  # type: ignore[arg-type]


def test_silence_of_the_respondent_waives_the_answer() -> None:
    told = asked()
    told.give(Due(), PLATFORM, on="2026-04-20 09:00")
    assert told.values["answer.act"] == "waive"
    assert "answer.text" not in told.values


def test_a_settlement_needs_both_sides() -> None:
    told = at_settlement()
    assert sorted(told.state.tasks) == ["settle.1.applicant", "settle.1.respondent"]
    give(told, ActOn("settle.1.respondent", "sign"), RESPONDENT, standing="respondent")  # type: ignore[arg-type]
    assert told.state.status is Status.OPEN
    give(told, ActOn("settle.1.applicant", "sign"), APPLICANT, standing="applicant")  # type: ignore[arg-type]
    assert told.state.outcome == "settled"


def test_silence_is_no_settlement() -> None:
    told = at_settlement()
    give(told, ActOn("settle.1.respondent", "sign"), RESPONDENT, standing="respondent")  # type: ignore[arg-type]
    told.give(Due(), PLATFORM, on="2026-04-20 09:00")
    assert told.values["settle.act"] == "differ"
    assert [task.step for task in told.state.tasks.values()] == ["award"]


def test_either_side_may_appeal_the_award() -> None:
    told = at_settlement()
    told.give(Due(), PLATFORM, on="2026-04-20 09:00")
    arbitrator = told.officer("arbitrator", "arbitrator.2")
    told.give(ActOn("award.1", "grant", {"award.text": "支付"}, "事实清楚"), arbitrator)  # type: ignore[arg-type]
    assert [one.detail.get("to") for one in told.last.effects if one.kind == "tell"] == [None, "respondent"]  # type: ignore[union-attr]
    give(told, OpenAppeal(CaseId(CASE)), RESPONDENT, standing="respondent")
    assert told.state.appeal == CASE
