"""Keep the registry of published items: compiled once per process, found by hash."""

from collections.abc import Iterable
from pathlib import Path

from gov_portal.kernel.db import Database
from gov_portal.kernel.ids import ItemId
from workflows.domain.definition import Definition


class Definitions:
    """Read and publish versions of service items (workflows_definitions)."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def current(self, item: ItemId) -> Definition:
        """Return the version that new cases pin.

        Raises:
            NotFound: no such item.
        """
        raise NotImplementedError

    def by_hash(self, digest: str) -> Definition:
        """Return the version that a case pinned."""
        raise NotImplementedError

    def published(self) -> tuple[Definition, ...]:
        """Return the current version of every item, by item id."""
        raise NotImplementedError

    def publish(self, paths: Iterable[Path]) -> tuple[Definition, ...]:
        """Publish every file whose hash is new and return what was published; running cases keep their version.

        Raises:
            DefinitionInvalid: a file does not pass the linter; nothing is published.
        """
        raise NotImplementedError
