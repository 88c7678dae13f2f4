"""Keep definitions as they were compiled, sealed, so that one process compiles for all (workflows_compiled).

What is kept is never needed and never trusted: where it is missing, was changed, or comes of another state of the
language, it is made anew from the source.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import TypeVar

import psycopg
import structlog
from sqlalchemy.exc import SQLAlchemyError

from gov_portal.kernel.cipher import Cipher, KeyShredded, KeyStore, SealBroken
from gov_portal.kernel.db import Database, Driver
from workflows.definition_bytes import NotPacked, pack, unpack
from workflows.domain.definition import Definition
from workflows.domain.heading import Heading
from workflows.language import language
from workflows.storage.compiled import body_of, drop_sheets, headings_of, keep_compiled, keep_sheet, sheet_of

T = TypeVar("T")
_SHEET = "all"
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Packed:
    """Hold a definition and its head as bytes."""

    hash: str
    heading: bytes
    body: bytes

    @classmethod
    def of(cls, definition: Definition) -> "Packed":
        """Pack a definition."""
        return cls(definition.hash, pack(Heading.of(definition)), pack(definition))


class CompiledForms:
    """Read and write compiled forms; safe to share between threads and processes."""

    def __init__(self, db: Database, keys: KeyStore) -> None:
        """Keep them in ``db``, sealed by the platform's key of ``keys``."""
        self._db = db
        self._keys = keys

    def sheet(self) -> Mapping[str, Heading]:
        """Return every heading of the sheet on which they are kept together; none where it is not sound."""
        with self._db.driver() as driver:
            sealed = sheet_of(driver, language())
        found = None if sealed is None else _opened(self._cipher(), sealed, _SHEET, tuple)
        return {one.hash: one for one in found or () if isinstance(one, Heading)}

    def headings(self, digests: Sequence[str]) -> Mapping[str, Heading]:
        """Return those headings that are kept beside their bodies and sound, in one statement."""
        with self._db.driver() as driver:
            rows = headings_of(driver, language(), digests)
        cipher = self._cipher() if rows else None
        found = {digest: _opened(cipher, sealed, digest, Heading) for digest, sealed in rows}
        return {digest: one for digest, one in found.items() if one is not None}

    def definition(self, digest: str) -> Definition | None:
        """Return a definition, ``None`` where none is kept that is sound."""
        with self._db.driver() as driver:
            sealed = body_of(driver, language(), digest)
        return None if sealed is None else _opened(self._cipher(), sealed, digest, Definition)

    def keep(self, packed: Iterable[Packed]) -> None:
        """Keep definitions; where that cannot be, they are compiled again another time."""
        cipher = self._cipher()
        if cipher is None:
            return
        rows = [
            (
                one.hash,
                language(),
                cipher.seal(one.heading, _place(one.hash, Heading)),
                cipher.seal(one.body, _place(one.hash, Definition)),
            )
            # In one order, so that no two processes wait for each other's rows.
            for one in sorted(packed, key=attrgetter("hash"))
        ]
        self._write(lambda driver: keep_compiled(driver, rows))

    def keep_sheet(self, headings: Iterable[Heading]) -> None:
        """Keep these headings together, in place of those that were."""
        cipher = self._cipher()
        if cipher is not None:
            sealed = cipher.seal(pack(tuple(headings)), _place(_SHEET, tuple))
            self._write(lambda driver: keep_sheet(driver, language(), sealed))

    def drop_others(self) -> None:
        """Drop the sheets of other states of the language; an earlier platform that still runs makes its own anew."""
        self._write(lambda driver: drop_sheets(driver, but=language()))

    def _write(self, write: Callable[[Driver], None]) -> None:
        try:
            with self._db.driver() as driver:
                write(driver)
        except (psycopg.Error, SQLAlchemyError) as error:
            _log.warning("compiled-form-not-kept", reason=type(error).__name__)

    def _cipher(self) -> Cipher | None:
        try:
            return self._keys.cipher(self._keys.platform_key)
        except (KeyShredded, SealBroken, psycopg.Error):
            return None


def _opened(cipher: Cipher | None, sealed: bytes, digest: str, kind: type[T]) -> T | None:
    if cipher is None:
        return None
    try:
        return unpack(cipher.open(sealed, _place(digest, kind)), kind)
    except (SealBroken, NotPacked):
        return None


def _place(digest: str, kind: type[object]) -> bytes:
    """Name the one place that sealed bytes are for: no form can stand in for another item, part or language."""
    return f"compiled:{language()}:{digest}:{kind.__name__}".encode()
