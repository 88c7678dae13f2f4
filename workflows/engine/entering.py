"""Enter steps and run on to quiescence: until every branch waits for a person, a time or an answer."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, NamedTuple

from gov_portal.kernel.ids import OfficerId, TaskKey
from workflows.domain.commands import Mark
from workflows.domain.definition import (
    APPLICANT,
    AllStep,
    CallStep,
    DecideStep,
    Duration,
    Each,
    EndStep,
    HumanStep,
    IfStep,
    IssueStep,
    OpenStep,
    Phase,
    SendStep,
    Unit,
    Vote,
    WaitStep,
)
from workflows.domain.paying import FREE, PayStep
from workflows.domain.state import ActiveStep, Status, Task, TaskKind
from workflows.engine import posts
from workflows.engine.bills import settle_bill, write_bill
from workflows.engine.clock import remaining_promise, start_clock, stop_clock
from workflows.engine.closing import close_at, leave
from workflows.engine.deciding import decide
from workflows.engine.electorate import draw
from workflows.engine.parts import open_part
from workflows.engine.plan import DONE, RANKS, Place
from workflows.engine.racing import win
from workflows.engine.reminding import arm_reminders, set_reminders
from workflows.engine.run import Run, made
from workflows.engine.signers import signers_of

_ACCEPTANCE = RANKS[Phase.ACCEPTANCE]
_DECISION = RANKS[Phase.DECISION]
NO_VOTES: Mapping[str, str] = {}
"""Shared by all visits without votes; nobody ever writes into it."""

_OTHERS_TURN = (TaskKind.WORK, TaskKind.SIGN)
_WORK, _VOTE = TaskKind.WORK, TaskKind.VOTE
_UNLIMITED = (None, None, None, False)
_ONE_DAY = Duration(1, Unit.WORKING_DAY)


def arrive(run: Run, place: Place | None) -> None:
    """Enter a place and run on; ``None`` is the end of the flow and never happens in a linted item."""
    while place is not None:
        step = place.step
        if place.when is not None and not run.holds(place.when):
            place = behind(run, place)
        elif isinstance(step, IfStep):
            opening = place.opens[0 if run.holds(step.condition) else 1]
            place = opening or behind(run, place)
        else:
            is_return = run.returned_from is not None
            _reach(run, place)
            run.is_reentering = is_return
            if not _ENTER[type(step)](run, place, step):
                return
            place = behind(run, place)


def complete(run: Run, place: Place) -> None:
    """Leave a step with its result, which may end the right to withdraw, and go on behind it."""
    active = leave(run, place)
    if place.index == run.plan.withdraw_index:
        run.is_past_withdrawal = True
    run.happen("left", place.id, active.visit)
    arrive(run, behind(run, place))


def behind(run: Run, place: Place) -> Place | None:
    """Return where to go on behind a place; ``None`` while other branches of its block are open."""
    while place.following is None and place.block is not None:
        block = place.block
        if block.id in run.opening:
            return None
        if block.is_race:
            win(run, block, place.scope[-1][1])
        elif _is_open(run, block.id):
            return None
        active = run.active.pop(block.id)
        run.happen("left", block.id, active.visit)
        place = block
    return place.following


def enter_again(run: Run, place: Place) -> None:
    """Enter a step anew after a supplement: a new visit with its full limit."""
    run.is_reentering = False
    _ENTER[type(place.step)](run, place, place.step)


def open_again(run: Run, place: Place, step: HumanStep, *, was: ActiveStep) -> None:
    """Open the work of a step anew as if it had been open all the while: a new visit, but the same limit."""
    active = mark_active(run, place)
    run.active[place.id] = active._replace(entered_at=was.entered_at, entered_on=was.entered_on)
    _open_work(run, place, step)


class Work(NamedTuple):
    """Describe one piece of work that is to be opened.

    Attributes:
        is_acting: passing the limit does more than raise a card.
        is_armed: set timers; voters of one step share those of the step.
        since: visit from whose entry the limit runs; from now without it.
    """

    key: str
    kind: TaskKind
    role: str
    limit: Duration | None
    acts: tuple[str, ...]
    officer: OfficerId | None = None
    reason: str = ""
    marks: tuple[Mark, ...] = ()
    is_acting: bool = False
    is_armed: bool = True
    since: ActiveStep | None = None


def open_task(run: Run, place: Place, work: Work) -> None:
    """Open one piece of work with its timers."""
    name, kind, role, limit, acts, officer, reason, marks, is_acting, is_armed, since = work[:]
    org = near = rank = None
    is_citizens = role in run.plan.citizens
    if not is_citizens:
        post = posts.post(run, role)
        role, org, rank = post.name, post.org, post.rank
        near = posts.near(run, post)
        if officer is None and post.person is not None:
            officer = posts.named_officer(run, post)
    if limit is not None and limit.table:
        limit = run.settled(limit)
    if since is None:
        at, on = run.at, run.on
    else:
        at, on = since.entered_at, since.entered_on
    moments = run.reckon(limit, start=on, at=at) if limit else None
    due_at, yellow_at, red_at, is_provisional = _UNLIMITED if moments is None else moments[:]
    if is_citizens:
        yellow_at = red_at = None
    key, visit = TaskKey(name), run.visits[place.id]
    task = run.tasks[key] = made(Task, (
        key, place.id, visit, kind, role, at, org, near, rank, officer, acts,
        due_at, yellow_at, red_at, is_provisional, marks, reason, on, limit,
    ))  # fmt: skip
    if moments is not None and is_armed:
        run.arm(key, moments, is_acting=is_acting, has_cards=not is_citizens)
        if run.plan.is_reminding:
            arm_reminders(run, task)
    if is_citizens and kind in _OTHERS_TURN:
        run.tell("case.your-turn", place.id, visit, to=role)


def mark_active(run: Run, place: Place, *, attempts: int = 0) -> ActiveStep:
    """Count one more visit of a step and open it."""
    name = place.id
    visit = run.visits.get(name, 0) + 1
    run.visits[name] = visit
    parts = (name, visit, run.at, run.on, attempts, NO_VOTES, False, 0, False, "", (), (), None)
    active = run.active[name] = made(ActiveStep, parts)
    run.happen("entered", name, visit)
    return active


def stand_at(run: Run, place: Place) -> None:
    """Reach a step without opening its work, because the law says what comes of it (视为); nothing if it is open."""
    if place.id not in run.active:
        _reach(run, place)
        mark_active(run, place)


def open_bill(run: Run, place: Place, step: PayStep) -> None:
    """Open the applicant's task to pay; a bill that is not paid in time does more than raise a card."""
    key = place.keys[run.visits[place.id]]
    open_task(run, place, Work(key, TaskKind.PAY, APPLICANT, step.within, (), is_acting=True))


