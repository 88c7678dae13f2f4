"""Move one case to another version of its item, and give it back what it was."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from gov_portal.kernel.cipher import KeyShredded, SealBroken
from gov_portal.kernel.ids import CaseId
from gov_portal.kernel.principal import Officer, Platform, actor_of
from workflows.domain.definition import Definition
from workflows.domain.state import CaseState, Happening, Transition
from workflows.engine.migration import CannotMove, migrate
from workflows.engine.obstacles import Obstacle
from workflows.engine.routes import Route
from workflows.sealing import OWN, CaseValues, Stored
from workflows.services.desk import Desk
from workflows.services.stepping import Stepper
from workflows.storage import migrating as rows
from workflows.storage.loading import StoredCase
from workflows.storage.statements import Statement
from workflows.storage.states import state_json, state_of
from workflows.storage.visibility import visible_to
from workflows.storage.writing import CaseMoved, Record, write

MOVER = Platform("migration")
_ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class CaseReport:
    """Say what became of one case, or what would; no value of any field is named.

    Attributes:
        outcome: ``moves`` on trial, else ``moved``, ``stays``, ``undone`` or ``left``.
        obstacles: why it stays.
        steps: where it stood and where it stands.
        due_before, due_after: promised end of the decision, where its clock runs.
        tasks: task -> its limit before and after.
    """

    case: CaseId
    case_number: str
    outcome: str
    obstacles: tuple[str, ...] = ()
    steps: tuple[tuple[str, str], ...] = ()
    due_before: datetime | None = None
    due_after: datetime | None = None
    tasks: tuple[tuple[str, datetime | None, datetime | None], ...] = ()


@dataclass(frozen=True, slots=True)
class Moved:
    """Hold a case with what moving it does."""

    stored: StoredCase
    route: Route
    transition: Transition
    report: CaseReport


class Mover(Stepper):
    """Move cases one by one, each fenced like any step, with one event in its ledger."""

    def __init__(self, desk: Desk) -> None:
        """Begin without any route."""
        super().__init__(desk)
        self._routes: dict[tuple[str, str], Route] = {}

    def _attempt_move(self, stored: StoredCase, to: Definition, *, waiting: set[str]) -> Moved | CaseReport:
        """Return what moving a case does, or why it stays; ``waiting`` are steps with effects under way."""
        route = self._route(stored.definition, to)
        kept = CaseReport(stored.id, stored.case_number, rows.STAYS, due_before=stored.state.due_at)
        under_way = [step for step in sorted(waiting) if step and (step not in to.steps or step in route.renamed_steps)]
        if under_way:
            return _staying(kept, *(Obstacle("effect-under-way", step) for step in under_way))
        try:
            context = self._context(stored, by=MOVER, at=self._desk.clock.now())
            transition = migrate(route, stored.state, context)
        except CannotMove as refused:
            return _staying(kept, *refused.obstacles)
        except (KeyShredded, SealBroken):
            return _staying(kept, Obstacle("unreadable"))
        report = replace(
            kept,
            outcome="moves",
            steps=tuple((one.step, route.steps[one.step]) for one in stored.state.active if one.step in route.steps),
            due_after=transition.state.due_at,
            tasks=_limits(route, stored.state, transition.state),
        )
        return Moved(stored, route, transition, report)

    def _move(
        self, stored: StoredCase, to: Definition, *, migration: int, by: Officer, waiting: set[str]
    ) -> CaseReport:
        """Move one case, or keep why it stays."""
        for _ in range(_ATTEMPTS):
            found = self._attempt_move(stored, to, waiting=waiting)
            if isinstance(found, CaseReport):
                self._keep_staying(found, stored, migration=migration)
                return found
            try:
                self._write_move(found, migration=migration, by=by)
            except CaseMoved:
                again = self._find(stored.id, sight=visible_to(MOVER))
                if again is None or again.definition.hash == to.hash:
                    break
                stored = again
            else:
                return replace(found.report, outcome=rows.MOVED)
        kept = CaseReport(stored.id, stored.case_number, rows.STAYS, due_before=stored.state.due_at)
        return _staying(kept, Obstacle("busy"))

    def _keep_staying(self, report: CaseReport, stored: StoredCase, *, migration: int) -> None:
        digest, rev = stored.definition.hash, stored.row.rev
        row = (migration, stored.id, rows.STAYS, digest, list(report.obstacles), rev, None, None, None)
        with self._desk.db.driver() as driver:
            driver.execute(*rows.put_case(row))

    def _write_move(self, moved: Moved, *, migration: int, by: Officer) -> None:
        """Write one case as the new version has it, and beside it what it was."""
        stored, to, now = moved.stored, moved.route.new, self._desk.clock.now()
        before = stored.values.sealed_groups()
        values = CaseValues(to, case=stored.id, cipher=stored.cipher, sealed=before)
        writes = _carried(moved, at=now)
        groups = sorted({values.group_of(path) for path in writes} | {OWN})
        snapshot: tuple[object, ...] = (
            *(migration, stored.id, rows.MOVED, stored.definition.hash, [], stored.row.rev + 1),
            *(state_json(stored.state), groups, [before.get(group, b"") for group in groups]),
        )
        also = [rows.put_case(snapshot), *_former_notices(stored.id, moved.route.renamed_steps, gone_from=to)]
        record = Record(
            kind="migrate",
            at=now,
            actor=actor_of(by),
            transition=moved.transition,
            writes=writes,
            columns={"definition_hash": to.hash},
            also=also,
        )
        self._write_as(replace(stored, definition=to, values=values), record)

    def _restore(self, before: rows.Before, *, migration: rows.MigrationRow, by: Officer) -> CaseReport:
        """Give a case back what it was before it moved, unless it has gone on since."""
        stored = self._find(CaseId(before.case), sight=visible_to(MOVER))
        if stored is None or stored.row.rev != before.rev or stored.definition.hash != migration.to_hash:
            return self._leave(before, stored, migration=migration.id)
        old = self._desk.definitions.by_hash(before.from_hash)
        kept = dict(zip(before.groups, before.sealed, strict=True))
        sealed = {group: content for group, content in (stored.values.sealed_groups() | kept).items() if content}
        values = CaseValues(old, case=stored.id, cipher=stored.cipher, sealed=sealed)
        state = state_of(before.state, values)
        others = {group: content for group, content in kept.items() if group != OWN}
        happening = Happening("migration-undone", self._desk.clock.now(), detail={"old": before.from_hash[:12]})
        names = {new: old_name for old_name, new in self._route(old, stored.definition).renamed_steps.items()}
        record = Record(
            kind="undo-migration",
            at=self._desk.clock.now(),
            actor=actor_of(by),
            transition=Transition(state, {}, (happening,)),
            columns={"definition_hash": old.hash, "sealed": kept[OWN] or None},
            also=[
                rows.mark_case(migration.id, stored.id, rows.UNDONE),
                *rows.restored_groups(stored.id, others),
                *_former_notices(stored.id, names, gone_from=old),
            ],
        )
        try:
            self._write_as(replace(stored, definition=old, values=values), record)
        except CaseMoved:
            return self._leave(before, stored, migration=migration.id)
        due_before = stored.state.due_at
        return CaseReport(stored.id, stored.case_number, rows.UNDONE, due_before=due_before, due_after=state.due_at)

    def _leave(self, before: rows.Before, stored: StoredCase | None, *, migration: int) -> CaseReport:
        why = (str(Obstacle("moved-on")),)
        with self._desk.db.driver() as driver:
            driver.execute(*rows.mark_case(migration, before.case, rows.LEFT, why))
        return CaseReport(CaseId(before.case), stored.case_number if stored else "", rows.LEFT, why)

    def _write_as(self, case: StoredCase, record: Record) -> None:
        for task in record.transition.state.tasks.values():
            if task.org:
                self._offices.unit(task.org, task.near)
        with self._desk.db.driver() as driver:
            write(driver, case, record, unit_of=self._offices.unit)

    def _route(self, old: Definition, new: Definition) -> Route:
        key = (old.hash, new.hash)
        if key not in self._routes:
            self._routes[key] = Route(old, new)
        return self._routes[key]


def _staying(report: CaseReport, *found: Obstacle) -> CaseReport:
    return replace(report, outcome=rows.STAYS, obstacles=tuple(map(str, found)))


def _limits(
    route: Route, before: CaseState, after: CaseState
) -> tuple[tuple[str, datetime | None, datetime | None], ...]:
    known = {route.key(key): task.due_at for key, task in before.tasks.items()}
    return tuple((key, known.get(key), task.due_at) for key, task in after.tasks.items())


def _carried(moved: Moved, *, at: datetime) -> dict[str, Stored]:
    """Return what the move writes; a field that is called otherwise keeps where its value came from."""
    former = {new: old for old, new, _ in moved.route.changed_fields}
    found = {}
    for path, value in moved.transition.writes.items():
        known = moved.stored.values.stored(former[path]) if path in former else None
        found[path] = known._replace(value=value, previous=None) if known else Stored(value, "platform", at)
    return found


def _former_notices(case: UUID, renamed: Mapping[str, str], *, gone_from: Definition) -> list[Statement]:
    """Return the statement that drops public notices under names that a version does not know any more."""
    former = [step for step in renamed if step not in gone_from.steps]
    return [rows.drop_notices(case, former)] if former else []
