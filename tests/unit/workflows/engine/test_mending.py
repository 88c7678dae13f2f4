"""What an operator decides about work that the platform could not do: each of the three ways with its meaning."""

import pytest

from gov_portal.kernel.decisions import Decision, Way, WorkReasonWanting
from tests.factories.cases import Story
from workflows.domain.commands import Mend
from workflows.domain.state import Status, TaskKind
from workflows.engine.run import BY_HAND

WHY = "接口返回的内容一直读不懂"


def mend(story: Story, way: Way, work: str, step: str = "", visit: int = 1) -> list[str]:
    story.happenings.clear()
    story.give(Mend(work, step, visit, Decision(way, WHY)), story.officer("window"))
    return story.kinds()


def test_to_resume_changes_nothing_of_the_case_but_stands_in_its_record() -> None:
    story = Story().to_joint()
    before = story.state
    assert mend(story, Way.RESUME, "call", "verify") == ["work-resumed"]
    assert story.state == before
    assert story.values["mend.reason"] == WHY


def test_a_skipped_call_takes_the_road_of_one_that_nobody_answered() -> None:
    story = Story().to_joint()
    assert mend(story, Way.SKIP, "call", "verify") == ["work-skipped", "raised"]
    task = story.task("verify")
    assert (task.kind, task.role, task.reason) == (TaskKind.RAISED, "checker", "unavailable")


def test_an_abandoned_call_goes_to_an_officer_whose_word_lets_it_go_on() -> None:
    story = Story().to_joint()
    assert mend(story, Way.ABANDON, "call", "verify") == ["work-abandoned", "raised"]
    assert story.task("verify").reason == "abandoned"
    story.act("verify", "confirm", reason="已电话核实")
    assert "verify" not in {active.step for active in story.state.active}


def test_a_skipped_issue_goes_to_an_officer_because_nobody_hands_out_a_licence_by_hand() -> None:
    story = Story().to_issue()
    assert mend(story, Way.SKIP, "issue", "issue") == ["work-skipped", "raised"]
    transition = story.act("issue", "confirm", reason="再制作一次")
    assert [effect.kind for effect in transition.effects] == ["issue"]


def test_work_for_a_visit_that_is_over_moves_nothing() -> None:
    story = Story().to_joint()
    story.result("verify", "found")
    before = story.state
    assert mend(story, Way.SKIP, "call", "verify") == ["work-skipped"]
    assert story.state == before


def test_what_nothing_waits_for_is_left_to_an_officer_beside_the_flow() -> None:
    story = Story().to_joint()
    active = story.state.active
    assert mend(story, Way.SKIP, "notice", "accept") == ["work-skipped"]
    assert not any(task.reason == BY_HAND for task in story.state.tasks.values())
    mend(story, Way.ABANDON, "notice", "accept")
    (task,) = [task for task in story.state.tasks.values() if task.reason == BY_HAND]
    assert (task.step, task.kind) == ("accept", TaskKind.RAISED)
    acted = story.values["accept.act"]
    story.act("accept", "confirm", reason="已人工出具并送达")
    assert task.key not in story.state.tasks
    assert (story.state.active, story.values["accept.act"]) == (active, acted)


def test_a_limit_that_cannot_take_effect_is_struck_out_without_firing_it() -> None:
    story = Story().apply()
    due = set(story.state.timers)
    story.now = max(story.state.timers.values())
    assert mend(story, Way.SKIP, "fire", visit=0) == ["work-skipped", "struck-out"]
    assert due
    assert due.isdisjoint(story.state.timers)
    assert "accept" in {active.step for active in story.state.active}


def test_an_undo_that_is_given_up_is_done_by_hand() -> None:
    story = Story().to_issue()
    story.result("issue")
    story.state = story.state._replace(pending_undos=(("issue", 1),), undo_attempts=1)
    assert mend(story, Way.SKIP, "undo", "issue") == ["work-skipped", "undo-failed"]
    assert [task.reason for task in story.state.tasks.values() if task.step == "issue"] == ["undo-failed"]


def test_in_a_closed_case_the_record_alone_says_so() -> None:
    story = Story().apply()
    story.act("accept", "refuse", reason="不属于职权")
    assert story.state.status is Status.CLOSED
    assert mend(story, Way.ABANDON, "tell", "accept") == ["work-abandoned"]
    assert story.state.tasks == {}
    assert story.last is not None
    assert story.last.effects == ()


@pytest.mark.parametrize("reason", ["", "  ", "字" * 501])
def test_no_decision_is_made_without_a_reason(reason: str) -> None:
    with pytest.raises(WorkReasonWanting):
        Decision(Way.SKIP, reason)
