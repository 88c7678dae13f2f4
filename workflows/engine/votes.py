"""Count votes: the step closes when the result cannot change; a tie or silence takes the ``else`` act."""

from collections.abc import Mapping
from functools import lru_cache

from workflows.domain.commands import ActOn
from workflows.domain.definition import HumanStep, Vote
from workflows.domain.state import ActiveStep, Task
from workflows.engine import posts
from workflows.engine.acts import Choice, apply, check_choice, effective_act
from workflows.engine.closing import drop_task
from workflows.engine.plan import Place
from workflows.engine.refusals import FieldNotHere, VoteCast
from workflows.engine.run import Run, altered
from workflows.engine.signers import decided

_VOTES = ActiveStep._fields.index("votes")

_spelt = lru_cache(maxsize=65_536)(str)
"""How votes name an officer: the same few hundred in case after case."""


def cast(run: Run, task: Task, command: ActOn) -> None:
    """Cast one vote, and apply the act that has enough voices.

    Raises:
        VoteCast: this officer has voted.
        TransitionRefused: wrong actor, act or reason.
    """
    place = run.plan.places[task.step]
    officer = posts.worker(run, task)
    step = place.step
    if officer is None or not isinstance(step, HumanStep) or step.vote is None:
        return
    if command.fields:
        raise FieldNotHere(field=next(iter(command.fields)))
    active, voter = run.active[place.id], _spelt(officer)
    if voter in active.votes:
        raise VoteCast
    choice = Choice(command.act, task.role, officer, command.reason.strip())
    act = effective_act(run, place, command.act)
    if act is not None:
        check_choice(run, place, act=act, choice=choice)
    active = run.active[place.id] = altered(active, _VOTES, {**active.votes, voter: command.act})
    posts.remember_actor(run, place, officer=officer, role=task.role)
    drop_task(run, task)
    run.happen("voted", place.id, active.visit, cast=len(active.votes), of=step.vote.of)
    act_id = decided_act(active.votes, step.vote, acts=place.offered)
    if act_id is not None:
        _settle(run, place, act_id=act_id, reason=choice.reason)


def close_vote(run: Run, place: Place, vote: Vote) -> None:
    """Close a vote at its limit: silence is no vote, so the ``else`` act is taken."""
    run.happen("elapsed", place.id, run.visits[place.id])
    _settle(run, place, act_id=vote.otherwise, reason="")


def decided_act(votes: Mapping[str, str], vote: Vote, *, acts: tuple[str, ...]) -> str | None:
    """Return the act that the votes come to, or ``None`` while any act may still reach its need."""
    return decided(votes, need=vote.need, of=vote.of, otherwise=vote.otherwise, acts=acts)


def _settle(run: Run, place: Place, *, act_id: str, reason: str) -> None:
    step = place.step
    role = step.by if isinstance(step, HumanStep) else ""
    act = effective_act(run, place, act_id)
    apply(run, place, act=act, choice=Choice(act_id, role, None, reason))
