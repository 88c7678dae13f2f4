"""Find and discard drafts."""

from gov_portal.kernel.db import Driver
from gov_portal.kernel.ids import CaseId, ItemId, PersonId

_FIND = "SELECT id FROM workflows_cases WHERE applicant = %s AND item = %s AND status = 'draft' AND NOT is_extra"

# The row stays as a stone without a word on it, because the ledger knows its first event.
_DISCARD = """
WITH data AS (DELETE FROM workflows_case_data WHERE case_id = %(case)s),
     tasks AS (DELETE FROM workflows_tasks WHERE case_id = %(case)s),
     timers AS (DELETE FROM workflows_timers WHERE case_id = %(case)s),
     keys AS (DELETE FROM workflows_idempotency WHERE case_id = %(case)s)
UPDATE workflows_cases SET status = 'discarded', sealed = NULL, draft = '{}', rev = rev + 1
WHERE id = %(case)s AND status = 'draft'"""


def find_draft(driver: Driver, item: ItemId, *, applicant: PersonId) -> CaseId | None:
    """Return the person's open draft of an item, if there is one beside those begun again."""
    row = driver.execute(_FIND, (applicant, item)).fetchone()
    return None if row is None else CaseId(row[0])


def discard_draft(driver: Driver, case: CaseId) -> None:
    """Delete what was typed and hide the case from everybody; the caller holds the lock."""
    driver.execute(_DISCARD, {"case": case})
