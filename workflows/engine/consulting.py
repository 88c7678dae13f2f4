"""Ask another role for an opinion (请示, 征求意见) and take its answer; nothing of the flow or the clock stands."""

from workflows.domain.commands import ActOn, AskOpinion
from workflows.domain.definition import Consult
from workflows.domain.state import Task, TaskKind
from workflows.engine import posts
from workflows.engine.acts import check_fields
from workflows.engine.closing import drop_task
from workflows.engine.entering import Work, open_task
from workflows.engine.refusals import ActUnknown, NoConsultingNow, NotPermitted, ReasonMissing, StaleTask
from workflows.engine.run import Run

REPLY = "reply"
"""The one act of whoever is asked."""

OPINIONS = "consult"
"""First part of the paths of questions and answers: ``consult.<number>.question`` and ``.answer``."""


def ask_opinion(run: Run, command: AskOpinion) -> None:
    """Ask a role for an opinion about one's own open task; it gets a task that outlives the step it is asked in.

    Raises:
        StaleTask, NotYourTask, FourEyes: the task is gone, or not for this officer to work on.
        NotPermitted: the item lets nobody of the task's role ask.
        NoConsultingNow: the role is not one to ask, or has not answered yet.
        ReasonMissing: no question.
    """
    task = run.tasks.get(command.task)
    if task is None:
        raise StaleTask(task=command.task)
    rule = run.plan.definition.anytime.consult
    if rule is None or task.role not in _posts(run, rule.by) or task.kind is TaskKind.CONSULT:
        raise NotPermitted
    officer = posts.worker(run, task)
    if officer is None or command.to not in askable(run, rule):
        raise NoConsultingNow(role=command.to)
    if not command.question.strip():
        raise ReasonMissing(field="question")
    run.askers = (*run.askers, officer)
    number = len(run.askers)
    run.writes[f"{OPINIONS}.{number}.question"] = command.question.strip()
    run.happen("consulted", task.step, task.visit, number=number, role=task.role, asked=command.to)
    key = f"{task.step}.{task.visit}.q{number}"
    work = Work(key, TaskKind.CONSULT, command.to, rule.within, (REPLY,), is_acting=True)
    open_task(run, run.plan.places[task.step], work)


def reply(run: Run, task: Task, command: ActOn) -> None:
    """Answer a question with a text; what waited for the answer is open again.

    Raises:
        NotYourTask, FourEyes: not for this officer to answer.
        ActUnknown, ReasonMissing: only ``reply``, and never without a word.
    """
    officer = posts.worker(run, task)
    if command.act != REPLY:
        raise ActUnknown(act=command.act)
    if not command.reason.strip():
        raise ReasonMissing(act=command.act)
    check_fields(run, command.fields, allowed=(), needed=())
    number = posts.question_number(task)
    run.writes[f"{OPINIONS}.{number}.answer"] = command.reason.strip()
    if officer is not None and officer not in (known := run.actors.get(OPINIONS, ())):
        run.actors = {**run.actors, OPINIONS: (*known, officer)}
    drop_task(run, task)
    run.happen("replied", task.step, task.visit, number=number, role=task.role)


def note_silence(run: Run, task: Task) -> None:
    """Write down that no answer came in time; the acts that waited for it are open again."""
    drop_task(run, task)
    run.happen("unanswered", task.step, task.visit, number=posts.question_number(task), asked=task.role)


def askable(run: Run, rule: Consult) -> tuple[str, ...]:
    """Return the roles that may be asked now: those that owe no answer."""
    asked = {task.role for task in run.tasks.values() if task.kind is TaskKind.CONSULT}
    return tuple(name for name in _posts(run, rule.to) if name not in asked)


def _posts(run: Run, roles: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(posts.post(run, name).name for name in roles)
