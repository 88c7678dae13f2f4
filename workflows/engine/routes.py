"""Know the way from one version of an item to another: what is called how, and what the new version needs besides."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from gov_portal.kernel.types import FieldType
from workflows.domain.definition import (
    CallStep,
    DecideStep,
    Definition,
    HumanStep,
    IfStep,
    IssueStep,
    SendStep,
    WaitStep,
)
from workflows.domain.expressions import Expression
from workflows.engine.plan import Place, Plan, plan_of


@dataclass(frozen=True)
class Route:
    """Hold two versions of one item, compared once for all cases that move."""

    old: Definition
    new: Definition

    @cached_property
    def old_plan(self) -> Plan:
        """Return the plan of the earlier version."""
        return plan_of(self.old)

    @cached_property
    def new_plan(self) -> Plan:
        """Return the plan of the version that cases move to."""
        return plan_of(self.new)

    @property
    def is_open(self) -> bool:
        """Tell whether the new version says that cases of the old one may move to it."""
        migration = self.new.migration
        sources = migration.sources if migration else ()
        return not sources or self.old.facts.version in sources

    @cached_property
    def steps(self) -> Mapping[str, str]:
        """Return old step -> new step, for those that go on."""
        named = self.new.migration.steps if self.new.migration else {}
        taken = set(named.values())
        same = {step: step for step in self.old.steps if step in self.new.steps and step not in taken}
        return {**same, **{old: new for old, new in named.items() if old in self.old.steps}}

    @cached_property
    def renamed_steps(self) -> Mapping[str, str]:
        """Return old step -> new step, where the name differs."""
        return {old: new for old, new in self.steps.items() if old != new}

    @cached_property
    def fields(self) -> Mapping[str, str]:
        """Return old field -> new field, for those that go on."""
        named = self.new.migration.fields if self.new.migration else {}
        taken = set(named.values())
        same = {path: path for path in self.old.fields if path in self.new.fields and path not in taken}
        return {**same, **{old: new for old, new in named.items() if old in self.old.fields}}

    @cached_property
    def changed_fields(self) -> tuple[tuple[str, str, FieldType], ...]:
        """Return old field, new field and its type, where name or type differ."""
        return tuple(
            (old, new, self.new.fields[new].type)
            for old, new in self.fields.items()
            if old != new or self.old.fields[old].type != self.new.fields[new].type
        )

    @cached_property
    def changed_lets(self) -> Mapping[str, Expression]:
        """Return the lets that the earlier version did not have so, in their order."""
        return {
            name: expression
            for name, expression in self.new.lets.items()
            if name not in self.old.lets or self.old.lets[name].source != expression.source
        }

    @cached_property
    def added_readings(self) -> tuple[tuple[int, str], ...]:
        """Return place in the flow and path of everything read without a default that no earlier version had."""
        known = set(self.fields.values())
        return tuple(
            (place.index, path)
            for place in self.new_plan.places.values()
            for path in _reads(place, self.new)
            if path in self.new.fields and path not in known
        )

    @cached_property
    def writings(self) -> Mapping[str, tuple[int, ...]]:
        """Return field -> places in the flow of the new version that write it."""
        found: dict[str, list[int]] = {}
        for place in self.new_plan.places.values():
            for path in _writes(place, self.new):
                found.setdefault(path, []).append(place.index)
        return {path: tuple(indexes) for path, indexes in found.items()}

    def key(self, key: str) -> str:
        """Return the key of a task, timer or card by the new name of its step."""
        what, colon, rest = key.rpartition(":")
        step, dot, visit = rest.partition(".")
        return f"{what}{colon}{self.steps.get(step, step)}{dot}{visit}"


def _reads(place: Place, definition: Definition) -> Iterator[str]:
    """Yield what a place reads and cannot do without."""
    step = place.step
    expressions = [step.when, *(act.only for act in place.acts.values())]
    match step:
        case DecideStep():
            expressions += step.fields.values()
            table = definition.tables.get(step.table) if step.table else None
            yield from table.inputs if table else ()
        case IfStep():
            expressions.append(step.condition)
        case IssueStep():
            expressions += step.given
        case CallStep():
            yield from (step.key, *step.match)
        case SendStep():
            yield step.way
        case WaitStep():
            yield from (step.until,) if step.until else ()
    for expression in expressions:
        if expression is not None:
            yield from expression.reads
            yield from (path for let in expression.lets for path in definition.lets[let].reads)


def _writes(place: Place, definition: Definition) -> Iterator[str]:
    step = place.step
    if isinstance(step, DecideStep):
        table = definition.tables.get(step.table) if step.table else None
        yield from (*step.fields, *(table.outputs if table else ()))
    elif isinstance(step, HumanStep):
        yield from step.fill
    for act in place.acts.values():
        yield from act.fill
