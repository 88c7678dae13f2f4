"""Officers ask another role for an opinion: some acts wait for it, the clock does not, and silence has an end."""

from dataclasses import replace

import pytest

from gov_portal.kernel.ids import TaskKey
from tests.factories.cases import Story, card_item, officer_id
from workflows.domain.commands import ActOn, AskOpinion, Claim, HandOver, ResumeCase, SuspendCase
from workflows.domain.definition import Duration, Unit
from workflows.domain.state import Status, TaskKind
from workflows.engine.clock import explain
from workflows.engine.codec import dump, load
from workflows.engine.obstacles import obstacles
from workflows.engine.refusals import (
    ActUnknown,
    AnswerAwaited,
    FourEyes,
    NoConsultingNow,
    NotPermitted,
    NotYourTask,
    ReasonMissing,
    StaleTask,
    TransitionRefused,
)
from workflows.engine.routes import Route

QUESTION = TaskKey("approve.1.q1")
RULE = card_item().anytime.consult


def asked(**changes: object) -> Story:
    """Return a case whose leader has asked the hospital on 10 March 2026 and may not decide meanwhile."""
    told = Story()
    if changes:
        told.definition = replace(
            told.definition, hash="changed", anytime=replace(told.definition.anytime, consult=replace(RULE, **changes))
        )
    told.to_approval()
    ask(told)
    return told


def ask(told: Story, task: str = "approve.1", to: str = "assessor", *, by: str = "leader") -> None:
    told.give(AskOpinion(TaskKey(task), to, "二级还是三级？"), told.officer(by))


def reply(told: Story, key: TaskKey = QUESTION, *, by: str = "assessor", text: str = "二级") -> None:
    told.give(ActOn(key, "reply", reason=text), told.officer(by))


def test_the_role_asked_gets_a_task_with_a_limit_of_its_own() -> None:
    told = asked()
    task = told.state.tasks[QUESTION]
    assert (task.kind, task.role, task.org, task.acts) == (TaskKind.CONSULT, "assessor", "dept.health", ("reply",))
    # Two working days after Tuesday 10 March.
    assert told.calendar.local_date(task.due_at).isoformat() in ("2026-03-12", "2026-03-13")
    assert told.values["consult.1.question"] == "二级还是三级？"
    assert told.happening("consulted").detail == {"number": 1, "role": "leader", "asked": "assessor"}


@pytest.mark.parametrize("act", ["ok", "deny"])
def test_what_waits_for_the_answer_is_closed_until_it_comes(act: str) -> None:
    told = asked()
    with pytest.raises(AnswerAwaited):
        told.act("approve", act)
    reply(told)
    assert told.values["consult.1.answer"] == "二级"
    told.act("approve", act)
    assert told.values["approve.act"] == act


def test_what_does_not_wait_stays_open_and_the_question_outlives_its_step() -> None:
    told = asked()
    told.give(ActOn(TaskKey("approve.1"), "redo", reason="再看"), told.officer("leader"))
    assert QUESTION in told.state.tasks
    told.vote("ok", "ok")
    with pytest.raises(AnswerAwaited):
        told.give(ActOn(TaskKey("approve.2"), "ok"), told.officer("leader"))
    reply(told)
    told.give(ActOn(TaskKey("approve.2"), "ok"), told.officer("leader"))
    assert "issue" in told.state.visits


def test_silence_is_written_down_and_opens_what_waited() -> None:
    told = asked()
    due = told.state.tasks[QUESTION].due_at
    assert due is not None
    told.give_at(due)
    assert "unanswered" in told.kinds()
    assert told.happening("unanswered").detail == {"number": 1, "asked": "assessor"}
    assert QUESTION not in told.state.tasks
    with pytest.raises(StaleTask):
        reply(told)
    told.give(ActOn(TaskKey("approve.1"), "ok"), told.officer("leader"))
    assert told.values["approve.act"] == "ok"


def test_no_timer_of_a_question_is_left_behind() -> None:
    told = asked()
    reply(told)
    assert not [key for key in told.state.timers if ".q1" in key]


def test_the_legal_clock_runs_on() -> None:
    told, other = asked(), Story().to_approval()
    later = [explain(one.definition, one.state, now=one.now, calendar=one.calendar) for one in (told, other)]
    assert later[0] == later[1]
    assert told.state.clock.standing is None


def test_one_role_owes_one_answer_at_a_time_and_questions_are_numbered() -> None:
    told = asked()
    with pytest.raises(NoConsultingNow):
        ask(told)
    reply(told)
    ask(told)
    assert told.state.askers == (officer_id("leader.1"),) * 2
    assert TaskKey("approve.1.q2") in told.state.tasks


