"""A step may wait for a department's message: it ends the wait, and nobody waits for ever."""

import pytest

from tests.factories.cases import APPLICANT, CALENDAR, REGION, Story, at, item_from
from workflows.domain.commands import Mark, ResumeCase, SuspendCase, WithdrawCase
from workflows.domain.state import Status, TaskKind
from workflows.dsl.scenarios import coverage, run_scenarios
from workflows.engine.codec import dump, load
from workflows.engine.refusals import ResultUnknown

SITE = {
    "applicant.name": "样例",
    "applicant.region": REGION,
    "site.area": 400,
    "site.code": "S-1",
    "site.tall": False,
}


def waiting(**changes: object) -> Story:
    story = Story(item_from("permit.yaml"))
    story.apply_with({**SITE, **{name.replace("__", "."): value for name, value in changes.items()}})
    story.act("accept", "ok")
    story.act("check", "ok")
    return story


def test_the_item_of_these_tests_is_covered_by_its_own_scenarios() -> None:
    reports = run_scenarios(item_from("permit.yaml"), CALENDAR)
    assert [report.problems for report in reports if report.problems] == []
    assert coverage(item_from("permit.yaml"), reports).is_complete


def test_a_limit_comes_from_a_table_and_stays_what_it_was() -> None:
    small, large = Story(item_from("permit.yaml")), Story(item_from("permit.yaml"))
    small.apply_with(SITE).act("accept", "ok")
    large.apply_with({**SITE, "site.area": 5000}).act("accept", "ok")
    assert str(small.task("check").limit) == "5wd"
    assert str(large.task("check").limit) == "10wd"
    assert load(dump(large.state)) == large.state


def test_what_every_row_says_that_holds_is_collected_once() -> None:
    story = waiting(site__area=5000, site__tall=True)
    assert story.values["duty.parts"] == ("fire", "water", "wind")


def test_a_wait_asks_to_be_told_and_a_message_ends_it() -> None:
    story = waiting()
    assert [effect.kind for effect in story.last.effects] == ["await"] if story.last else False
    story.result("await", fields={"lab.passed": True, "lab.tests": (("steel", 7),), "site.area": 1})
    assert story.values["lab.passed"] is True
    assert story.values["lab.tests"] == (("steel", 7),)
    # A message writes only what the step lets it bring.
    assert story.values["site.area"] == 400
    assert [active.step for active in story.state.active] == ["decide"]


def test_rows_keep_all_that_ever_arrived() -> None:
    story = waiting()
    story.result("await", fields={"lab.tests": (("steel", 7),)})
    story.act("decide", "back")
    story.act("check", "ok")
    story.result("await", fields={"lab.tests": (("sand", 9),)})
    assert story.values["lab.tests"] == (("steel", 7), ("sand", 9))


def test_an_overdue_message_opens_a_task_and_may_still_come() -> None:
    story = waiting()
    # Ten working days after Monday 2 March 2026 end with Monday 16 March.
    story.due("2026-03-17 00:00")
    task = story.task("await")
    assert (task.kind, task.acts, str(task.limit)) == (TaskKind.OVERDUE, ("longer", "enough", "stop"), "2wd")
    assert load(dump(story.state)) == story.state
    story.result("await", fields={"lab.passed": False})
    assert not [task for task in story.state.tasks.values() if task.step == "await"]
    assert [active.step for active in story.state.active] == ["decide"]


def test_an_officer_waits_once_more_with_the_full_time() -> None:
    story = waiting()
    story.due("2026-03-17 00:00")
    story.act("await", "longer", on="2026-03-17 10:00")
    assert story.state.timers["wait:await.1"] == at("2026-04-01 00:00")
    assert not story.state.tasks


def test_a_message_for_a_suspended_case_is_kept_for_its_return() -> None:
    story = waiting()
    leader = story.officer("leader")
    story.give(SuspendCase("听证", "听证"), leader)
    story.result("await", fields={"lab.passed": True})
    assert story.kinds() == ["held"]
    story.give(ResumeCase(), leader)
    assert story.values["lab.passed"] is True
    assert [active.step for active in story.state.active] == ["decide"]


def test_a_message_for_a_closed_case_is_dropped() -> None:
    story = waiting()
    story.give(WithdrawCase(), APPLICANT)
    story.result("await", fields={"lab.passed": True}, visit=1)
    assert story.state.status is Status.CLOSED
    assert story.kinds() == ["dropped"]
    assert "lab.passed" not in story.values


def test_the_applicant_is_reminded_of_a_message_that_has_not_come() -> None:
    story = waiting()
    # Ten working days after Monday 2 March end with 16 March; two days before is the morning of the 14th.
    assert story.state.timers["remind-2d:await.1"] == at("2026-03-14 09:00")
    story.due("2026-03-14 09:00")
    assert story.kinds() == ["reminded"]
    assert story.last is not None
    assert [effect.detail for effect in story.last.effects] == [{"code": "case.still-waits", "due_on": "2026-03-16"}]
    story.due("2026-03-17 00:00")
    story.act("await", "longer", on="2026-03-17 10:00")
    assert story.state.timers["remind-2d:await.1"] == at("2026-03-29 09:00")


def test_nobody_is_reminded_of_a_message_that_came_or_while_the_case_is_suspended() -> None:
    story, leader = waiting(), waiting().officer("leader")
    story.give(SuspendCase("听证", "听证"), leader)
    assert not [key for key in story.state.timers if key.startswith("remind")]
    story.give(ResumeCase(), leader)
    assert "remind-2d:await.1" in story.state.timers
    story.result("await", fields={"lab.passed": True})
    assert not [key for key in story.state.timers if key.startswith("remind")]


def test_a_wait_for_a_time_takes_no_result() -> None:
    story = Story().to_publicity()
    with pytest.raises(ResultUnknown):
        story.result("publicise")


def test_people_are_reminded_in_the_morning_before_the_end() -> None:
    story = Story(item_from("permit.yaml"))
    story.apply_with(SITE)
    story.act("accept", "ask", marks=(Mark("site.area", "不清楚"),))
    # Ten days after 2 March end with 12 March.
    assert [due_at for key, due_at in sorted(story.state.timers.items()) if key.startswith("remind")] == [
        at("2026-03-11 09:00"),
        at("2026-03-09 09:00"),
    ]
    story.due("2026-03-09 09:00")
    assert story.kinds() == ["reminded"]
    assert story.last is not None
    assert [(effect.kind, effect.detail["code"]) for effect in story.last.effects] == [("tell", "case.reminded")]
    story.hand_in(site__area=500)
    assert not [key for key in story.state.timers if key.startswith("remind")]
