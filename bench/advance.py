"""Measure the transition function alone: steps per second of processor time; a step is one call of ``advance``.

One case is that by which the engines are compared, its start and five people's steps. Another is one of the shipped
card, everything from the draft to the closed case, objections and votes included; its steps do more. Run it with
``python -m bench.advance [seconds]``.
"""

import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

from bench.sitting import SIX_STEPS
from gov_portal.kernel.ids import CaseId, OfficerId, PersonId, TaskKey
from gov_portal.kernel.principal import Citizen, Officer, Platform, Principal
from gov_portal.kernel.working_days import Calendar
from tests.factories.cases import ASSESSED, SAMPLE
from workflows.domain.commands import ActOn, Begin, Command, Due, Result, ResultKind, Submit
from workflows.domain.definition import Definition
from workflows.domain.state import CaseState, Context
from workflows.dsl.lint import compile_text
from workflows.engine import advance
from workflows.engine.codec import dump, load

ITEM = Path(__file__).parent.parent / "workflows" / "items" / "disability-card.yaml"
REGION = "470101"
CHECKERS = tuple(OfficerId(UUID(int=number)) for number in (1, 2, 3))


@dataclass(frozen=True)
class Recorded:
    """Hold one call of ``advance`` with everything that it was given."""

    state: CaseState
    command: Command
    context: Context


@dataclass
class Recorder:
    """Drive one case and record every call, so that the measured loop does nothing else."""

    definition: Definition
    calendar: Calendar = field(default_factory=Calendar.official)
    state: CaseState = field(default_factory=CaseState)
    values: dict[str, object] = field(default_factory=dict)
    steps: list[Recorded] = field(default_factory=list)
    case: CaseId = field(default_factory=lambda: CaseId(uuid4()))

    def give(self, command: Command, actor: Principal, day: int = 2) -> None:
        """Advance and record."""
        now = datetime(2026, 3, day, 2, tzinfo=UTC)
        before = dict(self.values)
        context = Context(self.case, now, actor, self.calendar, before, lambda role, near: CHECKERS)
        self.steps.append(Recorded(self.state, command, context))
        transition = advance(self.definition, self.state, command, context)
        self.state = transition.state
        self.values.update(transition.writes)

    def officer(self, role: str, number: int = 9) -> Officer:
        """Return an officer at a post of the item."""
        post = self.definition.roles[role]
        return Officer(OfficerId(UUID(int=number)), post.org, REGION, frozenset({role}), post.rank or "", 2)

    def run_six_steps(self) -> list[Recorded]:
        """Drive one whole case by its six commits; the draft lies there, as beside the other engines."""
        citizen = Citizen(PersonId(uuid4()), 4, 2)
        self.values = {"applicant.name": "林晓禾", "applicant.id_no": "470101198005010023", "applicant.region": REGION}
        self.values |= {"claim.title": "n" * 40, "claim.address": "x" * 80, "claim.amount": 480}
        self.give(Begin(), citizen)
        self.give(Submit(), citizen)
        posts = {"review": "window", "plain": "window", "site": "assessor", "finance": "checker", "issue": "leader"}
        for step, role in posts.items():
            self.give(ActOn(TaskKey(f"{step}.1"), "ok"), self.officer(role))
        self._must_be_granted()
        return self.steps[1:]

    def run(self) -> list[Recorded]:
        """Drive one whole case of the card."""
        citizen, platform = Citizen(PersonId(uuid4()), 4, 2), Platform()
        self.give(Begin(), citizen)
        self.give(Submit(SAMPLE), citizen)
        self.give(ActOn(TaskKey("accept.1"), "ok"), self.officer("window"))
        self.give(Result("verify", 1, ResultKind.FOUND), platform)
        self.give(ActOn(TaskKey("assess.1"), "done", ASSESSED), self.officer("assessor"))
        self.give(Due(), platform, day=10)
        self.give(ActOn(TaskKey("review.1.1"), "ok"), self.officer("checker", 1), day=10)
        self.give(ActOn(TaskKey("review.1.2"), "ok"), self.officer("checker", 2), day=10)
        self.give(ActOn(TaskKey("approve.1"), "ok"), self.officer("leader"), day=11)
        self.give(Result("issue", 1, ResultKind.DONE), platform, day=11)
        self.give(ActOn(TaskKey("deliver.1"), "done"), self.officer("window"), day=12)
        self._must_be_granted()
        return self.steps

    def _must_be_granted(self) -> None:
        if self.state.outcome != "granted":
            raise SystemExit("the case did not end as it should")


def rate(work: Callable[[], object], count: int, *, seconds: float) -> float:
    """Return the median rate of five rounds in units of ``count`` per call."""
    rates = []
    for _ in range(5):
        done, started = 0, time.process_time()
        while (spent := time.process_time() - started) < seconds / 5:
            work()
            done += count
        rates.append(done / spent)
    return statistics.median(rates)


def whole_case() -> tuple[Definition, list[Recorded]]:
    """Return the shipped item and every step of a case of it."""
    definition = _compiled(ITEM)
    return definition, Recorder(definition).run()


def six_steps() -> tuple[Definition, list[Recorded]]:
    """Return the item by which the engines are compared and the six steps of a case of it."""
    definition = _compiled(SIX_STEPS)
    return definition, Recorder(definition).run_six_steps()


def _compiled(item: Path) -> Definition:
    return compile_text(item.read_text(encoding="utf-8"), str(item))


def steps_per_second(definition: Definition, steps: list[Recorded], *, seconds: float) -> float:
    """Return how many steps a second of processor time is enough for."""

    def advance_all() -> None:
        for step in steps:
            advance(definition, step.state, step.command, step.context)

    return rate(advance_all, len(steps), seconds=seconds)


def main(seconds: float) -> None:
    """Print the rates, for the card also those of each step."""
    definition, steps = card = whole_case()
    for name, case in (("six steps", six_steps()), ("the card", card)):
        per_second = steps_per_second(*case, seconds=seconds)
        print(f"{name + ':':<10} {per_second:>10,.0f} steps/s ({1e6 / per_second:.1f} µs each)")
    dumped = [dump(step.state) for step in steps]
    for step in steps:
        name = type(step.command).__name__ + " " + str(getattr(step.command, "task", getattr(step.command, "step", "")))
        one = rate(lambda s=step: advance(definition, s.state, s.command, s.context), 1, seconds=seconds / 10)
        print(f"  {name:<24} {1e6 / one:6.1f} µs")
    print(f"dump:    {rate(lambda: [dump(s.state) for s in steps], len(steps), seconds=seconds):>10,.0f} states/s")
    print(f"load:    {rate(lambda: [load(raw) for raw in dumped], len(steps), seconds=seconds):>10,.0f} states/s")


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 5.0)
