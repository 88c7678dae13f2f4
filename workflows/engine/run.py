"""Hold one transition while it runs: a working copy of the state, and what comes out of it."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, TypeVar

from gov_portal.kernel.ids import TaskKey
from gov_portal.kernel.principal import Principal
from gov_portal.kernel.working_days import local_date
from workflows.domain.definition import Duration, Unit
from workflows.domain.expressions import Expression, holds
from workflows.domain.state import (
    ActiveStep,
    CaseState,
    Context,
    Effect,
    Happening,
    Task,
    TaskKind,
    Transition,
)
from workflows.engine.hits import first_hit
from workflows.engine.plan import Plan
from workflows.engine.timing import Limits, limits

made = tuple.__new__
"""Make a named tuple of all its parts: what its class does too, in a function of its own, several times a step."""

Record = TypeVar("Record", bound=tuple[Any, ...])


def altered(record: Record, place: int, *parts: object) -> Record:
    """Return a named tuple with other parts from a place on; its own ``_replace`` takes several times as long."""
    return made(type(record), record[:place] + parts + record[place + len(parts) :])


REMIND = "remind-"
"""What the timers of reminders begin with; the span before the end and the task's key follow."""

_CONSULT = TaskKind.CONSULT
_HOUR = Unit.HOUR

BY_HAND = "by-hand"
"""Reason of a task that stands beside the flow: what the platform could not do, and nothing waits for."""


@lru_cache(maxsize=65_536)
def timers_of(key: str) -> tuple[str, str, str]:
    """Return the names of the timers of one limit: its end and its two cards; the same in many cases."""
    return f"due:{key}", f"yellow:{key}", f"red:{key}"


class Overlay(Mapping[str, object]):
    """Read the values of a case with what this transition wrote laid over them."""

    __slots__ = ("_base", "_writes")

    def __init__(self, base: Mapping[str, object], writes: Mapping[str, object]) -> None:
        """Keep both; ``writes`` may still grow."""
        self._base = base
        self._writes = writes

    def __getitem__(self, path: str) -> object:
        """Return the value last written."""
        if path in self._writes:
            return self._writes[path]
        return self._base[path]

    def get(self, path: str, default: object = None) -> object:
        """Return the value last written, or ``default``."""
        if path in self._writes:
            return self._writes[path]
        return self._base.get(path, default)

    def __iter__(self) -> Iterator[str]:
        """Yield every path once."""
        yield from self._writes
        yield from (path for path in self._base if path not in self._writes)

    def __len__(self) -> int:
        """Count the paths."""
        return sum(1 for _ in self)


class _Lets(Mapping[str, object]):
    """Read the frozen lets out of the values, where they lie under ``let.<name>``."""

    __slots__ = ("_names", "_values")

    def __init__(self, names: Mapping[str, object], values: Mapping[str, object]) -> None:
        self._names = names
        self._values = values

    def __getitem__(self, name: str) -> object:
        return self._values["let." + name]

    def get(self, name: str, default: object = None) -> object:
        """Return a let's value, or ``default``."""
        return self._values.get("let." + name, default)

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


