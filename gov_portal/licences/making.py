"""Make one version of a licence: check its values, set its card, seal and store both."""

import json
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from gov_portal.kernel.cipher import KeyStore
from gov_portal.kernel.codes import licence_id
from gov_portal.kernel.codes.licence_id import LicenceIdentifier
from gov_portal.kernel.db import Database, UnitOfWork
from gov_portal.kernel.files import FileStore, StoredFile
from gov_portal.kernel.ids import FileId, KeyId, LicenceId
from gov_portal.kernel.types import Value
from gov_portal.kernel.working_days import local_date
from gov_portal.licences import readable, storage
from gov_portal.licences.annotated import CopyTerms
from gov_portal.licences.card import Values, check_values, facts, last_day, photo_field, photo_of, validity
from gov_portal.licences.claims import Statement, copy_claims, open_claims
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
class Face:
    """Hold what every print of a version shows beside its values; ``validity`` as the card prints it."""

    identifier: LicenceIdentifier
    issuer_name: str
    validity: str


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
        return local_date(self.at)

    @property
    def valid_until(self) -> date | None:
        """Return the last day of validity."""
        return last_day(self.issued_on, self.content.kind.valid_years)

    @property
    def face(self) -> Face:
        """Return what the card shows beside the values."""
        printed = validity(self.issued_on, self.valid_until)
        return Face(identifier=self.identifier, issuer_name=self.issuer_name, validity=printed)

    def statement(self, status_index: int) -> Statement:
        """Return what every form of the version says openly."""
        return Statement(
            kind=self.content.kind.id,
            name=self.content.kind.name,
            identifier=str(self.identifier),
            number=self.identifier.serial,
            issuer=self.issuer_name,
            issued_on=self.issued_on,
            valid_until=self.valid_until,
            status_index=status_index,
        )


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
        return self._illustrated(kind, check_values(kind, given))

    def _illustrated(self, kind: LicenceKind, values: Values) -> Content:
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
        code, status_index = new_code(), storage.next_status_index(uow)
        card = self._outside.cards.make(self._sheet(making.content, making.face, code=code), at=making.at)
        claims = open_claims(making.statement(status_index), base_url=self._outside.base_url)
        pdf = self._outside.seals.seal(card, authority=making.issuer_name, claims=claims)
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
            "status_index": status_index,
            "idempotency_key": making.idempotency_key,
        }
        storage.add_version(uow, row)
        added = storage.by_version(uow.connection, making.licence, making.identifier.version)
        assert added is not None  # noqa: S101 - it was written a line ago
        return added, file

    def reprint(self, stored: StoredVersion, *, code: str, terms: CopyTerms, at: datetime) -> bytes:
        """Set the card of a version anew, with a code of its own and its terms across the page, and seal it.

        Raises:
            KeyShredded: the holder's data were made unreadable.
        """
        kind, opened = self._outside.kinds.kind(stored.kind), self.open(stored)
        values = {field.name: field.type.load(opened[field.name]) for field in kind.fields}
        face = Face(
            identifier=licence_id.parse(stored.identifier),
            issuer_name=stored.issuer_name,
            validity=validity(stored.issued_on, stored.valid_until),
        )
        sheet = replace(self._sheet(self._illustrated(kind, values), face, code=code), marking=terms.marking)
        claims = copy_claims(
            stored.statement(name=kind.name),
            made_on=local_date(at),
            valid_until=terms.valid_until,
            base_url=self._outside.base_url,
        )
        return self._outside.seals.seal(
            self._outside.cards.make(sheet, at=at), authority=stored.issuer_name, claims=claims
        )

    def open(self, stored: StoredVersion) -> dict[str, object]:
        """Return the values of a version in storage form.

        Raises:
            KeyShredded: the holder's data were made unreadable.
        """
        context = _context(stored.licence, stored.version)
        opened: dict[str, object] = json.loads(self._keys.open(stored.key, stored.sealed, context=context))
        return opened

    def values(self, stored: StoredVersion) -> dict[str, object]:
        """Return what a version says as programs read it, the picture included.

        Raises:
            KeyShredded: the holder's data were made unreadable.
        """
        kind, opened = self._outside.kinds.kind(stored.kind), self.open(stored)
        picture = photo_field(kind)
        file = opened[picture.name] if picture else None
        return readable.values(kind, opened, photo=self._portrait(str(file)) if file else None)

    def _portrait(self, file: str) -> bytes:
        with self._db.read() as connection:
            content = self._files.get(connection, FileId(UUID(file)))[1]
        return self._outside.cards.portrait(content)

    def _seal(self, making: Making) -> bytes:
        values = {
            field.name: field.type.dump(making.content.values[field.name]) for field in making.content.kind.fields
        }
        context = _context(making.licence, making.identifier.version)
        return self._keys.seal(making.key, json.dumps(values).encode(), context=context)

    def _sheet(self, content: Content, face: Face, *, code: str) -> CardSheet:
        return CardSheet(
            title=content.kind.name,
            number=face.identifier.serial,
            identifier=str(face.identifier),
            authority=face.issuer_name,
            facts=facts(content.kind, content.values, issuer=face.issuer_name, validity=face.validity),
            photo=content.photo,
            verify_code=show_code(code),
            verify_url=f"{self._outside.base_url}/verify/{code}",
        )


def _context(licence: LicenceId, version: int) -> bytes:
    return f"licence:{licence}:{version}".encode()
