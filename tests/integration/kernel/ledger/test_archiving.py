"""Months that are long over are put away, and the ledger still explains itself."""

from collections.abc import Callable
from datetime import date

import psycopg
import pytest

from gov_portal.cli.embedded import APP_ROLE, DatabaseUrls
from gov_portal.kernel.db import Database
from gov_portal.kernel.ledger import Entry, FileSigner, Finding, FindingKind, Head, verify
from gov_portal.kernel.ledger.archiving import Archived, archive, months_before
from tests.integration.kernel.ledger.conftest import append, entry_after, insert, seal

MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)
END = "SELECT seq, hash FROM kernel_ledger_archived WHERE stream = 'case:1'"


class Ledger:
    """A case with three events and a person's data record, all of March and sealed; the case's owner keeps its head."""

    def __init__(self, database: Database, urls: DatabaseUrls, signer: FileSigner) -> None:
        self.database, self.urls, self.signer = database, urls, signer
        self.last: Entry | None = None
        self.act(3)
        append(database, "person:1", 2)
        seal(database, signer)

    def act(self, times: int = 1) -> None:
        for _ in range(times):
            with self.database.begin() as uow:
                self.last = insert(uow.driver, entry_after(self.last))

    def put_away(self) -> Archived:
        return archive(self.urls.owner, APP_ROLE, MARCH, lock_wait="100ms")

    def findings(self) -> list[Finding]:
        last = self.last
        heads = [] if last is None else [Head(last.stream, last.seq, last.hash)]
        return verify(self.database, [lambda driver: heads], public_key=self.signer.public_key)


@pytest.fixture
def ledger(database: Database, database_urls: DatabaseUrls, signer: FileSigner) -> Ledger:
    return Ledger(database, database_urls, signer)


@pytest.fixture
def as_owner(owner_database: Database) -> Callable[[str], object]:
    def execute(sql: str) -> object:
        with owner_database.driver() as driver:
            found = driver.execute(sql.encode())
            return found.fetchall() if found.description else None

    return execute


def test_what_was_put_away_leaves_no_gap(ledger: Ledger, as_owner: Callable[[str], object]) -> None:
    assert list(months_before(ledger.urls.owner, APRIL)) == [MARCH]
    assert ledger.put_away() is Archived.DONE
    assert list(months_before(ledger.urls.owner, APRIL)) == []
    assert as_owner("SELECT DISTINCT stream FROM kernel_ledger") == [("person:1",)]
    assert as_owner("SELECT stream, seq FROM archive.kernel_ledger_p202603 ORDER BY seq") == [
        ("case:1", 1),
        ("case:1", 2),
        ("case:1", 3),
    ]
    assert ledger.findings() == []


def test_what_comes_later_continues_the_history_that_was_put_away(ledger: Ledger) -> None:
    ledger.put_away()
    ledger.act(2)
    append(ledger.database, "person:1")
    seal(ledger.database, ledger.signer)
    assert ledger.findings() == []


def test_what_is_not_sealed_stays(ledger: Ledger) -> None:
    ledger.act()
    assert ledger.put_away() is Archived.UNSEALED
    seal(ledger.database, ledger.signer)
    assert ledger.put_away() is Archived.DONE
    assert ledger.findings() == []


@pytest.mark.parametrize(
    ("forgery", "kind"),
    [
        ("UPDATE kernel_ledger_archived SET hash = sha256(hash)", FindingKind.REWRITTEN),
        ("UPDATE kernel_ledger_archived SET seq = 4", FindingKind.UNSEALED),
        ("DELETE FROM kernel_ledger_archived", FindingKind.STREAM_REMOVED),
    ],
    ids=["another-hash", "another-end", "no-end"],
)
def test_a_forged_end_is_found(
    ledger: Ledger, as_owner: Callable[[str], object], forgery: str, kind: FindingKind
) -> None:
    ledger.put_away()
    as_owner(forgery)
    assert kind in {finding.kind for finding in ledger.findings() if finding.stream == "case:1"}


def test_rows_that_go_missing_behind_the_end_are_found(ledger: Ledger, as_owner: Callable[[str], object]) -> None:
    ledger.put_away()
    ledger.act(2)
    seal(ledger.database, ledger.signer)
    as_owner("DELETE FROM kernel_ledger WHERE stream = 'case:1' AND seq = 4")
    assert Finding(FindingKind.MISSING, "case:1", 5) in ledger.findings()


def test_the_application_reaches_neither_the_archive_nor_the_ends(ledger: Ledger) -> None:
    ledger.put_away()
    for statement in ("SELECT 1 FROM archive.kernel_ledger_p202603", "DELETE FROM kernel_ledger_archived"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege), ledger.database.driver() as driver:
            driver.execute(statement.encode())


def test_a_month_in_which_somebody_writes_just_now_is_left_for_later(ledger: Ledger) -> None:
    with psycopg.connect(ledger.urls.app) as busy:
        busy.execute("SELECT 1 FROM kernel_ledger")
        assert ledger.put_away() is Archived.BUSY
    assert ledger.findings() == []
