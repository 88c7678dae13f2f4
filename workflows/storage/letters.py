"""Keep the letters of a case (往来消息) as rows that never change, and who has read how far.

A thread is one row beside the case: it numbers the letters, and whoever writes or reads locks it first. ``units`` are
the posts with letters that they have not read, so that a unit finds its own by one index.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple
from uuid import UUID

from gov_portal.kernel.db import Driver
from gov_portal.kernel.ids import CaseId
from workflows.domain.letters import Side
from workflows.storage.visibility import Sight

_LOCK = """INSERT INTO workflows_threads (case_id, last, from_office, read_by_applicant, read_by_units, units)
VALUES (%s, 0, 0, 0, '{}', '{}') ON CONFLICT (case_id) DO UPDATE SET last = workflows_threads.last RETURNING last"""
_LOCK_KNOWN = "SELECT last FROM workflows_threads WHERE case_id = %s FOR UPDATE"
_HAS = "SELECT 1 FROM workflows_letters WHERE case_id = %s AND id = %s"
_COUNT = "SELECT count(*) FROM workflows_letters WHERE case_id = %s AND side = %s AND at > %s"
_ADD = """INSERT INTO workflows_letters (id, case_id, number, side, author, units, organ, sealed, at)
VALUES (%(id)s, %(case)s, %(number)s, %(side)s, %(author)s, %(units)s, %(organ)s, %(sealed)s, %(at)s)"""
_MOVE = {
    Side.APPLICANT: """UPDATE workflows_threads SET last = %(number)s,
        units = ARRAY(SELECT DISTINCT unnest(units || %(units)s::text[]) ORDER BY 1) WHERE case_id = %(case)s""",
    Side.OFFICE: "UPDATE workflows_threads SET last = %(number)s, from_office = %(number)s WHERE case_id = %(case)s",
}
_LETTERS = """SELECT id, number, side, author, units, organ, sealed, at FROM workflows_letters
WHERE case_id = %(case)s AND (%(post)s::text IS NULL OR %(post)s = ANY(units))
    AND (%(before)s::int IS NULL OR number < %(before)s)
ORDER BY number DESC LIMIT %(most)s"""
_NEW_TO = {
    Side.APPLICANT: "l.case_id = t.case_id AND l.side = 'office' AND l.number > t.read_by_applicant",
    Side.OFFICE: """l.case_id = t.case_id AND l.side = 'applicant' AND {post} = ANY(l.units)
        AND l.number > coalesce((t.read_by_units->>{post})::int, 0)""",
}
"""Letters ``l`` of a thread ``t`` that the applicant, or the unit at a post, has not read."""

_THREAD = """SELECT t.read_by_applicant, t.read_by_units, (SELECT count(*) FROM workflows_letters l WHERE {new}),
    (SELECT count(*) FROM workflows_letters l WHERE l.case_id = t.case_id AND l.side = %(side)s AND l.at > %(since)s)
