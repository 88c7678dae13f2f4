"""Make, list, hand out and withdraw annotated copies of licences (加注件)."""

import json
from datetime import date, timedelta
from hashlib import sha256
from uuid import uuid4

from gov_portal.kernel.cipher import KeyStore
from gov_portal.kernel.clocks import Clock
from gov_portal.kernel.db import Database, UnitOfWork
from gov_portal.kernel.files import FileStore
from gov_portal.kernel.ids import CopyId, KeyId, LicenceId
from gov_portal.kernel.principal import Citizen, actor_of
from gov_portal.kernel.working_days import local_date
from gov_portal.licences import copy_rows, storage
from gov_portal.licences.annotated import (
    MOST_AT_ONCE,
    CopyEnded,
    CopyNotFound,
    CopyOrder,
    CopyTerms,
    CopyView,
    TooManyCopies,
    check_order,
)
from gov_portal.licences.copy_rows import StoredCopy
from gov_portal.licences.domain import CopyStatus, LicenceStatus
from gov_portal.licences.making import Press
from gov_portal.licences.ports import Outside
from gov_portal.licences.presentation import LicenceNotInForce
from gov_portal.licences.recording import record
from gov_portal.licences.sight import visible
from gov_portal.licences.storage import StoredVersion
from gov_portal.licences.verify_codes import new_code, show_code

FILE_KEPT = timedelta(days=30)
"""How long the file of a copy is kept behind its last day; what it was stays known."""

_TIDIED_AT_ONCE = 500


