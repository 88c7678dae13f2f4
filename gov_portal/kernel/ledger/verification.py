"""Check the whole ledger against itself, its seals and the heads that the packages keep; memory use stays flat.

Found are: edited rows (the hash differs), removed and reordered rows (gaps and broken links), cut tails and removed
streams (a head or a seal knows more), rewritten histories (a seal knows other hashes), forged, changed or removed
seals.
Where a month was put away, a stream goes on from the end that was kept of it, which a seal must know.
What was rewritten within the minute before its first seal, heads included, cannot be found by anybody.
"""

import heapq
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from itertools import count
from typing import Any, Generic, NamedTuple, TypeVar

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from gov_portal.kernel.db import Database, Driver
from gov_portal.kernel.ledger.rows import GENESIS, canonical_bytes, row_hash
from gov_portal.kernel.ledger.seals import Anchor, Head, Seal, merkle_root

_ROWS_PER_FETCH = 5_000
_ROWS_SQL = """
SELECT stream, seq, CASE WHEN isfinite(opened_on) THEN opened_on END, kind,
       CASE WHEN at BETWEEN '0001-01-02' AND '9999-12-30' THEN at END, actor, body, prev, hash, xact
FROM kernel_ledger ORDER BY stream, seq"""
_SEALS_SQL = """
SELECT number, CASE WHEN at BETWEEN '0001-01-02' AND '9999-12-30' THEN at END, until_xact, root, prev, hash, signature,
       streams, seqs, hashes
FROM kernel_ledger_seals ORDER BY number"""
_LEAVES_SQL = """
SELECT leaf.stream, leaf.seq, leaf.hash
FROM kernel_ledger_seals, unnest(streams, seqs, hashes) AS leaf (stream, seq, hash)
WHERE number <> ALL (%s) ORDER BY leaf.stream COLLATE "C", leaf.seq"""
_NEXT_XACT_SQL = """
SELECT greatest(pg_snapshot_xmax(pg_current_snapshot())::text::bigint,
                coalesce(pg_current_xact_id_if_assigned()::text::bigint + 1, 0))"""
_cursor_numbers = count()
_ENDS_SQL = "SELECT stream, seq, hash FROM kernel_ledger_archived ORDER BY stream"
_HEADS_SQL = "SELECT stream, seq, hash FROM kernel_ledger_heads ORDER BY stream"


class FindingKind(StrEnum):
    """Name what is wrong."""

    EDITED = "edited"
    MISSING = "missing"
    REPEATED = "repeated"
    BROKEN_LINK = "broken-link"
    CUT = "cut"
    STREAM_REMOVED = "stream-removed"
    REWRITTEN = "rewritten"
    HEAD_DIFFERS = "head-differs"
    HEADLESS = "headless"
    UNSEALED = "unsealed"
    SEAL_FORGED = "seal-forged"
    SEAL_MISSING = "seal-missing"


@dataclass(frozen=True, slots=True)
class Finding:
    """Report one fault; ``stream`` is empty and ``seq`` a seal's number for the faults of seals."""

    kind: FindingKind
    stream: str
    seq: int


HeadSource = Callable[[Driver], Iterable[Head]]
"""Yields the heads of one package's streams, sorted by stream as bytes (``ORDER BY … COLLATE "C"``)."""


class _Row(NamedTuple):
    stream: str
    seq: int
    opened_on: date | None
    kind: str
    at: datetime | None
    actor: str
    body: bytes
    prev: bytes
    hash: bytes
    xact: int


@dataclass(slots=True)
class _Check:
    """Carry the findings, and what the seals promise."""

    findings: list[Finding] = field(default_factory=list)
    bad_seals: list[int] = field(default_factory=list)
    sealed_until: int = 0
    next_xact: int = 0

    def report(self, kind: FindingKind, stream: str, seq: int) -> None:
        """Add a finding."""
        self.findings.append(Finding(kind, stream, seq))


