"""An office corrects a closed case of its own accord: it stays closed, and a case of the same item follows it."""

from dataclasses import replace
from uuid import UUID

import pytest

from gov_portal.kernel.ids import CaseId
from gov_portal.kernel.principal import Platform
from tests.factories.cases import APPLICANT, CASE, SAMPLE, Story
from workflows.domain.commands import Begin, OpenAppeal, OpenCorrection, Submit, WithdrawCase
from workflows.domain.state import Status
from workflows.engine.codec import dump, load
from workflows.engine.refusals import (
    CaseNotClosed,
    CorrectedAlready,
    NotPermitted,
    ReasonMissing,
)

SUCCESSOR = CaseId(UUID(int=7))
WORKER = Platform("worker")


def denied() -> Story:
    told = Story().to_approval()
    told.act("approve", "deny")
    return told


def correct(told: Story, reason: str = "材料看错了") -> None:
    told.give(OpenCorrection(SUCCESSOR, reason), told.officer("leader"))


def successor() -> Story:
    """Return a case that corrects another, handed in by the platform."""
    told = Story()
    told.give(Begin(dict(SAMPLE), corrects=CASE), WORKER)
    told.give(Submit(), WORKER)
    return told


def test_a_corrected_case_stays_closed_and_names_what_follows() -> None:
    told = denied()
    before = told.state
    correct(told)
    assert told.state == before._replace(correction=SUCCESSOR)
    assert (told.state.status, told.state.outcome) == (Status.CLOSED, "denied")
    assert told.values["correct.reason"] == "材料看错了"
    assert told.happening("corrected").detail == {
        "role": "leader",
        "basis": "残疾人证管理办法",
        "successor": str(SUCCESSOR),
    }
    assert load(dump(told.state)) == told.state


def test_an_appeal_and_a_correction_do_not_hinder_each_other() -> None:
    told = denied()
    told.give(OpenAppeal(CaseId(UUID(int=8))), APPLICANT)
    correct(told)
    assert told.state.correction == SUCCESSOR


def test_a_case_is_corrected_once() -> None:
    told = denied()
    correct(told)
    with pytest.raises(CorrectedAlready):
        correct(told)


def test_an_open_case_is_put_right_in_its_own_course() -> None:
    with pytest.raises(CaseNotClosed):
        correct(Story().to_approval())


def test_only_whom_the_item_lets_corrects_and_never_without_a_reason() -> None:
    told = denied()
    with pytest.raises(NotPermitted):
        told.give(OpenCorrection(SUCCESSOR, "x"), told.officer("checker"))
    with pytest.raises(NotPermitted):
        told.give(OpenCorrection(SUCCESSOR, "x"), APPLICANT)
    with pytest.raises(ReasonMissing):
        correct(told, " ")


def test_an_item_without_the_word_is_never_corrected() -> None:
    told = denied()
    told.definition = replace(told.definition, hash="without", anytime=replace(told.definition.anytime, correct=None))
    with pytest.raises(NotPermitted):
        correct(told)


def test_a_correction_is_handed_in_by_the_platform_and_only_a_correction() -> None:
    told = successor()
    assert (told.state.status, told.state.corrects) == (Status.OPEN, CASE)
    assert "accept.1" in told.state.tasks
    assert told.happening("submitted").detail["is_correction"] is True
    assert load(dump(told.state)) == told.state
    with pytest.raises(NotPermitted):
        Story().give(Begin(dict(SAMPLE)), WORKER)


def test_the_applicant_does_not_withdraw_what_is_not_theirs_to_decide() -> None:
    with pytest.raises(NotPermitted):
        successor().give(WithdrawCase(), APPLICANT)


@pytest.mark.parametrize("act", ["refuse", "supplement"])
def test_only_a_decision_takes_the_place_of_the_first(act: str) -> None:
    told = successor()
    if act == "refuse":
        told.act("accept", "refuse")
    else:
        told.supplement("claim.cause")
        told.due("2026-05-20 09:00")
    assert told.state.status is Status.CLOSED
    assert told.last is not None
    ended = [effect.kind for effect in told.last.effects if effect.kind == "supersede"]
    assert ended == (["supersede"] if act == "refuse" else [])


def test_what_corrected_a_case_is_corrected_in_its_turn() -> None:
    told = successor()
    told.act("accept", "refuse")
    correct(told)
    assert (told.state.corrects, told.state.correction) == (CASE, SUCCESSOR)
