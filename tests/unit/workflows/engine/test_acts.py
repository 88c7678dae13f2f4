"""Every act of the item: allowed where it may be, refused with a stable code where not."""

from dataclasses import replace
from datetime import date

import pytest

from gov_portal.kernel.principal import Officer
from tests.factories.cases import APPLICANT, ASSESSED, PLATFORM, REGION, Story, officer_id
from workflows.domain.commands import ActOn, Claim, HandOver
from workflows.domain.definition import Phase
from workflows.domain.state import Status
from workflows.engine.refusals import (
    ActNotAllowed,
    ActUnknown,
    ActUsedUp,
    CaseNotOpen,
    FieldMissing,
    FieldNotHere,
    FourEyes,
    NotPermitted,
    NotYourTask,
    ReasonMissing,
    StaleTask,
    TransitionRefused,
    VoteCast,
    WrongCommand,
)


def key_of(story: Story, step: str) -> ActOn:
    return ActOn(story.task(step).key, "ok")


def test_acceptance_leads_into_both_branches() -> None:
    story = Story().apply()
    transition = story.act("accept", "ok")
    assert {active.step for active in story.state.active} == {"joint", "assess", "verify"}
    assert [(effect.kind, effect.step) for effect in transition.effects] == [("notice", "accept"), ("call", "verify")]
    assert story.values["accept.role"] == "window"
    assert story.values["accept.day"] == date(2026, 3, 2)


def test_a_refusal_at_acceptance_needs_a_reason_and_closes_the_case() -> None:
    story = Story().apply()
    with pytest.raises(ReasonMissing):
        story.act("accept", "refuse", reason="  ")
    story.act("accept", "refuse", reason="不属于本机关职权范围")
    assert (story.state.status, story.state.outcome) == (Status.CLOSED, "refused")
    assert story.values["accept.reason"] == "不属于本机关职权范围"
    assert story.state.clock.started_on is None


def test_a_denial_needs_a_reason() -> None:
    story = Story().to_approval()
    with pytest.raises(ReasonMissing):
        story.act("approve", "deny", reason="")
    story.act("approve", "deny")
    assert story.state.outcome == "denied"


def test_a_step_is_done_by_filling_all_its_fields_and_no_other() -> None:
    story = Story().to_joint()
    with pytest.raises(FieldMissing) as missing:
        story.act("assess", fields={"assess.kind": "hearing"})
    assert missing.value.fields == ("assess.level", "assess.report")
    with pytest.raises(FieldNotHere):
        story.act("assess", fields={**ASSESSED, "verdict.grade": "g1"})
    with pytest.raises(ActUnknown):
        story.act("assess", "ok", fields=ASSESSED)
    story.act("assess", fields=ASSESSED)
    assert story.values["assess.level"] == 2


def test_branches_join_when_all_are_done() -> None:
    story = Story().to_joint()
    story.act("assess", fields=ASSESSED)
    assert "verify" in {active.step for active in story.state.active}
    story.result("verify", "found")
    assert [active.step for active in story.state.active] == ["publicise"]
    assert story.values["verdict.grade"] == "g2"


@pytest.mark.parametrize(("level", "grade"), [(0, "not_graded"), (1, "g1"), (4, "g4")])
def test_the_table_decides_the_grade(level: int, grade: str) -> None:
    story = Story().to_joint()
    story.result("verify", "found")
    story.act("assess", fields={**ASSESSED, "assess.level": level})
    assert story.values["verdict.grade"] == grade


def test_a_minor_is_not_made_public() -> None:
    story = Story().apply(
        applicant__birth=date(2012, 5, 1), guardian__name="样例", guardian__id_no="470101198005010017"
    )
    story.act("accept", "ok")
    story.result("verify", "found")
    story.act("assess", fields=ASSESSED)
    assert [active.step for active in story.state.active] == ["review"]


def test_an_act_whose_condition_fails_is_refused() -> None:
    story = Story().to_joint()
    story.result("verify", "found")
    story.act("assess", fields={**ASSESSED, "assess.level": 0})
    story.due("2026-03-10 09:00")
    story.vote("ok", "ok")
    with pytest.raises(ActNotAllowed):
        story.act("approve", "ok")
    story.act("approve", "deny")
    assert story.state.outcome == "denied"


def test_an_act_is_used_up_in_the_life_of_a_case() -> None:
    story = Story().to_approval()
    for _ in range(2):
        story.act("approve", "redo")
        story.vote("ok", "ok")
    with pytest.raises(ActUsedUp):
        story.act("approve", "redo")
    story.act("approve", "ok")
    assert story.state.phase is Phase.ISSUANCE


def test_whoever_was_quicker_leaves_a_stale_task() -> None:
    story = Story().apply()
    command = key_of(story, "accept")
    story.give(command, story.officer("window"))
    with pytest.raises(StaleTask):
        story.give(command, story.officer("window", "window.2"))


