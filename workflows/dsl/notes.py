"""Keep what the compiled steps do not carry: where names stand, what each step reads and writes."""

from dataclasses import dataclass, field

from workflows.domain.definition import Location, Phase
from workflows.domain.expressions import Tree
from workflows.dsl.data import Placed
from workflows.dsl.scope import Checked
from workflows.dsl.source import Record, Scalar
from workflows.dsl.tables import ReadTable

ITEM_LIMIT = "item.limit"
"""As a step of the notes: what is read when the decision clock starts."""


@dataclass
class FlowNotes:
    """Gather the notes of one flow.

    Attributes:
        places: ``<step>.<key>`` or ``<step>.<act>.<key>`` -> where it stands.
        reads: step -> expressions that are evaluated when it is entered or left.
        named: step -> fields that it reads by name, with the facts that are certain there.
        writes: step -> what it writes.
        shows: fields shown somewhere.
        whens: step -> its condition of entry.
        conditions: ``if`` step -> its condition.
        tables: decision tables by id.
        acts_fill: step -> act -> fields that the act writes.
        taken: fields that a case of another item is given.
        act_conditions: step -> field -> acts of which one must be chosen for the field to be written.
    """

    places: dict[str, Location] = field(default_factory=dict)
    reads: dict[str, list[Checked]] = field(default_factory=dict)
    named: dict[str, list[tuple[str, Location, Tree | None]]] = field(default_factory=dict)
    writes: dict[str, list[Placed]] = field(default_factory=dict)
    shows: dict[str, Location] = field(default_factory=dict)
    whens: dict[str, Checked] = field(default_factory=dict)
    conditions: dict[str, Checked] = field(default_factory=dict)
    tables: dict[str, ReadTable] = field(default_factory=dict)
    acts_fill: dict[str, dict[str, dict[str, Location]]] = field(default_factory=dict)
    act_conditions: dict[str, dict[str, tuple[str, ...]]] = field(default_factory=dict)
    taken: dict[str, Location] = field(default_factory=dict)

    def read(self, step: str, checked: Checked | None) -> None:
        """Remember that a step evaluates an expression."""
        if checked is not None:
            self.reads.setdefault(step, []).append(checked)

    def name(self, step: str, path: str, *, at: Location, given: Tree | None = None) -> None:
        """Remember that a step reads a field by name, where ``given`` is certain."""
        self.named.setdefault(step, []).append((path, at, given))

    def write(self, step: str, placed: Placed) -> None:
        """Remember what a step writes."""
        if placed.fields:
            self.writes.setdefault(step, []).append(placed)


@dataclass(frozen=True, slots=True)
class StepSource:
    """Hold one step as it stands in the file, before it is compiled."""

    key: Scalar
    body: Record
    kind: str
    phase: Phase
    parent: str | None
