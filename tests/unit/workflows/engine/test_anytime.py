"""Withdraw, urge and appeal stand beside the flow."""

from datetime import date
from uuid import UUID

import pytest

from gov_portal.kernel.ids import CaseId
from tests.factories.cases import APPLICANT, Story
from workflows.domain.commands import OpenAppeal, Urge, WithdrawCase
from workflows.domain.state import Status
from workflows.engine.refusals import CaseNotOpen, NoAppealNow, NotPermitted, UrgedAlready, WithdrawalTooLate

SUCCESSOR = CaseId(UUID(int=7))


def refused_case() -> Story:
    story = Story().apply()
    story.act("accept", "refuse")
    return story


@pytest.mark.parametrize("reach", ["apply", "to_joint", "to_publicity", "to_review", "to_approval", "to_issue"])
def test_a_case_can_be_withdrawn_until_the_licence_is_issued(reach: str) -> None:
    story = getattr(Story(), reach)()
    story.give(WithdrawCase("不需要了"), APPLICANT)
    assert (story.state.status, story.state.outcome) == (Status.CLOSED, "withdrawn")
    assert not (story.state.active or story.state.tasks or story.state.timers)
    assert story.values["withdraw.reason"] == "不需要了"


def test_a_case_cannot_be_withdrawn_once_the_licence_is_issued() -> None:
    story = Story().to_issue()
    story.result("issue")
    with pytest.raises(WithdrawalTooLate):
        story.give(WithdrawCase(), APPLICANT)


def test_only_the_applicant_withdraws_and_only_an_open_case() -> None:
    story = Story().to_joint()
    with pytest.raises(NotPermitted):
        story.give(WithdrawCase(), story.officer("leader"))
    with pytest.raises(CaseNotOpen):
        Story().give(WithdrawCase(), APPLICANT)
    with pytest.raises(CaseNotOpen):
        refused_case().give(WithdrawCase(), APPLICANT)


def test_a_withdrawn_case_cannot_be_accepted() -> None:
    story = Story().apply()
    key = story.task("accept").key
    story.give(WithdrawCase(), APPLICANT)
    with pytest.raises(Exception, match="case.stale-task"):
        story.act_on(key, "ok", role="window")


def test_urging_is_possible_once_a_working_day() -> None:
    story = Story().to_joint()
    story.give(Urge(), APPLICANT, on="2026-03-06 09:00")
    for moment in ("2026-03-06 17:00", "2026-03-06 10:00"):
        with pytest.raises(UrgedAlready):
            story.give(Urge(), APPLICANT, on=moment)
    story.give(Urge(), APPLICANT, on="2026-03-09 09:00")
    assert story.state.last_urged_on == date(2026, 3, 9)


def test_an_appeal_names_its_successor_and_leaves_the_case_closed() -> None:
    story = refused_case()
    story.give(OpenAppeal(SUCCESSOR), APPLICANT)
    assert (story.state.status, story.state.appeal) == (Status.CLOSED, SUCCESSOR)
    assert story.happening("appealed").detail["opens"] == "admin-review"
    with pytest.raises(NoAppealNow):
        story.give(OpenAppeal(SUCCESSOR), APPLICANT)


@pytest.mark.parametrize(
    ("moment", "is_allowed"),
    [
        # 60 days after 2 March end on Friday 1 May, a holiday: on Wednesday 6 May.
        pytest.param("2026-05-06 23:00", True, id="on the last day"),
        pytest.param("2026-05-07 00:00", False, id="a day later"),
    ],
)
def test_an_appeal_has_its_period(moment: str, is_allowed: bool) -> None:
    story = refused_case()
    if is_allowed:
        story.give(OpenAppeal(SUCCESSOR), APPLICANT, on=moment)
    else:
        with pytest.raises(NoAppealNow):
            story.give(OpenAppeal(SUCCESSOR), APPLICANT, on=moment)


def test_an_open_or_granted_case_has_no_appeal() -> None:
    with pytest.raises(CaseNotOpen):
        Story().to_joint().give(OpenAppeal(SUCCESSOR), APPLICANT)
    story = Story().to_joint()
    story.give(WithdrawCase(), APPLICANT)
    with pytest.raises(NoAppealNow):
        story.give(OpenAppeal(SUCCESSOR), APPLICANT)