def open_vote(run: Run, place: Place, step: HumanStep, vote: Vote) -> None:
    """Open one task for each elector; where too few hold the post, one task that draws anew."""
    key = place.keys[run.visits[place.id]]
    limit = _limit_now(run, place)
    electors = draw(run, place)
    if len(electors) < vote.of:
        work = Work(key, TaskKind.RAISED, step.by, limit, ("confirm",), reason="unstaffed")
        open_task(run, place, work)
        return
    for number, elector in enumerate(electors, start=1):
        parts = (f"{key}.{number}", _VOTE, step.by, limit, place.offered, elector, "", (), False, False, None)
        open_task(run, place, made(Work, parts))
    if limit is not None:
        moments = run.reckon(limit, start=run.on, at=run.at)
        run.arm(key, moments, is_acting=True)


def _enter_human(run: Run, place: Place, step: HumanStep) -> bool:
    mark_active(run, place)
    if step.vote is not None:
        open_vote(run, place, step, step.vote)
        return False
    if step.each is not None:
        return _open_signatures(run, place, step.each)
    _open_work(run, place, step)
    return False


def _open_work(run: Run, place: Place, step: HumanStep) -> None:
    """Open the work of a step; whoever had it before has it again."""
    officer = run.holders.get(place.id) if run.visits[place.id] > 1 and not step.fresh else None
    roles = place.roles
    if officer is not None and (had := run.values.get(place.paths.role)) in roles:
        roles = (str(had),)
    _open_for(run, place, roles, officer if len(roles) == 1 else None)


