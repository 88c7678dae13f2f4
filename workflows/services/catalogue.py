"""Show the published items."""

from gov_portal.kernel.ids import ItemId
from workflows.domain.definition import Definition
from workflows.services.desk import Service
from workflows.views import ItemRow


class Items(Service):
    """Read the registry of definitions."""

    def items(self) -> tuple[ItemRow, ...]:
        """List the current version of every published item."""
        raise NotImplementedError

    def item(self, item: ItemId) -> Definition:
        """Return the current version of an item, for its guide.

        Raises:
            NotFound: no such item.
        """
        raise NotImplementedError
