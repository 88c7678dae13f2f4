"""Walk one made-up case by hand: what may happen next, and what happens then; for the terminal and for all paths."""

from collections.abc import Iterator, Mapping
from copy import copy
from dataclasses import replace

from gov_portal.kernel.principal import Platform
from gov_portal.kernel.working_days import Calendar
from workflows.domain.commands import Result, ResultKind
from workflows.domain.definition import (
    CallStep,
    Definition,
    IssueStep,
    Location,
    OpenStep,
    PayStep,
    Scenario,
    SendStep,
    WaitStep,
)
from workflows.domain.state import ActiveStep, Status, Task, TaskKind
from workflows.dsl.runs import RunEntry
from workflows.dsl.simulation import Simulation
from workflows.engine.plan import DONE

_BY_HAND = (CallStep, IssueStep, SendStep, PayStep, OpenStep)


class Walk(Simulation):
    """Hold a case that goes on by one choice at a time; nothing answers by itself."""

    def __init__(self, definition: Definition, calendar: Calendar, given: Mapping[str, object] | None = None) -> None:
        """Begin before the application; ``given`` are values that samples would replace otherwise."""
        at = Location(definition.facts.id, 1, 1)
        super().__init__(definition, Scenario("walk", given or {}, (), {}, at), calendar)
        self.path: tuple[RunEntry, ...] = ()

    def choices(self) -> tuple[RunEntry, ...]:
        """Return what may happen next in every open step, as entries of a run, in the order of the flow."""
        if not self.state.visits:
            return (self._entry(next(iter(self.definition.steps))),)
        return tuple(entry for active in self.leaves() for entry in self.choices_at(active))

    def leaves(self) -> tuple[ActiveStep, ...]:
        """Return what is open, but for the blocks around it; nothing while the case is not open."""
        if self.state.status is not Status.OPEN:
            return ()
        known = {**{task.step: True for task in self.state.tasks.values()}}
        order = list(self.definition.steps)
        found = [one for one in self.state.active if one.step in known or self._waits_by_itself(one)]
        return tuple(sorted(found, key=lambda one: order.index(one.step)))

    def choices_at(self, active: ActiveStep) -> Iterator[RunEntry]:
        """Yield what may happen next in one open step."""
        name, step = active.step, self.definition.steps[active.step]
        tasks = self._tasks_at(name)
        for task in tasks:
            yield from (self._entry(name, word) for word in _words(task))
        if any(key.startswith((f"due:{name}.", f"wait:{name}.")) for key in self.state.timers):
            yield self._entry(name, "elapses")
        if isinstance(step, WaitStep):
            if step.objection is not None and not active.objections:
                yield self._entry(name, "objection")
            if step.message and not tasks:
                yield self._entry(name, "arrives")
        elif not tasks or isinstance(step, PayStep):
            yield from (self._entry(name, word) for word in _answers(step))

    def play(self, entry: RunEntry) -> None:
        """Let one thing happen.

        Raises:
            RunFailed: the case does not allow it now.
        """
        self._acknowledge_undos()
        self._carry_out(entry)
        self.path = (*self.path, entry)
        self._acknowledge_undos()
        for active in self.state.active:
            step = self.definition.steps[active.step]
            if isinstance(step, PayStep) and self._needs_bill(active):
                self._send(Result(active.step, active.visit, ResultKind.FOUND), Platform())

    def branch(self) -> "Walk":
        """Return another case that stands where this one does."""
        other = copy(self)
        other.values = dict(self.values)
        other.happenings = list(self.happenings)
        other.effects = list(self.effects)
        return other

    def _waits_by_itself(self, active: ActiveStep) -> bool:
        step = self.definition.steps[active.step]
        return isinstance(step, (WaitStep, *_BY_HAND))

    def _entry(self, step: str, word: str = "") -> RunEntry:
        return RunEntry(step, word, self.definition.steps[step].at)


def _words(task: Task) -> tuple[str, ...]:
    """Return how a run spells what may be done with a task."""
    if task.kind is TaskKind.SUPPLEMENT:
        return ("returned",)
    if task.kind is TaskKind.PAY:
        return ()
    return tuple("" if act == DONE else act for act in task.acts)


def _answers(step: object) -> tuple[str, ...]:
    """Return how a machine, a payer or another case may answer."""
    match step:
        case CallStep():
            mismatch = ("mismatch",) if step.match else ()
            return ("found", "absent", *mismatch, "confirm")
        case IssueStep() | SendStep():
            return ("done", "confirm")
        case PayStep():
            return ("paid",)
        case OpenStep():
            return ("done", "refused", "withdrawn", "lapsed")
    return ()


def filled(entry: RunEntry, fields: Mapping[str, object]) -> RunEntry:
    """Return an entry that fills some fields."""
    return replace(entry, fields=dict(fields))
