"""Turn the state of a case into plain JSON and back, for storage: short keys, no defaults, instants as microseconds."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from gov_portal.kernel.errors import Conflict
from gov_portal.kernel.ids import CaseId, OfficerId, PersonId, TaskKey
from workflows.domain.commands import Mark
from workflows.domain.definition import Duration, Phase, Unit
from workflows.domain.state import ActiveStep, CaseState, DecisionClock, Interval, Status, Task, TaskKind

Json = dict[str, Any]


class StateUnreadable(Conflict):
    """Answer that the stored state of a case was changed by something else than the engine."""

    code = "case.state-unreadable"


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_NEW = CaseState()
# Looked up by their words: asking the class takes five times as long.
_STATUSES: Mapping[str, Status] = {one.value: one for one in Status}
_PHASES: Mapping[str, Phase] = {one.value: one for one in Phase}
_KINDS: Mapping[str, TaskKind] = {one.value: one for one in TaskKind}


def dump(state: CaseState) -> Json:
    """Return the state as JSON values; ``load`` gives back an equal state."""
    out: Json = {"s": state.status.value, "p": state.phase.value}
    _dump_marking(state, out)
    _dump_history(state, out)
    _dump_times(state, out)
    return out


def load(raw: Mapping[str, Any]) -> CaseState:
    """Return the state that ``dump`` wrote.

    Raises:
        StateUnreadable: something else wrote it.
    """
    try:
        return _load_state(raw)
    except (AttributeError, LookupError, OverflowError, TypeError, ValueError) as error:
        raise StateUnreadable from error


def _load_state(raw: Mapping[str, Any]) -> CaseState:
    get = raw.get
    actors = {step: _ids(ids) for step, ids in (get("w") or get("ac", {})).items()}
    return CaseState(
        _STATUSES[raw["s"]],
        _PHASES[raw["p"]],
        get("rf"),
        get("o"),
        tuple(_load_active(entry) for entry in get("a", ())),
        get("v") or {},
        get("u") or {},
        actors,
        {step: _ids(ids) for step, ids in get("el", {}).items()},
        _load_holders(raw, actors),
        get("d"),
        {TaskKey(key): _load_task(key, entry) for key, entry in get("t", {}).items()},
        {key: _instant(due) for key, due in get("ti", {}).items()},
        _load_clock(raw["c"]) if "c" in raw else _NEW.clock,
        _jobs(get("i", ())),
        _jobs(get("pu", ())),
        get("ua", 0),
        tuple(get("pe", ())),
        get("pw", False),
        tuple(raw["ss"]) if "ss" in raw else None,
        _instant_or_none(get("sa")),
        _date_or_none(get("so")),
        get("sg", ""),
        tuple((date.fromisoformat(first), date.fromisoformat(after)) for first, after in get("su", ())),
        get("x", 0),
        tuple(get("hr", ())),
        _date_or_none(get("lu")),
        _instant_or_none(get("da")),
        _instant_or_none(get("sd")),
        get("dp", False),
        tuple(get("k", ())),
        _instant_or_none(get("ca")),
        _date_or_none(get("co")),
        _case(get("ap")),
        _ids(get("q", ())),
        _case(get("cf")),
        _case(get("cb")),
    )


def _dump_marking(state: CaseState, out: Json) -> None:
    if state.returned_from is not None:
        out["rf"] = state.returned_from
    if state.outcome is not None:
        out["o"] = state.outcome
    if state.active:
        out["a"] = [_dump_active(active) for active in state.active]
    if state.visits:
        out["v"] = dict(state.visits)
    if state.tasks:
        out["t"] = {key: _dump_task(task) for key, task in state.tasks.items()}
    if state.timers:
        out["ti"] = {key: _micros(due_at) for key, due_at in state.timers.items()}
    if state.clock != _NEW.clock:
        out["c"] = _dump_clock(state.clock)


def _dump_history(state: CaseState, out: Json) -> None:
    if state.uses:
        out["u"] = dict(state.uses)
    if state.actors:
        out["w"] = {step: [_text(officer) for officer in officers] for step, officers in state.actors.items()}
    if state.electors:
        out["el"] = {step: [_text(officer) for officer in officers] for step, officers in state.electors.items()}
    holders = _dump_holders(state)
    if holders:
        out["h"] = holders
    if state.decider is not None:
        out["d"] = state.decider
    if state.issued:
        out["i"] = [list(job) for job in state.issued]
    if state.pending_undos:
        out["pu"] = [list(job) for job in state.pending_undos]
    if state.undo_attempts:
        out["ua"] = state.undo_attempts
    if state.pending_entries:
        out["pe"] = list(state.pending_entries)
    if state.is_past_withdrawal:
        out["pw"] = True
    if state.supplement_scope is not None:
        out["ss"] = list(state.supplement_scope)
    if state.extensions:
        out["x"] = state.extensions
    if state.held_results:
        out["hr"] = [dict(entry) for entry in state.held_results]
    if state.cards:
        out["k"] = list(state.cards)
    for key, case in (("ap", state.appeal), ("cf", state.corrects), ("cb", state.correction)):
        if case is not None:
            out[key] = str(case)
    if state.askers:
        out["q"] = [str(officer) for officer in state.askers]


def _dump_holders(state: CaseState) -> Json:
    """Return the holders of steps who are not those that acted there last, as nearly always; nobody where none is."""
    holders: Json = {
        step: _text(officer) for step, officer in state.holders.items() if state.actors.get(step, ())[-1:] != (officer,)
    }
    return holders | dict.fromkeys(step for step, acted in state.actors.items() if acted and step not in state.holders)


def _load_holders(raw: Mapping[str, Any], actors: Mapping[str, tuple[OfficerId, ...]]) -> dict[str, OfficerId]:
    spelt = raw.get("h", {})
    # Where actors stand under ``ac`` an earlier release wrote the state, and spelt out who has what.
    holders = {} if "ac" in raw else {step: acted[-1] for step, acted in actors.items() if acted and step not in spelt}
    return holders | {step: _officer(officer) for step, officer in spelt.items() if officer is not None}


def _dump_times(state: CaseState, out: Json) -> None:
    if state.suspended_at is not None:
        out["sa"] = _micros(state.suspended_at)
    if state.suspended_on is not None:
        out["so"] = state.suspended_on.isoformat()
    if state.suspended_ground:
        out["sg"] = state.suspended_ground
    if state.suspensions:
        out["su"] = [[first.isoformat(), after.isoformat()] for first, after in state.suspensions]
    if state.last_urged_on is not None:
        out["lu"] = state.last_urged_on.isoformat()
    if state.due_at is not None:
        out["da"] = _micros(state.due_at)
    if state.statutory_due_at is not None:
        out["sd"] = _micros(state.statutory_due_at)
    if state.is_due_provisional:
        out["dp"] = True
    if state.closed_at is not None:
        out["ca"] = _micros(state.closed_at)
    if state.closed_on is not None:
        out["co"] = state.closed_on.isoformat()


def _dump_active(active: ActiveStep) -> Json:
    out: Json = {"s": active.step, "v": active.visit, "a": _micros(active.entered_at)}
    out["o"] = active.entered_on.isoformat()
    if active.attempts:
        out["n"] = active.attempts
    if active.votes:
        out["b"] = dict(active.votes)
    if active.is_unavailable:
        out["u"] = True
    if active.objections:
        out["j"] = active.objections
    if active.has_elapsed:
        out["e"] = True
    if active.asked:
        out["q"] = active.asked
    if active.objectors:
        out["w"] = [str(person) for person in active.objectors]
    if active.signers:
        out["g"] = list(active.signers)
    if active.stands is not None:
        out["z"] = list(active.stands)
    return out


def _load_active(raw: Mapping[str, Any]) -> ActiveStep:
    get = raw.get
    return ActiveStep(
        raw["s"],
        raw["v"],
        _instant(raw["a"]),
        date.fromisoformat(raw["o"]),
        get("n", 0),
        get("b") or {},
        get("u", False),
        get("j", 0),
        get("e", False),
        get("q", ""),
        tuple(PersonId(UUID(person)) for person in get("w", ())),
        tuple(get("g", ())),
        (raw["z"][0], raw["z"][1]) if "z" in raw else None,
    )


def _dump_task(task: Task) -> Json:
    out: Json = {"s": task.step, "v": task.visit, "k": task.kind.value, "r": task.role, "a": _micros(task.opened_at)}
    if task.org is not None:
        out["g"] = task.org
    if task.near is not None:
        out["n"] = task.near
    if task.rank is not None:
        out["l"] = task.rank
    if task.officer is not None:
        out["o"] = _text(task.officer)
    if task.acts:
        out["c"] = list(task.acts)
    if task.due_at is not None:
        out["d"] = _micros(task.due_at)
    if task.yellow_at is not None:
        out["y"] = _micros(task.yellow_at)
    if task.red_at is not None:
        # Mostly the moment of the limit itself.
        out["e"] = 1 if task.red_at == task.due_at else _micros(task.red_at)
    if task.is_provisional:
        out["p"] = True
    if task.marks:
        out["m"] = [[mark.target, mark.reason] for mark in task.marks]
    if task.reason:
        out["w"] = task.reason
    if task.opened_on is not None:
        out["t"] = task.opened_on.isoformat()
    if task.limit is not None:
        out["i"] = _dump_span(task.limit)
    return out


def _load_task(key: str, raw: Mapping[str, Any]) -> Task:
    get = raw.get
    due_at = _instant_or_none(get("d"))
    red = get("e")
    return Task(
        TaskKey(key),
        raw["s"],
        raw["v"],
        _KINDS[raw["k"]],
        raw["r"],
        _instant(raw["a"]),
        get("g"),
        get("n"),
        get("l"),
        _officer(raw["o"]) if "o" in raw else None,
        tuple(get("c", ())),
        due_at,
        _instant_or_none(get("y")),
        due_at if red == 1 else _instant_or_none(red),
        get("p", False),
        tuple(Mark(target, reason) for target, reason in get("m", ())),
        get("w", ""),
        _date_or_none(get("t")),
        _load_span(get("i")),
    )


def _dump_clock(clock: DecisionClock) -> Json:
    out: Json = {}
    if clock.received_on is not None:
        out["r"] = clock.received_on.isoformat()
    if clock.started_on is not None:
        out["s"] = clock.started_on.isoformat()
    if clock.stopped_at is not None:
        out["a"] = _micros(clock.stopped_at)
    if clock.stopped_on is not None:
        out["o"] = clock.stopped_on.isoformat()
    if clock.intervals:
        out["i"] = [_dump_interval(interval) for interval in clock.intervals]
    if clock.added_working_days:
        out["x"] = clock.added_working_days
    if clock.added_days:
        out["y"] = clock.added_days
    if clock.promised is not None:
        out["p"] = _dump_span(clock.promised)
    if clock.statutory is not None:
        out["l"] = _dump_span(clock.statutory)
    return out


def _load_clock(raw: Mapping[str, Any]) -> DecisionClock:
    get = raw.get
    return DecisionClock(
        _date_or_none(get("r")),
        _date_or_none(get("s")),
        _instant_or_none(get("a")),
        _date_or_none(get("o")),
        tuple(_load_interval(entry) for entry in get("i", ())),
        get("x", 0),
        get("y", 0),
        _load_span(get("p")),
        _load_span(get("l")),
    )


def _dump_span(span: Duration) -> list[object]:
    return [span.amount, span.unit.value]


def _load_span(raw: list[Any] | None) -> Duration | None:
    return _duration(raw[0], raw[1]) if raw else None


def _dump_interval(interval: Interval) -> list[object]:
    ended_on = interval.ended_on.isoformat() if interval.ended_on else None
    return [
        interval.kind,
        interval.started_on.isoformat(),
        _micros(interval.started_at),
        ended_on,
        interval.step,
        interval.ground,
        interval.basis,
    ]


def _load_interval(raw: list[Any]) -> Interval:
    kind, started_on, started_at, ended_on, step, ground, basis = raw
    return Interval(
        kind, date.fromisoformat(started_on), _instant(started_at), _date_or_none(ended_on), step, ground, basis
    )


def _micros(at: datetime) -> int:
    return (at - _EPOCH) // _MICROSECOND


def _instant(micros: int) -> datetime:
    return _EPOCH + timedelta(microseconds=micros)


def _instant_or_none(micros: int | None) -> datetime | None:
    return None if micros is None else _EPOCH + timedelta(microseconds=micros)


def _date_or_none(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


@lru_cache(maxsize=65_536)
def _officer(text: str) -> OfficerId:
    # The same officers come in case after case, and parsing costs more than anything else here.
    return OfficerId(UUID(text))


@lru_cache(maxsize=65_536)
def _text(officer: OfficerId) -> str:
    return officer.hex


@lru_cache(maxsize=1024)
def _duration(amount: int, unit: str) -> Duration:
    return Duration(amount, Unit(unit))


def _case(text: str | None) -> CaseId | None:
    return None if text is None else CaseId(UUID(text))


def _ids(ids: Iterable[str]) -> tuple[OfficerId, ...]:
    return tuple(_officer(text) for text in ids)


def _jobs(jobs: list[list[Any]] | tuple[()]) -> tuple[tuple[str, int], ...]:
    return tuple((step, visit) for step, visit in jobs)
