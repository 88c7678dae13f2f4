"""Retell a case by the small interpreter of flows, and say where the platform went another way."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from tests.factories.interpreter import Thread
from workflows.domain.definition import AllStep, Definition, EndStep, HumanStep, Step
from workflows.storage.lists import Event

_DONE_BY_ITSELF = frozenset({"delivered", "issued", "paid", "elapsed", "confirmed"})
_GOOD_ANSWERS = frozenset({"found", "done", "match"})
_OUTSIDE_THE_FLOW = frozenset({"apply"})

Visit = tuple[str, int]


@dataclass
class Told:
    """Hold what the events of one case amount to, and every word of them that cannot be true.

    Attributes:
        commands: what people did, as (step, act), in order.
        made: visits of steps whose effect happened and was reported.
        undone: those whose effect was taken back.
        outcome: how it ended, empty while it is open.
    """

    definition: Definition
    findings: list[str] = field(default_factory=list)
    commands: list[tuple[str, str]] = field(default_factory=list)
    made: list[Visit] = field(default_factory=list)
    undone: list[Visit] = field(default_factory=list)
    outcome: str = ""
    expected: str = ""
    flow: Thread = field(init=False)

    def __post_init__(self) -> None:
        steps = tuple(step for _, body in self.definition.flow[1:] for step in body)
        self.flow = Thread(steps)

    def take(self, events: Sequence[Event]) -> None:
        """Take all events of a case, which must be one unbroken row."""
        if [event.seq for event in events] != list(range(1, len(events) + 1)):
            self.findings.append(f"its events are numbered {[event.seq for event in events]}")
        for event in events:
            is_by_hand = event.kind == "act-on"
            for happening in event.happenings:
                self._take(is_by_hand, *happening[:4], dict(happening.detail))

    def _take(self, is_by_hand: bool, kind: str, at: object, step: str, visit: int, detail: dict[str, object]) -> None:
        if self.outcome and kind not in ("undone", "undo-asked", "dropped", "undo-failed"):
            self.findings.append(f"{kind} {step} after it was closed")
        if kind == "submitted":
            self.commands.append(("apply", "submit"))
            self.flow.enter(0)
        elif kind == "withdrawn":
            self.commands.append(("", "withdraw"))
            self.expected = "withdrawn"
        elif kind == "acted" and step not in _OUTSIDE_THE_FLOW:
            self._choose(step, str(detail["act"]), is_by_hand=is_by_hand)
        elif kind == "answered" and detail["result"] not in _GOOD_ANSWERS:
            self.findings.append(f"{step} was answered by {detail['result']}")
        elif kind in _DONE_BY_ITSELF or kind == "answered":
            if kind == "confirmed":
                self.commands.append((step, "confirm"))
            else:
                self.made.append((step, visit))
            self._do(step, None)
        elif kind == "undone":
            self.undone.append((step, visit))
        elif kind == "closed":
            self._close(str(detail["outcome"]))

    def _choose(self, step: str, act: str, *, is_by_hand: bool) -> None:
        if is_by_hand:
            self.commands.append((step, act))
        human = self.definition.steps[step]
        chosen = human.act(act) if isinstance(human, HumanStep) else None
        self._do(step, chosen.back if chosen else None)
        if chosen is not None and chosen.end:
            self.expected = chosen.end

    def _do(self, step: str, back: str | None) -> None:
        if not self.flow.act(step, back):
            self.findings.append(f"{step} was done while {sorted(self.flow.open())} was open")

    def _close(self, outcome: str) -> None:
        ends = [step.outcome for step in _all(self.flow.steps) if isinstance(step, EndStep)]
        expected = self.expected or (ends[-1] if self.flow.is_done else "")
        if outcome != expected:
            self.findings.append(f"it was closed as {outcome}, but stands at {sorted(self.flow.open())} {expected}")
        self.outcome = outcome


def _all(steps: Iterable[Step]) -> Iterator[Step]:
    for step in steps:
        yield step
        if isinstance(step, AllStep):
            for branch in step.branches:
                yield from _all(branch)
