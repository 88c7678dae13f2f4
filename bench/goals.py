"""Hold the goals of speed as data, and judge what was measured against them."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """Say what is to be reached.

    Attributes:
        id: stable name, under which a measure reports its value.
        words: what is measured, for the table.
        unit: of value, must and aim.
        must: without it a run fails; ``None`` where a figure is only shown.
        aim: what we try for.
        is_least: whether must and aim are the least that counts, and not the most.
    """

    id: str
    words: str
    unit: str
    must: float | None
    aim: float | None
    is_least: bool = True

    def meets(self, value: float, bound: float) -> bool:
        """Tell whether a value is on the right side of a bound."""
        return value >= bound if self.is_least else value <= bound


@dataclass(frozen=True, slots=True)
class Verdict:
    """Hold what became of one goal; ``value`` is empty where it was not measured or its run was void."""

    goal: Goal
    value: float | None
    reason: str = ""

    @property
    def is_met(self) -> bool:
        """Tell whether the value reaches what it must; a figure that is only shown has but to be there."""
        goal = self.goal
        return self.value is not None and (goal.must is None or goal.meets(self.value, goal.must))

    @property
    def is_aim_met(self) -> bool:
        """Tell whether the value reaches what we try for."""
        goal = self.goal
        return self.value is not None and goal.aim is not None and goal.meets(self.value, goal.aim)


@dataclass(frozen=True, slots=True)
class Median:
    """Hold one line of the table of medians; ``share`` is of the floor or of bare Flask, as the words say."""

    words: str
    value: float
    unit: str
    share: float | None = None


@dataclass(frozen=True, slots=True)
class Figures:
    """Hold what one measure found: values of goals by id, and medians to be shown beside them."""

    goals: Mapping[str, float]
    medians: tuple[Median, ...] = field(default=())


class RunVoid(Exception):
    """Say that a client dropped out or a result is missing; whatever was counted says nothing."""


def _least(id_: str, words: str, unit: str, *, must: float | None, aim: float | None) -> Goal:
    return Goal(id=id_, words=words, unit=unit, must=must, aim=aim)


def _most(id_: str, words: str, unit: str, *, must: float | None, aim: float | None) -> Goal:
    return Goal(id=id_, words=words, unit=unit, must=must, aim=aim, is_least=False)


GOALS = (
    _least("share-one", "durable steps of one process, of the floor of one client", "of floor", must=0.50, aim=0.80),
    _least("share-two", "durable steps of two processes, of the floor of two clients", "of floor", must=0.35, aim=0.55),
    _least("beside-viewflow", "six-commit cases beside django-viewflow", "times", must=5, aim=8),
    _least("beside-dbos", "six-commit cases beside DBOS waiting for people", "times", must=6, aim=10),
    _least("beside-spiffworkflow", "six-commit cases beside SpiffWorkflow + PostgreSQL", "times", must=1.3, aim=2),
    _most("step-statements", "statements of a one-to-one human step", "statements", must=6, aim=4),
    _most("step-rows", "rows written by a one-to-one human step", "rows", must=6, aim=6),
    _most("case-bytes", "stored by a six-commit case, indexes included", "bytes", must=7_000, aim=5_000),
    _most("case-cpu", "processor time of the client for a six-commit case", "ms", must=5, aim=3.5),
    _most("case-memory", "memory of a process for a case that it holds open", "bytes", must=None, aim=None),
    _least("advance", "transitions in memory, six-commit case, one process", "steps/s", must=45_000, aim=90_000),
    _most("growth-step", "loss of a step from few stored cases to many", "%", must=25, aim=16),
    _most("growth-inbox", "loss of the inbox page from few stored cases to many", "%", must=25, aim=16),
    _most("growth-case", "loss of the case page from few stored cases to many", "%", must=25, aim=16),
    _most("long-case", "save of a case that has been through 300 steps", "ms", must=5, aim=None),
    _most("long-case-loss", "such a save beside that of a new case", "times", must=None, aim=1.1),
    _least("web-read", "web read with session and permission, of bare Flask", "of bare", must=0.18, aim=0.30),
    _least("web-public", "cached public page, of bare Flask", "of bare", must=0.40, aim=0.85),
    _most("items-cold", "load and validate 1,216 definitions, cold", "s", must=2, aim=1),
    _most("items-cached", "load 1,216 definitions from the compiled cache", "ms", must=100, aim=30),
    _most("lint-one", "lint of the slowest shipped item", "ms", must=50, aim=None),
    _most("lint-many", "lint of 1,216 items on the cores there are", "s", must=60, aim=20),
    _least("expressions", "expressions evaluated, one process", "per s", must=None, aim=None),
    _most("timers-late", "lateness of 99 of 100 among spread timers, many pending", "s", must=5, aim=1),
    _most("timers-lost", "timers that never fired, over a restart", "timers", must=0, aim=0),
    _least("timers-drain", "timers due in the same second, drained at", "per s", must=500, aim=1_000),
    _most("timers-step", "slowest ordinary step while they drain", "s", must=1, aim=None),
)


def judge(values: Mapping[str, float], *, reasons: Mapping[str, str]) -> list[Verdict]:
    """Return a verdict on every goal in the order of the table; ``reasons`` say why a value is missing.

    Raises:
        KeyError: a value belongs to no goal.
    """
    unknown = set(values) - {goal.id for goal in GOALS}
    if unknown:
        raise KeyError(*sorted(unknown))
    return [Verdict(goal, values.get(goal.id), reasons.get(goal.id, "")) for goal in GOALS]
