"""Show the published items."""

from gov_portal.kernel.codes.division import Divisions
from gov_portal.kernel.ids import ItemId
from gov_portal.kernel.principal import Citizen
from workflows.domain.definition import Definition
from workflows.services.desk import Desk, Service
from workflows.storage.releases import EVERYWHERE
from workflows.views import ItemRow

_CODE_LENGTH = 6


class Items(Service):
    """Read the registry of definitions; where regions have versions of their own, the nearest one around a region."""

    def items(self, *, region: str = EVERYWHERE) -> tuple[ItemRow, ...]:
        """List the current version of every item that is published in a region."""
        return tuple(
            ItemRow(one.facts.id, one.facts.name, one.facts.authority, one.facts.version, one.hash, one.facts.code)
            for one in self._desk.definitions.headings(region=region)
        )

    def edition(self) -> int:
        """Return a number that changes whenever another version of any item begins or ceases to hold."""
        return self._desk.definitions.edition()

    def item(self, item: ItemId, *, region: str = EVERYWHERE) -> Definition:
        """Return the current version of an item in a region, for its guide.

        Raises:
            ItemUnknown: no such item.
        """
        return self._desk.definitions.current(item, region=region)

    def pinned(self, digest: str) -> Definition:
        """Return the version that a case goes by, for every page about that case; views name it ``pinned``.

        Raises:
            ItemUnknown: it was never kept here.
        """
        return self._desk.definitions.by_hash(digest)

    def regions(self, item: ItemId) -> tuple[str, ...]:
        """Return the divisions that have a version of an item of their own."""
        return self._desk.definitions.regions(item)

    def home_region(self, item: ItemId | None, *, by: Citizen) -> str:
        """Return where the person, or the ward acted for, applies if they choose no other place."""
        return home_region(self._desk, item, by=by)


def home_region(desk: Desk, item: ItemId | None, *, by: Citizen) -> str:
    """Return the division that the applicant's citizen id names; everywhere where no region differs or none is known.

    Nobody is looked up where the item, or without one every item, is the same everywhere. Who has moved since chooses
    another place on the guide.
    """
    if not desk.definitions.regions(item):
        return EVERYWHERE
    division = Divisions.default().find(desk.ports.people.facts(by.subject).id_no[:_CODE_LENGTH])
    return division.code if division else EVERYWHERE
