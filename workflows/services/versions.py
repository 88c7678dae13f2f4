"""Draft, publish and roll back versions of items: one person drafts, another publishes, nothing is restarted."""

from dataclasses import dataclass
from datetime import datetime

from gov_portal.kernel.clocks import Clock
from gov_portal.kernel.codes.division import contains, is_code
from gov_portal.kernel.db import Database
from gov_portal.kernel.errors import Conflict, Forbidden, Invalid
from gov_portal.kernel.ids import ItemId
from gov_portal.kernel.principal import Officer, actor_of
from workflows.definitions import Definitions, ItemUnknown, around, keep, must_keep_parts, note, release
from workflows.domain.definition import Definition
from workflows.dsl.comparison import Change, compare
from workflows.dsl.mentions import Mention, mentions
from workflows.ports import GrantBook
from workflows.storage.releases import (
    EVERYWHERE,
    KeptVersion,
    kept_versions,
    lock_releases,
    source_of,
    withdraw_release,
)

DESIGNER = "designer"
"""Post of those who draft items."""

PUBLISHER = "publisher"
"""Post of those who let a draft hold."""


class MayNotDraft(Forbidden):
    """Refuse to draft or publish without the post for it."""

    code = "item.post-missing"


class SamePerson(Forbidden):
    """Refuse to publish one's own draft: it takes two."""

    code = "item.own-draft"


class RegionNotYours(Forbidden):
    """Refuse to publish for a region that the officer's unit does not serve."""

    code = "item.region-not-yours"


class WrittenForRegion(Invalid):
    """Refuse to let a version hold where it is not written for."""

    code = "item.written-for-region"


class VersionTaken(Conflict):
    """Refuse other content under a version number that is kept already: raise ``item.version``."""

    code = "item.version-taken"


class EffectiveInPast(Invalid):
    """Refuse to let a version hold from a moment that is over."""

    code = "item.effective-in-past"


class AlreadyHolds(Conflict):
    """Answer that this very version holds there already."""

    code = "item.holds-already"


class NothingToRollBack(Conflict):
    """Refuse to roll back where no earlier version would hold."""

    code = "item.nothing-to-roll-back"


@dataclass(frozen=True, slots=True)
class VersionView:
    """Show one version of an item with one of its releases.

    Attributes:
        state: ``draft``, ``planned``, ``holds``, ``replaced`` or ``withdrawn``.
        region: division code, empty for everywhere and for a draft.
    """

    hash: str
    item: ItemId
    version: int
    state: str
    region: str
    drafted_by: str
    drafted_at: datetime
    effective_at: datetime | None
    released_by: str
    withdrawn_by: str


@dataclass(frozen=True, slots=True)
class KeptSource:
    """Show one version whole: its releases, and its source as it was kept under the name of a file."""

    releases: tuple[VersionView, ...]
    file: str
    source: str


_PUBLISHED = frozenset({"holds", "planned"})


