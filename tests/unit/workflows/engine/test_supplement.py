"""A supplement (补正) is asked once and completely, unlocks only what is marked, and starts receipt anew."""

from datetime import date

import pytest

from tests.factories.cases import APPLICANT, CALENDAR, PLATFORM, Story, at, officer_id
from workflows.domain.commands import Mark, ReturnSupplement
from workflows.domain.state import Status, TaskKind
from workflows.engine.refusals import (
    FieldMissing,
    FieldNotHere,
    MarkOutOfScope,
    MarksMissing,
    MarkUnknown,
    NotPermitted,
    StaleTask,
)
from workflows.engine.supplement import unlocked_by


def test_a_notice_gives_the_task_to_the_applicant() -> None:
    story = Story().apply()
    transition = story.supplement("claim.cause")
    task = story.task("accept")
    assert (task.key, task.kind, task.role) == ("accept.1.s", TaskKind.SUPPLEMENT, "applicant")
    assert task.marks == (Mark("claim.cause", "不清楚"),)
    assert [effect.kind for effect in transition.effects] == ["notice", "tell"]
    assert story.happening("supplement-asked").detail["marks"] == ["claim.cause"]


@pytest.mark.parametrize(
    ("marks", "refusal"),
    [
        pytest.param((), MarksMissing, id="none"),
        pytest.param((Mark("claim.cause", " "),), MarksMissing, id="without a reason"),
        pytest.param((Mark("verdict.grade", "x"),), MarkUnknown, id="not of the application"),
        pytest.param((Mark("claim.cause", "x"), Mark("claim.cause", "y")), MarkUnknown, id="twice"),
    ],
)
def test_a_notice_marks_fields_with_reasons(marks: tuple[Mark, ...], refusal: type[Exception]) -> None:
    story = Story().apply()
    with pytest.raises(refusal):
        story.act("accept", "supplement", marks=marks)


def test_a_material_can_be_marked() -> None:
    story = Story().apply()
    story.supplement("household")
    with pytest.raises(FieldMissing):
        story.hand_in()
    task = story.task("accept").key
    story.give(ReturnSupplement(task, {"materials.household": "9d9f1d4e-8b39-4d58-9b5c-333333333333"}), APPLICANT)
    assert story.task("accept").kind is TaskKind.WORK


def test_only_marked_fields_unlock_and_all_of_them_must_come() -> None:
    story = Story().apply()
    story.supplement("claim.cause", "claim.homebound")
    with pytest.raises(FieldNotHere):
        story.hand_in(claim__cause="new", claim__homebound=True, claim__kind="limb")
    with pytest.raises(FieldMissing) as refused:
        story.hand_in(claim__cause="new")
    assert refused.value.fields == ("claim.homebound",)
    story.hand_in(claim__cause="new", claim__homebound=True)
    assert story.values["claim.cause"] == "new"


def test_old_and_new_stay_readable() -> None:
    story = Story().apply()
    story.supplement("claim.cause")
    story.hand_in(claim__cause="new")
    assert (story.values["claim.cause"], story.values["claim.cause@1"]) == ("new", "sample")
    assert story.happening("supplement-returned").detail["changed"] == ["claim.cause"]


def test_a_returned_supplement_is_a_new_receipt_with_its_full_limit() -> None:
    story = Story().apply()
    story.supplement("claim.cause", on="2026-03-05 10:00")
    story.hand_in(claim__cause="new", on="2026-03-14 10:00")
    # Saturday 14 March counts as Monday 16 March; five days end on 23 March.
    assert story.state.clock.received_on == date(2026, 3, 16)
    task = story.task("accept")
    assert (task.key, task.visit, task.due_at) == ("accept.2", 2, CALENDAR.end_of_day(date(2026, 3, 23)))
    assert task.officer == officer_id("window.1")
    story.due("2026-03-24 00:00")
    assert story.happening("deemed").visit == 2
    assert story.state.clock.started_on == date(2026, 3, 16)


