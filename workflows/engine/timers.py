"""Fire what is due, in the order of due time; the legal time of what follows is the due time itself."""

from gov_portal.kernel.ids import TaskKey
from workflows.domain.definition import NEXT, HumanStep, Phase, WaitStep
from workflows.domain.paying import PayStep
from workflows.domain.state import Status, Task, TaskKind
from workflows.engine.acts import Choice, apply, effective_act
from workflows.engine.clock import SILENCE, set_deadline, settle_clock
from workflows.engine.consulting import note_silence
from workflows.engine.entering import arm_wait
from workflows.engine.messages import pass_over
from workflows.engine.objections import end_wait
from workflows.engine.owed import is_owed, lapse
from workflows.engine.paying import let_bill_pass
from workflows.engine.plan import RANKS, Place
from workflows.engine.refusals import ActUsedUp
from workflows.engine.reminding import remind
from workflows.engine.renewal import TIMER as RENEWAL
from workflows.engine.renewal import deem_renewed
from workflows.engine.run import REMIND, Run
from workflows.engine.signing import deem_signature
from workflows.engine.silence import deem_decided
from workflows.engine.supplement import let_lapse
from workflows.engine.suspension import go_on, rearm_task
from workflows.engine.timing import legal_day
from workflows.engine.votes import close_vote

_CARDS = ("yellow", "red")


def fire_due(run: Run) -> None:
    """Fire all timers due at or before now, then set legal time and day back to those of the command."""
    if not _needs_look(run):
        return
    now, today = run.now, run.on
    refresh_provisional(run)
    while (key := _next_due(run)) is not None:
        run.at = run.timers.pop(key)
        run.on = legal_day(run.calendar, run.at)
        _fire(run, key)
        settle_clock(run)
    run.at, run.on = now, today


def _needs_look(run: Run) -> bool:
    """Tell whether anything is due or rests on a calendar that was not official; mostly nothing is."""
    if run.timers and min(run.timers.values()) <= run.now:
        return True
    for task in run.tasks.values():
        if task.is_provisional:
            return True
    return run.is_due_provisional


def refresh_provisional(run: Run) -> None:
    """Reckon limits anew that rested on a year without an official calendar, once it is there."""
    if run.status is not Status.OPEN:
        return
    for task in list(run.tasks.values()):
        if task.is_provisional and task.limit is not None and task.opened_on is not None:
            moments = run.reckon(task.limit, start=task.opened_on, at=task.opened_at)
            if not moments.is_provisional:
                rearm_task(run, task)
    if run.is_due_provisional and run.clock.standing is None:
        set_deadline(run)


def _next_due(run: Run) -> str | None:
    """Return what is due first; at one moment, what ends something comes before the card that it makes needless."""
    timers = run.timers
    at = min(timers.values(), default=None)
    if at is None or at > run.now:
        return None
    return min((key.startswith(_CARDS), key) for key, due_at in timers.items() if due_at == at)[1]


def _fire(run: Run, timer: str) -> None:
    what, _, key = timer.partition(":")
    if what in _CARDS:
        _raise_card(run, timer, colour=what, key=key)
    elif what == "suspension":
        go_on(run)
    elif what.startswith(REMIND):
        remind(run, key)
    elif timer == RENEWAL:
        deem_renewed(run)
    elif timer == SILENCE:
        _end_limit(run)
    elif what == "wait":
        place = run.plan.places[key.rpartition(".")[0]]
        if isinstance(place.step, WaitStep) and not _has_moved(run, place, timer):
            if place.step.message is None:
                end_wait(run, place)
            else:
                pass_over(run, place, place.step)
    else:
        _pass_limit(run, key)


def _end_limit(run: Run) -> None:
    """Let the law speak where the statutory limit of the case passed without a decision."""
    if run.is_due_provisional:
        _put_off(run, SILENCE)
    else:
        deem_decided(run)


def _put_off(run: Run, key: str) -> None:
    """Look again tomorrow: an operator may have brought the calendar in."""
    run.set_timer(key, run.calendar.end_of_day(run.calendar.local_date(run.now)))


