"""Find and discard drafts."""

from gov_portal.kernel.db import Driver
from gov_portal.kernel.ids import CaseId, ItemId, LicenceId, PersonId
from workflows.storage.loading import StoredCase
from workflows.storage.writing import CaseMoved

_FIND = "SELECT id FROM workflows_cases WHERE applicant = %s AND item = %s AND status = 'draft' AND NOT is_extra"

_ABOUT = """SELECT id FROM workflows_cases
    WHERE about = %s AND applicant = %s AND item = %s AND status = 'draft' ORDER BY begun_at DESC LIMIT 1"""

# The row stays as a stone without a word on it, because the ledger knows its first event.
# Nothing goes unless the case is still what was read: it may have been submitted in another window meanwhile.
_DISCARD = """
WITH gone AS (UPDATE workflows_cases SET status = 'discarded', sealed = NULL, draft = '{}', requests = '', rev = rev + 1
              WHERE id = %s AND rev = %s AND status = 'draft' RETURNING id),
     data AS (DELETE FROM workflows_case_data d USING gone WHERE d.case_id = gone.id),
     tasks AS (DELETE FROM workflows_tasks t USING gone WHERE t.case_id = gone.id),
     timers AS (DELETE FROM workflows_timers m USING gone WHERE m.case_id = gone.id)
SELECT id FROM gone"""


def find_draft(driver: Driver, item: ItemId, *, applicant: PersonId) -> CaseId | None:
    """Return the person's open draft of an item, if there is one beside those begun again."""
    row = driver.execute(_FIND, (applicant, item)).fetchone()
    return None if row is None else CaseId(row[0])


def find_about(driver: Driver, item: ItemId, *, applicant: PersonId, licence: LicenceId) -> CaseId | None:
    """Return the person's open draft of an item about a licence."""
    row = driver.execute(_ABOUT, (licence, applicant, item)).fetchone()
    return None if row is None else CaseId(row[0])


def discard_draft(driver: Driver, case: StoredCase) -> None:
    """Delete what was typed and hide the case from everybody.

    Raises:
        CaseMoved: the case is not what it was when it was read; nothing is deleted.
    """
    if driver.execute(_DISCARD, (case.id, case.row.rev)).fetchone() is None:
        raise CaseMoved
