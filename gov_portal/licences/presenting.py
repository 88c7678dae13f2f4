"""Let holders show a licence (亮证), and let whoever scans it learn how it stands, now."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from gov_portal.kernel.cipher import KeyShredded, KeyStore
from gov_portal.kernel.clocks import Clock
from gov_portal.kernel.db import Database, UnitOfWork
from gov_portal.kernel.errors import NotFound
from gov_portal.kernel.files import FileStore
from gov_portal.kernel.ids import FileId, LicenceId
from gov_portal.kernel.principal import Citizen, Platform
from gov_portal.kernel.working_days import local_date
from gov_portal.licences import presenting_rows, storage
from gov_portal.licences.card import photo_of
from gov_portal.licences.domain import LicenceKind, LicenceStatus
from gov_portal.licences.making import Press
from gov_portal.licences.ports import Outside
from gov_portal.licences.presentation import (
    PHOTO_LIFE,
    LicenceNotInForce,
    Presentation,
    PresentedLicence,
    ShownOnce,
    Ticket,
    new_ticket,
    read_code,
    write_code,
)
from gov_portal.licences.presenting_rows import Check
from gov_portal.licences.recording import record
from gov_portal.licences.sight import visible
from gov_portal.licences.storage import StoredVersion

REMEMBERED = timedelta(days=180)
"""How long holders see what they showed; the ledger keeps it for good."""

_PURPOSE = "licence.presentation"
_MOST_SHOWN = 50
_UNKNOWN = PresentedLicence(status=LicenceStatus.UNKNOWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clocks:
    """Hold both clocks: business time says whether a licence is valid, security time how long a code lives."""

    business: Clock
    security: Clock


class Presentations:
    """Make and check the codes of presentations; a code is signed, and a row is written when somebody checks it."""

    def __init__(self, db: Database, *, keys: KeyStore, files: FileStore, clocks: Clocks, outside: Outside) -> None:
        """Keep what is needed."""
        self._db = db
        self._keys = keys
        self._files = files
        self._clocks = clocks
        self._outside = outside
        self._press = Press(db, keys=keys, files=files, outside=outside)

    def present(self, licence: LicenceId, *, by: Citizen) -> Presentation:
        """Return a fresh code for the current version; writes nothing.

        Raises:
            LicenceNotFound: there is none, or it is not the concern of ``by``.
            LicenceNotInForce: it is revoked or has expired.
            KeyShredded: the holder's data were made unreadable.
        """
        with self._db.read() as connection:
            stored = visible(storage.current(connection, licence), by)
        if self._status(stored) is not LicenceStatus.VALID:
            raise LicenceNotInForce(licence=str(licence))
        now = self._clocks.security.now()
        ticket = new_ticket(stored.status_index, now=now)
        code = write_code(ticket, self._sign)
        holder, number = self._person(stored)
        return Presentation(
            code=code,
            url=f"{self._outside.base_url}/verify/shown/{code}",
            now=now,
            expires_at=ticket.expires_at,
            holder=holder,
            number_masked=number,
        )

    def check(self, code: str) -> PresentedLicence:
        """Tell whoever scanned a code what is shown; a forged, stale or unknown code gets one and the same answer.

        A code may be checked as often as somebody likes while it lives; the answer says how often it was.
        """
        now = self._clocks.security.now()
        ticket = read_code(code, self._sign)
        if ticket is None or not ticket.is_fresh(now):
            return _UNKNOWN
        with self._db.begin() as uow:
            stored = storage.by_status_index(uow.connection, ticket.status_index)
            if stored is None:
                return _UNKNOWN
            check = presenting_rows.count_check(uow, ticket, stored, at=now)
            if check.count == 1:
                self._record(uow, stored, ticket, checked_at=now)
        return self._presented(stored, check, now=now)

    def photo(self, code: str) -> bytes:
        """Return the holder's picture, small, for a code that was checked a moment ago.

        Raises:
            NotFound: the code is none, is stale, was never checked, or there is no picture.
            KeyShredded: the holder's data were made unreadable.
        """
        ticket = read_code(code, self._sign)
        if ticket is None or not ticket.is_fresh(self._clocks.security.now(), life=PHOTO_LIFE):
            raise NotFound
        with self._db.read() as connection:
            stored = storage.by_status_index(connection, ticket.status_index)
            if stored is None or not presenting_rows.is_checked(connection, ticket):
                raise NotFound
            file = self._photo_file(stored)
            if file is None:
                raise NotFound
            return self._outside.cards.portrait(self._files.get(connection, file)[1])

    def shown(self, licence: LicenceId, *, by: Citizen) -> list[ShownOnce]:
        """Return when the licence was shown and checked, newest first; nobody is told who checked it.

        Raises:
            LicenceNotFound: there is none, or it is not the concern of ``by``.
        """
        with self._db.read() as connection:
            visible(storage.current(connection, licence), by)
            return presenting_rows.of_licence(connection, licence, limit=_MOST_SHOWN)

    def tidy(self) -> int:
        """Remove what was shown long ago; return how many."""
        with self._db.begin() as uow:
            return presenting_rows.forget(uow, before=self._clocks.security.now() - REMEMBERED)

    def _presented(self, stored: StoredVersion, check: Check, *, now: datetime) -> PresentedLicence:
        try:
            holder, number = self._person(stored)
            has_photo = self._photo_file(stored) is not None
        except KeyShredded:
            holder, number, has_photo = "", "", False
        today = local_date(self._clocks.business.now())
        return PresentedLicence(
            status=stored.status_on(today),
            name=self._kind(stored).name,
            issuer=stored.issuer_name,
            holder=holder,
            number_masked=number,
            issued_on=stored.issued_on,
            valid_until=stored.valid_until,
            ended_on=stored.ended_on(today),
            has_photo=has_photo,
            checked_at=now,
            first_checked_at=check.first_at,
            checks=check.count,
        )

    def _person(self, stored: StoredVersion) -> tuple[str, str]:
        """Return the holder's name, and their number in part."""
        kind, values = self._kind(stored), self._press.open(stored)
        number = next((field for field in kind.fields if field.type.name == "cn_id"), None)
        masked = number.type.mask(number.type.load(values[number.name])) if number else ""
        return str(values[kind.holder]), masked

    def _photo_file(self, stored: StoredVersion) -> FileId | None:
        kind, values = self._kind(stored), self._press.open(stored)
        _, file = photo_of(kind, {field.name: field.type.load(values[field.name]) for field in kind.fields})
        return None if file is None else FileId(UUID(file))

    def _kind(self, stored: StoredVersion) -> LicenceKind:
        return self._outside.kinds.kind(stored.kind)

    def _status(self, stored: StoredVersion) -> LicenceStatus:
        return stored.status_on(local_date(self._clocks.business.now()))

    def _sign(self, told: bytes) -> bytes:
        return self._keys.blind_index(_PURPOSE, told.hex())

    def _record(self, uow: UnitOfWork, stored: StoredVersion, ticket: Ticket, *, checked_at: datetime) -> None:
        more = {"made_at": ticket.made_at.isoformat(), "checked_at": checked_at.isoformat()}
        record(uow, stored, "presented", at=self._clocks.business.now(), by=Platform("verify"), **more)
