"""Define the one transition function of every case."""

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
from workflows.domain.state import CaseState, Context, Status, TaskKind, Transition
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
    match command:
        case ActOn():
            _act(run, command)
        case Result():
            apply_result(run, command)
        case Begin():
            begin(run, command)
        case Submit():
            submit(run, command)
        case Due():
            pass
        case OpenAppeal():
            appeal(run, command)
        case OpenCorrection():
            correct(run, command)
        case _:
            _carry_out_open(run, command)


def _carry_out_open(run: Run, command: Command) -> None:
    """Carry out what needs an open case; some of it also works while the case is suspended."""
    if run.status not in (Status.OPEN, Status.SUSPENDED):
        raise CaseNotOpen
    match command:
        case WithdrawCase():
            withdraw(run, command)
        case ResumeCase():
            resume(run, command)
        case Urge():
            urge(run)
        case SuspendCase():
            suspend(run, command)
        case _:
            _carry_out_running(run, command)


def _carry_out_running(run: Run, command: Command) -> None:
    """Carry out what needs a case that is not suspended."""
    if run.status is Status.SUSPENDED:
        raise CaseSuspended
    match command:
        case ReturnSupplement():
            return_supplement(run, command)
        case ExtendLimit():
            extend(run, command)
        case HandOver():
            hand_over(run, command)
        case Claim():
            claim(run, command)
        case Release():
            release(run, command)
        case Object():
            object_to(run, command)
        case ChangeSigners():
            change_signers(run, command)
        case ReviseBill():
            revise_bill(run, command)
        case AskOpinion():
            ask_opinion(run, command)


def _act(run: Run, command: ActOn) -> None:
    task = run.tasks.get(command.task)
    if task is None:
        raise StaleTask(task=command.task)
    if run.status is Status.SUSPENDED:
        raise CaseSuspended
    match task.kind:
        case TaskKind.WORK:
            work_on(run, task, command)
        case TaskKind.VOTE:
            cast(run, task, command)
        case TaskKind.SIGN:
            sign(run, task, command)
        case TaskKind.RAISED:
            confirm(run, task, command)
        case TaskKind.OBJECTION | TaskKind.OVERDUE:
            answer(run, task, command)
        case TaskKind.CONSULT:
            reply(run, task, command)
        case TaskKind.APPLY | TaskKind.SUPPLEMENT | TaskKind.PAY:
            raise WrongCommand(task=command.task)
