"""Results of calls, issues and deliveries: four ways on, back-off, raised tasks, late ones undone."""

import pytest

from tests.factories.cases import APPLICANT, ASSESSED, PLATFORM, Story
from workflows.domain.commands import Result, ResultKind, WithdrawCase
from workflows.domain.state import Status, TaskKind
from workflows.engine.refusals import ActUnknown, CaseNotOpen, ReasonMissing, ResultUnknown


@pytest.mark.parametrize("kind", ["absent", "mismatch"])
def test_what_a_machine_cannot_settle_raises_a_task(kind: str) -> None:
    story = Story().to_joint()
    story.result("verify", kind)
    task = story.task("verify")
    assert (task.key, task.kind, task.role, task.reason) == ("verify.1", TaskKind.RAISED, "checker", kind)
    assert task.acts == ("confirm",)
    assert str(task.limit) == "2wd"


def test_a_raised_task_is_confirmed_with_a_reason() -> None:
    story = Story().to_joint()
    story.result("verify", "mismatch")
    with pytest.raises(ReasonMissing):
        story.act("verify", "confirm", reason="")
    with pytest.raises(ActUnknown):
        story.act("verify", "ok")
    story.act("verify", "confirm", reason="已核对户口簿")
    assert "verify" not in {active.step for active in story.state.active}
    assert story.values["verify.reason"] == "已核对户口簿"


def test_a_later_found_closes_a_raised_task() -> None:
    story = Story().to_joint()
    story.result("verify", "absent")
    story.result("verify", "found")
    assert [task.step for task in story.state.tasks.values()] == ["assess"]


def test_an_outage_is_retried_with_back_off_and_told_once() -> None:
    story = Story().to_joint()
    delays, told = [], []
    for _ in range(5):
        transition = story.result("verify", "unavailable")
        delays += [effect.delay_s for effect in transition.effects if effect.kind == "call"]
        told += [effect.detail["code"] for effect in transition.effects if effect.kind == "tell"]
    assert delays == [2, 10, 60, 300, 900]
    assert told == ["case.unavailable"]
    assert not any(task.step == "verify" for task in story.state.tasks.values())
    story.result("verify", "unavailable")
    assert story.task("verify").reason == "unavailable"


def test_an_outage_that_passes_goes_on_by_itself() -> None:
    story = Story().to_joint()
    story.result("verify", "unavailable")
    transition = story.result("verify", "found")
    assert story.kinds()[:2] == ["available", "answered"]
    assert [effect.detail["code"] for effect in transition.effects] == ["case.available"]


def test_an_unknown_result_goes_to_a_human_and_is_never_retried() -> None:
    story = Story().to_joint()
    transition = story.result("verify", "failed")
    assert transition.effects == ()
    assert story.task("verify").kind is TaskKind.RAISED


def test_a_second_copy_of_a_result_changes_nothing() -> None:
    story = Story().to_issue()
    story.result("issue")
    state = story.state
    transition = story.give(Result("issue", 1, ResultKind.DONE))
    assert story.kinds() == ["dropped"]
    assert transition.state == state


def test_an_issue_brings_only_declared_and_own_facts() -> None:
    story = Story().to_issue()
    story.result("issue", fields={"issue.licence": "abc", "stray.path": 1})
    assert story.values["issue.licence"] == "abc"
    assert "stray.path" not in story.values


def test_a_failed_issue_is_retried_then_raised_for_the_role_that_decided_last() -> None:
    story = Story().to_issue()
    for _ in range(6):
        story.result("issue", "failed")
    task = story.task("issue")
    assert (task.role, task.reason) == ("leader", "failed")
    transition = story.act("issue", "confirm")
    assert [(effect.kind, effect.detail["attempt"]) for effect in transition.effects] == [("issue", 1)]
    story.result("issue")
    assert story.task("deliver").role == "window"


def test_post_is_an_effect_and_pick_up_is_a_task() -> None:
    posted = Story().apply(delivery__way="post", delivery__address="样例路1号")
    posted.act("accept", "ok")
    posted.result("verify", "found")
    posted.act("assess", fields=ASSESSED)
    posted.due("2026-03-10 09:00")
    posted.vote("ok", "ok")
    posted.act("approve", "ok")
    transition = posted.result("issue")
    assert [(effect.kind, effect.detail["way"]) for effect in transition.effects] == [("send", "post")]
    posted.result("deliver")
    assert posted.state.outcome == "granted"
    fetched = Story().to_issue()
    fetched.result("issue")
    assert fetched.task("deliver").kind is TaskKind.WORK
    fetched.act("deliver")
    assert fetched.state.outcome == "granted"


def test_a_failed_delivery_is_confirmed_by_hand() -> None:
    story = Story().apply(delivery__way="post", delivery__address="样例路1号")
    story.act("accept", "ok")
    story.result("verify", "found")
    story.act("assess", fields=ASSESSED)
    story.due("2026-03-10 09:00")
    story.vote("ok", "ok")
    story.act("approve", "ok")
    story.result("issue")
    for _ in range(6):
        story.result("deliver", "unavailable")
    story.act("deliver", "confirm", reason="已当面交付")
    assert story.state.outcome == "granted"


def test_a_late_issue_after_withdrawal_is_undone() -> None:
    story = Story().to_issue()
    story.give(WithdrawCase("不需要了"), APPLICANT)
    assert (story.state.status, story.state.outcome) == (Status.CLOSED, "withdrawn")
    transition = story.give(Result("issue", 1, ResultKind.DONE))
    assert [(effect.kind, effect.step, effect.detail["undo"]) for effect in transition.effects] == [
        ("undo", "issue", "revoke")
    ]
    story.give(Result("issue", 1, ResultKind.DONE, is_undo=True))
    assert story.state.pending_undos == ()
    assert story.happening("undone").step == "issue"


def test_a_failed_result_after_withdrawal_is_only_recorded() -> None:
    story = Story().to_issue()
    story.give(WithdrawCase(), APPLICANT)
    transition = story.give(Result("issue", 1, ResultKind.FAILED))
    assert (transition.effects, story.kinds()) == ((), ["dropped"])


def test_a_result_for_no_step_or_for_a_draft_is_refused() -> None:
    with pytest.raises(ResultUnknown):
        Story().to_joint().give(Result("nothing", 1, ResultKind.FOUND), PLATFORM)
    with pytest.raises(ResultUnknown):
        Story().to_joint().give(Result("assess", 1, ResultKind.FOUND), PLATFORM)
    with pytest.raises(CaseNotOpen):
        Story().give(Result("verify", 1, ResultKind.FOUND), PLATFORM)
