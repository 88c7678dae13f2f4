"""Define how a published item is shown."""

from dataclasses import dataclass

from gov_portal.kernel.ids import ItemId


@dataclass(frozen=True, slots=True)
class ItemRow:
    """Show one published item in a list."""

    item: ItemId
    name: str
    authority: str
    version: int
    hash: str
    code: str
