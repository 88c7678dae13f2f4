"""Read and write the rows of licences; the services decide, this only moves rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, Row, Select, select, update
from sqlalchemy.dialects.postgresql import insert

from gov_portal.kernel.db import UnitOfWork
from gov_portal.kernel.ids import CaseId, FileId, KeyId, LicenceId, PersonId
from gov_portal.kernel.working_days import local_date
from gov_portal.licences.claims import Statement
from gov_portal.licences.domain import LicenceStatus
from gov_portal.licences.models import licences, serials, status_indexes, versions


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredVersion:
    """Hold one version together with its licence; ``sealed`` is ciphertext.

    ``current`` is the newest version of the licence.
    """

    licence: LicenceId
    kind: str
    issuer_code: str
    issuer_name: str
    serial: str
    holder: PersonId
    key: KeyId
    case: CaseId
    case_number: str
    current: int
    revoked_at: datetime | None
    version: int
    identifier: str
    verify_code: str
    issued_on: date
    valid_until: date | None
    superseded_at: datetime | None
    sealed: bytes
    file: FileId
    status_index: int
    pdf_sha256: bytes

    def statement(self, *, name: str) -> Statement:
        """Return what every form of it says openly; ``name`` is that of its kind."""
        return Statement(
            kind=self.kind,
            name=name,
            identifier=self.identifier,
            number=self.serial,
            issuer=self.issuer_name,
            issued_on=self.issued_on,
            valid_until=self.valid_until,
            status_index=self.status_index,
        )

    def status_on(self, today: date) -> LicenceStatus:
        """Return what the public is told today."""
        if self.revoked_at is not None:
            return LicenceStatus.REVOKED
        if self.superseded_at is not None:
            return LicenceStatus.SUPERSEDED
        if self.valid_until is not None and self.valid_until < today:
            return LicenceStatus.EXPIRED
        return LicenceStatus.VALID

    def ended_on(self, today: date) -> date | None:
        """Return the day on which it ceased to be valid, if it did."""
        match self.status_on(today):
            case LicenceStatus.REVOKED | LicenceStatus.SUPERSEDED:
                ended_at = self.revoked_at or self.superseded_at
                return local_date(ended_at) if ended_at else None
            case LicenceStatus.EXPIRED:
                return self.valid_until
            case _:
                return None


def next_serial(uow: UnitOfWork, *, year: int) -> str:
    """Return a fresh number of a licence: the year and eight digits."""
    return f"{year}{uow.connection.execute(serials.next_value()).scalar_one():08d}"


def next_status_index(uow: UnitOfWork) -> int:
    """Return the place of a new version in the status lists, from 0."""
    return int(uow.connection.execute(status_indexes.next_value()).scalar_one())


def add_licence(uow: UnitOfWork, row: Mapping[str, object]) -> bool:
    """Write a licence; return ``False`` where its idempotency key was used before, waiting for that transaction."""
    adding = insert(licences).values(row).on_conflict_do_nothing(index_elements=["idempotency_key"])
    return uow.connection.execute(adding.returning(licences.c.id)).one_or_none() is not None


def add_version(uow: UnitOfWork, row: Mapping[str, object]) -> None:
    """Write a version."""
    uow.connection.execute(insert(versions).values(row))


def mark_superseded(uow: UnitOfWork, stored: StoredVersion, *, at: datetime) -> None:
    """End a version in favour of the next one."""
    is_it = (versions.c.licence_id == stored.licence) & (versions.c.version == stored.version)
    uow.connection.execute(update(versions).where(is_it).values(superseded_at=at))
    is_licence = licences.c.id == stored.licence
    uow.connection.execute(update(licences).where(is_licence).values(version=stored.version + 1))


def mark_revoked(uow: UnitOfWork, licence: LicenceId, *, at: datetime, revocation: bytes) -> None:
    """End a licence with all its versions."""
    is_it = licences.c.id == licence
    uow.connection.execute(update(licences).where(is_it).values(revoked_at=at, revocation=revocation))


def lock_current(uow: UnitOfWork, licence: LicenceId) -> StoredVersion | None:
    """Return the current version and lock its licence until the commit."""
    locking = select(licences.c.id).where(licences.c.id == licence).with_for_update()
    if uow.connection.execute(locking).one_or_none() is None:
        return None
    return current(uow.connection, licence)


def current(connection: Connection, licence: LicenceId) -> StoredVersion | None:
    """Return the current version of a licence."""
    return _one(connection, (licences.c.id == licence) & (versions.c.version == licences.c.version))


def by_version(connection: Connection, licence: LicenceId, version: int) -> StoredVersion | None:
    """Return one version of a licence."""
    return _one(connection, (licences.c.id == licence) & (versions.c.version == version))


def by_idempotency_key(connection: Connection, key: str) -> StoredVersion | None:
    """Return the version that was issued under a key."""
    return _one(connection, versions.c.idempotency_key == key)


def by_verify_code(connection: Connection, code: str) -> StoredVersion | None:
    """Return the version that carries a code."""
    return _one(connection, versions.c.verify_code == code)


def by_pdf(connection: Connection, digest: bytes) -> StoredVersion | None:
    """Return the version whose PDF has these bytes."""
    return _one(connection, versions.c.pdf_sha256 == digest)


def by_identifier(connection: Connection, identifier: str) -> StoredVersion | None:
    """Return the version of an identifier (证照标识)."""
    return _one(connection, versions.c.identifier == identifier)


def by_status_index(connection: Connection, index: int) -> StoredVersion | None:
    """Return the version at a place of the status lists."""
    return _one(connection, versions.c.status_index == index)


def current_of_holder(connection: Connection, holder: PersonId) -> list[StoredVersion]:
    """Return the current versions of everything that a person holds, newest first."""
    mine = (licences.c.holder_id == holder) & (versions.c.version == licences.c.version)
    found = connection.execute(_joined().where(mine).order_by(versions.c.issued_at.desc(), licences.c.serial.desc()))
    return [_stored(row) for row in found]


def ending(connection: Connection, *, first_on: date, last_on: date) -> list[StoredVersion]:
    """Return current versions of licences in force that end between two days."""
    is_current = (versions.c.version == licences.c.version) & licences.c.revoked_at.is_(None)
    ends = versions.c.valid_until.between(first_on, last_on)
    return [_stored(row) for row in connection.execute(_joined().where(is_current & ends))]


def current_of_case(connection: Connection, case: CaseId) -> list[StoredVersion]:
    """Return the current versions of what a case issued, newest first."""
    its = (licences.c.case_id == case) & (versions.c.version == licences.c.version)
    found = connection.execute(_joined().where(its).order_by(versions.c.issued_at.desc(), licences.c.serial.desc()))
    return [_stored(row) for row in found]


def _one(connection: Connection, where: ColumnElement[bool]) -> StoredVersion | None:
    row = connection.execute(_joined().where(where)).one_or_none()
    return None if row is None else _stored(row)


def _joined() -> Select[tuple[object, ...]]:
    columns = [column for column in licences.c if column.name not in {"version", "idempotency_key", "revocation"}]
    return select(*columns, licences.c.version.label("current"), versions).join_from(licences, versions)


def _stored(row: Row[tuple[object, ...]]) -> StoredVersion:
    return StoredVersion(
        licence=LicenceId(row.licence_id),
        kind=row.kind,
        issuer_code=row.issuer_code,
        issuer_name=row.issuer_name,
        serial=row.serial,
        holder=PersonId(row.holder_id),
        key=KeyId(row.key_id),
        case=CaseId(row.case_id),
        case_number=row.case_number,
        current=row.current,
        revoked_at=row.revoked_at,
        version=row.version,
        identifier=row.identifier,
        verify_code=row.verify_code,
        issued_on=row.issued_on,
        valid_until=row.valid_until,
        superseded_at=row.superseded_at,
        sealed=row.sealed,
        file=FileId(row.file_id),
        status_index=row.status_index,
        pdf_sha256=row.pdf_sha256,
    )
