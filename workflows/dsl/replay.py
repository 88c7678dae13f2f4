"""Run a closed case against a draft of its item: the same is done on the same days; say what would differ."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from gov_portal.kernel.principal import Platform
from gov_portal.kernel.working_days import Calendar
from workflows.domain.commands import Due
from workflows.domain.definition import DecideStep, Definition, HumanStep, Location, Scenario
from workflows.domain.state import CaseState, Happening, Status
from workflows.dsl.made_up import RunFailed
from workflows.dsl.runs import RunEntry
from workflows.dsl.simulation import Simulation
from workflows.engine.clock import explain
from workflows.engine.plan import DONE
from workflows.engine.routes import Route

_ANSWERS = {
    "issued": "done",
    "revoked": "done",
    "replaced": "done",
    "delivered": "done",
    "paid": "paid",
    "unavailable": "unavailable",
    "part-stands": "stands",
    "part-goes-on": "runs",
}
"""Happening -> how a run spells the answer that led to it; others say it themselves."""

_SAID = {"answered": "result", "part-closed": "part"}
_EVENTS = {
    "withdraw-case": "withdraw",
    "suspend-case": "suspend",
    "resume-case": "resume",
    "extend-limit": "extend",
    "urge": "urge",
}


@dataclass(frozen=True, slots=True)
class Event:
    """Hold one event of a case as the ledger tells it; ``writes`` are values by path."""

    kind: str
    at: datetime
    happenings: tuple[Happening, ...]
    writes: Mapping[str, object] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Closed:
    """Hold a closed case: where it ended, with which values, and how it came there."""

    state: CaseState
    values: Mapping[str, object] = field(repr=False)
    events: tuple[Event, ...]


def replay(route: Route, closed: Closed, calendar: Calendar) -> tuple[str, ...]:
    """Return what would have gone otherwise on the draft, in words of the item, never with a value; perhaps nothing.

    Values that only the draft asks for are samples; of a vote its result is cast.
    """
    run = _Replay(route, closed, calendar)
    return tuple(run.differences())


class _Replay(Simulation):
    """Hold the case on the draft."""

    def __init__(self, route: Route, closed: Closed, calendar: Calendar) -> None:
        first = {**closed.values, **_before_supplements(closed.events)}
        given: dict[str, object] = {new: first.get(old) for old, new in route.fields.items()}
        at = Location(route.new.facts.id, 1, 1)
        super().__init__(route.new, Scenario("replay", given, (), {}, at), calendar)
        self.route = route
        self.closed = closed

    def differences(self) -> Iterator[str]:
        """Yield what goes otherwise, in the order in which it does."""
        for event in self.closed.events:
            for entry in self._entries(event):
                self.now = max(self.now, event.at)
                try:
                    self._replay(entry, event)
                except RunFailed as failed:
                    why = failed.reason.removeprefix(f"`{entry}`").removeprefix(" is refused").removeprefix(": ")
                    yield f"{entry}: {why}"
                    return
        yield from self._ends()

    def _replay(self, entry: RunEntry, event: Event) -> None:
        self._acknowledge_undos()
        if entry.word == "due":
            self._send(Due(), Platform())
            return
        step = self.definition.steps.get(entry.step)
        if entry.step and step is None:
            raise RunFailed(entry, "the draft has no such step")
        self._carry_out(entry)
        vote = step.vote if isinstance(step, HumanStep) else None
        for _ in range(vote.of - 1 if vote else 0):
            if any(active.step == entry.step for active in self.state.active):
                self._carry_out(entry)
        self._acknowledge_undos()

    def _pass(self, entry: RunEntry) -> None:
        """Leave the time to the events."""

    def _entries(self, event: Event) -> Iterator[RunEntry]:
        """Yield what somebody did in an event; what timers did is left to the draft's own timers."""
        place = Location(event.kind, 1, 1)
        if event.kind == "submit":
            yield RunEntry(next(iter(self.definition.steps)), "", place, fields=self._papers(event))
        elif event.kind == "due":
            yield RunEntry("", "due", place)
        elif event.kind in _EVENTS:
            ground = next((str(one.detail["ground"]) for one in event.happenings if "ground" in one.detail), "")
            yield RunEntry("", _EVENTS[event.kind], place, options={"ground": ground} if ground else {})
        elif event.kind == "object":
            yield from (self._entry(one, "objection", event) for one in event.happenings if one.kind == "objected")
        elif event.kind == "return-supplement":
            yield from (
                self._entry(one, "returned", event)
                for one in event.happenings
                if one.kind in ("supplement-returned", "followed")
            )
        elif event.kind == "result":
            yield from self._answers(event)
        elif event.kind == "act-on":
            yield from self._acts(event)
            yield from (
                _of_case("reply", place, by=one.detail["role"]) for one in event.happenings if one.kind == "replied"
            )
        elif event.kind == "ask-opinion":
            asked = [one for one in event.happenings if one.kind == "consulted"]
            yield from (
                _of_case("consult", place, at=self.route.steps.get(one.step, one.step), to=one.detail["asked"])
                for one in asked
            )

    def _papers(self, event: Event) -> dict[str, object]:
        """Return which papers were promised or were to follow when the application was handed in."""
        owed = next((one.detail["marks"] for one in event.happenings if one.kind == "owed"), ())
        later = {str(mark) for mark in owed} if isinstance(owed, list | tuple) else set()
        told: dict[str, object] = {}
        for material in self.definition.materials:
            if material.id in later:
                told[f"{material.id}.deferred"] = True
            if self.closed.values.get(f"{material.id}.promised"):
                told[f"{material.id}.promised"] = True
        return told

    def _acts(self, event: Event) -> Iterator[RunEntry]:
        done = [one for one in event.happenings if one.kind in ("acted", "signed", "confirmed")]
        marks = next((one.detail["marks"] for one in event.happenings if one.kind == "supplement-asked"), ())
        for one in done[-1:]:
            word = "confirm" if one.kind == "confirmed" else str(one.detail.get("act", ""))
            entry = self._entry(one, "" if word == DONE else word, event)
            named = (
                tuple(self.route.fields.get(str(mark), str(mark)) for mark in marks) if isinstance(marks, list) else ()
            )
            yield RunEntry(entry.step, entry.word, entry.at, fields=entry.fields, marks=named)

    def _answers(self, event: Event) -> Iterator[RunEntry]:
        for one in event.happenings:
            if one.kind == "arrived" or one.kind in _ANSWERS or one.kind in _SAID:
                word = str(one.detail.get(_SAID.get(one.kind, ""), _ANSWERS.get(one.kind, "arrives")))
                yield self._entry(one, word, event)
                return

    def _entry(self, happening: Happening, word: str, event: Event) -> RunEntry:
        step = self.route.steps.get(happening.step, happening.step)
        given = {self.route.fields[path]: value for path, value in event.writes.items() if path in self.route.fields}
        decided = _outputs(self.definition)
        fields = {path: value for path, value in given.items() if path not in decided}
        wanted = self._wanted(step, word)
        return RunEntry(
            step,
            word,
            Location(event.kind, 1, 1),
            fields={path: value for path, value in fields.items() if wanted is None or path in wanted},
        )

    def _wanted(self, name: str, word: str) -> set[str] | None:
        """Return what may be filled in at a step by an act, ``None`` where anything may."""
        step = self.definition.steps.get(name)
        if word in ("returned", "arrives", "done"):
            return None
        if not isinstance(step, HumanStep):
            return set()
        act = step.act(word)
        return {*step.fill, *(act.fill if act else ())}

    def _ends(self) -> Iterator[str]:
        """Yield how the ends differ."""
        old, new = self.closed.state, self.state
        if new.status is not Status.CLOSED:
            opened = ", ".join(active.step for active in new.active)
            yield f"it would not be closed: open is {opened or new.status.value}"
            return
        if old.outcome != new.outcome:
            yield f"outcome {old.outcome} → {new.outcome}"
        visited = {self.route.steps.get(step, step) for step, visit in old.visits.items() if visit}
        now = {step for step, visit in new.visits.items() if visit}
        yield from (f"{step} would be passed over" for step in sorted(visited - now) if step in self.definition.steps)
        yield from (f"{step} would be entered" for step in sorted(now - visited))
        yield from (f"{path} would be decided otherwise" for path in self._decided())
        before, after = (
            explain(definition, state, now=self.now, calendar=self.calendar)
            for definition, state in ((self.route.old, old), (self.route.new, new))
        )
        if before.used_working_days != after.used_working_days:
            yield f"{before.used_working_days} → {after.used_working_days} working days would count"
        if before.is_overdue != after.is_overdue:
            yield "it would be overdue" if after.is_overdue else "it would be in time"

    def _decided(self) -> Iterator[str]:
        """Yield the fields that both versions decide by themselves, and differently."""
        known = _outputs(self.route.old)
        for path in sorted(_outputs(self.route.new)):
            former = next((old for old, new in self.route.fields.items() if new == path), path)
            if former in known and self.closed.values.get(former) != self.values.get(path):
                yield path


def _of_case(word: str, place: Location, **options: object) -> RunEntry:
    return RunEntry("", word, place, options={name: str(value) for name, value in options.items()})


def _before_supplements(events: tuple[Event, ...]) -> dict[str, object]:
    """Return what was handed in first of that which supplements changed or added; ``None`` is nothing."""
    found: dict[str, object] = {}
    for event in events:
        if event.kind == "return-supplement":
            former = {path.partition("@")[0]: value for path, value in event.writes.items() if "@" in path}
            for path in event.writes:
                if "@" not in path:
                    found.setdefault(path, former.get(path))
    return found


def _outputs(definition: Definition) -> set[str]:
    found: set[str] = set()
    for step in definition.steps.values():
        if isinstance(step, DecideStep):
            found |= {*step.fields, *(definition.tables[step.table].outputs if step.table else ())}
    return found
