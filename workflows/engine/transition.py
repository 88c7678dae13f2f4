"""Define the one transition function of every case."""

from collections.abc import Callable, Mapping
from typing import Any

from workflows.domain.commands import (
    ActOn,
    AskOpinion,
    Begin,
    ChangeSigners,
    Claim,
    Command,
    Due,
    ExtendLimit,
    HandOver,
    Mend,
    Object,
    OpenAppeal,
    OpenCorrection,
    Release,
    Result,
    ResumeCase,
    ReturnSupplement,
    ReviseBill,
    Submit,
    SuspendCase,
    Urge,
    WithdrawCase,
)
from workflows.domain.definition import Definition
from workflows.domain.state import CaseState, Context, Status, Task, TaskKind, Transition
from workflows.engine.acts import work_on
from workflows.engine.anytime import appeal, correct, extend, urge, withdraw
from workflows.engine.assignments import claim, hand_over, release
from workflows.engine.clock import settle_clock
from workflows.engine.consulting import ask_opinion, reply
from workflows.engine.mending import mend
from workflows.engine.objections import answer, object_to
from workflows.engine.plan import plan_of
from workflows.engine.raised import confirm
from workflows.engine.receipt import begin, submit
from workflows.engine.refusals import CaseNotOpen, CaseSuspended, StaleTask, WrongCommand
from workflows.engine.results import apply_result
from workflows.engine.revising import revise_bill
from workflows.engine.run import Run
from workflows.engine.signing import change_signers, sign
from workflows.engine.supplement import return_supplement
from workflows.engine.suspension import resume, suspend
from workflows.engine.timers import fire_due
from workflows.engine.votes import cast


def advance(definition: Definition, state: CaseState, command: Command, context: Context) -> Transition:
    """Apply one command to a case: fire what is due, carry the command out, run on to quiescence.

    Pure: neither ``state`` nor anything it holds is changed, and equal arguments give equal results.

    Returns:
        The new state, written fields by path, what happened, and what must happen outside.

    Raises:
        TransitionRefused: the case does not allow the command now; nothing has changed, what was due included.
    """
    run = Run(plan_of(definition), state, context)
    if isinstance(command, Mend):
        # What is due may be the very thing that does not fire.
        mend(run, command)
        settle_clock(run)
        return run.finish()
    fire_due(run)
    status = run.status
    _carry_out(run, command)
    settle_clock(run)
    # What a clock that goes on again owes: a moment may lie on a day that its standing does not exclude.
    if run.is_late or run.status is not status:
        fire_due(run)
    return run.finish()


def _carry_out(run: Run, command: Command) -> None:
    kind = type(command)
    carry_out = _ANY_TIME.get(kind)
    if carry_out is None:
        if run.status not in (Status.OPEN, Status.SUSPENDED):
            raise CaseNotOpen
        carry_out = _WHILE_OPEN.get(kind)
    if carry_out is None:
        if run.status is Status.SUSPENDED:
            raise CaseSuspended
        carry_out = _WHILE_RUNNING[kind]
    carry_out(run, command)


def _act(run: Run, command: ActOn) -> None:
    task = run.tasks.get(command.task)
    if task is None:
        raise StaleTask(task=command.task)
    if run.status is _SUSPENDED:
        raise CaseSuspended
    act_on = _ACTS.get(task.kind)
    if act_on is None:
        raise WrongCommand(task=command.task)
    act_on(run, task, command)


_SUSPENDED = Status.SUSPENDED

_ANY_TIME: Mapping[type, Callable[[Run, Any], None]] = {
    ActOn: _act,
    Result: apply_result,
    Begin: begin,
    Submit: submit,
    Due: lambda run, command: None,
    OpenAppeal: appeal,
    OpenCorrection: correct,
}
"""What looks itself whether the case is open."""

_WHILE_OPEN: Mapping[type, Callable[[Run, Any], None]] = {
    WithdrawCase: withdraw,
    ResumeCase: resume,
    Urge: lambda run, command: urge(run),
    SuspendCase: suspend,
}
"""What needs an open case; some of it also works while the case is suspended."""

_WHILE_RUNNING: Mapping[type, Callable[[Run, Any], None]] = {
    ReturnSupplement: return_supplement,
    ExtendLimit: extend,
    HandOver: hand_over,
    Claim: claim,
    Release: release,
    Object: object_to,
    ChangeSigners: change_signers,
    ReviseBill: revise_bill,
    AskOpinion: ask_opinion,
}
"""What needs a case that is not suspended."""

_ACTS: Mapping[TaskKind, Callable[[Run, Task, ActOn], None]] = {
    TaskKind.WORK: work_on,
    TaskKind.VOTE: cast,
    TaskKind.SIGN: sign,
    TaskKind.RAISED: confirm,
    TaskKind.OBJECTION: answer,
    TaskKind.OVERDUE: answer,
    TaskKind.CONSULT: reply,
}
"""Whose tasks are acted on; the applicant's own are handed in, paid or submitted by commands of their own."""
