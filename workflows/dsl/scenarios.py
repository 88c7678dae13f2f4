"""Run the scenarios of an item and say whether what must come out came out."""

import operator
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from gov_portal.kernel.working_days import Calendar
from workflows.domain.definition import Definition, EndStep, Location, Scenario, Unit
from workflows.domain.state import Happening
from workflows.dsl.coverage import Coverage as Coverage
from workflows.dsl.coverage import coverage as coverage
from workflows.dsl.made_up import RunFailed
from workflows.dsl.simulation import Simulation
from workflows.engine.clock import ClockExplanation, explain

_COUNTED = re.compile(r"(<=|>=|==|<|>)?\s*([0-9]+)wd\Z")
_COMPARE: Mapping[str, Callable[[int, int], bool]] = {
    "<=": operator.le,
    ">=": operator.ge,
    "==": operator.eq,
    "<": operator.lt,
    ">": operator.gt,
}


@dataclass(frozen=True)
class ScenarioReport:
    """Hold what one scenario did.

    Attributes:
        problems: what did not come out as expected; empty where all is well.
        happenings: everything that happened, in order.
        values: field values at the end.
        clock: explanation of the decision clock at the end.
        steps: steps that were entered.
        acts: ``<step>.<act>`` that were chosen.
        rows: tables with the numbers of their rows that held.
    """

    id: str
    at: Location
    problems: tuple[str, ...]
    happenings: tuple[Happening, ...]
    values: Mapping[str, object]
    clock: ClockExplanation
    outcome: str | None
    steps: frozenset[str]
    acts: frozenset[str]
    rows: frozenset[tuple[str, int]] = frozenset()

    @property
    def is_good(self) -> bool:
        """Return whether everything came out as expected."""
        return not self.problems


def run_scenario(definition: Definition, scenario: Scenario, calendar: Calendar) -> ScenarioReport:
    """Run one scenario by driving the transition function, and compare with what it expects."""
    simulation = Simulation(definition, scenario, calendar)
    problems: list[str] = []
    try:
        simulation.run()
    except RunFailed as failed:
        where = f"{failed.entry.at}: " if failed.entry else ""
        problems.append(f"{where}{failed.reason}")
    clock = explain(definition, simulation.state, now=simulation.now, calendar=calendar)
    if not problems:
        problems.extend(_compare(scenario, simulation, clock))
    return ScenarioReport(
        id=scenario.id,
        at=scenario.at,
        problems=tuple(problems),
        happenings=tuple(simulation.happenings),
        values=dict(simulation.values),
        clock=clock,
        outcome=simulation.state.outcome,
        steps=_steps(definition, simulation),
        acts=frozenset(_acts(simulation.happenings)),
        rows=frozenset(simulation.rows),
    )


def run_scenarios(definition: Definition, calendar: Calendar) -> tuple[ScenarioReport, ...]:
    """Run all scenarios of an item."""
    return tuple(run_scenario(definition, scenario, calendar) for scenario in definition.scenarios)


def _steps(definition: Definition, simulation: Simulation) -> frozenset[str]:
    entered = {name for name, visits in simulation.state.visits.items() if visits}
    ends = {step.id for step in definition.steps.values() if isinstance(step, EndStep)}
    return frozenset(entered | {h.step for h in simulation.happenings if h.kind == "closed" and h.step in ends})


def _acts(happenings: Iterable[Happening]) -> Iterable[str]:
    for happening in happenings:
        if happening.kind in ("acted", "deemed", "signed"):
            yield f"{happening.step}.{happening.detail.get('act')}"


def _compare(scenario: Scenario, simulation: Simulation, clock: ClockExplanation) -> Iterable[str]:
    for key, expected in scenario.expect.items():
        found = _found(key, simulation, clock)
        if not _is_as_expected(key, expected, found, simulation):
            yield f"{scenario.at}: `{key}` should be {_show(expected)}, but is {_show(found)}"


def _found(key: str, simulation: Simulation, clock: ClockExplanation) -> object:
    match key:
        case "outcome":
            return simulation.state.outcome
        case "status":
            return simulation.state.status.value
        case "licence":
            issued = [happening for happening in simulation.happenings if happening.kind in ("issued", "replaced")]
            return issued[-1].detail.get("licence") if issued else None
        case "counted":
            return f"{clock.used_working_days}{Unit.WORKING_DAY}"
        case "happenings":
            return tuple(happening.kind for happening in simulation.happenings)
        case "documents":
            return tuple(effect.detail.get("document") for effect in simulation.effects if effect.kind == "notice")
        case "visits":
            return dict(simulation.state.visits)
        case "absent":
            return tuple(path for path, value in simulation.values.items() if value is not None)
    return simulation.values.get(key)


def _is_as_expected(key: str, expected: object, found: object, simulation: Simulation) -> bool:
    match key:
        case "counted":
            return _is_counted(str(expected), str(found))
        case "happenings" | "documents" if isinstance(expected, tuple) and isinstance(found, tuple):
            return _is_subsequence(expected, found)
        case "visits" if isinstance(expected, dict):
            return all(simulation.state.visits.get(step, 0) == count for step, count in expected.items())
        case "absent" if isinstance(expected, tuple) and isinstance(found, tuple):
            return not set(expected) & set(found)
    return expected == found


def _is_counted(expected: str, found: str) -> bool:
    wanted, had = _COUNTED.match(expected), _COUNTED.match(found)
    if wanted is None or had is None:
        return False
    return _COMPARE[wanted.group(1) or "=="](int(had.group(2)), int(wanted.group(2)))


def _is_subsequence(expected: tuple[object, ...], found: tuple[object, ...]) -> bool:
    rest = iter(found)
    return all(any(word == other for other in rest) for word in expected)


def _show(value: object) -> str:
    return ", ".join(str(part) for part in value) if isinstance(value, tuple) else str(value)
