"""Keep the registry of published items: compiled once per process, found by hash, looked up by item and region."""

import re
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

import orjson

from gov_portal.kernel import ledger
from gov_portal.kernel.clocks import Clock, SystemClock
from gov_portal.kernel.db import Database, UnitOfWork
from gov_portal.kernel.errors import NotFound
from gov_portal.kernel.ids import ItemId
from workflows.compiled import CompiledForms, Packed
from workflows.compiling import Source, compile_all, compile_kept
from workflows.domain.definition import Definition
from workflows.domain.heading import Heading
from workflows.domain.opening import OpenStep
from workflows.dsl.bundles.shelf import Shelf, default_shelf
from workflows.dsl.directory import Directory
from workflows.dsl.findings import DefinitionInvalid, Finding
from workflows.dsl.lint import Whole, compile_file, compile_whole
from workflows.storage.releases import (
    EVERYWHERE,
    add_release,
    hashes_like,
    holding,
    keep_version,
    kept_among,
    lock_releases,
    source_of,
    sources_of,
)

SEED = "platform:seed"
"""Who drafted and released what came with the package."""

_FRESH_S = 5.0
_HASH = re.compile("[0-9a-f]{8,64}")
"""A hash, or enough of its beginning."""

Holding = dict[tuple[str, str], str]


class ItemUnknown(NotFound):
    """Answer that no such service item is published."""

    code = "item.unknown"


