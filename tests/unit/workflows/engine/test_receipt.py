"""A draft is begun, filled and received."""

from datetime import date

import pytest

from gov_portal.kernel.ids import PersonId
from gov_portal.kernel.principal import Citizen
from tests.factories.cases import APPLICANT, SAMPLE, Story
from workflows.domain.commands import Begin, Submit
from workflows.domain.state import Status, TaskKind
from workflows.engine.refusals import AssuranceTooLow, CaseNotDraft, FieldMissing, FieldNotHere, NotPermitted


def test_a_draft_has_one_task_for_its_applicant() -> None:
    story = Story()
    story.give(Begin({"applicant.name": "样例"}), APPLICANT)
    assert story.state.status is Status.DRAFT
    assert story.task("apply").kind is TaskKind.APPLY
    assert story.task("apply").key == "apply.1"
    assert story.values == {"applicant.name": "样例"}


def test_a_draft_is_begun_once_and_submitted_once() -> None:
    story = Story()
    with pytest.raises(CaseNotDraft):
        story.give(Submit(SAMPLE), APPLICANT)
    story.give(Begin(), APPLICANT)
    with pytest.raises(CaseNotDraft):
        story.give(Begin(), APPLICANT)
    story.give(Submit(SAMPLE), APPLICANT)
    with pytest.raises(CaseNotDraft):
        story.give(Submit(SAMPLE), APPLICANT)


def test_everything_that_is_missing_is_named_at_once() -> None:
    story = Story()
    story.give(Begin(), APPLICANT)
    fields = {path: value for path, value in SAMPLE.items() if path not in {"claim.cause", "applicant.photo"}}
    with pytest.raises(FieldMissing) as refused:
        story.give(Submit(fields), APPLICANT)
    assert refused.value.fields == ("applicant.photo", "claim.cause")


def test_a_condition_makes_a_field_necessary() -> None:
    with pytest.raises(FieldMissing) as posted:
        Story().apply(delivery__way="post")
    assert posted.value.fields == ("delivery.address",)
    with pytest.raises(FieldMissing) as guarded:
        Story().apply(claim__kind="mental")
    assert guarded.value.fields == ("guardian.name", "guardian.id_no")


def test_what_a_step_decides_cannot_be_submitted() -> None:
    with pytest.raises(FieldNotHere):
        Story().apply(verdict__grade="g1")


def test_lets_are_frozen_at_submission() -> None:
    # Born on 3 March 2008: still a minor on 2 March 2026, of age the day after.
    story = Story().apply(
        applicant__birth=date(2008, 3, 3), guardian__name="样例", guardian__id_no="470101198005010017"
    )
    assert (story.values["let.minor"], story.values["let.guarded"]) == (True, True)
    story.act("accept", "ok", on="2026-03-04 10:00")
    story.result("verify", "found")
    story.act_on("assess.1", role="assessor")
    assert [active.step for active in story.state.active] == ["review"]


def test_a_person_needs_the_assurance_and_the_standing_that_the_item_asks() -> None:
    weak = Citizen(APPLICANT.person, ial=2, aal=2)
    with pytest.raises(AssuranceTooLow):
        Story().give(Begin(), weak)
    with pytest.raises(NotPermitted):
        Story().give(Begin(), Story().officer("window"))


def test_a_guardian_applies_for_a_ward() -> None:
    story = Story()
    guardian = Citizen(APPLICANT.person, ial=4, aal=2, acting_for=PersonId(APPLICANT.person))
    story.give(Begin(), guardian)
    story.give(Submit(SAMPLE), guardian)
    assert story.happening("submitted").detail["for_ward"] is True
