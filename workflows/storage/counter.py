"""Keep what is entered for people at a counter, and what they must be told there, as rows."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID, uuid4

from gov_portal.kernel.db import Driver
from gov_portal.kernel.ids import CaseId, ItemId
from gov_portal.kernel.principal import Officer
from workflows.storage.visibility import array_of

_ADD = """
INSERT INTO workflows_counter_entries (id, visit_id, officer_id, org, region, item, consent, begun_at)
VALUES (%(id)s, %(visit)s, %(officer)s, %(org)s, %(region)s, %(item)s, %(consent)s, %(at)s)"""

_JOIN = "UPDATE workflows_counter_entries SET case_id = %s WHERE id = %s"

_UNSENT = """
SELECT DISTINCT ON (c.id) c.id, e.visit_id, c.item, e.begun_at
FROM workflows_counter_entries e JOIN workflows_cases c ON c.id = e.case_id
WHERE e.officer_id = %s AND e.visit_id = ANY(%s::uuid[]) AND c.status = 'draft' ORDER BY c.id, e.number DESC"""

_LACKS_CONSENT = """
SELECT 1 FROM workflows_cases WHERE id = %(case)s AND status = 'draft'
AND NOT EXISTS (SELECT 1 FROM workflows_counter_entries WHERE case_id = %(case)s AND visit_id = %(visit)s)"""

# One statement, and nothing at all for a case that nobody entered at a counter; the key makes it safe to run twice.
_NOTE = """
INSERT INTO workflows_counter_tellings (id, key, case_id, code, at)
SELECT %(id)s, %(key)s, %(case)s, %(code)s, %(at)s
WHERE EXISTS (SELECT 1 FROM workflows_counter_entries WHERE case_id = %(case)s) ON CONFLICT (key) DO NOTHING"""

_OPEN = """
SELECT t.id, c.id, c.case_number, c.item, c.applicant, t.code, t.at
FROM workflows_counter_tellings t JOIN workflows_cases c ON c.id = t.case_id
WHERE t.told_at IS NULL
  AND EXISTS (SELECT 1 FROM workflows_counter_entries e WHERE e.case_id = c.id AND e.org = %s AND e.region = %s)
ORDER BY t.at, t.id LIMIT 200"""

_TELL = """
UPDATE workflows_counter_tellings t SET told_at = %(at)s, told_by = %(officer)s, way = %(way)s
WHERE t.id = %(id)s AND t.told_at IS NULL
  AND EXISTS (SELECT 1 FROM workflows_counter_entries e
              WHERE e.case_id = t.case_id AND e.org = %(org)s AND e.region = %(region)s)
RETURNING t.id"""


class UnsentRow(NamedTuple):
    """Hold one draft that an officer has begun for somebody."""

    case: UUID
    visit: UUID
    item: str
    begun_at: datetime


class EnteredRow(NamedTuple):
    """Hold at whose counter a case was entered, and with which consent."""

    org: str
    region: str
    consent: str
    at: datetime


class TellingRow(NamedTuple):
    """Hold what one applicant must be told."""

    id: UUID
    case: UUID
    case_number: str
    item: str
    applicant: UUID
    code: str
    at: datetime


class NewEntry(NamedTuple):
    """Hold the consent with which an entry begins."""

    visit: UUID
    officer: Officer
    item: ItemId
    consent: str
    at: datetime


def add_entry(driver: Driver, new: NewEntry) -> UUID:
    """Write that somebody gave consent at a visit and an entry begins; the case follows."""
    entry, by = uuid4(), new.officer
    values = {"id": entry, "visit": new.visit, "officer": by.officer, "org": by.org, "region": by.region}
    driver.execute(_ADD, {**values, "item": new.item, "consent": new.consent, "at": new.at})
    return entry


def join_case(driver: Driver, entry: UUID, *, case: CaseId) -> None:
    """Write which case an entry became."""
    driver.execute(_JOIN, (case, entry))


def unsent(driver: Driver, visits: Collection[UUID], *, by: Officer) -> list[UnsentRow]:
    """Return the drafts of an officer's visits that were not submitted."""
    rows = driver.execute(_UNSENT, (by.officer, array_of(sorted(map(str, visits))))).fetchall()
    return sorted((UnsentRow(*row) for row in rows), key=lambda row: row.begun_at, reverse=True)


def lacks_consent(driver: Driver, case: CaseId, *, visit: UUID) -> bool:
    """Tell whether a case is a draft to which nobody agreed at a visit."""
    return driver.execute(_LACKS_CONSENT, {"case": case, "visit": visit}).fetchone() is not None


def note_telling(driver: Driver, case: CaseId, *, code: str, key: str, at: datetime) -> None:
    """Write that the applicant must be told, if the case was entered at a counter."""
    driver.execute(_NOTE, {"id": uuid4(), "key": key, "case": case, "code": code, "at": at})


def open_tellings(driver: Driver, by: Officer) -> Sequence[TellingRow]:
    """Return what applicants of the officer's counter must still be told, the oldest first."""
    return [TellingRow(*row) for row in driver.execute(_OPEN, (by.org, by.region)).fetchall()]


def mark_told(driver: Driver, telling: UUID, *, by: Officer, way: str, at: datetime) -> bool:
    """Write that somebody was told; false if there is nothing to tell."""
    values = {"id": telling, "officer": by.officer, "org": by.org, "region": by.region, "way": way, "at": at}
    return driver.execute(_TELL, values).fetchone() is not None
