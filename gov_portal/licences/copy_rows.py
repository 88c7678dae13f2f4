"""Read and write the rows of annotated copies; the service decides, this only moves rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, Row, func, select, update
from sqlalchemy.dialects.postgresql import insert

from gov_portal.kernel.db import UnitOfWork
from gov_portal.kernel.ids import CopyId, FileId, LicenceId
from gov_portal.kernel.working_days import local_date
from gov_portal.licences.domain import CopyStatus
from gov_portal.licences.models import copies


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredCopy:
    """Hold one copy; ``sealed`` is ciphertext, ``file`` is gone some time after its end."""

    copy: CopyId
    licence: LicenceId
    version: int
    verify_code: str
    made_on: date
    valid_until: date
    withdrawn_at: datetime | None
    sealed: bytes
    file: FileId | None

    def status_on(self, today: date) -> CopyStatus:
        """Return how it stands with the copy itself."""
        if self.withdrawn_at is not None:
            return CopyStatus.WITHDRAWN
        return CopyStatus.EXPIRED if self.valid_until < today else CopyStatus.VALID

    @property
    def withdrawn_on(self) -> date | None:
        """Return the day on which it was withdrawn."""
        return local_date(self.withdrawn_at) if self.withdrawn_at else None

    def ended_on(self, today: date) -> date | None:
        """Return the day on which it ceased to be valid, if it did."""
        return self.withdrawn_on or (self.valid_until if self.valid_until < today else None)


def add(uow: UnitOfWork, row: Mapping[str, object]) -> None:
    """Write a copy."""
    uow.connection.execute(insert(copies).values(row))


def mark_withdrawn(uow: UnitOfWork, copy: CopyId, *, at: datetime) -> None:
    """End a copy; its file is gone."""
    uow.connection.execute(update(copies).where(copies.c.id == copy).values(withdrawn_at=at, file_id=None))


def drop_file(uow: UnitOfWork, copy: CopyId) -> None:
    """Remember that the file of a copy is gone."""
    uow.connection.execute(update(copies).where(copies.c.id == copy).values(file_id=None))


def by_id(connection: Connection, copy: CopyId) -> StoredCopy | None:
    """Return one copy."""
    return _one(connection, copies.c.id == copy)


def by_key(connection: Connection, key: str) -> StoredCopy | None:
    """Return the copy that was made under a key."""
    return _one(connection, copies.c.idempotency_key == key)


def by_verify_code(connection: Connection, code: str) -> StoredCopy | None:
    """Return the copy that carries a code."""
    return _one(connection, copies.c.verify_code == code)


def by_pdf(connection: Connection, digest: bytes) -> StoredCopy | None:
    """Return the copy whose PDF has these bytes."""
    return _one(connection, copies.c.pdf_sha256 == digest)


def of_licence(connection: Connection, licence: LicenceId) -> list[StoredCopy]:
    """Return the copies of a licence, newest first."""
    asked = select(copies).where(copies.c.licence_id == licence).order_by(copies.c.made_at.desc(), copies.c.id)
    return [_stored(row) for row in connection.execute(asked)]


def count_in_force(connection: Connection, licence: LicenceId, *, today: date) -> int:
    """Return how many copies of a licence are in force."""
    in_force = copies.c.withdrawn_at.is_(None) & (copies.c.valid_until >= today)
    asked = select(func.count()).select_from(copies).where((copies.c.licence_id == licence) & in_force)
    return int(connection.execute(asked).scalar_one())


def ended_with_file(connection: Connection, *, before: date, limit: int) -> list[StoredCopy]:
    """Return copies whose last day lies before a day, and whose file is still there."""
    old = (copies.c.valid_until < before) & copies.c.file_id.is_not(None)
    return [_stored(row) for row in connection.execute(select(copies).where(old).limit(limit))]


def _one(connection: Connection, where: ColumnElement[bool]) -> StoredCopy | None:
    row = connection.execute(select(copies).where(where)).one_or_none()
    return None if row is None else _stored(row)


def _stored(row: Row[tuple[object, ...]]) -> StoredCopy:
    return StoredCopy(
        copy=CopyId(row.id),
        licence=LicenceId(row.licence_id),
        version=row.version,
        verify_code=row.verify_code,
        made_on=row.made_on,
        valid_until=row.valid_until,
        withdrawn_at=row.withdrawn_at,
        sealed=row.sealed,
        file=None if row.file_id is None else FileId(row.file_id),
    )
