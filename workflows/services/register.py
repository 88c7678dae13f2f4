"""Tell other packages the few facts of a case that they may act on, by the wiring."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from gov_portal.kernel.db import Database, Driver
from gov_portal.kernel.ids import CaseId, ItemId, PersonId
from gov_portal.kernel.ledger import Head
from gov_portal.kernel.prepared import run
from workflows.domain.state import Status

_ENTRY_SQL = "SELECT case_number, item, applicant, region, status FROM workflows_cases WHERE id = %s"
_HEADS_SQL = (
    "SELECT 'case:' || id, head_seq, head_hash FROM workflows_cases WHERE head_seq > 0 "
    "ORDER BY ('case:' || id) COLLATE \"C\""
)


@dataclass(frozen=True, slots=True)
class CaseEntry:
    """Name a case, its item and whose matter it is; ``region`` is the division that serves it, perhaps empty."""

    case: CaseId
    case_number: str
    item: ItemId
    subject: PersonId
    region: str
    is_open: bool


class CaseRegister:
    """Look cases up by id; no principal is asked, so no front may hold this."""

    def __init__(self, db: Database) -> None:
        """Read from ``db``."""
        self._db = db

    def find(self, case: CaseId) -> CaseEntry | None:
        """Return the facts of a case, a draft included; ``None`` where there is none."""
        with self._db.driver() as driver:
            row = run(driver, _ENTRY_SQL, (case,))
        if row is None:
            return None
        number, item, applicant, region, status = row
        return CaseEntry(
            case=case,
            case_number=number or "",
            item=ItemId(item),
            subject=PersonId(applicant),
            region=region,
            is_open=status != Status.CLOSED,
        )

    def has_open(self, since: date, before: date) -> bool:
        """Tell whether a case that was opened on one of these days is still open."""
        sql = """SELECT EXISTS (SELECT 1 FROM workflows_cases WHERE opened_on >= %s AND opened_on < %s
                 AND status NOT IN ('closed', 'discarded'))"""
        with self._db.driver() as driver:
            return driver.execute(sql, (since, before)).fetchone() == (True,)

    @staticmethod
    def heads(driver: Driver) -> Iterator[Head]:
        """Yield where the stream of every case ends, sorted by stream, for the verification of the ledger."""
        with driver.cursor(name="case_heads") as cursor:
            cursor.execute(_HEADS_SQL)
            for stream, seq, digest in cursor:
                yield Head(stream, seq, bytes(digest))
