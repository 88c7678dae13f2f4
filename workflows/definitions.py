"""Keep the registry of published items: compiled once per process, found by hash."""

import time
from collections.abc import Iterable
from pathlib import Path

from gov_portal.kernel.db import Database, Driver
from gov_portal.kernel.errors import NotFound
from gov_portal.kernel.ids import ItemId
from workflows.domain.definition import Definition
from workflows.dsl.directory import Directory
from workflows.dsl.lint import compile_text

_FRESH_S = 5.0
_LOCK = 0x6974656D
_CURRENT = "SELECT item, hash FROM workflows_definitions WHERE is_current ORDER BY item"
_SOURCE = "SELECT source, file FROM workflows_definitions WHERE hash = %s"
_RETIRE = "UPDATE workflows_definitions SET is_current = false WHERE item = %s AND is_current AND hash <> %s"
_ADD = """INSERT INTO workflows_definitions (hash, item, version, source, file, is_current)
    VALUES (%s, %s, %s, %s, %s, true) ON CONFLICT (hash) DO UPDATE SET is_current = true
    WHERE NOT workflows_definitions.is_current RETURNING hash"""


class ItemUnknown(NotFound):
    """Answer that no such service item is published."""

    code = "item.unknown"


class DefinitionChanged(Exception):
    """Report that a stored source no longer has the hash that it was published under."""


class Definitions:
    """Read and publish versions of service items (workflows_definitions); safe to share between threads."""

    def __init__(self, db: Database, *, directory: Directory | None = None) -> None:
        """Read from ``db``; names are checked against ``directory``, by default the one that the package ships."""
        self._db = db
        self._directory = directory
        self._compiled: dict[str, Definition] = {}
        self._current: tuple[float, dict[str, str]] = (0.0, {})

    def current(self, item: ItemId) -> Definition:
        """Return the version that new cases pin.

        Raises:
            ItemUnknown: no such item.
        """
        digest = self._hashes().get(item)
        if digest is None:
            raise ItemUnknown(item=item)
        return self.by_hash(digest)

    def by_hash(self, digest: str) -> Definition:
        """Return the version that a case pinned.

        Raises:
            ItemUnknown: it was never published here.
            DefinitionChanged: the stored source was changed.
        """
        known = self._compiled.get(digest)
        return known if known is not None else self._load(digest)

    def published(self) -> tuple[Definition, ...]:
        """Return the current version of every item, by item id."""
        return tuple(self.by_hash(digest) for digest in self._hashes().values())

    def publish(self, paths: Iterable[Path]) -> tuple[Definition, ...]:
        """Publish every file whose hash is not current and return those; running cases keep their version.

        Raises:
            DefinitionInvalid: a file does not pass the linter; nothing is published.
        """
        sources = [(path.read_text(encoding="utf-8"), str(path)) for path in paths]
        compiled = [(compile_text(text, file, directory=self._directory), text, file) for text, file in sources]
        published = []
        with self._db.begin() as uow:
            uow.driver.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
            for definition, text, file in compiled:
                if _make_current(uow.driver, definition, source=(text, Path(file).name)):
                    published.append(definition)
        self._compiled.update((definition.hash, definition) for definition, _, _ in compiled)
        self._current = (0.0, {})
        return tuple(published)

    def _hashes(self) -> dict[str, str]:
        read_at, hashes = self._current
        if not hashes or time.monotonic() - read_at > _FRESH_S:
            with self._db.driver() as driver:
                hashes = dict(driver.execute(_CURRENT).fetchall())
            self._current = (time.monotonic(), hashes)
        return hashes

    def _load(self, digest: str) -> Definition:
        with self._db.driver() as driver:
            row = driver.execute(_SOURCE, (digest,)).fetchone()
        if row is None:
            raise ItemUnknown(hash=digest)
        definition = compile_text(row[0], row[1], directory=self._directory)
        if definition.hash != digest:
            raise DefinitionChanged(digest)
        self._compiled[digest] = definition
        return definition


def _make_current(driver: Driver, definition: Definition, *, source: tuple[str, str]) -> bool:
    facts = definition.facts
    driver.execute(_RETIRE, (facts.id, definition.hash))
    row = driver.execute(_ADD, (definition.hash, facts.id, facts.version, *source)).fetchone()
    return row is not None
