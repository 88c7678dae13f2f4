"""Load a case with everything that a command or a page needs, in one statement."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

import orjson

from gov_portal.kernel.cipher import Cipher, KeyStore
from gov_portal.kernel.db import Driver
from gov_portal.kernel.ids import CaseId, ItemId, KeyId, PersonId
from gov_portal.kernel.prepared import run
from workflows.definitions import Definitions
from workflows.domain.definition import Definition
from workflows.domain.state import CaseState
from workflows.sealing import OWN, CaseValues
from workflows.storage.parts import PartOf
from workflows.storage.states import state_of
from workflows.storage.visibility import Sight

_READ = """
SELECT c.id, c.serial, c.case_number, c.item, c.definition_hash, c.applicant, c.begun_by, c.key_id, k.wrapped,
       c.opened_on, c.rev, c.state::text, c.sealed, c.draft::text, c.head_seq, c.head_hash,
       c.officers::text, c.appeal_of, c.appealed_by, c.begun_at, c.submitted_at,
       d.groups, d.sealed, c.requests, c.part_of, c.part_step
FROM workflows_cases c JOIN kernel_keys k ON k.id = c.key_id
CROSS JOIN LATERAL (SELECT array_agg(g.field_group) AS groups, array_agg(g.sealed) AS sealed
                    FROM workflows_case_data g WHERE g.case_id = c.id) d
WHERE c.id = %s AND ({sight})"""


@lru_cache(maxsize=64)
def _read_sql(sight: str) -> str:
    return _READ.format(sight=sight)


class CaseRow(NamedTuple):
    """Hold one row as ``_READ`` gives it, all of one snapshot."""

    id: UUID
    serial: int
    case_number: str | None
    item: str
    definition_hash: str
    applicant: UUID
    begun_by: UUID
    key_id: UUID
    wrapped: bytes | None
    opened_on: date
    rev: int
    state: str
    own: bytes | None
    draft: str
    head_seq: int
    head_hash: bytes
    officers: str
    appeal_of: UUID | None
    appealed_by: UUID | None
    begun_at: datetime
    submitted_at: datetime | None
    groups: list[str] | None
    sealed: list[bytes] | None
    requests: bytes
    part_of: UUID | None = None
    part_step: str | None = None


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
    def place(self) -> PartOf | None:
        """Return which bundle the case is a part of, if it is one."""
        row = self.row
        return None if row.part_of is None or row.part_step is None else PartOf.read(row.part_of, row.part_step)

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

    def fetch(self, driver: Driver, case: CaseId, *, sight: Sight) -> CaseRow | None:
        """Return the row if ``sight`` covers it, all of it as of one moment; no lock is taken."""
        found = run(driver, _read_sql(sight.clause), (case, *sight.params))
        return None if found is None else CaseRow(*found)

    def fetch_many(self, driver: Driver, cases: list[CaseId], *, sight: Sight) -> dict[UUID, CaseRow]:
        """Return those of the cases that ``sight`` covers, by id, in one statement."""
        sql = _read_sql(sight.clause).replace("c.id = %s", "c.id = ANY(%s)")
        rows = driver.execute(sql, (cases, *sight.params)).fetchall() if cases else []
        return {row[0]: CaseRow(*row) for row in rows}

    def open(self, row: CaseRow) -> StoredCase:
        """Return the case of a row; give the connection back first, for a definition may have to be loaded."""
        definition = self._definitions.by_hash(row.definition_hash)
        cipher = self._keys.cipher_for(KeyId(row.key_id), row.wrapped)
        sealed = dict(zip(row.groups or (), row.sealed or (), strict=True))
        if row.own is not None:
            sealed[OWN] = row.own
        values = CaseValues(definition, case=row.id, cipher=cipher, sealed=sealed)
        return StoredCase(CaseId(row.id), row, definition, state_of(row.state, values), cipher, values)
