"""Whatever the owner of the database does to the rows of a sealed ledger, the verifier finds it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gov_portal.kernel.db import Database, Driver
from gov_portal.kernel.ledger import FileAnchor, FileSigner
from gov_portal.kernel.ledger.verification import Finding, verify_on
from tests.factories.effort import tried
from tests.integration.kernel.ledger.conftest import append, seal

STREAMS = {"calls:1": 5, "calls:2": 1, "licence:1": 3, "licence:10": 2}
ROWS = [(stream, seq) for stream, count in STREAMS.items() for seq in range(1, count + 1)]
EDITS = {
    "kind": "kind || 'x'",
    "at": "at + interval '1 microsecond'",
    "at-infinite": "'infinity'",
    "actor": "'officer:2'",
    "body": "body || '\\x00'",
    "opened_on": "opened_on + 31",
    "prev": "sha256(prev)",
    "hash": "sha256(hash)",
    "seq": "seq + 100",
    "stream": "stream || '0000'",
}
REHASH = """
UPDATE kernel_ledger SET hash = sha256(prev || sha256('gov-ledger-1' || field(convert_to(stream, 'UTF8'))
  || field(convert_to(seq::text, 'UTF8')) || field(convert_to(opened_on::text, 'UTF8'))
  || field(convert_to(kind, 'UTF8'))
  || field(convert_to(to_char(at, 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"'), 'UTF8'))
  || field(convert_to(actor, 'UTF8')) || field(body))) WHERE stream = %s AND seq = %s"""
RELINK = """
UPDATE kernel_ledger SET prev = (SELECT hash FROM kernel_ledger b WHERE b.stream = %s AND b.seq = %s)
WHERE stream = %s AND seq = %s"""
FIELD = """
CREATE FUNCTION field(part bytea) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$
SELECT int4send(length(part)) || part $$"""

a_row = st.sampled_from(ROWS)


@contextmanager
def undone(database: Database) -> Iterator[Driver]:
    """Yield a transaction that is rolled back, so that every example starts from the same ledger."""
    with pytest.raises(KeyError, match="undo"), database.begin() as uow:
        yield uow.driver
        raise KeyError("undo")


class Tampered:
    """A sound ledger, sealed twice, and what the verifier says of it."""

    def __init__(self, database: Database, signer: FileSigner, anchor: FileAnchor) -> None:
        self.database, self._signer, self._anchor = database, signer, anchor

    def findings(self, driver: Driver) -> list[Finding]:
        return verify_on(driver, [], public_key=self._signer.public_key, anchor=self._anchor)


@pytest.fixture
def sealed(owner_database: Database, signer: FileSigner, tmp_path: Path) -> Tampered:
    anchor = FileAnchor(tmp_path / "ledger.anchor")
    for stream, count in STREAMS.items():
        append(owner_database, stream, count - 1)
    seal(owner_database, signer, anchor=anchor)
    for stream in STREAMS:
        append(owner_database, stream)
    seal(owner_database, signer, anchor=anchor)
    with owner_database.begin() as uow:
        uow.driver.execute(FIELD)
    return Tampered(owner_database, signer, anchor)


quickly = tried(25)


@quickly
@given(row=a_row, edit=st.sampled_from(sorted(EDITS)))
def test_an_edited_column_is_found(sealed: Tampered, row: tuple[str, int], edit: str) -> None:
    with undone(sealed.database) as driver:
        statement = f"UPDATE kernel_ledger SET {edit.partition('-')[0]} = {EDITS[edit]} WHERE stream = %s AND seq = %s"
        driver.execute(statement.encode(), row)
        assert sealed.findings(driver) != []


@quickly
@given(rows=st.sets(a_row, min_size=1))
def test_removed_rows_are_found(sealed: Tampered, rows: set[tuple[str, int]]) -> None:
    with undone(sealed.database) as driver:
        for row in rows:
            driver.execute("DELETE FROM kernel_ledger WHERE stream = %s AND seq = %s", row)
        found = {finding.stream for finding in sealed.findings(driver)}
        assert found == {stream for stream, _ in rows}


@quickly
@given(one=a_row, other=a_row)
def test_swapped_rows_are_found(sealed: Tampered, one: tuple[str, int], other: tuple[str, int]) -> None:
    with undone(sealed.database) as driver:
        for source, target in ((one, ("spare", 1)), (other, one), (("spare", 1), other)):
            driver.execute(
                "UPDATE kernel_ledger SET stream = %s, seq = %s WHERE stream = %s AND seq = %s", target + source
            )
        assert (sealed.findings(driver) == []) is (one == other)


@quickly
@given(row=a_row, edit=st.sampled_from(["kind", "at", "actor", "body"]))
def test_a_history_rewritten_with_right_hashes_and_heads_is_found(
    sealed: Tampered, row: tuple[str, int], edit: str
) -> None:
    stream, first = row
    with undone(sealed.database) as driver:
        statement = f"UPDATE kernel_ledger SET {edit} = {EDITS[edit]} WHERE stream = %s AND seq = %s"
        driver.execute(statement.encode(), row)
        for seq in range(first, STREAMS[stream] + 1):
            if seq > 1:
                driver.execute(RELINK, (stream, seq - 1, stream, seq))
            driver.execute(REHASH, (stream, seq))
        tail = "SELECT hash FROM kernel_ledger WHERE stream = %s AND seq = %s"
        move = f"UPDATE kernel_ledger_heads SET hash = ({tail}) WHERE stream = %s"
        driver.execute(move.encode(), (stream, STREAMS[stream], stream))
        assert {finding.kind for finding in sealed.findings(driver)} == {"rewritten"}


@quickly
@given(stream=st.sampled_from(sorted(STREAMS)), keep=st.integers(0, 4))
def test_a_cut_tail_is_found_although_the_heads_were_moved_back(sealed: Tampered, stream: str, keep: int) -> None:
    keep = min(keep, STREAMS[stream] - 1)
    with undone(sealed.database) as driver:
        driver.execute("DELETE FROM kernel_ledger WHERE stream = %s AND seq > %s", (stream, keep))
        driver.execute("DELETE FROM kernel_ledger_heads WHERE stream = %s AND %s = 0", (stream, keep))
        driver.execute(
            "UPDATE kernel_ledger_heads h SET seq = l.seq, hash = l.hash FROM kernel_ledger l "
            "WHERE h.stream = l.stream AND l.stream = %s AND l.seq = %s",
            (stream, keep),
        )
        kinds = {finding.kind for finding in sealed.findings(driver)}
        assert kinds == ({"stream-removed"} if keep == 0 else {"cut"})


@quickly
@given(row=a_row)
def test_an_inserted_copy_is_found(sealed: Tampered, row: tuple[str, int]) -> None:
    with undone(sealed.database) as driver:
        driver.execute(
            "INSERT INTO kernel_ledger SELECT stream, seq, opened_on + 31, kind, at, actor, body, prev, hash, xact "
            "FROM kernel_ledger WHERE stream = %s AND seq = %s",
            row,
        )
        assert {"repeated"} <= {finding.kind for finding in sealed.findings(driver)}


def test_the_sound_ledger_has_no_faults(sealed: Tampered) -> None:
    with undone(sealed.database) as driver:
        assert sealed.findings(driver) == []