class Definitions:
    """Read and publish versions of service items (workflows_definitions); safe to share between threads."""

    def __init__(
        self,
        db: Database,
        *,
        directory: Directory | None = None,
        clock: Clock | None = None,
        forms: CompiledForms | None = None,
    ) -> None:
        """Read from ``db``; names are checked against ``directory``, by default the one that the package ships.

        ``clock`` tells the business time from which on a version holds. With ``forms``, which belong to the directory
        of the package, what one process has compiled no other one compiles again.
        """
        self._db = db
        self._directory = directory
        self._clock = clock or SystemClock()
        self._forms = forms if directory is None else None
        self._compiled: dict[str, Definition] = {}
        self._headings: dict[str, Heading] = {}
        self._current: tuple[float, Holding] = (0.0, {})
        self._edition = 0

    def current(self, item: ItemId, *, region: str = EVERYWHERE) -> Definition:
        """Return the version that new cases pin: that of the nearest region around ``region``, else of everywhere.

        Raises:
            ItemUnknown: no such item, or only in other regions.
        """
        digest = _nearest(self._holding(), item, region)
        if digest is None:
            raise ItemUnknown(item=item)
        return self.by_hash(digest)

    def by_hash(self, digest: str) -> Definition:
        """Return the version that a case pinned.

        Raises:
            ItemUnknown: it was never kept here.
            DefinitionChanged: the stored source was changed.
        """
        known = self._compiled.get(digest)
        return known if known is not None else self._load(digest)

    def by_prefix(self, prefix: str) -> Definition:
        """Return the one version, draft or published, whose hash begins so.

        Raises:
            ItemUnknown: none or several do, or less than eight characters are given.
        """
        with self._db.driver() as driver:
            found = hashes_like(driver, prefix) if _HASH.fullmatch(prefix) else []
        if len(found) != 1:
            raise ItemUnknown(hash=prefix)
        return self.by_hash(found[0])

    def published(self, *, region: str = EVERYWHERE) -> tuple[Definition, ...]:
        """Return the version of every item that holds in a region, or everywhere, by item id."""
        return tuple(self.by_hash(digest) for digest in self._published(region))

    def headings(self, *, region: str = EVERYWHERE) -> tuple[Heading, ...]:
        """Return the heads of what ``published`` returns, without opening any of it that was compiled before."""
        digests = self._published(region)
        if any(digest not in self._headings for digest in digests):
            self._learn(digests)
        return tuple(self._headings[digest] for digest in digests)

    def _learn(self, digests: Sequence[str]) -> None:
        """Know the heads of some versions: those on the sheet, then those beside their bodies, then what is compiled.

        A sheet that lacked some is written anew.
        """
        forms = self._forms
        if forms is not None:
            self._headings.update(forms.sheet())
        unknown = [digest for digest in digests if digest not in self._headings]
        if forms is not None and unknown:
            self._headings.update(forms.headings(unknown))
        self._headings.update(self._compiled_headings([one for one in unknown if one not in self._headings]))
        if forms is not None and unknown:
            held = dict.fromkeys(self._holding().values())
            forms.keep_sheet([self._headings[digest] for digest in held if digest in self._headings])

    def _compiled_headings(self, digests: Sequence[str]) -> Mapping[str, Heading]:
        """Return the heads of what is compiled here, now or before; what can be kept for all fills no memory here."""
        found = {digest: Heading.of(self._compiled[digest]) for digest in digests if digest in self._compiled}
        packed: list[Packed] = []
        try:
            for source in self._sources([digest for digest in digests if digest not in found]):
                definition = self._compile(source)
                found[definition.hash] = Heading.of(definition)
                if self._forms is None:
                    self._compiled[definition.hash] = definition
                else:
                    packed.append(Packed.of(definition))
        finally:
            if self._forms is not None and packed:
                self._forms.keep(packed)
        return found

    def prepare(self) -> int:
        """Compile what holds anywhere and is not kept compiled, in processes of their own; return how many those were.

        After a change of the language that is everything: done once here, no other process does it.
        """
        if self._forms is None:
            return 0
        held = list(dict.fromkeys(self._holding().values()))
        kept = self._forms.headings(held)
        with self._db.driver() as driver:
            sources = sources_of(driver, [digest for digest in held if digest not in kept])
        made = compile_all(sources)
        self._forms.keep(made)
        heads = self._forms.headings(held) if made else kept
        if self._forms.sheet().keys() != heads.keys():
            self._forms.keep_sheet(heads.values())
        self._forms.drop_others()
        return len(sources)

    def _published(self, region: str) -> list[str]:
        known = self._holding()
        nearest = (_nearest(known, item, region) for item in dict.fromkeys(item for item, _ in known))
        return [digest for digest in nearest if digest is not None]

    def edition(self) -> int:
        """Return a number that is another one as soon as this process knows that other versions hold."""
        self._holding()
        return self._edition

    def regions(self, item: ItemId | None = None) -> tuple[str, ...]:
        """Return the divisions in which versions of an item, or of any, hold beside the one of everywhere."""
        areas = {area for one, area in self._holding() if item in (None, one)}
        return tuple(sorted(areas - {EVERYWHERE}))

    def name(self, item: ItemId) -> str:
        """Return what an item is called, also one that holds in some regions only.

        Raises:
            ItemUnknown: no such item.
        """
        return self.current(item, region=next(iter(self.regions(item)), EVERYWHERE)).facts.name

    def compile(self, text: str, file: str) -> Whole:
        """Return the one definition of a source, checked against the same directory as what is published.

        Raises:
            DefinitionInvalid: it does not pass the linter, or holds a family.
        """
        return compile_whole(text, file, directory=self._directory, shelf=self._shelf())

    def publish(
        self, paths: Iterable[Path], *, unless: Callable[[Definition], bool] | None = None
    ) -> tuple[Definition, ...]:
        """Publish every definition whose hash is not current and return those; running cases keep their version.

        One that is written for a region holds there only. What is stored is the expanded source, so that no template
        can change a version that is published. Those of which ``unless`` holds are kept, but do not hold.

        Raises:
            DefinitionInvalid: a file does not pass the linter, or opens an item that is not kept; nothing is published.
        """
        chosen = list(paths)
        shelf = self._shelf(*((path.read_text(encoding="utf-8"), str(path)) for path in chosen))
        files = ((path, compile_file(path, directory=self._directory, shelf=shelf)) for path in chosen)
        wholes = [(one, path.name) for path, found in files for one in found]
        now = self._clock.now()
        published = []
        with self._db.begin() as uow:
            lock_releases(uow.driver)
            held = holding(uow.driver, now)
            for definition, source in ((one.definition, (one.source, file)) for one, file in wholes):
                keep(uow, definition, source=source, at=now, by=SEED)
            must_keep_parts(uow, [one.definition for one, _ in wholes])
            for definition in (one.definition for one, _ in wholes):
                region, is_left = definition.facts.region or EVERYWHERE, unless is not None and unless(definition)
                if not is_left and held.get((definition.facts.id, region)) != definition.hash:
                    release(uow, definition, region=region, times=(now, now), by=SEED)
                    published.append(definition)
        self._compiled.update((one.definition.hash, one.definition) for one, _ in wholes)
        self.forget_current()
        return tuple(published)

    def forget_current(self) -> None:
        """Look anew which versions hold at the next question; other processes do so within five seconds."""
        self._current = (0.0, {})

    def _shelf(self, *sources: tuple[str, str]) -> Shelf:
        """Return where opened items are found: in the same breath, among what is published, in the package."""
        return Shelf(sources, default_shelf().folders, self._published_source)

    def _published_source(self, item: str) -> tuple[str, str] | None:
        digest = _nearest(self._holding(), item, EVERYWHERE)
        if digest is None:
            return None
        with self._db.driver() as driver:
            return source_of(driver, digest)

    def _holding(self) -> Holding:
        read_at, known = self._current
        if not known or time.monotonic() - read_at > _FRESH_S:
            now = self._clock.now()
            with self._db.driver() as driver:
                held = holding(driver, now)
            # In this order: who reads the edition in between finds what holds now, never what held before.
            self._current = (time.monotonic(), held)
            self._edition += held != known
            return held
        return known

    def _load(self, digest: str) -> Definition:
        definition = self._forms.definition(digest) if self._forms is not None else None
        if definition is None:
            (source,) = self._sources([digest])
            definition = self._compile(source)
            if self._forms is not None:
                self._forms.keep([Packed.of(definition)])
        self._compiled[digest] = definition
        return definition

    def _sources(self, digests: Sequence[str]) -> list[Source]:
        with self._db.driver() as driver:
            found = {source[0]: source for source in sources_of(driver, digests)} if digests else {}
        for digest in digests:
            if digest not in found:
                raise ItemUnknown(hash=digest)
        return [found[digest] for digest in digests]

    def _compile(self, source: Source) -> Definition:
        return compile_kept(source, directory=self._directory)


