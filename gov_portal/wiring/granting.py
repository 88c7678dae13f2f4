"""Enter into the directory of the exchange what published items declare to use of departments' data."""

from collections.abc import Iterable

from gov_portal.exchange.directory import read_directory
from gov_portal.exchange.domain import PREDICATE_FIELD, Grant, ResourceId
from gov_portal.exchange.storage import StoredDirectory
from workflows.domain.definition import CallStep, Definition


class DeclaredGrants:
    """Give items what they declare, as soon as they are published."""

    def __init__(self, directory: StoredDirectory) -> None:
        """Enter into this directory."""
        self._directory = directory

    def enter(self, published: Iterable[Definition]) -> None:
        """Enter the grants that all published items declare; whatever was entered before stays."""
        self._directory.seed(read_directory(), [grant for one in published for grant in declared_grants(one)])


def declared_grants(definition: Definition) -> tuple[Grant, ...]:
    """Return what an item declares to use of each resource: its prefills and what its calls compare or hand over.

    A purpose that is not spelled is the item's id; a call may also name its step.
    """
    item = definition.facts.id
    prefills = (
        _grant(definition, source=prefill.source, paths=prefill.gives, purposes=(prefill.purpose or item, item))
        for prefill in definition.prefills
        if is_department(prefill.source)
    )
    calls = [step for step in definition.steps.values() if isinstance(step, CallStep)]
    asked = (
        _grant(definition, source=step.resource, paths=(*step.match, *step.hands), purposes=(item, step.id))
        for step in calls
    )
    undone = (
        _grant(definition, source=step.undo, paths=step.hands, purposes=(item, step.id)) for step in calls if step.undo
    )
    return (*prefills, *asked, *undone, *_offered(definition))


def _offered(definition: Definition) -> tuple[Grant, ...]:
    """Return the predicates that an item asks as a standing programme."""
    rule = definition.start.offer
    return tuple(
        _grant(definition, source=name, paths=(f"offer.{PREDICATE_FIELD}",), purposes=(definition.facts.id,))
        for name in (rule.predicates if rule else ())
    )


def is_department(source: str) -> bool:
    """Tell whether a source is a department's resource, not the platform's own ``account`` or ``appealed``."""
    return "." in source


def _grant(definition: Definition, *, source: str, paths: Iterable[str], purposes: Iterable[str]) -> Grant:
    return Grant(
        item=definition.facts.id,
        resource=ResourceId(source),
        fields=frozenset(path.rpartition(".")[2] for path in paths),
        purposes=frozenset(purposes),
    )
