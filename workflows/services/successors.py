"""Open cases that follow others: an appeal (复议), a correction (更正), a part of a bundle.

Each is written in a transaction of its own, under an id that the first case gives it; where a crash comes between, the
outbox opens it.
"""

from collections.abc import Mapping
from enum import StrEnum
from uuid import UUID, uuid5

from psycopg.errors import UniqueViolation

from gov_portal.kernel import outbox
from gov_portal.kernel.ids import CaseId, FileId
from gov_portal.kernel.outbox import OutboxMessage
from gov_portal.kernel.principal import Citizen, Platform
from workflows.domain.state import Status
from workflows.sealing import Stored
from workflows.services.attachments import file_owner
from workflows.services.opening import NewCase, Opening
from workflows.storage.loading import StoredCase
from workflows.storage.statements import Statement
from workflows.storage.visibility import visible_to
from workflows.storage.writing import save_draft

OPEN_TOPIC = "case.open"
_WORKER = Platform("worker")
_DELAY_S = 5
"""Whoever opens a successor does so at once; the outbox only where they could not."""


class Bond(StrEnum):
    """Name how a case follows another; the value is a part of its id."""

    APPEAL = "appeal"
    CORRECTION = "correct"


def successor_of(case: CaseId, bond: Bond) -> CaseId:
    """Return the id of the case that follows another; there is one of each bond."""
    return CaseId(uuid5(UUID(str(case)), bond.value))


class Successors(Opening):
    """Open a case once, with what the one before it has."""

    def _open_once(self, new: NewCase) -> bool:
        """Open a case unless it is there; tell whether this call did."""
        if self._find(new.case, sight=visible_to(_WORKER)) is not None:
            return False
        try:
            self._open(new)
        except UniqueViolation:
            # Somebody else, or the outbox, was there at the same time.
            return False
        return True

    def _copy_files(self, source: StoredCase, target: CaseId, *, paths: Mapping[str, str]) -> None:
        """Copy uploads to a draft, so that each case keeps its own: its path -> theirs; what it has is left alone."""
        stored = self._find(target, sight=visible_to(_WORKER))
        if stored is None or stored.state.status is not Status.DRAFT:
            return
        wanted = {
            path: one
            for path, theirs in paths.items()
            if stored.values.get(path) is None and (one := source.values.stored(theirs)) and one.value is not None
        }
        if not wanted:
            return
        contents = {path: self._content(one) for path, one in wanted.items()}
        with self._desk.db.begin() as uow:
            writes = {}
            for path, (media_type, content) in contents.items():
                owner = file_owner(target)
                kept = self._desk.files.put(uow, content, claimed_type=media_type, key=stored.key_id, owner=owner)
                one = wanted[path]
                writes[path] = Stored(str(kept.id), one.source, one.at, one.evidence, is_verified=one.is_verified)
            save_draft(uow.driver, stored, writes=writes, notes=stored.draft, at=self._desk.clock.now())

    def _content(self, one: Stored) -> tuple[str, bytes]:
        with self._desk.db.read() as connection:
            kept, content = self._desk.files.get(connection, FileId(UUID(str(one.value))))
        return kept.media_type, content


def opening_later(case: CaseId, bond: Bond, *, kind: str, by: Citizen | None = None) -> tuple[Statement, ...]:
    """Return the statement by which the outbox opens a successor, should nobody else."""
    payload: dict[str, object] = {"case": str(case), "kind": kind}
    if by is not None:
        ward, hand = (str(one) if one else None for one in (by.acting_for, by.hand))
        payload |= {"person": str(by.person), "acting_for": ward, "ial": by.ial, "aal": by.aal, "hand": hand}
    message = OutboxMessage(OPEN_TOPIC, f"case:{case}:{bond.value}", payload, delay_s=_DELAY_S)
    return tuple((outbox.INSERT_SQL, row) for row in outbox.rows([message]))