def _has_moved(run: Run, place: Place, timer: str) -> bool:
    """Tell whether a wait does not end yet: its calendar came and says later, or has not come and the end decides.

    Where the calendar says that it ended earlier, that is the legal time of what follows.
    """
    step = place.step
    if not isinstance(step, WaitStep):
        return False
    is_final = arm_wait(run, step, run.active[place.id])
    moved = run.timers.pop(timer, None)
    if moved is None:
        return False
    if not is_final and step.late not in (None, NEXT):
        _put_off(run, timer)
        return True
    if moved > run.at:
        run.timers[timer] = moved
        return True
    run.at, run.on = moved, legal_day(run.calendar, moved)
    return False


def _raise_card(run: Run, card: str, *, colour: str, key: str) -> None:
    run.cards = (*run.cards, card)
    step, visit = _step_of(run, key)
    run.happen(f"{colour}-card", step, visit, about=key)


def _step_of(run: Run, key: str) -> tuple[str, int]:
    task = run.tasks.get(TaskKey(key))
    if task is not None:
        return task.step, task.visit
    for active in run.active.values():
        if key == f"{active.step}.{active.visit}" or key.startswith(f"{active.step}.{active.visit}."):
            return active.step, active.visit
    return "", 0


def _pass_limit(run: Run, key: str) -> None:
    """Let the law speak where a limit passed that has more than a card behind it."""
    task = next((task for task in run.tasks.values() if task.key == key), None)
    if any(other.is_provisional for other in run.tasks.values() if f"{other.key}.".startswith(f"{key}.")):
        _put_off(run, f"due:{key}")
    elif task is not None and is_owed(task):
        lapse(run, task)
    elif task is not None and task.kind is TaskKind.SUPPLEMENT:
        let_lapse(run, task)
    elif task is not None and task.kind is TaskKind.SIGN:
        deem_signature(run, task)
    elif task is not None and task.kind is TaskKind.CONSULT:
        note_silence(run, task)
    elif task is not None and task.kind is TaskKind.PAY:
        place = run.plan.places[task.step]
        if isinstance(place.step, PayStep):
            let_bill_pass(run, place, place.step)
    elif task is not None:
        _deem(run, task)
    else:
        _pass_shared_limit(run, run.plan.places[key.rpartition(".")[0]])


def _pass_shared_limit(run: Run, place: Place) -> None:
    """Let the law speak where the tasks of a step share one limit: voters, or several roles that may do it."""
    step = place.step
    if isinstance(step, HumanStep) and step.vote is not None:
        close_vote(run, place, step.vote)
        return
    shared = next(iter(run.tasks_at(place.id)), None)
    if shared is not None:
        _deem(run, shared)


def _deem(run: Run, task: Task) -> None:
    """Take the act that silence is deemed to be (视为); deemed acceptance takes effect from the day of receipt.

    What the applicant or a party leaves unsaid accepts nothing, so it has no effect backwards.

    Never an outcome with remedies, and never against the act's own condition.

    Source: Administrative Licensing Law art. 32(4).
    """
    place = run.plan.places[task.step]
    step = place.step
    if not isinstance(step, HumanStep) or step.deemed is None:
        return
    try:
        act = effective_act(run, place, step.deemed)
    except ActUsedUp:
        return
    if act is not None and not _may_be_deemed(run, act_end=act.end, place=place):
        return
    if act is not None and act.only is not None and not run.holds(act.only):
        return
    if place.rank <= RANKS[Phase.ACCEPTANCE] and task.role not in run.plan.citizens:
        run.started_from = run.clock.received_on
        run.tell("case.deemed-accepted", place.id, task.visit)
    run.happen("deemed", place.id, task.visit, act=step.deemed)
    apply(run, place, act=act, choice=Choice(step.deemed, step.by))
    run.started_from = None


def _may_be_deemed(run: Run, *, act_end: str | None, place: Place) -> bool:
    return act_end is None or not run.plan.definition.outcomes[act_end].remedies