def test_a_voter_may_ask_from_a_vote_and_keeps_it() -> None:
    told = Story().to_review()
    voter = told.officer("checker")
    mine = next(task for task in told.state.tasks.values() if task.officer == voter.officer)
    told.give(AskOpinion(mine.key, "assessor", "？"), voter)
    told.vote("ok", "ok")
    assert "approve.1" in told.state.tasks


@pytest.mark.parametrize(
    ("task", "to", "by", "refusal"),
    [
        ("approve.1", "window", "leader", NoConsultingNow),
        ("approve.1", "assessor", "checker", NotYourTask),
        ("accept.1", "assessor", "window", StaleTask),
    ],
    ids=["a role that is not to be asked", "somebody else's task", "a task that is gone"],
)
def test_other_questions_are_refused(task: str, to: str, by: str, refusal: type[TransitionRefused]) -> None:
    told = Story().to_approval()
    with pytest.raises(refusal):
        ask(told, task, to, by=by)


def test_who_is_not_named_may_not_ask_and_nobody_asks_nothing() -> None:
    told = Story().apply()
    with pytest.raises(NotPermitted):
        ask(told, "accept.1", by="window")
    told = Story().to_approval()
    with pytest.raises(ReasonMissing):
        told.give(AskOpinion(TaskKey("approve.1"), "assessor", "  "), told.officer("leader"))


def test_an_answer_is_a_text_of_somebody_of_the_role_asked() -> None:
    told = asked()
    with pytest.raises(ReasonMissing):
        reply(told, text=" ")
    with pytest.raises(NotYourTask):
        reply(told, by="checker")
    with pytest.raises(ActUnknown):
        told.give(ActOn(QUESTION, "ok", reason="二级"), told.officer("assessor"))


def test_nobody_answers_what_they_asked() -> None:
    told = asked()
    asker = replace(told.officer("assessor"), officer=officer_id("leader.1"))
    with pytest.raises(FourEyes):
        told.give(ActOn(QUESTION, "reply", reason="二级"), asker)


def test_taking_the_question_does_not_take_the_step() -> None:
    told = asked()
    told.give(Claim(QUESTION), told.officer("assessor"))
    assert told.state.tasks[QUESTION].officer == officer_id("assessor.1")
    reply(told)
    assert "approve" not in told.state.holders
    # Whoever answered goes on seeing the case.
    assert officer_id("assessor.1") in told.state.actors["consult"]
    assert told.state.decider == "checker"


def test_a_question_is_handed_on_only_where_the_item_lets_its_role() -> None:
    told = asked()
    with pytest.raises(NotPermitted):
        told.give(HandOver(QUESTION, officer_id("assessor.2")), told.officer("assessor"))


def test_a_suspension_moves_the_limit_of_an_answer() -> None:
    told = asked()
    before = told.state.tasks[QUESTION].due_at
    told.give(SuspendCase("听证", "因为"), told.officer("leader"))
    with pytest.raises(TransitionRefused):
        reply(told)
    told.give(ResumeCase(), told.officer("leader"), on="2026-03-17 09:00")
    after = told.state.tasks[QUESTION].due_at
    assert before is not None and after is not None and after > before
    told.give_at(after)
    assert QUESTION not in told.state.tasks


def test_a_question_ends_with_its_case() -> None:
    told = asked(blocks=())
    told.give(ActOn(TaskKey("approve.1"), "deny", reason="不符合"), told.officer("leader"))
    assert told.state.status is Status.CLOSED
    assert not told.state.tasks


def test_a_question_survives_storage() -> None:
    told = asked()
    assert load(dump(told.state)) == told.state


def test_a_question_moves_with_its_case_unless_the_new_version_asks_nobody() -> None:
    told = asked()
    older = told.definition
    same = replace(older, hash="next", facts=replace(older.facts, version=older.facts.version + 1))
    without = replace(same, hash="without", anytime=replace(same.anytime, consult=None))
    context = told.context(told.officer("leader"))
    assert not list(obstacles(Route(older, same), told.state, context))
    assert "question-gone: assessor" in [str(one) for one in obstacles(Route(older, without), told.state, context)]


def test_an_answer_that_may_take_hours_is_reckoned_in_hours() -> None:
    told = asked(within=Duration(4, Unit.HOUR))
    task = told.state.tasks[QUESTION]
    assert task.due_at is not None
    assert (task.due_at - task.opened_at).total_seconds() == 4 * 3600
