from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from gov_portal.kernel import ledger
from gov_portal.kernel.db import Database
from gov_portal.kernel.ledger import FileAnchor, FileSigner, Finding, FindingKind, Head, SealReport, seals, verify
from tests.integration.kernel.ledger.conftest import append, entry_after, insert, seal


@pytest.fixture
def anchor(tmp_path: Path) -> FileAnchor:
    return FileAnchor(tmp_path / "ledger.anchor")


def edit(owner_database: Database, statement: str) -> None:
    with owner_database.begin() as uow:
        uow.driver.execute(statement.encode())


def faults(
    database: Database, signer: FileSigner, anchor: FileAnchor | None = None
) -> set[tuple[FindingKind, str, int]]:
    found = verify(database, [], public_key=signer.public_key, anchor=anchor)
    return {(f.kind, f.stream, f.seq) for f in found}


def test_an_untouched_ledger_has_no_faults(database: Database, signer: FileSigner, anchor: FileAnchor) -> None:
    append(database, "calls:1", 3)
    assert seal(database, signer, anchor=anchor) == SealReport(1, 1)
    append(database, "calls:1", 2)
    append(database, "calls:2")
    assert faults(database, signer, anchor) == set()
    assert seal(database, signer, anchor=anchor) == SealReport(1, 2)
    assert faults(database, signer, anchor) == set()


def test_an_empty_ledger_has_no_faults_and_needs_no_seal(database: Database, signer: FileSigner) -> None:
    assert seal(database, signer) == SealReport(0, 0)
    assert faults(database, signer) == set()


def test_nothing_new_makes_no_seal(database: Database, signer: FileSigner) -> None:
    append(database, "calls:1")
    seal(database, signer)
    assert seal(database, signer) == SealReport(0, 0)


def test_rows_of_an_open_transaction_are_sealed_after_it_ends(database: Database, signer: FileSigner) -> None:
    with database.begin() as uow:
        insert(uow.driver, entry_after(None))
        append(database, "calls:1")
        assert ledger.seal(database, signer) == SealReport(0, 0)
    assert seal(database, signer) == SealReport(1, 2)


def test_a_restored_cluster_with_young_transactions_is_sealed_anew(
    database: Database, owner_database: Database, signer: FileSigner
) -> None:
    append(database, "calls:1")
    seal(database, signer)
    edit(owner_database, "UPDATE kernel_ledger_seals SET until_xact = until_xact + 1000000")
    append(database, "calls:2")
    assert seal(database, signer) == SealReport(1, 2)


def test_appending_at_once_keeps_one_chain(database: Database, signer: FileSigner) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: append(database, "calls:1", 5), range(4)))
    assert faults(database, signer) == set()
    with database.driver() as driver:
        assert driver.execute("SELECT max(seq), count(*) FROM kernel_ledger").fetchone() == (20, 20)


def test_a_second_row_with_the_same_number_is_refused(database: Database) -> None:
    with pytest.raises(psycopg.errors.UniqueViolation), database.begin() as uow:
        insert(uow.driver, entry_after(None))
        insert(uow.driver, entry_after(None))


def test_heads_that_a_package_keeps_are_compared(database: Database, signer: FileSigner) -> None:
    with database.begin() as uow:
        first = insert(uow.driver, entry_after(None))
        second = insert(uow.driver, entry_after(first))

    def kinds(*heads: Head) -> list[tuple[FindingKind, int]]:
        found = verify(database, [lambda driver: heads], public_key=signer.public_key)
        return [(finding.kind, finding.seq) for finding in found]

    assert kinds(Head("case:1", 2, second.hash)) == []
    assert kinds(Head("case:1", 3, second.hash)) == [(FindingKind.CUT, 3)]
    assert kinds(Head("case:1", 1, first.hash)) == [(FindingKind.HEAD_DIFFERS, 2)]
    assert kinds(Head("case:1", 2, first.hash)) == [(FindingKind.HEAD_DIFFERS, 2)]
    assert kinds() == [(FindingKind.HEADLESS, 2)]
    assert kinds(Head("case:0", 4, first.hash), Head("case:1", 2, second.hash)) == [(FindingKind.STREAM_REMOVED, 4)]


