"""A suspended case stands still: tasks, limits, waits and the applicant's own periods; results are kept."""

from datetime import date

import pytest

from tests.factories.cases import APPLICANT, ASSESSED, CALENDAR, Story
from workflows.domain.commands import (
    Command,
    ExtendLimit,
    HandOver,
    Object,
    ResumeCase,
    SuspendCase,
    Urge,
    WithdrawCase,
)
from workflows.domain.state import Status
from workflows.engine.refusals import (
    CaseNotSuspended,
    CaseSuspended,
    GroundUnknown,
    NotPermitted,
    ReasonMissing,
    SuspensionUsedUp,
)


def suspended(story: Story, on: str = "2026-03-04 10:00") -> Story:
    story.give(SuspendCase("鉴定", "另行鉴定"), story.officer("checker"), on=on)
    return story


def resumed(story: Story, on: str = "2026-03-11 10:00") -> Story:
    story.give(ResumeCase("鉴定完成"), story.officer("leader"), on=on)
    return story


def test_a_suspension_needs_ground_reason_and_post() -> None:
    story = Story().to_joint()
    with pytest.raises(GroundUnknown):
        story.give(SuspendCase("度假", "x"), story.officer("checker"))
    with pytest.raises(ReasonMissing):
        story.give(SuspendCase("听证", " "), story.officer("checker"))
    with pytest.raises(NotPermitted):
        story.give(SuspendCase("听证", "x"), story.officer("window"))
    with pytest.raises(CaseNotSuspended):
        story.give(ResumeCase(), story.officer("leader"))


def test_tasks_stay_visible_but_cannot_be_completed() -> None:
    story = suspended(Story().to_joint())
    assert story.task("assess").key == "assess.1"
    with pytest.raises(CaseSuspended):
        story.act("assess", fields=ASSESSED)
    assert set(story.state.timers) == {"suspension:case"}


@pytest.mark.parametrize(
    "command",
    [
        pytest.param(ExtendLimit("x"), id="extend"),
        pytest.param(HandOver("assess.1", "x"), id="hand over"),
        pytest.param(Object("publicise", "x"), id="object"),
        pytest.param(SuspendCase("听证", "x"), id="suspend again"),
    ],
)
def test_most_commands_are_refused_meanwhile(command: Command) -> None:
    story = suspended(Story().to_joint())
    with pytest.raises(CaseSuspended):
        story.give(command, story.officer("leader"))


def test_urging_and_withdrawing_stay_possible() -> None:
    story = suspended(Story().to_joint())
    story.give(Urge(), APPLICANT)
    story.give(WithdrawCase(), APPLICANT)
    assert (story.state.status, story.state.outcome) == (Status.CLOSED, "withdrawn")
    assert story.state.suspended_at is None


def test_limits_move_by_the_working_days_of_the_suspension() -> None:
    story = Story().to_joint()
    assert story.task("assess").due_at == CALENDAR.end_of_day(date(2026, 3, 16))
    resumed(suspended(story))
    # 4, 5, 6, 9 and 10 March do not count.
    task = story.task("assess")
    assert task.due_at == CALENDAR.end_of_day(date(2026, 3, 23))
    assert task.yellow_at == CALENDAR.end_of_day(date(2026, 3, 18))
    assert story.state.timers["red:assess.1"] == task.due_at


def test_a_suspension_on_the_day_of_entry_does_not_count_that_day_twice() -> None:
    story = Story().to_joint()
    resumed(suspended(story, on="2026-03-02 11:00"), on="2026-03-03 10:00")
    # Day 1 of the limit is 3 March, the day of the resumption; only 2 March was suspended.
    assert story.task("assess").due_at == CALENDAR.end_of_day(date(2026, 3, 16))


def test_waits_stop_too() -> None:
    story = Story().to_publicity()
    resumed(suspended(story))
    assert story.state.timers["wait:publicise.1"] == CALENDAR.end_of_day(date(2026, 3, 16))


def test_the_applicants_own_period_stops_too() -> None:
    story = Story().apply()
    story.supplement("claim.cause")
    assert story.task("accept").due_at == CALENDAR.end_of_day(date(2026, 4, 1))
    resumed(suspended(story))
    # Seven natural days later.
    assert story.task("accept").due_at == CALENDAR.end_of_day(date(2026, 4, 8))
    assert story.state.timers["due:accept.1.s"] == story.task("accept").due_at


def test_nothing_is_deemed_meanwhile() -> None:
    story = suspended(Story().apply())
    story.due("2026-03-20 10:00")
    assert story.state.status is Status.SUSPENDED
    resumed(story, on="2026-03-20 10:00")
    assert "deemed" not in [happening.kind for happening in story.happenings]


def test_results_are_kept_and_applied_on_resume() -> None:
    story = suspended(Story().to_joint())
    story.result("verify", "found", fields={"applicant.birth": date(1980, 5, 2)})
    assert story.kinds() == ["held"]
    assert "verify" in {active.step for active in story.state.active}
    assert story.values["applicant.birth"] == date(1980, 5, 1)
    assert all("1980" not in str(entry) for entry in story.state.held_results)
    resumed(story)
    assert "verify" not in {active.step for active in story.state.active}
    assert story.values["applicant.birth"] == date(1980, 5, 2)
    assert story.state.held_results == ()


def test_cast_votes_stay() -> None:
    story = Story().to_review()
    story.vote("ok")
    suspended(story, on="2026-03-11 10:00")
    resumed(story, on="2026-03-12 10:00")
    (active,) = story.state.active
    assert len(active.votes) == 1
    story.act("review", "ok", by="checker.2")
    assert story.values["review.act"] == "ok"


def test_it_resumes_by_itself_at_the_longest_time() -> None:
    story = suspended(Story().to_joint(), on="2026-03-04 10:00")
    # 60 days from 4 March end on Sunday 3 May, in the holidays of 1 to 5 May: on Wednesday 6 May.
    assert story.state.timers["suspension:case"] == CALENDAR.end_of_day(date(2026, 5, 6))
    story.due("2026-05-20 10:00")
    assert story.state.status is Status.OPEN
    assert story.happening("resumed").at == CALENDAR.end_of_day(date(2026, 5, 6))


def test_the_longest_time_is_summed_over_the_case() -> None:
    story = Story().to_joint()
    resumed(suspended(story, on="2026-03-04 10:00"), on="2026-04-23 10:00")
    suspended(story, on="2026-04-24 10:00")
    # 50 of 60 days are used up: ten more from 24 April.
    assert story.state.timers["suspension:case"] == CALENDAR.end_of_day(date(2026, 5, 6))
    resumed(story, on="2026-05-06 10:00")
    with pytest.raises(SuspensionUsedUp):
        suspended(story, on="2026-05-07 10:00")
