"""Build small ledgers to tamper with."""

from datetime import UTC, date, datetime, timedelta

import pytest

from gov_portal.kernel import ledger
from gov_portal.kernel.db import Database, Driver
from gov_portal.kernel.ledger import GENESIS, Anchor, Entry, Fact, FileSigner, SealReport
from tests.factories.ledger import settle

START = datetime(2026, 3, 2, 1, tzinfo=UTC)


@pytest.fixture
def signer(secrets_dir) -> FileSigner:
    return FileSigner.create(secrets_dir)


def insert(driver: Driver, entry: Entry) -> Entry:
    driver.execute(ledger.INSERT_SQL, entry.row)
    return entry


def entry_after(before: Entry | None, *, stream: str = "case:1", word: str = "acted") -> Entry:
    seq = before.seq + 1 if before else 1
    prev = before.hash if before else GENESIS
    at = START + timedelta(minutes=seq, microseconds=seq)
    return Entry(stream, seq, date(2026, 3, 2), word, at, "officer:1", f'{{"n":{seq}}}'.encode(), prev)


def append(database: Database, stream: str, times: int = 1) -> None:
    for number in range(times):
        with database.begin() as uow:
            ledger.append(uow, Fact(stream=stream, kind="called", actor="platform", body=b"%d" % number, at=START))


def seal(database: Database, signer: FileSigner, *, anchor: Anchor | None = None) -> SealReport:
    """Seal once nothing older is open any more."""
    settle(database)
    return ledger.seal(database, signer, anchor=anchor)