def verify(
    db: Database, heads: Sequence[HeadSource], *, public_key: Ed25519PublicKey, anchor: Anchor | None = None
) -> list[Finding]:
    """Return every fault of the ledger, none for a sound one.

    Args:
        db: the database; one consistent snapshot of it is read.
        heads: of the packages that keep heads in their own rows; those of ``kernel_ledger_heads`` are always read.
        public_key: verifies the seals.
        anchor: where the newest seal was published; without it a cut of the last seals stays unseen.
    """
    with db.begin() as uow:
        uow.driver.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        return verify_on(uow.driver, heads, public_key=public_key, anchor=anchor)


def verify_on(
    driver: Driver, heads: Sequence[HeadSource], *, public_key: Ed25519PublicKey, anchor: Anchor | None = None
) -> list[Finding]:
    """Do what ``verify`` does inside the caller's transaction."""
    check = _Check(next_xact=_next_xact(driver))
    _check_seals(driver, check, public_key=public_key, anchor=anchor)
    known = _Runs(heapq.merge(*[_sorted(source(driver)) for source in (stored_heads, *heads)]))
    leaves = _Runs(Head(*row) for row in _stream(driver, _LEAVES_SQL, [check.bad_seals]))
    rows = _Runs(_Row(*row) for row in _stream(driver, _ROWS_SQL))
    ends = _Runs(Head(*row) for row in _stream(driver, _ENDS_SQL))
    while streams := [run.stream for run in (known, leaves, rows, ends) if run.stream is not None]:
        stream = min(streams)
        signed = leaves.take(stream)
        begun = _check_archived(check, next(ends.take(stream), None), leaves=signed)
        _check_stream(check, rows.take(stream), begun=begun, leaves=signed, heads=list(known.take(stream)))
    return check.findings


def _next_xact(driver: Driver) -> int:
    """Return a number that no transaction has had yet."""
    row = driver.execute(_NEXT_XACT_SQL).fetchone()
    return int(row[0]) if row else 0


def stored_heads(driver: Driver) -> Iterator[Head]:
    """Yield the heads that ``append`` keeps."""
    return (Head(*row) for row in _stream(driver, _HEADS_SQL))


_Item = TypeVar("_Item", Head, _Row)


class _Runs(Generic[_Item]):
    """Hand out a sorted series one stream at a time, without holding more than one item."""

    def __init__(self, items: Iterator[_Item]) -> None:
        self._items: Iterator[_Item] = items
        self._next: _Item | None = next(items, None)

    @property
    def stream(self) -> str | None:
        """Return the stream of the next item, ``None`` at the end."""
        return None if self._next is None else self._next.stream

    def take(self, stream: str) -> Iterator[_Item]:
        """Yield the items of one stream; the caller consumes them before it asks for another stream."""
        while self._next is not None and self._next.stream == stream:
            item = self._next
            self._next = next(self._items, None)
            yield item


def _check_archived(check: _Check, end: Head | None, *, leaves: Iterator[Head]) -> Head | None:
    """Hold the end of what was put away to the seal that knows it, and return it; ``leaves`` then go on behind it."""
    if end is None:
        return None
    for leaf in leaves:
        if leaf.seq == end.seq:
            if leaf.hash != end.hash:
                check.report(FindingKind.REWRITTEN, end.stream, end.seq)
            return end
        if leaf.seq > end.seq:
            break
    check.report(FindingKind.UNSEALED, end.stream, end.seq)
    return end


def _check_stream(
    check: _Check, rows: Iterator[_Row], *, begun: Head | None, leaves: Iterator[Head], heads: list[Head]
) -> None:
    last: Head | _Row | None = begun
    unsealed: _Row | None = None
    leaf = next(leaves, None)
    for row in rows:
        _check_row(check, row, last=last)
        unsealed = unsealed or row
        while leaf is not None and leaf.seq <= row.seq:
            if leaf.seq == row.seq:
                unsealed = None
                if leaf.hash != row.hash:
                    check.report(FindingKind.REWRITTEN, row.stream, row.seq)
            leaf = next(leaves, None)
        last = row
    # The sealer waits for ever for a transaction that is still to come.
    if unsealed is not None and leaf is None and not check.sealed_until <= unsealed.xact < check.next_xact:
        check.report(FindingKind.UNSEALED, unsealed.stream, unsealed.seq)
    beyond = [*heads, *([leaf] if leaf else []), *leaves]
    _check_end(check, last, beyond=beyond, heads=heads)