class Copies:
    """Be the one place that makes and ends copies; every act is a row of the licence's ledger."""

    def __init__(self, db: Database, *, keys: KeyStore, files: FileStore, clock: Clock, outside: Outside) -> None:
        """Keep what is needed; ``clock`` is that of business time."""
        self._db = db
        self._keys = keys
        self._files = files
        self._clock = clock
        self._press = Press(db, keys=keys, files=files, outside=outside)

    def make(self, licence: LicenceId, order: CopyOrder, *, by: Citizen) -> CopyView:
        """Make a copy of the current version; the same key gives the same copy again.

        Raises:
            LicenceNotFound: there is none, or it is not the concern of ``by``.
            LicenceNotInForce: it is revoked or has expired.
            InvalidFields: purpose, recipient or last day cannot be used.
            TooManyCopies: so many of the licence are in force already.
        """
        key = sha256(f"{actor_of(by)}\n{licence}\n{order.key}".encode()).hexdigest()
        with self._db.read() as connection:
            stored = visible(storage.current(connection, licence), by)
            earlier = copy_rows.by_key(connection, key)
        if earlier is not None:
            return self._view(earlier, stored.key)
        self._refuse_if_ended(stored)
        terms = check_order(order, today=self._today(), licence_until=stored.valid_until)
        code = new_code()
        pdf = self._press.reprint(stored, code=code, terms=terms, at=self._clock.now())
        with self._db.begin() as uow:
            latest = visible(storage.lock_current(uow, licence), by)
            made = copy_rows.by_key(uow.connection, key)
            if made is None:
                self._refuse_if_ended(latest, version=stored.version)
                if copy_rows.count_in_force(uow.connection, licence, today=self._today()) >= MOST_AT_ONCE:
                    raise TooManyCopies(most=MOST_AT_ONCE)
                made = self._write(uow, stored, terms, pdf=pdf, row={"verify_code": code, "idempotency_key": key})
                self._record(uow, stored, made, act="copied", by=by)
        return self._view(made, stored.key)

    def of_licence(self, licence: LicenceId, *, by: Citizen) -> list[CopyView]:
        """Return the copies of a licence, newest first.

        Raises:
            LicenceNotFound: there is none, or it is not the concern of ``by``.
        """
        with self._db.read() as connection:
            stored = visible(storage.current(connection, licence), by)
            found = copy_rows.of_licence(connection, licence)
        return [self._view(one, stored.key) for one in found]

    def view(self, licence: LicenceId, copy: CopyId, *, by: Citizen) -> CopyView:
        """Return one copy.

        Raises:
            LicenceNotFound, CopyNotFound: there is none, or it is not the concern of ``by``.
        """
        with self._db.read() as connection:
            stored = visible(storage.current(connection, licence), by)
            return self._view(_found(copy_rows.by_id(connection, copy), licence), stored.key)

    def pdf(self, licence: LicenceId, copy: CopyId, *, by: Citizen) -> bytes:
        """Return the sealed file of a copy that is in force.

        Raises:
            LicenceNotFound, CopyNotFound: there is none, or it is not the concern of ``by``.
            CopyEnded: it was withdrawn, or its time is over.
        """
        with self._db.read() as connection:
            visible(storage.current(connection, licence), by)
            found = _found(copy_rows.by_id(connection, copy), licence)
            if found.file is None or found.status_on(self._today()) is not CopyStatus.VALID:
                raise CopyEnded
            return self._files.get(connection, found.file)[1]

    def withdraw(self, licence: LicenceId, copy: CopyId, *, by: Citizen) -> None:
        """Withdraw a copy: whoever verifies it learns so; quietly does nothing when it was withdrawn before.

        Raises:
            LicenceNotFound, CopyNotFound: there is none, or it is not the concern of ``by``.
        """
        with self._db.begin() as uow:
            stored = visible(storage.lock_current(uow, licence), by)
            found = _found(copy_rows.by_id(uow.connection, copy), licence)
            if found.withdrawn_at is not None:
                return
            copy_rows.mark_withdrawn(uow, copy, at=self._clock.now())
            self._files.remove_all(uow, owner=_owner(copy))
            self._record(uow, stored, found, act="copy-withdrawn", by=by)

    def tidy(self) -> int:
        """Remove the files of copies whose time was over long ago; return how many."""
        with self._db.begin() as uow:
            before = self._today() - FILE_KEPT
            old = copy_rows.ended_with_file(uow.connection, before=before, limit=_TIDIED_AT_ONCE)
            for one in old:
                self._files.remove_all(uow, owner=_owner(one.copy))
                copy_rows.drop_file(uow, one.copy)
        return len(old)

    def _write(
        self, uow: UnitOfWork, stored: StoredVersion, terms: CopyTerms, *, pdf: bytes, row: dict[str, object]
    ) -> StoredCopy:
        copy, now = CopyId(uuid4()), self._clock.now()
        file = self._files.put(uow, pdf, claimed_type="application/pdf", key=stored.key, owner=_owner(copy))
        content = json.dumps([terms.purpose, terms.recipient]).encode()
        written = {
            **row,
            "id": copy,
            "licence_id": stored.licence,
            "version": stored.version,
            "made_at": now,
            "made_on": local_date(now),
            "valid_until": terms.valid_until,
            "sealed": self._keys.seal(stored.key, content, context=_context(copy)),
            "file_id": file.id,
            "pdf_sha256": file.sha256,
        }
        copy_rows.add(uow, written)
        return _found(copy_rows.by_id(uow.connection, copy), stored.licence)

    def _refuse_if_ended(self, stored: StoredVersion, *, version: int | None = None) -> None:
        is_other = version is not None and stored.version != version
        if is_other or stored.status_on(self._today()) is not LicenceStatus.VALID:
            raise LicenceNotInForce(licence=str(stored.licence))

    def _view(self, stored: StoredCopy, key: KeyId) -> CopyView:
        terms = open_terms(self._keys, key, stored)
        return CopyView(
            copy=stored.copy,
            licence=stored.licence,
            purpose=terms.purpose,
            recipient=terms.recipient,
            status=stored.status_on(self._today()),
            made_on=stored.made_on,
            valid_until=stored.valid_until,
            withdrawn_on=stored.withdrawn_on,
            verify_code=show_code(stored.verify_code),
        )

    def _record(self, uow: UnitOfWork, stored: StoredVersion, copy: StoredCopy, *, act: str, by: Citizen) -> None:
        more = {"copy": str(copy.copy), "valid_until": copy.valid_until.isoformat(), "version": copy.version}
        record(uow, stored, act, at=self._clock.now(), by=by, **more)

    def _today(self) -> date:
        return local_date(self._clock.now())


def open_terms(keys: KeyStore, key: KeyId, stored: StoredCopy) -> CopyTerms:
    """Return what a copy says it is for.

    Raises:
        KeyShredded: the holder's data were made unreadable.
    """
    purpose, recipient = json.loads(keys.open(key, stored.sealed, context=_context(stored.copy)))
    return CopyTerms(purpose, recipient, stored.valid_until)


def _found(stored: StoredCopy | None, licence: LicenceId) -> StoredCopy:
    if stored is None or stored.licence != licence:
        raise CopyNotFound
    return stored


def _owner(copy: CopyId) -> str:
    return f"licence-copy:{copy}"


def _context(copy: CopyId) -> bytes:
    return f"licence-copy:{copy}".encode()
