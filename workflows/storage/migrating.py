"""Find the live cases of an item, and keep what became of each when they moved to another version."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from gov_portal.kernel.db import Driver
from gov_portal.kernel.ids import CaseId
from workflows.storage.statements import Statement

MOVED, STAYS, UNDONE, LEFT = "moved", "stays", "undone", "left"

_LIVE = """SELECT id FROM workflows_cases
    WHERE item = %s AND status <> 'closed' AND definition_hash <> %s AND id > %s ORDER BY id LIMIT %s"""
_WAITING = """SELECT c.id, coalesce(o.payload ->> 'step', '') FROM unnest(%s::uuid[]) c (id)
    JOIN kernel_outbox o ON o.key >= 'case:' || c.id || ':' AND o.key < 'case:' || c.id || ';'"""
_UNFINISHED = """SELECT id FROM workflows_migrations
    WHERE item = %s AND to_hash = %s AND finished_at IS NULL AND undone_at IS NULL ORDER BY id DESC LIMIT 1"""
_START = """INSERT INTO workflows_migrations (item, to_hash, started_at, started_by)
    VALUES (%s, %s, %s, %s) RETURNING id"""
_FINISH = "UPDATE workflows_migrations SET finished_at = %s WHERE id = %s"
_UNDONE = "UPDATE workflows_migrations SET undone_at = %s, undone_by = %s WHERE id = %s"
_FIND = "SELECT id, item, to_hash, undone_at FROM workflows_migrations WHERE id = %s"
_LATEST = "SELECT max(id) FROM workflows_migrations WHERE item = %s AND undone_at IS NULL"
_PUT = """INSERT INTO workflows_migration_cases
    (migration_id, case_id, outcome, from_hash, obstacles, rev, state, field_groups, sealed)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)
    ON CONFLICT (migration_id, case_id) DO UPDATE SET outcome = excluded.outcome, from_hash = excluded.from_hash,
      obstacles = excluded.obstacles, rev = excluded.rev, state = excluded.state,
      field_groups = excluded.field_groups, sealed = excluded.sealed"""
_MOVED = """SELECT case_id, from_hash, rev, state::text, field_groups, sealed FROM workflows_migration_cases
    WHERE migration_id = %s AND outcome = 'moved' AND case_id > %s ORDER BY case_id LIMIT %s"""
_MARK = """UPDATE workflows_migration_cases SET outcome = %s, obstacles = %s
    WHERE migration_id = %s AND case_id = %s"""
_PUT_GROUP = "UPDATE workflows_case_data SET sealed = %s WHERE case_id = %s AND field_group = %s"
_DROP_GROUPS = "DELETE FROM workflows_case_data WHERE case_id = %s AND field_group = ANY(%s)"
_DROP_NOTICES = "DELETE FROM workflows_public_notices WHERE case_id = %s AND step = ANY(%s)"

FIRST = UUID(int=0)


class MigrationRow(NamedTuple):
    """Name one move of cases."""

    id: int
    item: str
    to_hash: str
    undone_at: datetime | None


class Before(NamedTuple):
    """Hold what a case was before it moved, and its revision after."""

    case: UUID
    from_hash: str
    rev: int
    state: str
    groups: list[str]
    sealed: list[bytes]


def live_cases(driver: Driver, item: str, *, to_hash: str, after: UUID, limit: int) -> list[CaseId]:
    """Return the next cases of an item, drafts included, that are not on a version."""
    return [CaseId(row[0]) for row in driver.execute(_LIVE, (item, to_hash, after, limit)).fetchall()]


def waiting_steps(driver: Driver, cases: Sequence[CaseId]) -> dict[UUID, set[str]]:
    """Return the steps of some cases whose effects are still under way; empty where an effect belongs to no step."""
    found: dict[UUID, set[str]] = {}
    for case, step in driver.execute(_WAITING, (list(cases),)).fetchall():
        found.setdefault(case, set()).add(step)
    return found


def unfinished_or_new(driver: Driver, item: str, *, to_hash: str, at: datetime, by: str) -> int:
    """Return the move that was interrupted, or begin one."""
    row = driver.execute(_UNFINISHED, (item, to_hash)).fetchone()
    row = row or driver.execute(_START, (item, to_hash, at, by)).fetchone()
    assert row is not None  # noqa: S101 - an insert returns its row
    return int(row[0])


def finish(driver: Driver, migration: int, *, at: datetime) -> None:
    """Note that every case was looked at."""
    driver.execute(_FINISH, (at, migration))


def note_undone(driver: Driver, migration: int, *, at: datetime, by: str) -> None:
    """Note that every case was given back what it was, as far as it had not gone on."""
    driver.execute(_UNDONE, (at, by, migration))


def find_migration(driver: Driver, migration: int) -> MigrationRow | None:
    """Return one move of cases."""
    row = driver.execute(_FIND, (migration,)).fetchone()
    return None if row is None else MigrationRow(*row)


def latest_migration(driver: Driver, item: str) -> int | None:
    """Return the last move of an item that was not undone."""
    row = driver.execute(_LATEST, (item,)).fetchone()
    return None if row is None else row[0]


def put_case(row: Sequence[object]) -> Statement:
    """Return the statement that keeps what became of one case."""
    return (_PUT, tuple(row))


def moved_cases(driver: Driver, migration: int, *, after: UUID, limit: int) -> list[Before]:
    """Return the next cases of a move that may be given back what they were."""
    return [Before(*row) for row in driver.execute(_MOVED, (migration, after, limit)).fetchall()]


def mark_case(migration: int, case: UUID, outcome: str, obstacles: Sequence[str] = ()) -> Statement:
    """Return the statement that says anew what became of one case."""
    return (_MARK, (outcome, list(obstacles), migration, case))


def restored_groups(case: UUID, groups: Mapping[str, bytes]) -> list[Statement]:
    """Return the statements that put sealed groups back as they were, and drop those that were not there (empty)."""
    gone = [group for group, content in groups.items() if not content]
    statements: list[Statement] = [(_PUT_GROUP, (content, case, group)) for group, content in groups.items() if content]
    return [*statements, (_DROP_GROUPS, (case, gone))] if gone else statements


def drop_notices(case: UUID, steps: Sequence[str]) -> Statement:
    """Return the statement that takes public notices of steps with former names away."""
    return (_DROP_NOTICES, (case, list(steps)))
