"""Move the live cases of an item to another version (迁移): first on trial, then in batches, and back again."""

from collections.abc import Iterator

from gov_portal.kernel.errors import NotFound
from gov_portal.kernel.ids import ItemId
from gov_portal.kernel.principal import Officer, actor_of
from workflows.definitions import note
from workflows.domain.definition import Definition
from workflows.services.moving import MOVER, CaseReport, Mover
from workflows.services.versions import must_publish
from workflows.storage import migrating as rows
from workflows.storage.loading import StoredCase
from workflows.storage.visibility import visible_to

BATCH = 250


class MigrationUnknown(NotFound):
    """Answer that there is no such move of cases, or that it was undone."""

    code = "item.migration-unknown"


class Migrations(Mover):
    """Move all cases of an item and report each."""

    def try_out(self, item: ItemId, *, to: Definition) -> Iterator[CaseReport]:
        """Yield what would become of every live case, in the order of their ids; nothing is written."""
        for stored, waiting in self._live(item, to):
            found = self._attempt_move(stored, to, waiting=waiting)
            yield found if isinstance(found, CaseReport) else found.report

    def apply(self, item: ItemId, *, to: Definition, by: Officer) -> Iterator[CaseReport]:
        """Move every live case that can be moved and yield what became of each.

        Interrupted, it is gone on with by the next call: what was moved is not looked at again, what stayed is.

        Raises:
            MayNotDraft: no publisher.
        """
        must_publish(by)
        now, actor = self._desk.clock.now(), actor_of(by)
        with self._desk.db.begin() as uow:
            migration = rows.unfinished_or_new(uow.driver, item, to_hash=to.hash, at=now, by=actor)
        outcomes: dict[str, int] = {}
        for stored, waiting in self._live(item, to):
            report = self._move(stored, to, migration=migration, by=by, waiting=waiting)
            outcomes[report.outcome] = outcomes.get(report.outcome, 0) + 1
            yield report
        with self._desk.db.begin() as uow:
            rows.finish(uow.driver, migration, at=self._desk.clock.now())
            note(uow, to, what="item-migrated", at=now, by=actor, migration=migration, **outcomes)

    def undo(self, item: ItemId, *, by: Officer, migration: int | None = None) -> Iterator[CaseReport]:
        """Give every case of a move (the last one of the item) back what it was, and yield what became of each.

        A case that has gone on since is left where it is.

        Raises:
            MigrationUnknown: there is no such move, or it was undone.
            MayNotDraft: no publisher.
        """
        must_publish(by)
        found = self._migration(item, migration)
        after, outcomes = rows.FIRST, dict[str, int]()
        while True:
            with self._desk.db.driver() as driver:
                batch = rows.moved_cases(driver, found.id, after=after, limit=BATCH)
            if not batch:
                break
            for before in batch:
                report = self._restore(before, migration=found, by=by)
                outcomes[report.outcome] = outcomes.get(report.outcome, 0) + 1
                yield report
            after = batch[-1].case
        now, actor, to = self._desk.clock.now(), actor_of(by), self._desk.definitions.by_hash(found.to_hash)
        with self._desk.db.begin() as uow:
            rows.note_undone(uow.driver, found.id, at=now, by=actor)
            note(uow, to, what="item-migration-undone", at=now, by=actor, migration=found.id, **outcomes)

    def _migration(self, item: ItemId, migration: int | None) -> rows.MigrationRow:
        with self._desk.db.driver() as driver:
            number = rows.latest_migration(driver, item) if migration is None else migration
            found = rows.find_migration(driver, number) if number is not None else None
        if found is None or found.undone_at is not None or found.item != item:
            raise MigrationUnknown
        return found

    def _live(self, item: ItemId, to: Definition) -> Iterator[tuple[StoredCase, set[str]]]:
        """Yield the live cases of its region on another version, each with the steps whose effects are under way."""
        after = rows.FIRST
        while True:
            with self._desk.db.driver() as driver:
                cases = rows.live_cases(driver, item, to_hash=to.hash, after=after, limit=BATCH)
                waiting = rows.waiting_steps(driver, cases)
                found = self._loader.fetch_many(driver, cases, sight=visible_to(MOVER))
            if not cases:
                return
            for case in cases:
                opened = self._loader.open(found[case]) if case in found else None
                if opened is not None and opened.definition.facts.region == to.facts.region:
                    yield opened, waiting.get(case, set())
            after = cases[-1]