def _open_for(run: Run, place: Place, roles: tuple[str, ...], officer: OfficerId | None) -> None:
    """Open the work of a step for each role that may do it; they share the timers, and whoever acts does it for all."""
    active, limit = run.active[place.id], _limit_now(run, place)
    key = place.keys[active.visit]
    is_acting = place.is_deemed
    if len(roles) == 1:
        parts = (key, _WORK, roles[0], limit, place.offered, officer, "", (), is_acting, True, active)
        open_task(run, place, made(Work, parts))
        return
    for number, role in enumerate(roles, start=1):
        work = Work(f"{key}.{number}", TaskKind.WORK, role, limit, place.offered, officer, is_armed=False, since=active)
        open_task(run, place, work)
    if limit is not None:
        run.arm(key, run.reckon(limit, start=active.entered_on, at=active.entered_at), is_acting=is_acting)


def _open_signatures(run: Run, place: Place, each: Each) -> bool:
    """Open a task for every signer; where nobody has to sign, the step is passed as if all had agreed."""
    signers = signers_of(run, each)
    if not signers:
        run.active.pop(place.id)
        run.writes |= {place.paths.act: place.offered[0], place.paths.role: "", place.paths.day: run.on}
        run.happen("left", place.id, run.visits[place.id])
        return True
    run.active[place.id] = run.active[place.id]._replace(signers=signers)
    for signer in signers:
        open_signature(run, place, signer)
    return False


def open_signature(run: Run, place: Place, signer: str) -> None:
    """Open the task of one signer, with a limit of its own."""
    step = place.step
    if not isinstance(step, HumanStep) or step.each is None:
        return
    key = f"{place.id}.{run.visits[place.id]}.{signer}"
    role = step.by if step.each.is_rows else signer
    limit = _limit_now(run, place)
    is_acting = step.each.silence != "stands"
    open_task(run, place, Work(key, TaskKind.SIGN, role, limit, place.offered, is_acting=is_acting))


def _enter_call(run: Run, place: Place, step: CallStep) -> bool:
    active = _enter_machine(run, place)
    ask(run, place, active)
    return False


def _enter_issue(run: Run, place: Place, step: IssueStep) -> bool:
    active = _enter_machine(run, place)
    ask(run, place, active)
    return False


def _enter_send(run: Run, place: Place, step: SendStep) -> bool:
    way = _text(run.values.get(step.way)) or ""
    target = step.to.get(way, "")
    if target in run.plan.definition.roles:
        active = mark_active(run, place)
        key = place.keys[active.visit]
        open_task(run, place, Work(key, TaskKind.WORK, target, place.limit, (DONE,)))
        return False
    active = _enter_machine(run, place)
    ask(run, place, active)
    return False


def ask(run: Run, place: Place, active: ActiveStep, *, delay_s: int = 0) -> None:
    """Ask for what a call, issue or delivery does outside."""
    step, visit, attempt = place.step, active.visit, active.attempts
    if isinstance(step, CallStep):
        run.effect("call", place.id, visit, delay_s=delay_s, resource=step.resource, attempt=attempt)
    elif isinstance(step, IssueStep):
        run.effect("issue", place.id, visit, delay_s=delay_s, licence=step.licence, seal=step.seal, attempt=attempt)
    elif isinstance(step, SendStep):
        way = _text(run.values.get(step.way)) or ""
        run.effect("send", place.id, visit, delay_s=delay_s, way=way, attempt=attempt)


def _enter_open(run: Run, place: Place, step: OpenStep) -> bool:
    mark_active(run, place)
    return open_part(run, place, step)


def _enter_machine(run: Run, place: Place) -> ActiveStep:
    active = mark_active(run, place, attempts=1)
    if place.limit is not None:
        moments = run.reckon(place.limit, start=run.on, at=run.at)
        run.arm(place.keys[active.visit], moments, is_acting=False)
    return active


def _enter_decide(run: Run, place: Place, step: DecideStep) -> bool:
    run.visits[place.id] = run.visits.get(place.id, 0) + 1
    decide(run, step)
    run.happen("decided", place.id, run.visits[place.id])
    return True


