"""Hold a compiled file with everything that the checks of the whole need."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from workflows.domain.definition import Anytime, Phase, Prefill, Step, walk
from workflows.dsl.data import Placed
from workflows.dsl.item import CheckedCondition
from workflows.dsl.notes import FlowNotes
from workflows.dsl.scope import Checked, Scope

Flow = tuple[tuple[Phase, tuple[Step, ...]], ...]


@dataclass(frozen=True)
class Compiled:
    """Hold the sections of one file, compiled, with the places of their names.

    Attributes:
        pages: writers of the form, by page, in order.
        prefills: what is given before anything is asked.
        material_conditions: conditions under which a paper is needed.
    """

    scope: Scope
    notes: FlowNotes
    flow: Flow
    anytime: Anytime
    prefills: list[tuple[Prefill, Placed]]
    pages: Mapping[str, Placed]
    conditions: tuple[CheckedCondition, ...]
    material_conditions: list[Checked]

    @property
    def top(self) -> tuple[Step, ...]:
        """Return the steps of all phases as one sequence."""
        return tuple(step for _, steps in self.flow for step in steps)

    @cached_property
    def every_step(self) -> tuple[Step, ...]:
        """Return all steps, blocks and their content included."""
        return tuple(step for _, steps in self.flow for step in walk(steps))
