"""Say what the scenarios of an item try, and what they never reach: steps, acts, rows of tables."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from workflows.domain.definition import DecideStep, Definition, IfStep
from workflows.domain.state import Happening
from workflows.engine.hits import hit_rows
from workflows.engine.plan import plan_of


class Tried(Protocol):
    """Tell what one run went through."""

    @property
    def steps(self) -> frozenset[str]:
        """Return the steps that were entered."""
        ...

    @property
    def acts(self) -> frozenset[str]:
        """Return the acts that were chosen."""
        ...

    @property
    def rows(self) -> frozenset[tuple[str, int]]:
        """Return the rows of tables that held."""
        ...


@dataclass(frozen=True, slots=True)
class Coverage:
    """Hold what no scenario of an item reaches, and how much there is in all.

    Attributes:
        missing_rows: ``<table> row <n>``, counted from 1.
        counts: kind -> how many are reached, and of how many.
    """

    missing_steps: tuple[str, ...]
    missing_acts: tuple[str, ...]
    missing_rows: tuple[str, ...]
    counts: Mapping[str, tuple[int, int]]

    @property
    def is_complete(self) -> bool:
        """Return whether every step is visited and every act taken; rows are only told."""
        return not self.missing_steps and not self.missing_acts


def coverage(definition: Definition, reports: Iterable[Tried]) -> Coverage:
    """Say which steps no scenario visits, which acts none takes, and which rows none reaches."""
    steps: set[str] = set()
    acts: set[str] = set()
    rows: set[tuple[str, int]] = set()
    for report in reports:
        steps |= report.steps
        acts |= report.acts
        rows |= report.rows
    known = [name for name, step in definition.steps.items() if not isinstance(step, IfStep)]
    declared = [f"{place.id}.{act}" for place in plan_of(definition).places.values() for act in place.acts]
    decided = {step.table for step in definition.steps.values() if isinstance(step, DecideStep) and step.table}
    all_rows = [(name, number) for name in sorted(decided) for number in range(len(definition.tables[name].rows))]
    missing_steps = tuple(name for name in known if name not in steps)
    missing_acts = tuple(name for name in declared if name not in acts)
    missing_rows = tuple(f"{name} row {number + 1}" for name, number in all_rows if (name, number) not in rows)
    return Coverage(
        missing_steps,
        missing_acts,
        missing_rows,
        {
            "steps": (len(known) - len(missing_steps), len(known)),
            "acts": (len(declared) - len(missing_acts), len(declared)),
            "rows": (len(all_rows) - len(missing_rows), len(all_rows)),
        },
    )


def rows_hit(
    definition: Definition, happenings: Iterable[Happening], values: Mapping[str, object]
) -> set[tuple[str, int]]:
    """Return the rows of the tables that were decided by in one transition, from the values behind it."""
    found = set()
    for happening in happenings:
        step = definition.steps.get(happening.step) if happening.kind == "decided" else None
        if isinstance(step, DecideStep) and step.table:
            lets = {name: values.get(f"let.{name}") for name in definition.lets}
            found |= {(step.table, row) for row in hit_rows(definition.tables[step.table], values, lets)}
    return found
