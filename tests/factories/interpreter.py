"""Interpret flows in the smallest way that can be right: what engine and platform do is held against it.

It knows sequences, branches side by side, races, signatures and returns; nothing of time, data, rows or effects.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from workflows.domain.definition import AllStep, EndStep, HumanStep, Step

SIGNERS = ("checker", "leader")
Sequence = tuple[Step, ...]


@dataclass
class Thread:
    """Hold where one sequence stands: a step with the signatures it waits for, or a block with its branches."""

    steps: Sequence
    place: int = 0
    waiting: set[str] = field(default_factory=set)
    branches: list["Thread"] = field(default_factory=list)

    @property
    def is_done(self) -> bool:
        return self.place >= len(self.steps)

    def enter(self, place: int) -> None:
        """Stand at a place; what stood here before is gone."""
        self.place, self.waiting, self.branches = place, set(), []
        if self.is_done:
            return
        step = self.steps[place]
        if isinstance(step, AllStep):
            for branch in step.branches:
                self.branches.append(Thread(branch))
                self.branches[-1].enter(0)
        elif isinstance(step, HumanStep) and step.each:
            self.waiting = {f"{step.id}.{name}" for name in SIGNERS}
        elif isinstance(step, EndStep):
            self.place = len(self.steps)
        else:
            self.waiting = {step.id}

    def open(self) -> Iterator[str]:
        yield from self.waiting
        for branch in self.branches:
            yield from branch.open()

    def act(self, work: str, back: str | None) -> bool:
        """Do one piece of work; return whether it was here."""
        if work in self.waiting and back is None:
            self.waiting.discard(work)
            if not self.waiting:
                self.enter(self.place + 1)
            return True
        found = work in self.waiting or any(branch.act(work, back) for branch in self.branches)
        if found and back is not None:
            target = next((n for n, step in enumerate(self.steps) if step.id == back), None)
            if target is not None:
                self.enter(target)
        elif found:
            step = self.steps[self.place]
            is_over = [branch.is_done for branch in self.branches]
            if any(is_over) if isinstance(step, AllStep) and step.is_race else all(is_over):
                self.enter(self.place + 1)
        return found
