"""Read what lists and case pages show; every list is one statement."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from gov_portal.kernel.db import Driver
from gov_portal.kernel.ids import CaseId, FileId
from gov_portal.kernel.principal import Citizen
from workflows.domain.state import Happening
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
_MINE = """SELECT c.id, c.case_number, c.item, c.definition_hash, c.status, c.phase, c.is_returned, c.outcome,
    c.changed_at,
    EXISTS (SELECT 1 FROM workflows_tasks t WHERE t.case_id = c.id AND t.role = 'applicant')
    OR EXISTS (SELECT 1 FROM workflows_cases p JOIN workflows_tasks t ON t.case_id = p.id
               WHERE p.part_of = c.id AND t.role = 'applicant' AND p.status <> 'discarded'),
    EXISTS (SELECT 1 FROM workflows_threads h WHERE h.case_id = c.id AND h.from_office > h.read_by_applicant),
    EXISTS (SELECT 1 FROM workflows_tasks t WHERE t.case_id = c.id AND t.role = 'applicant' AND t.kind = 'pay')
    FROM workflows_cases c WHERE {sight} ORDER BY c.begun_at DESC LIMIT 200"""
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
    """Hold what a case page shows beside the case itself; events are still sealed."""

    events: list[tuple[int, str, datetime, str, bytes]]
    documents: list[DocumentRow]
    licences: list[LicenceRow]


def papers_of(driver: Driver, case: StoredCase) -> Papers:
    """Return events, notices and licences of a case, oldest first."""
    params = (stream_of(case.id), case.row.opened_on, case.row.head_seq)
    events = driver.execute(_EVENTS, params, binary=True).fetchall()
    return Papers(events, documents_of(driver, case.id), licences_of(driver, case.id))


def opened(case: StoredCase, events: list[tuple[int, str, datetime, str, bytes]]) -> list[Event]:
    """Return events as they were written."""
    return [_opened(case, row) for row in events]


def _opened(case: StoredCase, row: tuple[int, str, datetime, str, bytes]) -> Event:
    seq, kind, at, actor, sealed = row
    body = opened_body(case.cipher, sealed, EventPlace(case.id, seq, at))
    return Event(seq, kind, at, actor, body.happenings, body.writes)


def documents_of(driver: Driver, case: CaseId) -> list[DocumentRow]:
    """Return the notices of a case, oldest first."""
    return [DocumentRow(*row) for row in driver.execute(_DOCUMENTS, (case,)).fetchall()]


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
    return [MyCaseRow(*row) for row in driver.execute(sql, sight.params).fetchall()]


def notices_open(driver: Driver) -> list[tuple[CaseId, str]]:
    """Return case and step of everything that is open to objections."""
    return [(CaseId(row[0]), row[1]) for row in driver.execute(_NOTICES).fetchall()]
