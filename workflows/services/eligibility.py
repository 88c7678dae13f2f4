"""Answer "may I apply?" (我能办吗) from a few answers, before anything is stored; pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from gov_portal.kernel.errors import DomainError
from gov_portal.kernel.types import File, Rows
from workflows.domain.definition import Definition, Field
from workflows.domain.explaining import World
from workflows.sealing import ACCOUNT
from workflows.services.explanations import conditions_of
from workflows.services.inputs import Inputs
from workflows.views import ConditionView


@dataclass(frozen=True, slots=True)
class Eligibility:
    """Hold what the conditions of acceptance make of some answers; ``faults`` are of answers that nobody can read."""

    conditions: tuple[ConditionView, ...]
    faults: tuple[DomainError, ...] = ()
    values: Mapping[str, object] = field(repr=False, default_factory=dict)

    @property
    def holds(self) -> bool | None:
        """Return false where one condition fails, ``None`` where one cannot be told, else true."""
        verdicts = {one.holds for one in self.conditions}
        return False if False in verdicts else None if None in verdicts else True


def questions_of(definition: Definition) -> tuple[Field, ...]:
    """Return the fields that the conditions of acceptance read and a person can answer."""
    world = World.of(definition, {}, today=date.min)
    read = {path for one in definition.conditions for path in world.reads(one.rule.tree)}
    asked = (declared for path, declared in definition.fields.items() if path in read)
    return tuple(declared for declared in asked if not isinstance(declared.type, File | Rows))


def known_of(definition: Definition, known: Mapping[str, object]) -> dict[str, object]:
    """Return what is known by name of the datum, such as ``birth``, for the fields that the account's group has."""
    own = {path.partition(".")[0] for one in definition.prefills if one.source == ACCOUNT for path in one.gives}
    asked = (declared for declared in questions_of(definition) if declared.group in own)
    found = ((declared.path, known.get(declared.path.rpartition(".")[2])) for declared in asked)
    return {path: value for path, value in found if value is not None}


def eligibility(definition: Definition, raw: Mapping[str, object], *, today: date) -> Eligibility:
    """Return what some answers come to; a question without an answer leaves its conditions open."""
    inputs = Inputs(definition)
    inputs.take(raw, allowed=[declared.path for declared in questions_of(definition)])
    values = inputs.values
    return Eligibility(conditions_of(definition, values, today=today), tuple(inputs.faults), values)
