"""Read what lists and case pages show; every list is one statement."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from gov_portal.kernel.db import Driver
from gov_portal.kernel.ids import CaseId, FileId
from gov_portal.kernel.prepared import Row, rows, run
from gov_portal.kernel.principal import Citizen
from workflows.domain.state import Happening
from workflows.storage.counter import EnteredRow
from workflows.storage.events import EventPlace, opened_body
from workflows.storage.loading import StoredCase
from workflows.storage.visibility import visible_to
from workflows.storage.writing import stream_of

_EVENTS = """SELECT seq, kind, at, actor, body FROM kernel_ledger
    WHERE stream = %s AND opened_on = %s AND seq <= %s ORDER BY seq"""
_DOCUMENTS = "SELECT file_id, name, at FROM workflows_documents WHERE case_id = %s ORDER BY at, name"
_IS_DOCUMENT = "SELECT 1 FROM workflows_documents WHERE case_id = %s AND file_id = %s"
_LICENCES = """SELECT step, visit, licence, kind, verify_code, revoked_at FROM workflows_licences
    WHERE case_id = %s ORDER BY visit"""
_BESIDE = """
SELECT d.*, l.*, e.org, e.region, e.consent, e.begun_at
FROM (SELECT array_agg(file_id ORDER BY at, name), array_agg(name ORDER BY at, name), array_agg(at ORDER BY at, name)
      FROM workflows_documents WHERE case_id = %s) d
CROSS JOIN (
  SELECT array_agg(step ORDER BY visit), array_agg(visit ORDER BY visit), array_agg(licence ORDER BY visit),
         array_agg(kind ORDER BY visit), array_agg(verify_code ORDER BY visit), array_agg(revoked_at ORDER BY visit)
  FROM workflows_licences WHERE case_id = %s) l
LEFT JOIN LATERAL (
  SELECT org, region, consent, begun_at FROM workflows_counter_entries
  WHERE case_id = %s ORDER BY number DESC LIMIT 1) e ON true"""
"""Notices, licences and the entry at a counter in one row: arrays, where most cases have none of them."""

_MINE = """SELECT c.id, c.case_number, c.item, c.definition_hash, c.status, c.phase, c.is_returned, c.outcome,
    c.changed_at, own.is_wanted OR part.is_wanted,
    coalesce((SELECT h.from_office > h.read_by_applicant FROM workflows_threads h WHERE h.case_id = c.id), false),
    own.is_billed
FROM (SELECT * FROM workflows_cases c WHERE {sight} ORDER BY c.begun_at DESC LIMIT 200) c
CROSS JOIN LATERAL (
  SELECT count(*) > 0 AS is_wanted, count(*) FILTER (WHERE t.kind = 'pay') > 0 AS is_billed
  FROM workflows_tasks t WHERE t.case_id = c.id AND t.role = 'applicant') own
CROSS JOIN LATERAL (
  SELECT count(*) > 0 AS is_wanted FROM workflows_cases p JOIN workflows_tasks t ON t.case_id = p.id
  WHERE p.part_of = c.id AND t.role = 'applicant' AND p.status <> 'discarded') part
ORDER BY c.begun_at DESC"""
"""Counts case by case: ``EXISTS`` would let the server read every applicant's tasks for a person's few cases."""

_NOTICES = """SELECT n.case_id, n.step FROM workflows_public_notices n
    ORDER BY n.ends_at NULLS LAST, n.case_id LIMIT 500"""


class Event(NamedTuple):
    """Hold one event of a case, opened."""

    seq: int
    kind: str
    at: datetime
    actor: str
    happenings: tuple[Happening, ...]
    writes: Mapping[str, object]


class DocumentRow(NamedTuple):
    """Hold one notice that the case issued."""

    file: UUID
    name: str
    at: datetime


class LicenceRow(NamedTuple):
    """Hold one licence that the case issued."""

    step: str
    visit: int
    licence: UUID
    kind: str
    verify_code: str
    revoked_at: datetime | None


class MyCaseRow(NamedTuple):
    """Hold one row of a person's list."""

    id: UUID
    case_number: str | None
    item: str
    definition_hash: str
    status: str
    phase: str
    is_returned: bool
    outcome: str | None
    changed_at: datetime
    needs_applicant: bool
    has_new_letter: bool = False
    needs_payment: bool = False


class Papers(NamedTuple):
    """Hold what a case page shows beside the case itself; events are still sealed.

    ``entry`` is where the case was entered at a counter last; ``None`` for one that nobody entered at one.
    """

    events: list[Row]
    documents: list[DocumentRow]
    licences: list[LicenceRow]
    entry: EnteredRow | None


def papers_of(driver: Driver, case: StoredCase) -> Papers:
    """Return events, notices and licences of a case, oldest first, and where it was entered; two statements."""
    events = rows(driver, _EVENTS, (stream_of(case.id), case.row.opened_on, case.row.head_seq))
    beside = run(driver, _BESIDE, (case.id, case.id, case.id)) or ()
    documents = [DocumentRow(*row) for row in _unrolled(beside[:3])]
    licences = [LicenceRow(*row) for row in _unrolled(beside[3:9])]
    return Papers(events, documents, licences, None if beside[9] is None else EnteredRow(*beside[9:]))


def _unrolled(columns: Row) -> Iterable[Row]:
    """Return rows whose columns came as arrays; none where these are null."""
    return zip(*(column or () for column in columns), strict=True)


def opened(case: StoredCase, events: list[Row]) -> list[Event]:
    """Return events as they were written."""
    return [_opened(case, row) for row in events]


def _opened(case: StoredCase, row: Row) -> Event:
    seq, kind, at, actor, sealed = row
    body = opened_body(case.cipher, sealed, EventPlace(case.id, seq, at))
    return Event(seq, kind, at, actor, body.happenings, body.writes)


def documents_of(driver: Driver, case: CaseId) -> list[DocumentRow]:
    """Return the notices of a case, oldest first."""
    return [DocumentRow(*row) for row in rows(driver, _DOCUMENTS, (case,))]


def is_document(driver: Driver, case: CaseId, *, file: FileId) -> bool:
    """Tell whether a file is a notice of the case."""
    return driver.execute(_IS_DOCUMENT, (case, file)).fetchone() is not None


def licences_of(driver: Driver, case: CaseId) -> list[LicenceRow]:
    """Return the licences of a case, the latest last."""
    return [LicenceRow(*row) for row in driver.execute(_LICENCES, (case,)).fetchall()]


def cases_of(driver: Driver, by: Citizen, *, with_parts: bool) -> list[MyCaseRow]:
    """Return the cases that a person may see, newest first, with or without the parts of bundles."""
    sight = visible_to(by)
    sql = _MINE.replace("{sight}", sight.clause if with_parts else f"{sight.clause} AND c.part_of IS NULL")
    return [MyCaseRow(*row) for row in rows(driver, sql, sight.params)]


def notices_open(driver: Driver) -> list[tuple[CaseId, str]]:
    """Return case and step of everything that is open to objections."""
    return [(CaseId(row[0]), row[1]) for row in driver.execute(_NOTICES).fetchall()]
