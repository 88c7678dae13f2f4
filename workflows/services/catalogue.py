"""Show the published items."""

from gov_portal.kernel.ids import ItemId
from workflows.domain.definition import Definition
from workflows.services.desk import Service
from workflows.views import ItemRow


class Items(Service):
    """Read the registry of definitions."""

    def items(self) -> tuple[ItemRow, ...]:
        """List the current version of every published item."""
        return tuple(
            ItemRow(one.facts.id, one.facts.name, one.facts.authority, one.facts.version, one.hash)
            for one in self._desk.definitions.published()
        )

    def item(self, item: ItemId) -> Definition:
        """Return the current version of an item, for its guide.

        Raises:
            ItemUnknown: no such item.
        """
        return self._desk.definitions.current(item)