class Versions:
    """Move versions of items between draft and published; every act is an entry in the ledger."""

    def __init__(
        self, db: Database, clock: Clock, definitions: Definitions, *, grants: GrantBook | None = None
    ) -> None:
        """Use the registry that cases are begun from; ``grants`` is told what is published."""
        self._db = db
        self._clock = clock
        self._definitions = definitions
        self._grants = grants

    def draft(self, text: str, file: str, *, by: Officer) -> Definition:
        """Keep a source that passes the linter as a draft; the same content is kept once.

        Raises:
            DefinitionInvalid: the linter finds errors.
            MayNotDraft: no designer.
            VersionTaken: other content has this version number.
        """
        _must_be(DESIGNER, by)
        whole = self._definitions.compile(text, file)
        definition = whole.definition
        now = self._clock.now()
        with self._db.begin() as uow:
            lock_releases(uow.driver)
            others = [one for one in kept_versions(uow.driver, definition.facts.id) if one.hash != definition.hash]
            if any(self._is_taken(one, by=definition) for one in others):
                raise VersionTaken(version=definition.facts.version)
            if keep(uow, definition, source=(whole.source, file), at=now, by=actor_of(by)):
                note(uow, definition, what="item-drafted", at=now, by=actor_of(by))
        return definition

    def _is_taken(self, kept: KeptVersion, *, by: Definition) -> bool:
        """Tell whether a kept version has the number of another one that is written for the same region."""
        facts = by.facts
        return kept.version == facts.version and self._definitions.by_hash(kept.hash).facts.region == facts.region

    def publish(
        self, digest: str, *, by: Officer, region: str = EVERYWHERE, effective_at: datetime | None = None
    ) -> Definition:
        """Let a draft hold in a region, or everywhere, from now or a later moment on; running cases keep their version.

        Raises:
            MayNotDraft: no publisher.
            SamePerson: the officer drafted it.
            RegionNotYours: the officer's unit does not serve the region.
            WrittenForRegion: it is written for another region.
            EffectiveInPast, AlreadyHolds: there is nothing to do so.
            DefinitionInvalid: it opens an item in a version that is not kept.
            ItemUnknown: there is no such draft.
        """
        must_publish(by)
        definition = self._definitions.by_hash(digest)
        written_for = definition.facts.region
        region = region or written_for
        _must_serve(by, region)
        if written_for and not contains(written_for, region):
            raise WrittenForRegion(field="region", region=written_for)
        now = self._clock.now()
        if effective_at is not None and effective_at < now:
            raise EffectiveInPast(field="effective_at")
        with self._db.begin() as uow:
            lock_releases(uow.driver)
            kept = kept_versions(uow.driver, definition.facts.id)
            if any(one.hash == digest and one.drafted_by == actor_of(by) for one in kept):
                raise SamePerson
            held = _in_force(kept, region, now)
            if effective_at is None and held and held[0].hash == digest:
                raise AlreadyHolds
            must_keep_parts(uow, [definition])
            release(uow, definition, region=region, times=(now, effective_at or now), by=actor_of(by))
        self._definitions.forget_current()
        self.enter_grants()
        return definition

    def enter_grants(self) -> None:
        """Enter what the published versions of all regions declare to use of departments' data."""
        if self._grants is not None:
            published = {one.hash for one in self.versions() if one.state in _PUBLISHED}
            self._grants.enter(self._definitions.by_hash(digest) for digest in sorted(published))

    def roll_back(self, item: ItemId, *, by: Officer, region: str = EVERYWHERE) -> Definition:
        """Take back what was published last in a region, so that what held before it holds again; return that.

        A release whose day has not come is taken back first. Cases keep the version that they began with.

        Raises:
            NothingToRollBack: nothing would hold then.
            MayNotDraft, RegionNotYours: as for publishing.
        """
        must_publish(by)
        _must_serve(by, region)
        now = self._clock.now()
        with self._db.begin() as uow:
            lock_releases(uow.driver)
            kept = kept_versions(uow.driver, item)
            standing = [one for one in kept if one.release and one.region == region and one.withdrawn_at is None]
            if not standing or standing[0].release is None:
                raise NothingToRollBack
            # An earlier one of the same region holds then, or one of a region around it.
            rest = [one for area in around(region) for one in _in_force(kept, area, now) if one is not standing[0]]
            if not rest:
                raise NothingToRollBack
            withdraw_release(uow.driver, standing[0].release, at=now, by=actor_of(by))
            taken = self._definitions.by_hash(standing[0].hash)
            note(uow, taken, what="item-rolled-back", at=now, by=actor_of(by), region=region, to=rest[0].hash)
        self._definitions.forget_current()
        return self._definitions.by_hash(rest[0].hash)

    def versions(self, item: ItemId | None = None) -> tuple[VersionView, ...]:
        """Return drafts and releases of an item, or of all: drafts first, then the latest release first."""
        with self._db.driver() as driver:
            kept = kept_versions(driver, item or "")
        if item is not None and not kept:
            raise ItemUnknown(item=item)
        now = self._clock.now()
        holding = {(one.item, one.region): one.release for one in reversed(kept) if one.holds_at(now)}
        return tuple(_view(one, now=now, is_holding=holding.get((one.item, one.region)) == one.release) for one in kept)

    def find(self, digest: str) -> KeptSource:
        """Return the version, draft or published, whose hash begins so, with its releases.

        Raises:
            ItemUnknown: none or several do, or less than eight characters are given.
        """
        definition = self._definitions.by_prefix(digest)
        with self._db.driver() as driver:
            source, file = source_of(driver, definition.hash) or ("", "")
        views = self.versions(definition.facts.id)
        return KeptSource(tuple(one for one in views if one.hash == definition.hash), file, source)

    def differences(self, old: str, new: str) -> tuple[Change, ...]:
        """Return what differs in meaning between two versions, each named by the beginning of its hash.

        Raises:
            ItemUnknown: as for ``find``.
        """
        return compare(self._definitions.by_prefix(old), self._definitions.by_prefix(new))

    def mentions(self, word: str) -> tuple[Mention, ...]:
        """Return where the published items cite an article, read a resource or hold a field."""
        return tuple(one for definition in self._definitions.published() for one in mentions(definition, word))


def _in_force(kept: list[KeptVersion], region: str, now: datetime) -> list[KeptVersion]:
    return [one for one in kept if one.region == region and one.holds_at(now)]


def _view(one: KeptVersion, *, now: datetime, is_holding: bool) -> VersionView:
    if one.effective_at is None:
        state = "draft"
    elif one.withdrawn_at is not None:
        state = "withdrawn"
    elif one.effective_at > now:
        state = "planned"
    else:
        state = "holds" if is_holding else "replaced"
    return VersionView(
        hash=one.hash,
        item=ItemId(one.item),
        version=one.version,
        state=state,
        region=one.region or EVERYWHERE,
        drafted_by=one.drafted_by,
        drafted_at=one.drafted_at,
        effective_at=one.effective_at,
        released_by=one.released_by or "",
        withdrawn_by=one.withdrawn_by or "",
    )


def must_publish(by: Officer) -> None:
    """Refuse whoever may not let versions hold.

    Raises:
        MayNotDraft: no person with the post for it.
    """
    _must_be(PUBLISHER, by)


def _must_be(post: str, by: Officer) -> None:
    if post not in by.roles or by.is_system:
        raise MayNotDraft(post=post)


def _must_serve(by: Officer, region: str) -> None:
    """Refuse a region outside the officer's unit; everywhere is the province's own."""
    is_served = by.region.endswith("0000") if region == EVERYWHERE else is_code(region) and contains(by.region, region)
    if not is_served:
        raise RegionNotYours(field="region")
