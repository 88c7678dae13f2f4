"""A person reads who asked for their data, what for, and what was refused."""

from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest

from gov_portal.exchange.journal import LedgerJournal
from gov_portal.exchange.ports import Record
from gov_portal.exchange.records import DataRecords
from gov_portal.kernel.cipher import KeyStore
from gov_portal.kernel.clocks import SystemClock
from gov_portal.kernel.db import Database
from gov_portal.kernel.ids import CaseId, PersonId

ME, OTHER, CASE = PersonId(uuid4()), PersonId(uuid4()), UUID("30000000-0000-4000-8000-000000000001")
NUMBERS = {ME: "470101198005010124", OTHER: "470102197706161517"}


@dataclass
class Known:
    id_no: str


class InMemoryNumbers:
    def facts(self, person: PersonId) -> Known:
        return Known(NUMBERS[person])


@pytest.fixture
def journal(database: Database, keys: KeyStore) -> LedgerJournal:
    return LedgerJournal(database, indexes=keys, clock=SystemClock())


def write(journal: LedgerJournal, kind: str, call: str, **facts: object) -> None:
    known = {
        "call": call,
        "resource": "police.person",
        "operation": "query",
        "purpose": "cdpf-card",
        "fields": ["birth"],
    }
    journal.write(
        Record(kind=kind, subject=NUMBERS[ME], actor=f"officer:{uuid4()}", facts={**known, **facts}, values={})
    )


def test_a_person_reads_answered_and_refused_requests_latest_first(journal: LedgerJournal) -> None:
    based = {"basis": "case", "case": str(CASE), "item": "cdpf.disability-card.first"}
    write(journal, "asked", "one", **based)
    write(journal, "answered", "one", outcome="found", **based)
    write(journal, "refused", "two", basis="account", reference=str(uuid4()), refusal="purpose")
    records = DataRecords(journal, people=InMemoryNumbers())
    refused, found = records.of(ME)
    assert (refused.outcome, refused.refusal, refused.case) == ("refused", "purpose", None)
    assert (found.outcome, found.fields, found.case, found.actor) == ("found", ("birth",), CaseId(CASE), "officer")
    assert records.of(OTHER) == ()