def _nearest(known: Holding, item: str, region: str) -> str | None:
    return next((known[item, area] for area in around(region) if (item, area) in known), None)


def around(region: str) -> tuple[str, ...]:
    """Return the divisions around a region, itself first, and last everywhere: ``470101 470100 470000``."""
    areas = [region[:length] + region[length:].translate(_ZEROS) for length in (len(region), 4, 2) if region]
    return (*dict.fromkeys(areas), EVERYWHERE)


_ZEROS = str.maketrans("123456789", "000000000")


def keep(uow: UnitOfWork, definition: Definition, *, source: tuple[str, str], at: datetime, by: str) -> bool:
    """Keep a version with its source and file name; false where the same content was kept before."""
    facts = definition.facts
    return keep_version(uow.driver, (definition.hash, facts.id, facts.version, *source, at, by))


def must_keep_parts(uow: UnitOfWork, definitions: Iterable[Definition]) -> None:
    """Refuse items that open others in a version that is not kept: their cases could not open them.

    Raises:
        DefinitionInvalid: with one finding for each of them, where it is opened.
    """
    parts = [part for one in definitions for part in one.parts]
    kept = kept_among(uow.driver, [part.version for part in parts]) if parts else set()
    faults = tuple(_not_kept(part) for part in parts if part.version not in kept)
    if faults:
        raise DefinitionInvalid(faults)


def _not_kept(part: OpenStep) -> Finding:
    message = f"`{part.item}` is not kept here in the version that `{part.id}` opens ({part.version[:12]})"
    return Finding(part.at, "E850", message, "publish it before this one, or with it")


def release(uow: UnitOfWork, definition: Definition, *, region: str, times: tuple[datetime, datetime], by: str) -> None:
    """Let a version hold in a region; ``times`` are now, and when it begins to."""
    now, effective_at = times
    add_release(uow.driver, (definition.facts.id, region, definition.hash, effective_at, now, by))
    note(uow, definition, what="item-released", at=now, by=by, region=region, effective_at=effective_at)


def note(uow: UnitOfWork, definition: Definition, *, what: str, at: datetime, by: str, **detail: object) -> None:
    """Write into the ledger what was done to an item (stream ``item:<id>``)."""
    body = {"hash": definition.hash, "version": definition.facts.version, **detail}
    fact = ledger.Fact(
        stream=f"item:{definition.facts.id}", kind=what, actor=by, body=orjson.dumps(body, default=str), at=at
    )
    ledger.append(uow, fact)
