"""Make one version of a licence: check its values, set its card, seal and store both."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from gov_portal.kernel.cipher import KeyStore
from gov_portal.kernel.codes.licence_id import LicenceIdentifier
from gov_portal.kernel.db import Database, UnitOfWork
from gov_portal.kernel.files import FileStore, StoredFile
from gov_portal.kernel.ids import FileId, KeyId, LicenceId
from gov_portal.kernel.types import Value
from gov_portal.kernel.working_days import SHANGHAI
from gov_portal.licences import storage
from gov_portal.licences.card import Values, check_values, facts, last_day, photo_of, validity
from gov_portal.licences.domain import CardSheet, LicenceKind, LicenceValuesInvalid
from gov_portal.licences.ports import Outside
from gov_portal.licences.storage import StoredVersion
from gov_portal.licences.verify_codes import new_code, show_code


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """Hold what a version says: checked values and the holder's picture."""

    kind: LicenceKind
    values: Values
    photo: bytes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Making:
    """Hold what one new version is made of."""

    licence: LicenceId
    issuer_name: str
    key: KeyId
    identifier: LicenceIdentifier
    content: Content
    idempotency_key: str
    at: datetime

    @property
    def issued_on(self) -> date:
        """Return the day of issue in Shanghai."""
        return self.at.astimezone(SHANGHAI).date()

    @property
    def valid_until(self) -> date | None:
        """Return the last day of validity."""
        return last_day(self.issued_on, self.content.kind.valid_years)


class Press:
    """Check contents, set cards, and write versions in the caller's transaction."""

    def __init__(self, db: Database, *, keys: KeyStore, files: FileStore, outside: Outside) -> None:
        """Keep what is needed."""
        self._db = db
        self._keys = keys
        self._files = files
        self._outside = outside

    def check(self, kind: LicenceKind, given: tuple[Value, ...]) -> Content:
        """Return the content of a version.

        Raises:
            LicenceValuesInvalid: the values do not fit the kind, or the picture is none.
            NotFound: there is no such picture.
        """
        values = check_values(kind, given)
        name, file = photo_of(kind, values)
        if file is None:
            return Content(kind=kind, values=values, photo=None)
        with self._db.read() as connection:
            stored, photo = self._files.get(connection, FileId(UUID(file)))
        if not stored.media_type.startswith("image/"):
            raise LicenceValuesInvalid(field=name)
        return Content(kind=kind, values=values, photo=photo)

    def write(self, uow: UnitOfWork, making: Making) -> tuple[StoredVersion, StoredFile]:
        """Set the card, seal it, store it and write the version; return it with its file."""
        code = new_code()
        card = self._outside.cards.make(self._sheet(making, code=code), at=making.at)
        pdf = self._outside.seals.seal(card, authority=making.issuer_name)
        owner = f"licence:{making.licence}"
        file = self._files.put(uow, pdf, claimed_type="application/pdf", key=making.key, owner=owner)
        row = {
            "licence_id": making.licence,
            "version": making.identifier.version,
            "identifier": str(making.identifier),
            "verify_code": code,
            "issued_at": making.at,
            "issued_on": making.issued_on,
            "valid_until": making.valid_until,
            "sealed": self._seal(making),
            "file_id": file.id,
            "pdf_sha256": file.sha256,
            "status_index": storage.next_status_index(uow),
            "idempotency_key": making.idempotency_key,
        }
        storage.add_version(uow, row)
        added = storage.by_version(uow.connection, making.licence, making.identifier.version)
        assert added is not None  # noqa: S101 - it was written a line ago
        return added, file

    def open(self, stored: StoredVersion) -> dict[str, object]:
        """Return the values of a version in storage form.

        Raises:
            KeyShredded: the holder's data were made unreadable.
        """
        context = _context(stored.licence, stored.version)
        opened: dict[str, object] = json.loads(self._keys.open(stored.key, stored.sealed, context=context))
        return opened

    def _seal(self, making: Making) -> bytes:
        values = {
            field.name: field.type.dump(making.content.values[field.name]) for field in making.content.kind.fields
        }
        context = _context(making.licence, making.identifier.version)
        return self._keys.seal(making.key, json.dumps(values).encode(), context=context)

    def _sheet(self, making: Making, *, code: str) -> CardSheet:
        content = making.content
        printed = validity(making.issued_on, making.valid_until)
        return CardSheet(
            title=content.kind.name,
            number=making.identifier.serial,
            identifier=str(making.identifier),
            authority=making.issuer_name,
            facts=facts(content.kind, content.values, issuer=making.issuer_name, validity=printed),
            photo=content.photo,
            verify_code=show_code(code),
            verify_url=f"{self._outside.base_url}/verify/{code}",
        )


def _context(licence: LicenceId, version: int) -> bytes:
    return f"licence:{licence}:{version}".encode()
