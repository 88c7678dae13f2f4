"""An objection (异议) never sends a case back by itself: an officer upholds or dismisses it."""

from uuid import uuid4

import pytest

from gov_portal.kernel.ids import PersonId
from tests.factories.cases import APPLICANT, ASSESSED, CALENDAR, Story, at
from workflows.domain.commands import ActOn, Object
from workflows.domain.state import TaskKind
from workflows.engine.refusals import ActUsedUp, NoObjectionNow, ObjectedAlready, ReasonMissing, StaleTask


def objected(on: str = "2026-03-03 10:00") -> Story:
    story = Story().to_publicity()
    story.give(Object("publicise", "不符合"), APPLICANT, on=on)
    return story


def test_an_objection_opens_a_task_and_nothing_else() -> None:
    story = objected()
    task = story.task("publicise")
    assert (task.key, task.kind, task.role, str(task.limit)) == ("publicise.1.o", TaskKind.OBJECTION, "checker", "3wd")
    assert task.acts == ("uphold", "dismiss")
    assert story.values["publicise.objection.1.1"] == "不符合"
    assert [active.step for active in story.state.active] == ["publicise"]


def test_further_objections_are_recorded_with_it() -> None:
    story = objected()
    story.give(Object("publicise", "也反对"), APPLICANT)
    assert story.task("publicise").key == "publicise.1.o"
    assert story.values["publicise.objection.1.2"] == "也反对"


def test_one_person_objects_once_until_they_are_answered() -> None:
    story = Story().to_publicity()
    neighbour, another = PersonId(uuid4()), PersonId(uuid4())
    story.give(Object("publicise", "不符合", neighbour), APPLICANT)
    with pytest.raises(ObjectedAlready):
        story.give(Object("publicise", "还是不符合", neighbour), APPLICANT)
    story.give(Object("publicise", "也反对", another), APPLICANT)
    assert story.state.active[0].objections == 2
    story.act("publicise", "dismiss")
    story.give(Object("publicise", "有新的事实", neighbour), APPLICANT)
    assert story.task("publicise").key == "publicise.1.o3"


def test_a_dismissed_objection_lets_the_wait_go_on() -> None:
    story = objected()
    story.act("publicise", "dismiss")
    assert [active.step for active in story.state.active] == ["publicise"]
    story.due("2026-03-10 00:00")
    assert [active.step for active in story.state.active] == ["review"]
    assert story.happening("elapsed").at == at("2026-03-10 00:00")


def test_a_later_objection_has_a_task_of_another_name() -> None:
    story = objected()
    old = story.task("publicise").key
    story.act("publicise", "dismiss")
    story.give(Object("publicise", "再次反对"), APPLICANT)
    assert story.task("publicise").key == "publicise.1.o2"
    with pytest.raises(StaleTask):
        story.give(ActOn(old, "dismiss"), story.officer("checker"))


def test_the_wait_does_not_end_while_an_objection_is_open() -> None:
    story = objected(on="2026-03-09 10:00")
    story.due("2026-03-11 10:00")
    assert [active.step for active in story.state.active] == ["publicise"]
    with pytest.raises(NoObjectionNow):
        story.give(Object("publicise", "太晚"), APPLICANT)
    story.act("publicise", "dismiss")
    assert [active.step for active in story.state.active] == ["review"]
    assert story.state.tasks["review.1.1"].due_at == CALENDAR.end_of_day(CALENDAR.local_date(at("2026-03-16 12:00")))


def test_an_upheld_objection_sends_the_case_back_once() -> None:
    story = objected()
    story.act("publicise", "uphold")
    assert {active.step for active in story.state.active} == {"joint", "assess", "verify"}
    assert "wait:publicise.1" not in story.state.timers
    story.result("verify", "found")
    story.act("assess", fields=ASSESSED)
    story.give(Object("publicise", "还是不符合"), APPLICANT)
    assert story.task("publicise").key == "publicise.2.o"
    with pytest.raises(ActUsedUp):
        story.act("publicise", "uphold")
    story.act("publicise", "dismiss")


@pytest.mark.parametrize("step", ["review", "nothing", "assess"])
def test_only_a_waiting_step_is_open_to_objections(step: str) -> None:
    story = Story().to_review()
    with pytest.raises(NoObjectionNow):
        story.give(Object(step, "不符合"), APPLICANT)


def test_an_objection_has_a_text() -> None:
    story = Story().to_publicity()
    with pytest.raises(ReasonMissing):
        story.give(Object("publicise", "  "), APPLICANT)