def _enter_wait(run: Run, place: Place, step: WaitStep) -> bool:
    active = mark_active(run, place)
    arm_wait(run, step, active)
    if step.message is not None:
        run.effect("await", place.id, active.visit, message=step.message)
    return False


def arm_wait(run: Run, step: WaitStep, active: ActiveStep) -> bool:
    """Set the timer that ends a wait, counted from its entry; tell whether it rests on an official calendar.

    A wait until a day that is over ends as it begins.
    """
    key = f"wait:{step.id}.{active.visit}"
    span = step.span or step.within
    if span is not None:
        moments = run.reckon(span, start=active.entered_on, at=active.entered_at)
        run.set_timer(key, moments.due_at)
        set_reminders(run, f"{step.id}.{active.visit}", moments.due_at, step.remind)
        return not moments.is_provisional
    if step.until is not None:
        until = run.values.get(step.until)
        if isinstance(until, date):
            run.set_timer(key, max(run.calendar.end_of_day(until), active.entered_at))
    return True


def _enter_pay(run: Run, place: Place, step: PayStep) -> bool:
    active = mark_active(run, place, attempts=1)
    # What an office corrects of its own accord costs nobody anything again.
    if write_bill(run, place, step) > 0 and run.corrects is None:
        open_bill(run, place, step)
        run.effect("bill", place.id, active.visit, attempt=1)
        return False
    settle_bill(run, place, FREE)
    leave(run, place)
    return True


def _enter_all(run: Run, place: Place, step: AllStep) -> bool:
    mark_active(run, place)
    run.opening = (*run.opening, place.id)
    winner: int | None = None
    for number, opening in enumerate(place.opens):
        arrive(run, opening)
        if run.status is Status.CLOSED:
            return False
        if step.is_race and not _is_open(run, place.id, branch=number):
            winner = number
            break
    run.opening = tuple(block for block in run.opening if block != place.id)
    if winner is not None:
        win(run, place, winner)
    elif _is_open(run, place.id):
        return False
    active = run.active.pop(place.id)
    run.happen("left", place.id, active.visit)
    return True


def _enter_end(run: Run, place: Place, step: EndStep) -> bool:
    run.visits[place.id] = run.visits.get(place.id, 0) + 1
    close_at(run, place, step.outcome)
    return False


_ENTER: Mapping[type, Callable[[Run, Place, Any], bool]] = {
    HumanStep: _enter_human,
    CallStep: _enter_call,
    IssueStep: _enter_issue,
    SendStep: _enter_send,
    OpenStep: _enter_open,
    DecideStep: _enter_decide,
    WaitStep: _enter_wait,
    PayStep: _enter_pay,
    AllStep: _enter_all,
    EndStep: _enter_end,
}


def _reach(run: Run, place: Place) -> None:
    """Bring phase, return mark and decision clock up to the place."""
    if place.phase is not run.phase and place.rank > RANKS[run.phase]:
        run.phase = place.phase
    if run.returned_from is not None and place.index >= run.plan.places[run.returned_from].index:
        run.returned_from = None
    if place.rank > _ACCEPTANCE and run.clock.started_on is None:
        start_clock(run)
    if place.rank > _DECISION:
        stop_clock(run)


def _limit_now(run: Run, place: Place) -> Duration | None:
    """Return the step's limit, or what remains of the promise when a counting step is entered again."""
    limit = place.limit
    if limit is not None and limit.table:
        limit = run.settled(limit)
    if limit is None or not run.is_reentering or run.visits[place.id] < 2 or not place.is_counting:
        return limit
    if limit.unit is not Unit.WORKING_DAY:
        return limit
    remains = remaining_promise(run)
    if remains is None or remains >= limit.amount:
        return limit
    return Duration(remains, Unit.WORKING_DAY) if remains > 1 else _ONE_DAY


def _is_open(run: Run, block: str, *, branch: int | None = None) -> bool:
    """Tell whether anything is open in a block, or in one of its branches."""
    places = run.plan.places
    for names in (run.active, run.pending_entries):
        for name in names:
            place = places[name]
            if block in place.inside and (branch is None or (block, branch) in place.scope):
                return True
    return False


def _text(value: object) -> str | None:
    return None if value is None else str(value)
