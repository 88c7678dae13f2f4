"""Turn the state of a case into plain JSON and back, for storage: short keys, no defaults, instants as microseconds."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from gov_portal.kernel.errors import Conflict
from gov_portal.kernel.ids import CaseId, OfficerId, PersonId, TaskKey
from workflows.domain.commands import Mark
from workflows.domain.definition import Duration, Phase, Unit
from workflows.domain.state import ActiveStep, CaseState, DecisionClock, Interval, Status, Task, TaskKind
from workflows.engine.run import made

Json = dict[str, Any]


class StateUnreadable(Conflict):
    """Answer that the stored state of a case was changed by something else than the engine."""

    code = "case.state-unreadable"


def dump(state: CaseState) -> Json:
    """Return the state as JSON values; ``load`` gives back an equal state."""
    out: Json = {"s": _WORDS[state.status], "p": _WORDS[state.phase]}
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
        parts = _STATE.read(raw)
        parts[:2] = _STATUSES[raw["s"]], _PHASES[raw["p"]]
        parts[_HOLDERS] = _load_holders(raw, parts[_ACTORS])
        return made(CaseState, parts)
    except (AttributeError, LookupError, OverflowError, TypeError, ValueError) as error:
        raise StateUnreadable from error


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
# Looked up by their words: asking the class takes five times as long.
_STATUSES = {one.value: one for one in Status}
_PHASES = {one.value: one for one in Phase}
_KINDS = {one.value: one for one in TaskKind}
_WORDS: Mapping[object, str] = {one: one.value for kind in (Status, Phase, TaskKind) for one in kind}


def _micros(at: datetime) -> int:
    return (at - _EPOCH) // _MICROSECOND


def _instant(micros: int) -> datetime:
    return _EPOCH + timedelta(0, 0, micros)


# Limits end with days, and the same ones in case after case.
_end_micros = lru_cache(maxsize=16_384)(_micros)
_end = lru_cache(maxsize=16_384)(_instant)


@lru_cache(maxsize=65_536)
def _officer(text: str) -> OfficerId:
    # The same officers come in case after case, and parsing costs more than anything else here.
    return OfficerId(UUID(text))


@lru_cache(maxsize=65_536)
def _text(officer: OfficerId) -> str:
    return officer.hex


_NEW = CaseState()
_AT_THE_LIMIT = 1
"""Stands for the moment of a red card that is that of the limit itself, as mostly."""


def _dump_groups(groups: Mapping[str, tuple[OfficerId, ...]]) -> Json:
    return {step: [*map(_text, officers)] for step, officers in groups.items()}


def _dump_span(span: Duration) -> list[object]:
    return [span.amount, span.unit.value]


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
        out["ti"] = {key: _end_micros(due_at) for key, due_at in state.timers.items()}
    if state.clock != _NEW.clock:
        out["c"] = _dump_clock(state.clock)


def _dump_history(state: CaseState, out: Json) -> None:
    if state.uses:
        out["u"] = dict(state.uses)
    if state.actors:
        out["w"] = _dump_groups(state.actors)
    if state.electors:
        out["el"] = _dump_groups(state.electors)
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
    holders, actors = state.holders, state.actors
    out: Json = {}
    for step, officer in holders.items():
        acted = actors.get(step)
        if not acted or acted[-1] != officer:
            out[step] = _text(officer)
    for step, acted in actors.items():
        if acted and step not in holders:
            out[step] = None
    return out


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
        out["da"] = _end_micros(state.due_at)
    if state.statutory_due_at is not None:
        out["sd"] = _end_micros(state.statutory_due_at)
    if state.is_due_provisional:
        out["dp"] = True
    if state.closed_at is not None:
        out["ca"] = _micros(state.closed_at)
    if state.closed_on is not None:
        out["co"] = state.closed_on.isoformat()


def _dump_active(active: ActiveStep) -> Json:
    (
        step, visit, entered_at, entered_on, attempts, votes, is_unavailable, objections, has_elapsed, asked,
        objectors, signers, stands,
    ) = active[:]  # fmt: skip
    out: Json = {"s": step, "v": visit, "a": _micros(entered_at)}
    out["o"] = entered_on.isoformat()
    if attempts:
        out["n"] = attempts
    if votes:
        out["b"] = dict(votes)
    if is_unavailable:
        out["u"] = True
    if objections:
        out["j"] = objections
    if has_elapsed:
        out["e"] = True
    if asked:
        out["q"] = asked
    if objectors:
        out["w"] = [str(person) for person in objectors]
    if signers:
        out["g"] = list(signers)
    if stands is not None:
        out["z"] = list(stands)
    return out


def _dump_task(task: Task) -> Json:
    (
        _, step, visit, kind, role, opened_at, org, near, rank, officer, acts, due_at, yellow_at, red_at,
        is_provisional, marks, reason, opened_on, limit,
    ) = task[:]  # fmt: skip
    out: Json = {"s": step, "v": visit, "k": _WORDS[kind], "r": role, "a": _micros(opened_at)}
    if org is not None:
        out["g"] = org
    if near is not None:
        out["n"] = near
    if rank is not None:
        out["l"] = rank
    if officer is not None:
        out["o"] = _text(officer)
    if acts:
        out["c"] = list(acts)
    if due_at is not None:
        out["d"] = _end_micros(due_at)
    if yellow_at is not None:
        out["y"] = _end_micros(yellow_at)
    if red_at is not None:
        out["e"] = _AT_THE_LIMIT if red_at == due_at else _end_micros(red_at)
    if is_provisional:
        out["p"] = True
    if marks:
        out["m"] = [[mark.target, mark.reason] for mark in marks]
    if reason:
        out["w"] = reason
    if opened_on is not None:
        out["t"] = opened_on.isoformat()
    if limit is not None:
        out["i"] = _dump_span(limit)
    return out


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


class _Form:
    """Read one kind of record by what its parts are called and are read by; none where they are as they are."""

    def __init__(self, kind: type[Any], parts: Mapping[str, tuple[str, Callable[[Any], object] | None]]) -> None:
        names, defaults = kind._fields, kind._field_defaults
        self._defaults = [defaults.get(name) for name in names]
        self._readers = {key: (names.index(name), read) for key, (name, read) in parts.items()}
        self._needed = frozenset(key for key, (name, _) in parts.items() if name not in defaults)

    def read(self, raw: Mapping[str, Any]) -> list[Any]:
        """Return all parts in their order; a key that nobody knows is passed over.

        Raises:
            KeyError: a part is missing that has no default.
        """
        if not raw.keys() >= self._needed:
            raise KeyError(*self._needed)
        parts = self._defaults.copy()
        for key, value in raw.items():
            known = self._readers.get(key)
            if known is not None:
                place, read = known
                parts[place] = value if read is None else read(value)
        return parts


def _date_or_none(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


@lru_cache(maxsize=1024)
def _duration(amount: int, unit: str) -> Duration:
    return Duration(amount, Unit(unit))


def _load_span(raw: list[Any]) -> Duration:
    return _duration(raw[0], raw[1])


def _load_marks(raw: list[list[str]]) -> tuple[Mark, ...]:
    return tuple(Mark(target, reason) for target, reason in raw)


def _load_jobs(raw: list[list[Any]]) -> tuple[tuple[str, int], ...]:
    return tuple((step, visit) for step, visit in raw)


def _load_stretches(raw: list[list[str]]) -> tuple[tuple[date, date], ...]:
    return tuple((date.fromisoformat(first), date.fromisoformat(after)) for first, after in raw)


def _load_interval(raw: list[Any]) -> Interval:
    kind, started_on, started_at, ended_on, step, ground, basis = raw
    return Interval(
        kind, date.fromisoformat(started_on), _instant(started_at), _date_or_none(ended_on), step, ground, basis
    )


def _load_case(text: str) -> CaseId:
    return CaseId(UUID(text))


def _load_officers(texts: Iterable[str]) -> tuple[OfficerId, ...]:
    return tuple(map(_officer, texts))


def _load_groups(raw: Mapping[str, list[str]]) -> dict[str, tuple[OfficerId, ...]]:
    return {step: _load_officers(texts) for step, texts in raw.items()}


def _load_holders(raw: Mapping[str, Any], actors: Mapping[str, tuple[OfficerId, ...]]) -> dict[str, OfficerId]:
    spelt = raw.get("h", {})
    # Where actors stand under ``ac`` an earlier release wrote the state, and spelt out who has what.
    holders = {} if "ac" in raw else {step: acted[-1] for step, acted in actors.items() if acted and step not in spelt}
    for step, officer in spelt.items():
        if officer is not None:
            holders[step] = _officer(officer)
    return holders


_day = date.fromisoformat
_RED, _DUE = Task._fields.index("red_at"), Task._fields.index("due_at")
_ACTORS, _HOLDERS = CaseState._fields.index("actors"), CaseState._fields.index("holders")

_TASK = _Form(
    Task,
    {
        "s": ("step", None),
        "v": ("visit", None),
        "k": ("kind", _KINDS.__getitem__),
        "r": ("role", None),
        "a": ("opened_at", _instant),
        "g": ("org", None),
        "n": ("near", None),
        "l": ("rank", None),
        "o": ("officer", _officer),
        "c": ("acts", tuple),
        "d": ("due_at", _end),
        "y": ("yellow_at", _end),
        "e": ("red_at", _end),
        "p": ("is_provisional", None),
        "m": ("marks", _load_marks),
        "w": ("reason", None),
        "t": ("opened_on", _day),
        "i": ("limit", _load_span),
    },
)


def _load_tasks(raw: Mapping[str, Mapping[str, Any]]) -> dict[TaskKey, Task]:
    tasks: dict[TaskKey, Task] = {}
    for key, entry in raw.items():
        parts = _TASK.read(entry)
        parts[0] = key
        if entry.get("e") == _AT_THE_LIMIT:
            parts[_RED] = parts[_DUE]
        tasks[TaskKey(key)] = made(Task, parts)
    return tasks


_ACTIVE = _Form(
    ActiveStep,
    {
        "s": ("step", None),
        "v": ("visit", None),
        "a": ("entered_at", _instant),
        "o": ("entered_on", _day),
        "n": ("attempts", None),
        "b": ("votes", None),
        "u": ("is_unavailable", None),
        "j": ("objections", None),
        "e": ("has_elapsed", None),
        "q": ("asked", None),
        "w": ("objectors", lambda raw: tuple(PersonId(UUID(one)) for one in raw)),
        "g": ("signers", tuple),
        "z": ("stands", lambda raw: (raw[0], raw[1])),
    },
)

_CLOCK = _Form(
    DecisionClock,
    {
        "r": ("received_on", _day),
        "s": ("started_on", _day),
        "a": ("stopped_at", _instant),
        "o": ("stopped_on", _day),
        "i": ("intervals", lambda raw: tuple([_load_interval(one) for one in raw])),
        "x": ("added_working_days", None),
        "y": ("added_days", None),
        "p": ("promised", _load_span),
        "l": ("statutory", _load_span),
    },
)

_STATE = _Form(
    CaseState,
    {
        "rf": ("returned_from", None),
        "o": ("outcome", None),
        "a": ("active", lambda raw: tuple([made(ActiveStep, _ACTIVE.read(one)) for one in raw])),
        "v": ("visits", None),
        "u": ("uses", None),
        "ac": ("actors", _load_groups),
        "w": ("actors", _load_groups),
        "el": ("electors", _load_groups),
        "d": ("decider", None),
        "t": ("tasks", _load_tasks),
        "ti": ("timers", lambda raw: {key: _end(due_at) for key, due_at in raw.items()}),
        "c": ("clock", lambda raw: made(DecisionClock, _CLOCK.read(raw))),
        "i": ("issued", _load_jobs),
        "pu": ("pending_undos", _load_jobs),
        "ua": ("undo_attempts", None),
        "pe": ("pending_entries", tuple),
        "pw": ("is_past_withdrawal", None),
        "ss": ("supplement_scope", tuple),
        "sa": ("suspended_at", _instant),
        "so": ("suspended_on", _day),
        "sg": ("suspended_ground", None),
        "su": ("suspensions", _load_stretches),
        "x": ("extensions", None),
        "hr": ("held_results", tuple),
        "lu": ("last_urged_on", _day),
        "da": ("due_at", _end),
        "sd": ("statutory_due_at", _end),
        "dp": ("is_due_provisional", None),
        "k": ("cards", tuple),
        "ca": ("closed_at", _instant),
        "co": ("closed_on", _day),
        "ap": ("appeal", _load_case),
        "q": ("askers", _load_officers),
        "cf": ("corrects", _load_case),
        "cb": ("correction", _load_case),
    },
)
"""Without status and phase, which every state has, and who has work, which is mostly told from who acted last."""