def _check_row(check: _Check, row: _Row, *, last: Head | _Row | None) -> None:
    seq, prev = (last.seq, last.hash) if last else (0, GENESIS)
    if row.seq == seq + 1:
        if row.prev != prev:
            check.report(FindingKind.BROKEN_LINK, row.stream, row.seq)
    else:
        check.report(FindingKind.REPEATED if row.seq <= seq else FindingKind.MISSING, row.stream, row.seq)
    if row.opened_on is None or row.at is None:
        check.report(FindingKind.EDITED, row.stream, row.seq)
        return
    columns = (row.stream, row.seq, row.opened_on, row.kind, row.at, row.actor, row.body)
    if row_hash(canonical_bytes(columns), prev=row.prev) != row.hash:
        check.report(FindingKind.EDITED, row.stream, row.seq)


def _check_end(check: _Check, last: Head | _Row | None, *, beyond: list[Head], heads: list[Head]) -> None:
    """Compare the last row with what owner and seals know of the end of the stream."""
    if last is None:
        check.report(FindingKind.STREAM_REMOVED, beyond[0].stream, max(head.seq for head in beyond))
        return
    known = max((head.seq for head in beyond), default=last.seq)
    if known > last.seq:
        check.report(FindingKind.CUT, last.stream, known)
    if not heads:
        check.report(FindingKind.HEADLESS, last.stream, last.seq)
    elif any(head.seq < last.seq or (head.seq == last.seq and head.hash != last.hash) for head in heads):
        check.report(FindingKind.HEAD_DIFFERS, last.stream, last.seq)


def _check_seals(driver: Driver, check: _Check, *, public_key: Ed25519PublicKey, anchor: Anchor | None) -> None:
    published = anchor.latest() if anchor else None
    number, prev, until = 0, GENESIS, 0
    for row in _stream(driver, _SEALS_SQL, per_fetch=1):
        if row[0] != number + 1:
            check.report(FindingKind.SEAL_MISSING, "", number + 1)
        is_next = row[0] != number + 1 or row[4] == prev
        if not (is_next and _is_genuine(row, public_key)) or (
            published and published[0] == row[0] and published[1] != row[5]
        ):
            check.report(FindingKind.SEAL_FORGED, "", row[0])
            check.bad_seals.append(row[0])
        number, prev, until = row[0], row[5], row[2]
    if published and published[0] > number:
        check.report(FindingKind.SEAL_MISSING, "", published[0])
    check.sealed_until = 0 if check.findings else until


def _is_genuine(row: tuple[Any, ...], public_key: Ed25519PublicKey) -> bool:
    number, at, until, root, prev, digest, signature, *arrays = row
    if at is None or len({len(array) for array in arrays}) != 1 or any(None in array for array in arrays):
        return False
    leaves = [Head(*leaf) for leaf in zip(*arrays, strict=True)]
    made = Seal(number, at, until, len(leaves), root, prev)
    try:
        public_key.verify(signature, digest)
    except InvalidSignature:
        return False
    return bool(made.hash == digest and merkle_root(leaves) == root)


def _stream(
    driver: Driver, query: str, parameters: Sequence[object] = (), *, per_fetch: int = _ROWS_PER_FETCH
) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of a query by a cursor on the server, so that memory use stays flat."""
    with driver.cursor(name=f"verify_{next(_cursor_numbers)}", binary=True) as cursor:
        cursor.itersize = per_fetch
        yield from cursor.execute(query.encode(), parameters)


def _sorted(heads: Iterable[Head]) -> Iterator[Head]:
    before = ""
    for head in heads:
        if head.stream < before:
            raise ValueError("a head source must yield its heads sorted by stream")
        before = head.stream
        yield head