def test_a_head_source_out_of_order_is_an_error(database: Database, signer: FileSigner) -> None:
    with pytest.raises(ValueError, match="sorted"):
        verify(database, [lambda driver: [Head("b", 1, b""), Head("a", 1, b"")]], public_key=signer.public_key)


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("UPDATE kernel_ledger_seals SET root = hash WHERE number = 1", (FindingKind.SEAL_FORGED, "", 1)),
        ("UPDATE kernel_ledger_seals SET at = at + interval '1 s' WHERE number = 2", (FindingKind.SEAL_FORGED, "", 2)),
        ("UPDATE kernel_ledger_seals SET at = 'infinity' WHERE number = 2", (FindingKind.SEAL_FORGED, "", 2)),
        ("UPDATE kernel_ledger_seals SET streams[1] = 'calls:9' WHERE number = 2", (FindingKind.SEAL_FORGED, "", 2)),
        ("UPDATE kernel_ledger_seals SET streams = '{}' WHERE number = 2", (FindingKind.SEAL_FORGED, "", 2)),
        ("UPDATE kernel_ledger_seals SET hashes[1] = NULL WHERE number = 2", (FindingKind.SEAL_FORGED, "", 2)),
        ("UPDATE kernel_ledger_seals SET seqs[1] = -1 WHERE number = 2", (FindingKind.SEAL_FORGED, "", 2)),
        ("UPDATE kernel_ledger_seals SET signature = '' WHERE number = 3", (FindingKind.SEAL_FORGED, "", 3)),
        (
            "UPDATE kernel_ledger_seals SET until_xact = until_xact + 1 WHERE number = 1",
            (FindingKind.SEAL_FORGED, "", 1),
        ),
        ("DELETE FROM kernel_ledger_seals WHERE number = 1", (FindingKind.SEAL_MISSING, "", 1)),
        ("DELETE FROM kernel_ledger_seals WHERE number = 2", (FindingKind.SEAL_MISSING, "", 2)),
        ("DELETE FROM kernel_ledger_seals WHERE number = 3", (FindingKind.SEAL_MISSING, "", 3)),
        ("DELETE FROM kernel_ledger_seals", (FindingKind.SEAL_MISSING, "", 3)),
    ],
)
def test_a_changed_or_removed_seal_is_found(
    owner_database: Database,
    signer: FileSigner,
    *,
    anchor: FileAnchor,
    statement: str,
    fault: tuple[FindingKind, str, int],
) -> None:
    for _ in range(3):
        append(owner_database, "calls:1")
        seal(owner_database, signer, anchor=anchor)
    edit(owner_database, statement)
    assert fault in faults(owner_database, signer, anchor)


def test_a_seal_by_another_key_is_forged(database: Database, signer: FileSigner, tmp_path: Path) -> None:
    append(database, "calls:1")
    seal(database, FileSigner.create(tmp_path / "forger"))
    assert faults(database, signer) == {(FindingKind.SEAL_FORGED, "", 1)}


@pytest.mark.parametrize("xact", [1, 2**62], ids=["before the last seal", "for ever after it"])
def test_a_row_that_was_slipped_past_the_sealer_is_found(
    database: Database, owner_database: Database, signer: FileSigner, xact: int
) -> None:
    append(database, "calls:1")
    seal(database, signer)
    append(database, "calls:2")
    edit(owner_database, f"UPDATE kernel_ledger SET xact = {xact} WHERE stream = 'calls:2'")
    append(database, "calls:1")
    seal(database, signer)
    assert faults(database, signer) == {(FindingKind.UNSEALED, "calls:2", 1)}


def test_many_streams_are_spread_over_several_seals(
    database: Database, signer: FileSigner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seals, "LEAVES_PER_SEAL", 100)
    with database.begin() as uow:
        for number in range(101):
            insert(uow.driver, entry_after(None, stream=f"case:{number}"))
    assert seal(database, signer) == SealReport(2, 101)
    assert {kind for kind, _, _ in faults(database, signer)} == {FindingKind.HEADLESS}


def test_finding_names_what_where() -> None:
    assert Finding(FindingKind.CUT, "case:1", 3).kind == "cut"