@pytest.mark.parametrize(
    "officer",
    [
        pytest.param(Officer(officer_id("a"), "dept.subdistrict", REGION, frozenset({"clerk"})), id="another role"),
        pytest.param(Officer(officer_id("a"), "dept.cdpf", REGION, frozenset({"window"})), id="another department"),
        pytest.param(Officer(officer_id("a"), "dept.subdistrict", "470201", frozenset({"window"})), id="another city"),
        pytest.param(APPLICANT, id="the applicant"),
        pytest.param(PLATFORM, id="the platform"),
    ],
)
def test_only_the_post_may_act(officer: Officer) -> None:
    story = Story().apply()
    with pytest.raises(NotYourTask):
        story.give(key_of(story, "accept"), officer)


def test_a_leader_is_needed_where_the_role_says_so() -> None:
    story = Story().to_approval()
    post = story.officer("leader")
    plain = Officer(post.officer, post.org, post.region, post.roles, rank="")
    with pytest.raises(NotYourTask):
        story.give(key_of(story, "approve"), plain)


def test_four_eyes_keep_a_voter_from_deciding() -> None:
    story = Story().to_approval()
    with pytest.raises(FourEyes):
        story.act("approve", "ok", by="checker.1")
    story.act("approve", "ok", by="leader.1")


def test_a_colleagues_task_is_not_mine() -> None:
    story = Story().apply()
    story.give(Claim(story.task("accept").key), story.officer("window"))
    assert story.task("accept").officer == officer_id("window.1")
    with pytest.raises(NotYourTask):
        story.act("accept", "ok", by="window.2")
    with pytest.raises(NotYourTask):
        story.give(Claim(story.task("accept").key), story.officer("window", "window.2"))
    story.act("accept", "ok", by="window.1")


def test_a_task_is_handed_to_a_colleague_who_may_do_it() -> None:
    story = Story(voters=(officer_id("window.1"), officer_id("window.2"))).apply()
    task = story.task("accept").key
    with pytest.raises(NotPermitted):
        story.give(HandOver(task, officer_id("stranger")), story.officer("window"))
    story.give(HandOver(task, officer_id("window.2"), "出差"), story.officer("window"))
    assert story.task("accept").officer == officer_id("window.2")
    assert story.happening("handed-over").detail["to"] == str(officer_id("window.2"))
    with pytest.raises(NotYourTask):
        story.act("accept", "ok", by="window.1")


def test_a_vote_and_an_assessment_are_not_handed_over() -> None:
    story = Story().to_joint()
    with pytest.raises(NotPermitted):
        story.give(HandOver(story.task("assess").key, officer_id("assessor.2")), story.officer("assessor"))
    story = Story().to_review()
    with pytest.raises(VoteCast):
        story.give(HandOver(next(iter(story.state.tasks)), officer_id("checker.4")), story.officer("checker"))


def test_a_step_entered_again_returns_to_whoever_had_it() -> None:
    story = Story().to_approval()
    story.give(Claim(story.task("approve").key), story.officer("leader", "leader.7"))
    story.act("approve", "redo", by="leader.7")
    story.vote("ok", "ok")
    assert story.task("approve").officer == officer_id("leader.7")


def test_a_draft_and_a_closed_case_know_no_acts() -> None:
    story = Story()
    with pytest.raises(StaleTask):
        story.act_on("accept.1", "ok", role="window")
    story.apply()
    with pytest.raises(CaseNotOpen):
        Story().give(Claim(story.task("accept").key), story.officer("window"))
    story.act("accept", "refuse")
    with pytest.raises(StaleTask):
        story.act_on("accept.1", "ok", role="window")


def test_a_supplement_is_not_closed_by_an_act() -> None:
    story = Story().apply()
    story.supplement("claim.cause")
    with pytest.raises(WrongCommand):
        story.give(ActOn(story.task("accept").key, "done"), APPLICANT)


def test_a_refused_command_changes_nothing() -> None:
    story = Story().apply()
    before = story.state
    with pytest.raises(TransitionRefused):
        story.act("accept", "refuse", reason="")
    assert story.state is before
    assert story.state.tasks.keys() == {"accept.1"}


def test_a_refusal_although_every_condition_is_met_is_a_fact_for_the_supervision() -> None:
    # The one condition of the item is that the applicant lives in the province 470000.
    met, unmet = Story().apply(), Story().apply(applicant__region="360101")
    for story in (met, unmet):
        officer = replace(story.officer("window"), region=str(story.values["applicant.region"]))
        story.give(ActOn(story.task("accept").key, "refuse", {}, "不符合"), officer)
    told = ["against-rules" in [one.kind for one in story.happenings] for story in (met, unmet)]
    assert told == [True, False]