def test_the_decision_clock_does_not_run_meanwhile() -> None:
    story = Story().apply()
    story.supplement("claim.cause")
    assert story.state.due_at is None
    assert "yellow:accept.1" not in story.state.timers


def test_a_later_notice_marks_only_what_the_first_named() -> None:
    story = Story().apply()
    story.supplement("claim.cause", "claim.kind")
    story.hand_in(claim__cause="new", claim__kind="limb")
    with pytest.raises(MarkOutOfScope):
        story.supplement("claim.homebound")
    story.supplement("claim.kind")
    assert story.task("accept").key == "accept.2.s"


def test_what_the_applicant_changed_may_be_marked_later() -> None:
    story = Story().apply()
    story.supplement("claim.kind")
    story.hand_in(claim__kind="mental", guardian__name="样例", guardian__id_no="470101198005010017")
    story.supplement("guardian.name")
    assert story.state.supplement_scope == ("claim.kind", "guardian.name", "guardian.id_no")


def test_what_a_changed_let_requires_unlocks_with_it() -> None:
    story = Story().apply()
    story.supplement("claim.kind")
    fields = {"claim.kind": "mental"}
    needed = unlocked_by(story.definition, story.state, story.values, fields, today=date(2026, 3, 2))
    assert needed == ("guardian.name", "guardian.id_no")
    with pytest.raises(FieldMissing) as refused:
        story.hand_in(claim__kind="mental")
    assert refused.value.fields == needed
    story.hand_in(claim__kind="mental", guardian__name="样例", guardian__id_no="470101198005010017")
    assert (story.values["let.guarded"], story.values["let.guarded@1"]) == (True, False)


def test_a_let_whose_inputs_did_not_change_stays_frozen() -> None:
    # A minor on 2 March who comes of age on 3 March.
    story = Story().apply(
        applicant__birth=date(2008, 3, 3), guardian__name="样例", guardian__id_no="470101198005010017"
    )
    story.supplement("claim.cause")
    story.hand_in(claim__cause="new", on="2026-03-05 10:00")
    assert story.values["let.minor"] is True
    assert "let.minor@1" not in story.values


# 民法典 203: a period in natural days that ends on a day off ends on the next working day.
@pytest.mark.parametrize(
    ("asked", "last_day"),
    [
        pytest.param("2026-03-02 10:00", date(2026, 4, 1), id="on a working day"),
        pytest.param("2026-03-05 10:00", date(2026, 4, 7), id="on Qingming"),
        pytest.param("2026-01-16 10:00", date(2026, 2, 24), id="in Spring Festival"),
        pytest.param("2026-01-15 10:00", date(2026, 2, 14), id="on a worked Saturday"),
    ],
)
def test_thirty_days_end_on_a_working_day(asked: str, last_day: date) -> None:
    story = Story().apply(on=asked)
    story.supplement("claim.cause")
    task = story.task("accept")
    assert task.due_at == CALENDAR.end_of_day(last_day)
    assert (task.yellow_at, task.red_at) == (None, None)


def test_lateness_ends_in_the_named_outcome_at_its_due_time() -> None:
    story = Story().apply()
    story.supplement("claim.cause")
    story.due("2026-04-01 23:59")
    assert story.state.status is Status.OPEN
    story.due("2026-04-03 09:00")
    assert (story.state.status, story.state.outcome) == (Status.CLOSED, "lapsed")
    assert story.state.closed_at == at("2026-04-02 00:00")
    assert story.state.closed_on == date(2026, 4, 1)
    assert not story.state.tasks and not story.state.timers


def test_a_supplement_comes_from_the_applicant_and_once() -> None:
    story = Story().apply()
    story.supplement("claim.cause")
    task = story.task("accept").key
    with pytest.raises(NotPermitted):
        story.give(ReturnSupplement(task, {"claim.cause": "new"}), PLATFORM)
    story.give(ReturnSupplement(task, {"claim.cause": "new"}), APPLICANT)
    with pytest.raises(StaleTask):
        story.give(ReturnSupplement(task, {"claim.cause": "new"}), APPLICANT)
