"""Hold what every step of an item has, whatever its kind."""

from dataclasses import dataclass

from workflows.domain.expressions import Expression
from workflows.domain.measures import Duration, Location, Phase


@dataclass(frozen=True, slots=True)
class Pause:
    """Name the ground on which the decision clock stops (行政许可法 art. 45, or a cited basis)."""

    ground: str
    basis: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StepBase:
    """Hold what every step has.

    Attributes:
        id: unique in the item.
        phase: legal phase that the step stands in.
        parent: id of the parallel block around it, if any.
        when: condition of entry; where false, the step is passed over.
        limit: how long it may take.
        pause: ground on which the decision clock stands while it is open.
        show: fields that the assignee, or the public, may see; empty means those its role filled.
    """

    id: str
    phase: Phase
    at: Location
    parent: str | None = None
    when: Expression | None = None
    limit: Duration | None = None
    pause: Pause | None = None
    show: tuple[str, ...] = ()