FROM workflows_threads t WHERE t.case_id = %(case)s"""
_MARK = {
    Side.APPLICANT: "read_by_applicant = %(last)s",
    Side.OFFICE: """read_by_units = t.read_by_units || jsonb_build_object(%(post)s::text, %(last)s::int),
        units = CASE WHEN EXISTS (SELECT 1 FROM workflows_letters l WHERE {new} AND l.number > %(last)s)
                THEN t.units ELSE array_remove(t.units, %(post)s) END""",
}
_READ = """UPDATE workflows_threads t SET {mark} WHERE t.case_id = %(case)s AND t.last >= %(last)s
    AND EXISTS (SELECT 1 FROM workflows_letters l WHERE {new} AND l.number BETWEEN %(first)s AND %(last)s)
    AND NOT EXISTS (SELECT 1 FROM workflows_letters l WHERE {new} AND l.number < %(first)s)"""
_WAITING = """FROM (SELECT %s::text AS name) post JOIN workflows_threads t ON t.units @> ARRAY[post.name]
JOIN workflows_cases c ON c.id = t.case_id"""
_WAITING_CASES = """SELECT c.id, c.case_number, c.item, n.unread, n.since {waiting}
CROSS JOIN LATERAL (SELECT count(*) AS unread, min(l.at) AS since FROM workflows_letters l WHERE {new}) n
WHERE ({sight}) ORDER BY n.since, c.id LIMIT %s"""
_WAITING_COUNT = "SELECT count(*) {waiting} WHERE ({sight})"


class LetterRow(NamedTuple):
    """Hold one letter as it lies in the database."""

    id: UUID
    number: int
    side: str
    author: UUID
    units: list[str]
    organ: str
    sealed: bytes
    at: datetime


class Thread(NamedTuple):
    """Hold how far each side has read, how many letters are new to a reader, and how many its side wrote of late."""

    read_by_applicant: int = 0
    read_by_units: Mapping[str, int] = MappingProxyType({})
    unread: int = 0
    written: int = 0


class WaitingRow(NamedTuple):
    """Hold one case with letters that a unit has not read."""

    case: UUID
    case_number: str
    item: str
    unread: int
    since: datetime


@dataclass(frozen=True, slots=True)
class Reader:
    """Say who reads: the applicant, or an office by its post."""

    side: Side
    post: str = ""

    @property
    def new(self) -> str:
        """Return the condition on letters that are new to this reader."""
        return _NEW_TO[self.side].format(post="%(post)s::text")


def lock(driver: Driver, case: CaseId) -> int:
    """Lock the letters of a case until the end of the transaction; return the number of the last one."""
    row = driver.execute(_LOCK, (case,)).fetchone()
    assert row is not None  # noqa: S101 - the upsert always returns its row
    return int(row[0])


def has(driver: Driver, case: CaseId, letter: UUID) -> bool:
    """Tell whether a letter of a case is written."""
    return driver.execute(_HAS, (case, letter)).fetchone() is not None


def count_since(driver: Driver, case: CaseId, *, side: Side, since: datetime) -> int:
    """Return how many letters one side has written since a moment."""
    row = driver.execute(_COUNT, (case, side, since)).fetchone()
    return int(row[0]) if row else 0


def add(driver: Driver, values: Mapping[str, object]) -> None:
    """Write a letter at the end of its case's; the caller holds the lock."""
    driver.execute(_ADD, values)
    driver.execute(_MOVE[Side(str(values["side"]))], {name: values[name] for name in ("case", "number", "units")})


def letters_of(driver: Driver, case: CaseId, *, to: str | None, before: int | None, most: int) -> Sequence[LetterRow]:
    """Return letters of a case, the oldest first: the last ``most`` of those before a number; ``to`` one post only."""
    asked = {"case": case, "post": to, "before": before, "most": most}
    return [LetterRow(*row) for row in reversed(driver.execute(_LETTERS, asked).fetchall())]


def thread_of(driver: Driver, case: CaseId, *, reader: Reader, since: datetime) -> Thread:
    """Return how far reading has come, as a reader sees it; ``since`` counts what the reader's side wrote."""
    asked = {"case": case, "post": reader.post, "side": reader.side, "since": since}
    row = driver.execute(_THREAD.format(new=reader.new), asked).fetchone()
    return Thread() if row is None else Thread(*row)


def note_read(driver: Driver, case: CaseId, *, reader: Reader, first: int, last: int) -> None:
    """Note that a reader was shown the letters from ``first`` to ``last``.

    Nothing is noted where an earlier one is still unread, and reading is never taken back. The caller's transaction
    holds the thread from here on, so that no letter slips in between.
    """
    driver.execute(_LOCK_KNOWN, (case,))
    asked = {"case": case, "post": reader.post, "first": first, "last": last}
    driver.execute(_READ.format(mark=_MARK[reader.side].format(new=reader.new), new=reader.new), asked)


def waiting(driver: Driver, post: str, *, sight: Sight, most: int) -> Sequence[WaitingRow]:
    """Return the cases with letters that a unit has not read, whoever waits longest first."""
    new = _NEW_TO[Side.OFFICE].format(post="post.name")
    sql = _WAITING_CASES.format(waiting=_WAITING, new=new, sight=sight.clause)
    return [WaitingRow(*row) for row in driver.execute(sql, (post, *sight.params, most)).fetchall()]


def count_waiting(driver: Driver, post: str, *, sight: Sight) -> int:
    """Return how many cases those are."""
    sql = _WAITING_COUNT.format(waiting=_WAITING, sight=sight.clause)
    row = driver.execute(sql, (post, *sight.params)).fetchone()
    return int(row[0]) if row else 0
