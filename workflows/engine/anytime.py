"""Withdraw (撤回), extend (延长), urge (催办), appeal and correct: what may happen beside the flow."""

from typing import Any

from workflows.domain.commands import ExtendLimit, OpenAppeal, OpenCorrection, WithdrawCase
from workflows.domain.definition import Duration, Unit
from workflows.domain.state import Status
from workflows.engine import posts
from workflows.engine.appealing import appealable_since
from workflows.engine.clock import is_promise_over, keep_suspension, set_deadline, settle_clock
from workflows.engine.closing import close_case, undo_issued
from workflows.engine.refusals import (
    CaseNotClosed,
    CaseNotOpen,
    ClockNotRunning,
    CorrectedAlready,
    DeadlinePassed,
    ExtensionUsedUp,
    NoAppealNow,
    NotPermitted,
    ReasonMissing,
    UrgedAlready,
    WithdrawalTooLate,
)
from workflows.engine.reminding import APPEAL
from workflows.engine.results import release_held
from workflows.engine.run import Run
from workflows.engine.timing import last_day


def withdraw(run: Run, command: WithdrawCase) -> None:
    """Withdraw the application: the case ends at once, and a result still under way is undone when it comes.

    Raises:
        WithdrawalTooLate: the result was applied, or the item knows no withdrawal.
        NotPermitted: not the applicant's, or an office corrects an earlier case by it.
    """
    posts.applicant(run)
    rule = run.plan.definition.anytime.withdraw
    if run.corrects is not None:
        raise NotPermitted
    if rule is None or run.is_past_withdrawal:
        raise WithdrawalTooLate
    if command.reason.strip():
        run.writes["withdraw.reason"] = command.reason.strip()
    run.happen("withdrawn")
    if run.status is Status.SUSPENDED:
        end_suspension(run)
    undo_issued(run, (), from_index=0)
    close_case(run, rule.end)
    # What a suspension held back comes too late now: what was issued meanwhile is undone.
    release_held(run)


def end_suspension(run: Run) -> None:
    """Count the suspension that lasts and end it; limits and results are the caller's to set going."""
    if run.suspended_on is None:
        return
    keep_suspension(run)
    run.suspensions = (*run.suspensions, (run.suspended_on, max(run.on, run.suspended_on)))
    run.suspended_at = run.suspended_on = None
    run.suspended_ground = ""
    run.status = Status.OPEN
    run.timers.pop("suspension:case", None)


def extend(run: Run, command: ExtendLimit) -> None:
    """Add working or natural days to statutory and promised limit, before the deadline or not at all.

    Raises:
        ExtensionUsedUp: the item allows no more.
        ReasonMissing: the applicant must be told why (行政许可法 42).
        ClockNotRunning: the decision clock has not begun or is over.
        DeadlinePassed: too late.
    """
    rule = run.plan.definition.anytime.extend
    if rule is None:
        raise ExtensionUsedUp
    posts.officer_in(run, (rule.by,))
    if run.extensions >= rule.max:
        raise ExtensionUsedUp
    if not command.reason.strip():
        raise ReasonMissing(field="reason")
    clock = run.clock
    if clock.started_on is None or clock.stopped_on is not None:
        raise ClockNotRunning
    if is_promise_over(run):
        raise DeadlinePassed
    run.extensions += 1
    is_natural = rule.add.unit is Unit.DAY
    run.clock = clock._replace(
        added_working_days=clock.added_working_days + (0 if is_natural else rule.add.amount),
        added_days=clock.added_days + (rule.add.amount if is_natural else 0),
    )
    run.writes["extend.reason"] = command.reason.strip()
    if run.clock.standing is None:
        set_deadline(run)
    settle_clock(run)
    added: dict[str, Any] = {"days" if is_natural else "working_days": rule.add.amount}
    run.happen("extended", **added)
    run.tell("case.extended", **added)


def urge(run: Run) -> None:
    """Urge the case on, at most once in the time that the item names.

    Raises:
        UrgedAlready: too soon, or the item knows no urging.
    """
    posts.applicant(run)
    every = run.plan.definition.anytime.urge_every
    if every is None:
        raise UrgedAlready
    last = run.last_urged_on
    if last is not None:
        span = every if every.unit is not Unit.HOUR else Duration(1, Unit.DAY)
        if run.on < last_day(run.calendar, last, span).on:
            raise UrgedAlready
    run.last_urged_on = run.on
    run.happen("urged")


def appeal(run: Run, command: OpenAppeal) -> None:
    """Note the successor case that appeals this one; a closed case stays closed, an overdue one goes on.

    Raises:
        CaseNotOpen: it is not closed yet, and not overdue as the item means it.
        NoAppealNow: the outcome opens none, it is too late, or there is one already.
    """
    posts.appellant(run)
    rule = run.plan.definition.anytime.appeal
    since = appealable_since(rule, run, at=run.at, calendar=run.calendar)
    if since is None and run.status is not Status.CLOSED:
        raise CaseNotOpen
    if rule is None or since is None or run.appeal is not None:
        raise NoAppealNow
    until = last_day(run.calendar, since, rule.within)
    if run.calendar.local_date(run.now) > until.on:
        raise NoAppealNow(until=until.on)
    run.appeal = command.successor
    run.disarm(APPEAL)
    run.happen("appealed", successor=str(command.successor), opens=rule.opens)


def correct(run: Run, command: OpenCorrection) -> None:
    """Note the successor case by which an office corrects this one of its own accord; a closed case stays closed.

    Raises:
        NotPermitted: the item does not let this officer.
        CaseNotClosed, CorrectedAlready: there is nothing to correct yet, or it was done.
        ReasonMissing: the applicant must be told why.
    """
    rule = run.plan.definition.anytime.correct
    role = posts.role_in(run, rule.by if rule else ())
    if run.status is not Status.CLOSED:
        raise CaseNotClosed
    if run.correction is not None:
        raise CorrectedAlready
    if not command.reason.strip():
        raise ReasonMissing(field="reason")
    run.correction = command.successor
    run.writes["correct.reason"] = command.reason.strip()
    run.happen("corrected", role=role, basis=rule.basis if rule else "", successor=str(command.successor))
    run.tell("case.corrected")