class Run:
    """Carry one transition.

    ``at`` and ``on`` are the legal time and the legal day of what happens just now: those of the command, or of the
    timer that fires. ``is_late`` tells that a timer was set which is due by now.
    """

    __slots__ = (
        "_lets", "active", "actor", "actors", "appeal", "askers", "at", "calendar", "cards", "clock",
        "closed_at", "closed_on", "context", "correction", "corrects", "decider", "due_at", "effects", "electors",
        "extensions", "happenings", "held_results", "holders", "is_due_provisional", "is_late", "is_past_withdrawal",
        "is_reentering", "issued", "last_urged_on", "now", "on", "opening", "outcome", "pending_entries",
        "pending_undos", "phase", "plan", "returned_from", "started_from", "status", "statutory_due_at",
        "supplement_scope", "suspended_at", "suspended_ground", "suspended_on", "suspensions", "tasks", "timers",
        "undo_attempts", "uses", "values", "visits", "writes",
    )  # fmt: skip

    def __init__(self, plan: Plan, state: CaseState, context: Context) -> None:
        """Copy what may change; nothing of ``state`` is ever touched."""
        self.plan = plan
        self.context = context
        self.actor: Principal = context.actor
        self.calendar = calendar = context.calendar
        self.now = self.at = now = context.now
        self.on: date = calendar.effective_date(now)
        self.writes: dict[str, object] = {}
        self.values: Mapping[str, object] = Overlay(context.values, self.writes)
        self.happenings: list[Happening] = []
        self.effects: list[Effect] = []
        self._lets: _Lets | None = None
        self.opening: tuple[str, ...] = ()
        self.is_reentering = False
        self.is_late = False
        self.started_from: date | None = None
        # The parts of a plain tuple are taken at once, those of a named one are asked for one by one.
        (
            self.status, self.phase, self.returned_from, self.outcome, active, visits, self.uses, self.actors,
            self.electors, self.holders, self.decider, tasks, timers, self.clock, self.issued, self.pending_undos,
            self.undo_attempts, self.pending_entries, self.is_past_withdrawal, self.supplement_scope,
            self.suspended_at, self.suspended_on, self.suspended_ground, self.suspensions, self.extensions,
            self.held_results, self.last_urged_on, self.due_at, self.statutory_due_at, self.is_due_provisional,
            self.cards, self.closed_at, self.closed_on, self.appeal, self.askers, self.corrects, self.correction,
        ) = state[:]  # fmt: skip
        self.active: dict[str, ActiveStep] = {}
        for one in active:
            self.active[one.step] = one
        self.visits: dict[str, int] = dict(visits)
        self.tasks: dict[TaskKey, Task] = dict(tasks)
        self.timers: dict[str, datetime] = dict(timers)

    def finish(self) -> Transition:
        """Return what came out; the run must not be used again."""
        # Two halves: of more than thirty parts Python makes a list first.
        state = made(CaseState, (
            self.status, self.phase, self.returned_from, self.outcome, tuple(self.active.values()), self.visits,
            self.uses, self.actors, self.electors, self.holders, self.decider, self.tasks, self.timers, self.clock,
            self.issued, self.pending_undos, self.undo_attempts, self.pending_entries, self.is_past_withdrawal,
        ) + (
            self.supplement_scope, self.suspended_at, self.suspended_on, self.suspended_ground, self.suspensions,
            self.extensions, self.held_results, self.last_urged_on, self.due_at, self.statutory_due_at,
            self.is_due_provisional, self.cards, self.closed_at, self.closed_on, self.appeal, self.askers,
            self.corrects, self.correction,
        ))  # fmt: skip
        return made(Transition, (state, self.writes, tuple(self.happenings), tuple(self.effects)))

    def happen(self, kind: str, step: str = "", visit: int = 0, **detail: object) -> None:
        """Record one thing that happened at the legal time."""
        self.happenings.append(made(Happening, (kind, self.at, step, visit, detail)))

    def effect(self, kind: str, step: str, visit: int, *, delay_s: int = 0, **detail: object) -> None:
        """Ask the outbox for one act outside."""
        self.effects.append(made(Effect, (kind, step, visit, detail, delay_s)))

    def tell(self, code: str, step: str = "", visit: int = 0, **detail: object) -> None:
        """Ask for a message to the applicant."""
        self.effects.append(made(Effect, ("tell", step, visit, {"code": code, **detail}, 0)))

    def tasks_at(self, step: str) -> list[Task]:
        """Return the open work of a step itself; what is asked about it, or left to do by hand, outlives the step."""
        found = []
        for task in self.tasks.values():
            if task.step == step and task.kind is not _CONSULT and task.reason != BY_HAND:
                found.append(task)
        return found

    def holds(self, condition: Expression) -> bool:
        """Tell whether a condition is certainly true now."""
        return holds(condition, self.values, today=self.today, lets=self.lets)

    @property
    def lets(self) -> Mapping[str, object]:
        """Return the frozen lets by name."""
        lets = self._lets
        if lets is None:
            lets = self._lets = _Lets(self.plan.definition.lets, self.values)
        return lets

    @property
    def today(self) -> date:
        """Return the day on which expressions are evaluated: the true date of a command, the legal day of a timer."""
        return local_date(self.now) if self.at is self.now else self.on

    def settled(self, limit: Duration) -> Duration:
        """Return how long a limit is in this case; where no row of its table holds, the longest of them."""
        if not limit.table:
            return limit
        found = first_hit(self.plan.definition.tables[limit.table], self.values, self.lets)
        return found[0] if found is not None and isinstance(found[0], Duration) else replace(limit, table="")

    def reckon(self, limit: Duration, *, start: date, at: datetime) -> Limits:
        """Return the moments of a limit that begins on ``start``; hours are counted from ``at``."""
        if limit.table:
            limit = self.settled(limit)
        if limit.unit is _HOUR:
            stood = sum(max(0, (after - max(first, start)).days) for first, after in self.suspensions)
            due_at = at + timedelta(hours=limit.amount, days=stood)
            return Limits(due_at, None, due_at, is_provisional=False)
        return limits(self.calendar, start, limit, self.plan.shares, self.suspensions)

    def arm(self, key: str, moments: Limits, *, is_acting: bool, has_cards: bool = True) -> None:
        """Set the timers of one limit; ``is_acting`` where passing it does more than raise a card.

        A provisional limit is armed as well: when it comes, it is put off until the calendar is there.
        """
        due_at, yellow_at, red_at, _ = moments[:]
        due, yellow, red = timers_of(key)
        if is_acting:
            self.set_timer(due, due_at)
        if not has_cards:
            return
        if yellow_at is not None and yellow not in self.cards:
            self.set_timer(yellow, yellow_at)
        if red not in self.cards:
            self.set_timer(red, red_at)

    def set_timer(self, key: str, due_at: datetime) -> None:
        """Set one timer."""
        self.timers[key] = due_at
        if due_at <= self.now:
            self.is_late = True

    def disarm(self, key: str) -> None:
        """Drop the timers and cards of one limit."""
        timers = self.timers
        if timers:
            due, yellow, red = timers_of(key)
            timers.pop(due, None)
            timers.pop(yellow, None)
            timers.pop(red, None)
        if self.plan.is_reminding:
            for name in [name for name in timers if name.startswith(REMIND) and name.endswith(f":{key}")]:
                del timers[name]
        if self.cards:
            self.cards = tuple(card for card in self.cards if card.partition(":")[2] != key)
