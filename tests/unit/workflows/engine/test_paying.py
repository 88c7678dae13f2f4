"""A bill is frozen when its step is entered, ends the step when paid, and is taken back by what undoes the step."""

import pytest

from tests.factories.cases import APPLICANT, REGION, Story, at, item_from
from workflows.domain.commands import ActOn, ReviseBill, WithdrawCase
from workflows.domain.state import Status, TaskKind
from workflows.engine.codec import dump, load
from workflows.engine.refusals import BillFixed, BillLineWrong, NotPermitted, ReasonMissing, WrongCommand

SITE = {"applicant.name": "样例", "applicant.region": REGION, "site.area": 400, "site.code": "S-1", "site.tall": True}


def decided() -> Story:
    story = Story(item_from("permit.yaml"))
    story.apply_with(SITE)
    story.act("accept", "ok")
    story.act("check", "ok")
    story.result("await")
    story.act("decide", "ok")
    return story


def billed() -> Story:
    story = decided()
    story.result("fee", "found")
    return story


def test_the_lines_are_frozen_and_the_department_is_asked_for_a_bill() -> None:
    story = decided()
    assert (story.values["fee.line.1"], story.values["fee.line.2"], story.values["fee.amount"]) == (40000, 20000, 60000)
    assert story.last is not None
    assert [(effect.kind, effect.step) for effect in story.last.effects] == [("bill", "fee")]
    task = story.task("fee")
    # Seven natural days after Monday 2 March.
    assert (task.kind, task.role, task.due_at) == (TaskKind.PAY, "applicant", at("2026-03-10 00:00"))
    assert load(dump(story.state)) == story.state


def test_nobody_pays_by_an_act() -> None:
    story = billed()
    with pytest.raises(WrongCommand):
        story.give(ActOn(story.task("fee").key, "done"), APPLICANT)


def test_a_payment_ends_the_step_and_a_failed_one_does_not() -> None:
    story = billed()
    story.result("fee", "failed")
    assert [active.step for active in story.state.active] == ["fee"]
    story.result("fee")
    assert (story.values["fee.result"], str(story.values["fee.day"])) == ("paid", "2026-03-02")
    assert [active.step for active in story.state.active] == ["make"]


def test_who_pays_before_the_case_hears_of_the_bill_keeps_what_was_paid() -> None:
    story = decided()
    story.result("fee")
    assert [active.step for active in story.state.active] == ["make"]
    story.result("fee", "found")
    assert (story.kinds(), story.state.pending_undos) == (["dropped"], ())


def test_a_bill_that_is_reported_twice_is_one_bill() -> None:
    story = billed()
    story.result("fee", "found")
    assert story.state.issued == (("fee", 1),)
    assert story.kinds() == []


def test_where_nothing_is_to_pay_the_step_is_passed() -> None:
    story = Story(item_from("permit.yaml"))
    story.apply_with({**SITE, "site.tall": False})
    story.values["site.area"] = 0
    story.act("accept", "ok")
    story.act("check", "ok")
    story.result("await")
    story.act("decide", "ok")
    assert story.values["fee.result"] == "free"
    assert [active.step for active in story.state.active] == ["make"]


def test_a_return_over_a_paid_step_takes_the_money_back_before_it_goes_on() -> None:
    story = billed()
    story.result("fee")
    transition = story.act("make", "back")
    assert [(effect.kind, effect.detail["undo"]) for effect in transition.effects] == [("undo", "refund")]
    assert story.state.pending_entries == ("decide",)
    story.result("fee", is_undo=True)
    assert [active.step for active in story.state.active] == ["decide"]
    story.act("decide", "ok")
    assert story.state.visits["fee"] == 2


def test_a_case_that_ends_takes_an_unpaid_bill_back_and_refunds_one_that_is_paid_after_all() -> None:
    story = billed()
    story.due("2026-03-10 00:00")
    assert (story.state.status, story.state.outcome) == (Status.CLOSED, "lapsed")
    assert story.state.pending_undos == (("fee", 1),)
    story.result("fee", is_undo=True)
    story.result("fee", "done", visit=1)
    # It was paid in the last second: what comes too late is given back.
    assert story.state.pending_undos == (("fee", 1),)


def test_an_applicant_has_the_full_time_once_the_payment_department_is_back() -> None:
    story = decided()
    transition = story.result("fee", "unavailable")
    assert [(effect.kind, effect.delay_s) for effect in transition.effects if effect.kind == "bill"] == [("bill", 50)]
    assert not [key for key in story.state.timers if key.startswith("due:fee")]
    story.result("fee", "found", on="2026-03-04 10:00")
    assert story.task("fee").due_at == at("2026-03-12 00:00")
    assert "due:fee.1" in story.state.timers


def test_a_withdrawal_before_the_decision_knows_of_no_bill() -> None:
    story = Story(item_from("permit.yaml"))
    story.apply_with(SITE)
    story.give(WithdrawCase(), APPLICANT)
    assert story.state.pending_undos == ()


def test_a_corrected_bill_is_a_new_one_and_the_old_is_taken_back() -> None:
    story = billed()
    leader = story.officer("leader")
    transition = story.give(ReviseBill("fee", ((1, 10000),), "面积算错"), leader, on="2026-03-03 10:00")
    assert [(effect.kind, effect.visit) for effect in transition.effects] == [("undo", 1), ("bill", 2)]
    assert story.values["fee.amount"] == 30000
    assert story.task("fee").due_at == at("2026-03-11 00:00")
    story.result("fee", is_undo=True, visit=1)
    story.result("fee", "found")
    story.result("fee", "done", visit=1)
    # Who pays the old bill after all gets that money back.
    assert story.state.pending_undos == (("fee", 1),)
    assert [active.step for active in story.state.active] == ["fee"]


@pytest.mark.parametrize(
    ("role", "amounts", "reason", "refusal"),
    [
        ("checker", ((1, 100),), "因为", NotPermitted),
        ("leader", ((1, 100),), " ", ReasonMissing),
        ("leader", ((3, 100),), "因为", BillLineWrong),
        ("leader", ((1, -1),), "因为", BillLineWrong),
        ("leader", ((1, 40000),), "因为", BillLineWrong),
    ],
)
def test_a_correction_is_refused(role: str, amounts: tuple, reason: str, refusal: type[Exception]) -> None:
    story = billed()
    with pytest.raises(refusal):
        story.give(ReviseBill("fee", amounts, reason), story.officer(role))


def test_a_paid_bill_is_not_corrected_any_more() -> None:
    story = billed()
    story.result("fee")
    with pytest.raises(BillFixed):
        story.give(ReviseBill("fee", ((1, 100),), "因为"), story.officer("leader"))
