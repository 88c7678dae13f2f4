"""Keep the messages of departments' systems, and what cases wait for; both are found by a blind index of their key."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from gov_portal.kernel.db import Driver
from workflows.storage.statements import Statement

_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 7))"
_KNOWN = "SELECT digest, taken_at IS NOT NULL FROM workflows_messages WHERE org = %s AND id = %s"
_SENT = """SELECT id, message, received_at, taken_at FROM workflows_messages
    WHERE org = %(org)s AND id > %(after)s
    AND (%(is_taken)s::boolean IS NULL OR (taken_at IS NOT NULL) = %(is_taken)s) ORDER BY id LIMIT %(limit)s"""
_ADD = """INSERT INTO workflows_messages (org, id, message, key, digest, sealed, received_at, case_id, taken_at)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT (org, id) DO NOTHING"""
_AWAIT = """INSERT INTO workflows_awaited (case_id, step, visit, org, message, key)
    VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING"""
_AWAITED = """SELECT a.case_id, a.step, a.visit, c.status FROM workflows_awaited a
    JOIN workflows_cases c ON c.id = a.case_id
    WHERE a.org = %s AND a.message = %s AND a.key = %s ORDER BY c.serial DESC, a.visit DESC"""
_EARLY = """SELECT id, sealed FROM workflows_messages WHERE org = %s AND message = %s AND key = ANY(%s)
    AND taken_at IS NULL ORDER BY received_at, id"""
# What a case took lies there; here only its number stays, so that it is taken once for ever.
_TAKE = "UPDATE workflows_messages SET sealed = ''::bytea, taken_at = %s, case_id = %s WHERE org = %s AND id = ANY(%s)"
_STATUS = "SELECT status FROM workflows_cases WHERE case_number = %s"
_STATUS_BY_ID = "SELECT status FROM workflows_cases WHERE id = %s"
_FORGET = "DELETE FROM workflows_messages WHERE taken_at IS NULL AND received_at < %s"


class AwaitedRow(NamedTuple):
    """Name the visit of a step that waits, or waited, for a message, and how its case stands."""

    case: UUID
    step: str
    visit: int
    status: str


class MessageRow(NamedTuple):
    """Hold one message as it is stored; ``key`` is a blind index, ``taken_at`` when a case took it."""

    org: str
    id: str
    message: str
    key: bytes
    digest: bytes
    sealed: bytes
    received_at: datetime
    case: UUID | None = None
    taken_at: datetime | None = None


class SentRow(NamedTuple):
    """Tell what became of one message."""

    id: str
    message: str
    received_at: datetime
    taken_at: datetime | None


def lock_key(driver: Driver, org: str, message: str, key: bytes) -> None:
    """Let nobody else register or keep anything about one key until the transaction ends."""
    driver.execute(_LOCK, (f"{org}:{message}:{key.hex()}",))


def known_message(driver: Driver, org: str, message_id: str) -> tuple[bytes, bool] | None:
    """Return the digest of a message that came before, and whether a case has taken it."""
    row = driver.execute(_KNOWN, (org, message_id)).fetchone()
    return None if row is None else (bytes(row[0]), row[1])


def sent_by(driver: Driver, org: str, *, after: str, is_taken: bool | None, limit: int) -> list[SentRow]:
    """Return what a department has sent, in the order of its own ids; all of it, what was taken, or what was not."""
    values = {"org": org, "after": after, "is_taken": is_taken, "limit": limit}
    return [SentRow(*row) for row in driver.execute(_SENT, values).fetchall()]


def keeping(row: MessageRow) -> Statement:
    """Return the statement that stores a message."""
    return (_ADD, tuple(row))


def note_awaited(driver: Driver, awaited: AwaitedRow, *, org: str, message: str, key: bytes) -> None:
    """Note that a visit waits for a message."""
    driver.execute(_AWAIT, (awaited.case, awaited.step, awaited.visit, org, message, key))


def awaited_by(driver: Driver, org: str, message: str, key: bytes) -> list[AwaitedRow]:
    """Return the visits that wait, or waited, for a message, the latest first."""
    return [AwaitedRow(*row) for row in driver.execute(_AWAITED, (org, message, key)).fetchall()]


def early_messages(driver: Driver, org: str, message: str, keys: Sequence[bytes]) -> list[tuple[str, bytes]]:
    """Return id and content of the messages that came before anything waited for them, the oldest first."""
    return [(row[0], bytes(row[1])) for row in driver.execute(_EARLY, (org, message, list(keys))).fetchall()]


def taking(org: str, ids: Sequence[str], *, case: UUID, at: datetime) -> Statement:
    """Return the statement that notes which case took some messages."""
    return (_TAKE, (at, case, org, list(ids)))


def case_status(driver: Driver, number: str) -> str | None:
    """Return how the case of a number or id stands; ``None`` for none."""
    try:
        row = driver.execute(_STATUS_BY_ID, (UUID(number),)).fetchone()
    except ValueError:
        row = driver.execute(_STATUS, (number.strip(),)).fetchone()
    return None if row is None else str(row[0])


def forget_untaken(driver: Driver, before: datetime) -> None:
    """Remove messages that came before a moment and that nobody has ever waited for."""
    driver.execute(_FORGET, (before,))
