"""Say who has a task: claim it from the team (领取), give it back, hand it to a colleague (转办)."""

from gov_portal.kernel.principal import Officer
from workflows.domain.commands import Claim, HandOver, Release
from workflows.domain.definition import APPLICANT
from workflows.domain.state import Task, TaskKind
from workflows.engine import posts
from workflows.engine.refusals import NotPermitted, NotYourTask, StaleTask, VoteCast
from workflows.engine.run import Run


def claim(run: Run, command: Claim) -> None:
    """Take a task of one's team.

    Raises:
        StaleTask, NotYourTask, FourEyes: gone, a colleague's, or not for this officer.
    """
    task = _task(run, command.task)
    officer = posts.worker(run, task)
    if officer is None:
        raise NotYourTask
    run.tasks[task.key] = task._replace(officer=officer)
    posts.remember_holder(run, task, officer)
    run.happen("claimed", task.step, task.visit)


def release(run: Run, command: Release) -> None:
    """Give a task back to the team; only whoever has it may.

    Raises:
        VoteCast: a voter was drawn and stays.
        StaleTask, NotYourTask: gone, nobody's, or a colleague's.
    """
    task = _task(run, command.task)
    if task.kind is TaskKind.VOTE:
        raise VoteCast
    if task.officer is None:
        raise NotYourTask
    posts.worker(run, task)
    run.tasks[task.key] = task._replace(officer=None)
    posts.remember_holder(run, task, None)
    run.happen("released", task.step, task.visit)


def hand_over(run: Run, command: HandOver) -> None:
    """Give a task to a colleague who may do it.

    Whoever has it may, anybody of its role where nobody has it, and a leader of its department whom the item lets.

    Raises:
        NotPermitted: the item does not let this role hand over, or the colleague does not hold the post.
        VoteCast: a vote is nobody else's.
        StaleTask, NotYourTask, FourEyes: gone, a colleague's, or not for that officer.
    """
    task = _task(run, command.task)
    if task.role not in run.plan.definition.anytime.hand_over or task.role == APPLICANT:
        raise NotPermitted
    if task.kind is TaskKind.VOTE:
        raise VoteCast
    actor = run.actor
    if not isinstance(actor, Officer):
        raise NotYourTask
    is_own = posts.holds_post(actor, task) and task.officer in (None, actor.officer)
    if not is_own and not posts.leads(run, actor, task):
        raise NotYourTask
    eligible = run.context.eligible(task.role, task.near)
    if command.to not in eligible:
        raise NotPermitted(to=command.to)
    posts.check_four_eyes(run, task, command.to)
    run.tasks[task.key] = task._replace(officer=command.to)
    posts.remember_holder(run, task, command.to)
    if command.reason.strip():
        run.writes["hand_over.reason"] = command.reason.strip()
    run.happen("handed-over", task.step, task.visit, to=str(command.to))


def _task(run: Run, key: str) -> Task:
    for task in run.tasks.values():
        if task.key == key:
            return task
    raise StaleTask(task=key)
