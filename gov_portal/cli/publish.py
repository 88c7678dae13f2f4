"""Seed the registry of service items from their folder, with the grants that they declare."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path

import workflows
from gov_portal.kernel.ids import ItemId
from gov_portal.wiring.platform import Platform
from workflows.domain.definition import Definition
from workflows.dsl.lint import item_paths

ITEMS = Path(workflows.__file__).parent / "items"


def publish_items(platform: Platform, path: Path | None = None) -> tuple[Definition, ...]:
    """Publish the items below ``path``, or those of the package, and the grants that all published items declare.

    An item of the package that an operator has published in a higher version, or rolled back, is left as it is.

    Raises:
        DefinitionInvalid: a file does not pass the linter; nothing is published.
    """
    kept = platform.items.versions.versions()
    versions = {(one.item, one.region): one.version for one in kept if one.state == "holds"}
    withdrawn = {one.hash for one in kept if one.state == "withdrawn"}
    left = partial(_is_left, versions=versions, withdrawn=withdrawn) if path is None else None
    published = platform.items.definitions.publish(item_paths(path or ITEMS), unless=left)
    platform.items.definitions.prepare()
    platform.items.versions.enter_grants()
    return published


def _is_left(definition: Definition, *, versions: Mapping[tuple[ItemId, str], int], withdrawn: set[str]) -> bool:
    """Tell whether a higher version of the item is published for the same region, or this one was rolled back."""
    facts = definition.facts
    return facts.version < versions.get((facts.id, facts.region), facts.version) or definition.hash in withdrawn
