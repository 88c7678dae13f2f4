"""Load a case with everything a command or a page needs in one statement, under a lock or without."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

import orjson

from gov_portal.kernel.cipher import Cipher, KeyStore
from gov_portal.kernel.db import Driver, UnitOfWork
from gov_portal.kernel.ids import CaseId, ItemId, KeyId, PersonId
from workflows.definitions import Definitions
from workflows.domain.definition import Definition
from workflows.domain.state import CaseState
from workflows.sealing import OWN, CaseValues
from workflows.storage.states import state_of
from workflows.storage.visibility import Sight

_READ = """
SELECT c.id, c.serial, c.case_number, c.item, c.definition_hash, c.applicant, c.begun_by, c.key_id, k.wrapped,
       c.region, c.opened_on, c.rev, c.state::text, c.sealed, c.draft::text, c.head_seq, c.head_hash,
       c.officers, c.overseers, c.appeal_of, c.appealed_by, c.begun_at, c.submitted_at,
       ARRAY(SELECT d.field_group FROM workflows_case_data d WHERE d.case_id = c.id ORDER BY d.field_group),
       ARRAY(SELECT d.sealed FROM workflows_case_data d WHERE d.case_id = c.id ORDER BY d.field_group),
       (SELECT s.rev FROM workflows_cases s WHERE s.id = c.id), {digest}
FROM workflows_cases c JOIN kernel_keys k ON k.id = c.key_id
WHERE c.id = %s AND ({sight})"""

_NO_DIGEST = "NULL::bytea"
_DIGEST = "(SELECT i.digest FROM workflows_idempotency i WHERE i.case_id = c.id AND i.actor = %s AND i.key = %s)"


class CaseRow(NamedTuple):
    """Hold one row as ``_READ`` gives it; ``seen_rev`` is the revision that the rest of the row was read at."""

    id: UUID
    serial: int
    case_number: str | None
    item: str
    definition_hash: str
    applicant: UUID
    begun_by: UUID
    key_id: UUID
    wrapped: bytes | None
    region: str
    opened_on: date
    rev: int
    state: str
    own: bytes | None
    draft: str
    head_seq: int
    head_hash: bytes
    officers: list[UUID]
    overseers: list[str]
    appeal_of: UUID | None
    appealed_by: UUID | None
    begun_at: datetime
    submitted_at: datetime | None
    groups: list[str]
    sealed: list[bytes]
    seen_rev: int
    digest: bytes | None


@dataclass(frozen=True, slots=True)
class RequestKey:
    """Hold an idempotency key of a request: whose, which, and the digest of what was asked."""

    actor: str
    key: str
    digest: bytes


@dataclass(slots=True)
class StoredCase:
    """Hold a case as it lies in the database, opened."""

    id: CaseId
    row: CaseRow
    definition: Definition
    state: CaseState
    cipher: Cipher
    values: CaseValues

    @property
    def item(self) -> ItemId:
        """Return the item that was applied for."""
        return ItemId(self.row.item)

    @property
    def applicant(self) -> PersonId:
        """Return whose matter it is."""
        return PersonId(self.row.applicant)

    @property
    def key_id(self) -> KeyId:
        """Return the key that the case's personal data are sealed with."""
        return KeyId(self.row.key_id)

    @property
    def case_number(self) -> str:
        """Return 办件编号, empty for a draft."""
        return self.row.case_number or ""

    @property
    def draft(self) -> dict[str, object]:
        """Return what is known about the draft beside its values: pages saved, sources tried."""
        notes: dict[str, object] = orjson.loads(self.row.draft)
        return notes


class CaseLoader:
    """Load cases; nothing is decrypted before somebody reads it."""

    def __init__(self, keys: KeyStore, definitions: Definitions) -> None:
        """Keep where keys and definitions are found."""
        self._keys = keys
        self._definitions = definitions

    def read(self, driver: Driver, case: CaseId, *, sight: Sight) -> StoredCase | None:
        """Return the case if ``sight`` covers it; not locked."""
        sql = _READ.format(digest=_NO_DIGEST, sight=sight.clause)
        row = driver.execute(sql, (case, *sight.params), binary=True).fetchone()
        return None if row is None else self._open(CaseRow(*row))

    def lock(
        self, uow: UnitOfWork, case: CaseId, *, sight: Sight, request: RequestKey | None = None
    ) -> StoredCase | None:
        """Return the case locked until the end of the transaction, if ``sight`` covers it."""
        row = self._locked(uow, case, sight=sight, request=request, clause="FOR UPDATE OF c")
        return None if row is None else self._open(row)

    def lock_free(self, uow: UnitOfWork, case: CaseId) -> StoredCase | None:
        """Return the case locked, or ``None`` while somebody else works on it."""
        row = self._locked(uow, case, sight=Sight("true", ()), request=None, clause="FOR UPDATE OF c SKIP LOCKED")
        return None if row is None else self._open(row)

    def _locked(
        self, uow: UnitOfWork, case: CaseId, *, sight: Sight, request: RequestKey | None, clause: str
    ) -> CaseRow | None:
        sql = _READ.format(digest=_DIGEST if request else _NO_DIGEST, sight=sight.clause) + f"\n{clause}"
        params = (*((request.actor, request.key) if request else ()), case, *sight.params)
        with uow.pipeline() as driver:
            found = driver.execute(sql, params, binary=True).fetchone()
        # Whoever waited for the lock gets the new case row beside old rows of the other tables: read once more, the
        # lock is held now.
        if found is not None and CaseRow(*found).rev != CaseRow(*found).seen_rev:
            found = uow.driver.execute(sql, params, binary=True).fetchone()
        return None if found is None else CaseRow(*found)

    def _open(self, row: CaseRow) -> StoredCase:
        definition = self._definitions.by_hash(row.definition_hash)
        cipher = self._keys.cipher_for(KeyId(row.key_id), row.wrapped)
        sealed = dict(zip(row.groups, row.sealed, strict=True))
        if row.own is not None:
            sealed[OWN] = row.own
        values = CaseValues(definition, case=row.id, cipher=cipher, sealed=sealed)
        return StoredCase(CaseId(row.id), row, definition, state_of(row.state, values), cipher, values)
