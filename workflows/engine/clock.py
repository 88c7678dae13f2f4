"""Run the legal clock of the decision (办理时限) and explain it: day 7 of 20, and why."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from gov_portal.kernel.working_days import Calendar
from workflows.domain.definition import Definition, Duration, HumanStep, Unit
from workflows.domain.state import ActiveStep, CaseState, DecisionClock, Interval, Status
from workflows.engine.plan import Place, Plan, Standing, plan_of
from workflows.engine.run import Run, altered, made
from workflows.engine.timing import CardShares, Limits, Span, days_after, last_day, legal_day, limits

SILENCE = "due:case"
"""Timer of the statutory end, where silence until then decides."""

_SUSPENDED = Status.SUSPENDED
_STARTED, _STOPPED, _INTERVALS = map(DecisionClock._fields.index, ("started_on", "stopped_at", "intervals"))
_ENDED = Interval._fields.index("ended_on")
_TIMERS = ("yellow:case", "red:case", SILENCE)
_DAY = timedelta(days=1)
_SUPPLEMENT = "补正"


@dataclass(frozen=True, slots=True)
class ClockLine:
    """Hold one stretch of days, first and last included.

    Attributes:
        kind: ``running``, ``paused``, ``suspended``, ``supplement``, ``part`` or ``returned``.
        working_days: how many of its days are working days.
        is_counted: these working days are used up.
        step, ground, basis: why the clock stands, where it does.
    """

    first_on: date
    last_on: date
    kind: str
    working_days: int
    is_counted: bool
    step: str = ""
    ground: str = ""
    basis: str = ""


@dataclass(frozen=True, slots=True)
class ClockExplanation:
    """Explain the decision clock as of one day.

    The counted lines add up to ``used_working_days``, all lines to the working days from ``started_on`` to ``as_of``.

    Attributes:
        phase: ``not-started``, ``running``, ``standing`` or ``stopped``.
        as_of: today, or the day on which the clock stopped.
        promised, statutory: as the item, or its table for this case, says it, without what extensions added.
        promised_working_days, statutory_working_days: the same in working days; of a limit in natural days, as many
            as lie in it from the start on (before the start: from the receipt on).
        remaining_working_days: of the promise, negative when overdue; ``None`` before the start.
        due_on: promised end; while the clock stands, as if it went on today.
        standing: why the clock stands now.
        silence: label of the act that no decision until the statutory end is deemed to be (视为); empty for none.
    """

    phase: str
    as_of: date
    received_on: date | None
    started_on: date | None
    stopped_on: date | None
    promised_working_days: int
    statutory_working_days: int
    added_working_days: int
    used_working_days: int
    remaining_working_days: int | None
    due_on: date | None
    statutory_due_on: date | None
    is_provisional: bool
    is_overdue: bool
    lines: tuple[ClockLine, ...]
    standing: Interval | None = None
    promised: Duration | None = None
    statutory: Duration | None = None
    silence: str = ""


def start_clock(run: Run) -> None:
    """Start the clock with acceptance: on the legal day, or on the day that a deemed acceptance goes back to."""
    run.clock = altered(run.clock, _STARTED, run.started_from or run.on)
    if run.plan.is_by_table:
        settle_limits(run)


def settle_limits(run: Run) -> None:
    """Keep what the tables give that the item names as its limits; later changes of their inputs change no limit."""
    promised, statutory = (
        run.settled(limit) if limit.table else None for limit in (run.plan.promised, run.plan.statutory)
    )
    if (promised, statutory) != (run.clock.promised, run.clock.statutory):
        run.clock = run.clock._replace(promised=promised, statutory=statutory)


def keep_suspension(run: Run) -> None:
    """Remember a suspension that ends before the clock began: a deemed acceptance may go back to before it."""
    first = run.suspended_on
    if run.clock.started_on is not None or first is None or run.suspended_at is None or run.on <= first:
        return
    ground, basis = run.suspended_ground, _suspension_basis(run)
    interval = Interval("suspended", first, run.suspended_at, run.on, "", ground, basis)
    run.clock = altered(run.clock, _INTERVALS, (*run.clock.intervals, interval))


def stop_clock(run: Run) -> None:
    """Stop the clock with the end of the decision phase; nothing if it does not run."""
    clock = run.clock
    if clock.started_on is None or clock.stopped_on is not None:
        return
    run.clock = altered(_gone_on(clock, run.on), _STOPPED, run.at, max(run.on, clock.started_on))
    _forget_deadline(run)


def resume_clock(run: Run) -> None:
    """Let the clock go on where it stood, after a return over the end of the decision.

    The day that it stopped on is used up already, so it stands from the day after until the day of the return.
    """
    clock = run.clock
    if clock.stopped_on is None or clock.stopped_at is None:
        return
    first, after = clock.stopped_on + _DAY, max(run.on, clock.stopped_on) + _DAY
    intervals = clock.intervals
    if after > first:
        intervals = (*intervals, Interval("returned", first, clock.stopped_at, after))
    run.clock = clock._replace(stopped_at=None, stopped_on=None, intervals=intervals)


def settle_clock(run: Run) -> None:
    """Bring the clock in line with what is open now: it runs if any open step counts."""
    clock = run.clock
    if clock.started_on is None or clock.stopped_on is not None:
        return
    reason, standing = _standing_reason(run), clock.standing
    if reason is None:
        if standing is not None:
            run.clock = _gone_on(clock, run.on)
        elif run.due_at is not None:
            return
        set_deadline(run)
    elif standing is None or (standing.kind, standing.step, standing.ground) != reason[:3]:
        before = _gone_on(clock, run.on).intervals
        kind, step, ground, basis = reason
        first = max(run.on, before[-1].ended_on or run.on) if before else run.on
        interval = made(Interval, (kind, first, run.at, None, step, ground, basis))
        run.clock = altered(clock, _INTERVALS, (*before, interval))
        _forget_deadline(run)


def set_deadline(run: Run) -> None:
    """Reckon promised and statutory end and the cards of the promise; call it when the clock runs."""
    plan = run.plan
    promised, statutory = _ends(run.clock, plan, calendar=run.calendar)
    if promised is None or statutory is None:
        return
    run.due_at, run.statutory_due_at = promised.due_at, statutory.due_at
    # Silence gives what was applied for; a correction is nobody's application.
    is_decided_by_silence = plan.is_silence_deciding and run.corrects is None
    run.is_due_provisional = promised.is_provisional or (is_decided_by_silence and statutory.is_provisional)
    _drop_timers(run)
    run.arm("case", promised, is_acting=False)
    if is_decided_by_silence:
        run.set_timer(SILENCE, statutory.due_at)


def _ends(clock: DecisionClock, plan: Plan, *, calendar: Calendar) -> tuple[Limits | None, Limits | None]:
    """Return promised and statutory end; a promise that days off make longer than the law allows gives way to it."""
    if clock.started_on is None:
        return None, None
    return _ends_of(plan, calendar, _counted(clock, clock.started_on), clock.promised, clock.statutory)


class _Counted(NamedTuple):
    """Hold what the end of a limit depends on beside the limit itself; the same in many cases."""

    started_on: date
    standing: tuple[Span, ...]
    added_working_days: int
    added_days: int


def _counted(clock: DecisionClock, start: date) -> _Counted:
    stood = [(interval.started_on, interval.ended_on) for interval in clock.intervals if interval.ended_on]
    return made(_Counted, (start, tuple(stood), clock.added_working_days, clock.added_days))


@lru_cache(maxsize=4096)
def _ends_of(
    plan: Plan, calendar: Calendar, counted: _Counted, promised: Duration | None, statutory: Duration | None
) -> tuple[Limits, Limits]:
    """Return promised and statutory end by all that they depend on; the limits are those that tables gave, if any."""
    promise, law = promised or plan.promised, statutory or plan.statutory
    own, lawful = (_end(counted, limit, calendar, plan.shares) for limit in (promise, law))
    return (lawful if lawful.due_at < own.due_at else own), lawful


@lru_cache(maxsize=4096)
def _end(counted: _Counted, promise: Duration, calendar: Calendar, shares: CardShares) -> Limits:
    """Return the moments of a promise, with extensions and the stretches in which the clock stood.

    An extension in the kind of day that the promise is counted in makes one longer limit of both; another one begins
    behind the end of the promise.
    """
    start, standing, added_working_days, added_days = counted
    behind: Duration | None = None
    if promise.unit is Unit.WORKING_DAY:
        promise = Duration(promise.amount + added_working_days, promise.unit)
        behind = Duration(added_days, Unit.DAY) if added_days else None
    else:
        if added_days:
            promise = Duration((days_after(start, promise) - start).days + added_days, Unit.DAY)
        behind = Duration(added_working_days, Unit.WORKING_DAY) if added_working_days else None
    whole = limits(calendar, start, promise, shares, standing)
    if behind is None:
        return whole
    end = last_day(calendar, legal_day(calendar, whole.due_at), behind, standing)
    due_at = calendar.end_of_day(end.on)
    return Limits(due_at, whole.yellow_at, due_at, whole.is_provisional or end.is_provisional)


def remaining_promise(run: Run) -> int | None:
    """Return the working days left of the promise on the legal day, as if the clock went on, or ``None``."""
    clock, plan = run.clock, run.plan
    promise, _ = _limits(clock, plan)
    if clock.started_on is None or promise.unit is not Unit.WORKING_DAY:
        return None
    going = _gone_on(clock, run.on)
    added = _added_working_days(going, promise, calendar=run.calendar, shares=plan.shares)
    return promise.amount + added - used_working_days(going, run.on, calendar=run.calendar)


def is_promise_over(run: Run) -> bool:
    """Tell whether the promised end lies before the legal day, as if the clock went on; after hours it is the next."""
    end, _ = _ends(_gone_on(run.clock, run.on), run.plan, calendar=run.calendar)
    return end is not None and run.on > legal_day(run.calendar, end.due_at)


def _limits(clock: DecisionClock, plan: Plan) -> tuple[Duration, Duration]:
    """Return promised and statutory limit of a case; before the clock starts, the longest that tables may give."""
    return clock.promised or plan.promised, clock.statutory or plan.statutory


def _added_working_days(clock: DecisionClock, promise: Duration, *, calendar: Calendar, shares: CardShares) -> int:
    """Return by how many working days extensions moved the end of a promise."""
    if not clock.added_days or clock.started_on is None:
        return clock.added_working_days
    counted = _counted(clock, clock.started_on)
    ends = [
        _end(one, promise, calendar, shares) for one in (counted._replace(added_working_days=0, added_days=0), counted)
    ]
    first, last = (legal_day(calendar, end.due_at) + _DAY for end in ends)
    return calendar.working_days_between(first, last)


def used_working_days(clock: DecisionClock, as_of: date, *, calendar: Calendar) -> int:
    """Return the day that ``as_of`` is of the decision; 0 on the day of acceptance itself."""
    return sum(line.working_days for line in _lines(clock, as_of, calendar=calendar) if line.is_counted)


def explain(definition: Definition, state: CaseState, *, now: datetime, calendar: Calendar) -> ClockExplanation:
    """Explain the clock of a case, open or closed, as of ``now`` or of the day on which it stopped."""
    clock, plan = state.clock, plan_of(definition)
    promise, law = _limits(clock, plan)
    today = calendar.local_date(now)
    start = clock.started_on
    as_of = clock.stopped_on or (max(today, start) if start else today)
    going = _gone_on(clock, as_of)
    due, statutory = _ends(going, plan, calendar=calendar)
    if due is not None and due == statutory:
        promise = law
    due_on = legal_day(calendar, due.due_at) if due else None
    first = start or clock.received_on or today
    used = used_working_days(clock, as_of, calendar=calendar)
    promised = _in_working_days(calendar, first, promise)
    added = _added_working_days(going, promise, calendar=calendar, shares=plan.shares) if start else 0
    return ClockExplanation(
        phase=_clock_phase(clock),
        as_of=as_of,
        received_on=clock.received_on,
        started_on=start,
        stopped_on=clock.stopped_on,
        promised=promise,
        statutory=law,
        promised_working_days=promised,
        statutory_working_days=_in_working_days(calendar, first, law),
        added_working_days=added,
        used_working_days=used,
        remaining_working_days=promised + added - used if start else None,
        due_on=due_on,
        statutory_due_on=legal_day(calendar, statutory.due_at) if statutory else None,
        is_provisional=due is not None and due.is_provisional,
        is_overdue=due_on is not None and as_of > due_on,
        lines=tuple(_lines(clock, as_of, calendar=calendar)),
        standing=clock.standing,
        silence=silence_label(definition),
    )


def silence_label(definition: Definition) -> str:
    """Return what the act is called that no decision until the statutory end is deemed to be; empty for none."""
    silence = definition.anytime.silence
    step = definition.steps[silence.step] if silence else None
    act = step.act(silence.act) if silence and isinstance(step, HumanStep) else None
    return act.label if act else ""


def _in_working_days(calendar: Calendar, start: date, limit: Duration) -> int:
    if limit.unit is Unit.WORKING_DAY:
        return limit.amount
    if limit.unit is Unit.HOUR:
        return 1
    return calendar.working_days_between(start + _DAY, last_day(calendar, start, limit).on + _DAY)


def _clock_phase(clock: DecisionClock) -> str:
    if clock.started_on is None:
        return "not-started"
    if clock.stopped_on is not None:
        return "stopped"
    return "standing" if clock.standing else "running"


def _lines(clock: DecisionClock, as_of: date, *, calendar: Calendar) -> Iterator[ClockLine]:
    """Yield the days from the one after the start to ``as_of``, cut at every interval; nothing is left out."""
    if clock.started_on is None:
        return
    cursor, end = clock.started_on + _DAY, as_of + _DAY
    for interval in clock.intervals:
        first = min(max(interval.started_on, cursor), end)
        after = end if interval.ended_on is None else min(max(interval.ended_on, first), end)
        yield from _line(cursor, first, calendar=calendar, interval=None)
        yield from _line(first, after, calendar=calendar, interval=interval)
        cursor = max(cursor, after)
    yield from _line(cursor, end, calendar=calendar, interval=None)


def _line(first: date, after: date, *, calendar: Calendar, interval: Interval | None) -> Iterator[ClockLine]:
    if after <= first:
        return
    working_days = calendar.working_days_between(first, after)
    if interval is None:
        yield ClockLine(first, after - _DAY, "running", working_days, is_counted=True)
    else:
        yield ClockLine(
            first,
            after - _DAY,
            interval.kind,
            working_days,
            is_counted=False,
            step=interval.step,
            ground=interval.ground,
            basis=interval.basis,
        )


def _gone_on(clock: DecisionClock, on: date) -> DecisionClock:
    """Return the clock with its open interval ended; one that excludes no day is dropped."""
    standing = clock.standing
    if standing is None:
        return clock
    kept = clock.intervals[:-1]
    if on > standing.started_on:
        kept = (*kept, altered(standing, _ENDED, on))
    return altered(clock, _INTERVALS, kept)


def _forget_deadline(run: Run) -> None:
    run.due_at = run.statutory_due_at = None
    run.is_due_provisional = False
    _drop_timers(run)


def _drop_timers(run: Run) -> None:
    timers = run.timers
    if timers:
        for key in _TIMERS:
            timers.pop(key, None)


def _standing_reason(run: Run) -> Standing | None:
    """Return kind, step, ground and basis of why the clock must stand, or ``None`` if it must run."""
    if run.status is _SUSPENDED:
        return ("suspended", "", run.suspended_ground, _suspension_basis(run))
    reason: Standing | None = None
    places = run.plan.places
    for name, active in run.active.items():
        place = places[name]
        if place.is_block or (place.is_part and not active.attempts):
            continue
        why = _reason_of(place, active) if active.asked or active.stands is not None else place.standing
        if why is None:
            return None
        reason = reason or why
    return reason


def _reason_of(place: Place, active: ActiveStep) -> Standing | None:
    if active.stands is not None:
        return ("part", place.id, *active.stands)
    if isinstance(place.step, HumanStep):
        ask = place.acts[active.asked].ask
        if ask is not None and ask.basis:
            return ("supplement", place.id, _SUPPLEMENT, ask.basis)
    return place.standing


def _suspension_basis(run: Run) -> str:
    suspend = run.plan.definition.anytime.suspend
    grounds = suspend.grounds if suspend else ()
    return next((ground.basis or "" for ground in grounds if ground.ground == run.suspended_ground), "")
