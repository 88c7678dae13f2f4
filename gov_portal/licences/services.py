"""Issue, supersede, revoke, show and verify electronic licences (电子证照)."""

from datetime import date, datetime
from uuid import UUID, uuid4

from gov_portal.kernel import outbox
from gov_portal.kernel.cipher import KeyStore
from gov_portal.kernel.clocks import Clock
from gov_portal.kernel.codes import licence_id
from gov_portal.kernel.db import Database, UnitOfWork
from gov_portal.kernel.files import FileStore
from gov_portal.kernel.ids import CaseId, LicenceId, PersonId
from gov_portal.kernel.outbox import OutboxMessage
from gov_portal.kernel.principal import Citizen, Platform, Principal
from gov_portal.kernel.types import Value
from gov_portal.kernel.working_days import local_date
from gov_portal.licences import storage
from gov_portal.licences.domain import (
    IssueOrder,
    Issuer,
    LicenceNotFound,
    LicenceRevoked,
    LicenceStatus,
    LicenceView,
    Registration,
    Verification,
)
from gov_portal.licences.making import Content, Making, Press
from gov_portal.licences.ports import Outside
from gov_portal.licences.recording import record
from gov_portal.licences.sight import visible
from gov_portal.licences.storage import StoredVersion
from gov_portal.licences.verify_codes import show_code
from gov_portal.licences.verifying import Verifier

PUSH_TOPIC = "licence.push"


class LicenceService:
    """Be the one place that makes and ends licences; every act is a row of the ledger."""

    def __init__(self, db: Database, *, keys: KeyStore, files: FileStore, clock: Clock, outside: Outside) -> None:
        """Keep what is needed; ``clock`` is that of business time."""
        self._db = db
        self._keys = keys
        self._files = files
        self._clock = clock
        self._outside = outside
        self._press = Press(db, keys=keys, files=files, outside=outside)
        self._verifier = Verifier(db, keys=keys, press=self._press, clock=clock, outside=outside)

    def issue(self, order: IssueOrder, *, by: Principal | None = None) -> LicenceView:
        """Issue a licence; the same idempotency key gives the same licence again.

        Raises:
            LicenceKindUnknown, IssuerUnknown: the platform does not issue that.
            LicenceValuesInvalid: the values do not fit the kind.
        """
        with self._db.read() as connection:
            earlier = storage.by_idempotency_key(connection, order.idempotency_key)
        if earlier is not None:
            return self._view(earlier)
        issuer = self._outside.kinds.issuer(order.seal, order.region)
        content = self._press.check(self._outside.kinds.kind(order.kind), order.given)
        with self._db.begin() as uow:
            making = self._begin(uow, order, issuer=issuer, content=content)
            if making is not None:
                self._write(uow, making, by=by or Platform())
        with self._db.read() as connection:
            return self._view(_found(storage.by_idempotency_key(connection, order.idempotency_key)))

    def supersede(
        self, licence: LicenceId, given: tuple[Value, ...], *, idempotency_key: str, by: Principal
    ) -> LicenceView:
        """Issue the next version of a licence (换证); the version before stays verifiable as superseded.

        Raises:
            LicenceNotFound: there is no such licence.
            LicenceRevoked: it was revoked.
            LicenceValuesInvalid: the values do not fit the kind.
        """
        with self._db.read() as connection:
            kind = self._outside.kinds.kind(_found(storage.current(connection, licence)).kind)
        content = self._press.check(kind, given)
        with self._db.begin() as uow:
            latest = _found(storage.lock_current(uow, licence))
            if storage.by_idempotency_key(uow.connection, idempotency_key) is None:
                if latest.revoked_at is not None:
                    raise LicenceRevoked(licence=str(licence))
                making = self._succeed(latest, content, idempotency_key=idempotency_key)
                storage.mark_superseded(uow, latest, at=making.at)
                self._record(uow, latest, "superseded", at=making.at, by=by)
                self._write(uow, making, by=by)
            return self._view(_found(storage.by_idempotency_key(uow.connection, idempotency_key)))

    def revoke(self, licence: LicenceId, *, reason: str, idempotency_key: str, by: Principal | None = None) -> None:
        """Revoke a licence (注销, 撤销); quietly does nothing when it is revoked already.

        Raises:
            LicenceNotFound: there is no such licence.
        """
        with self._db.begin() as uow:
            latest = _found(storage.lock_current(uow, licence))
            if latest.revoked_at is not None:
                return
            now = self._clock.now()
            sealed = self._keys.seal(latest.key, reason.encode(), context=f"licence:{licence}:revocation".encode())
            storage.mark_revoked(uow, licence, at=now, revocation=sealed)
            self._record(uow, latest, "revoked", at=now, by=by or Platform(), cause=idempotency_key)
            self._ask_for_push(uow, latest, act="revoked")

    def verify(self, typed: str) -> Verification:
        """Tell the public what a code stands for; a code that nobody issued and one badly typed look the same."""
        return self._verifier.by_code(typed)

    def verify_file(self, pdf: bytes) -> Verification:
        """Tell the public what a file is that anyone may have made; nothing of it is kept."""
        return self._verifier.by_file(pdf)

    def view(self, licence: LicenceId, *, by: Principal) -> LicenceView:
        """Return the current version.

        Raises:
            LicenceNotFound: there is none, or it is not the concern of ``by``.
        """
        with self._db.read() as connection:
            return self._view(visible(storage.current(connection, licence), by))

    def mine(self, by: Citizen) -> list[LicenceView]:
        """Return the current version of everything that the person, or the ward acted for, holds; newest first."""
        with self._db.read() as connection:
            return [self._view(stored) for stored in storage.current_of_holder(connection, by.subject)]

    def held(self, holder: PersonId, *, kind: str) -> list[tuple[LicenceView, dict[str, object]]]:
        """Return the current version of what a person holds of one kind, with what it says; for services, no front."""
        with self._db.read() as connection:
            found = [one for one in storage.current_of_holder(connection, holder) if one.kind == kind]
        return [(self._view(stored), self._press.open(stored)) for stored in found]

    def of_case(self, case: CaseId) -> list[LicenceView]:
        """Return what a case issued, newest first; who may see the case is its own service's question."""
        with self._db.read() as connection:
            return [self._view(stored) for stored in storage.current_of_case(connection, case)]

    def case_of(self, licence: LicenceId) -> CaseId | None:
        """Return the case that issued a licence; for services that tell units what happens, never for a front."""
        with self._db.read() as connection:
            stored = storage.current(connection, licence)
        return None if stored is None else stored.case

    def ending(self, *, first_on: date, last_on: date) -> list[LicenceView]:
        """Return what ends between two days and has not ended otherwise; for reminders."""
        with self._db.read() as connection:
            found = storage.ending(connection, first_on=first_on, last_on=last_on)
            return [self._view(stored) for stored in found]

    def pdf(self, licence: LicenceId, *, by: Principal, version: int | None = None) -> bytes:
        """Return the PDF of the current or of an earlier version.

        Raises:
            LicenceNotFound: there is none, or it is not the concern of ``by``.
            KeyShredded: the holder's data were made unreadable.
        """
        with self._db.read() as connection:
            if version is None:
                stored = storage.current(connection, licence)
            else:
                stored = storage.by_version(connection, licence, version)
            return self._files.get(connection, visible(stored, by).file)[1]

    def deliver(self, message: OutboxMessage) -> None:
        """Tell the register what a licence says now and finish the message; safe to run twice.

        The present state is sent, not that of the act, so that late or swapped messages end in the truth.

        Raises:
            RegisterUnavailable: worth trying again.
        """
        licence = LicenceId(UUID(str(message.payload["licence"])))
        with self._db.read() as connection:
            latest = _found(storage.current(connection, licence))
        registration = self._registration(latest, idempotency_key=message.key)
        if registration is not None:
            self._outside.registers.push(registration)
        with self._db.begin() as uow:
            if registration is not None:
                self._record(uow, latest, "registered", at=self._clock.now(), by=Platform(), cause=message.key)
            outbox.finish(uow, message)

    def _begin(self, uow: UnitOfWork, order: IssueOrder, *, issuer: Issuer, content: Content) -> Making | None:
        """Write the licence's own row; ``None`` where another transaction has done so under the same key."""
        at = self._clock.now()
        serial = storage.next_serial(uow, year=local_date(at).year)
        making = Making(
            licence=LicenceId(uuid4()),
            issuer_name=issuer.name,
            key=order.key,
            identifier=licence_id.build(content.kind.type_code, issuer.code, serial=serial),
            content=content,
            idempotency_key=order.idempotency_key,
            at=at,
        )
        row = {
            "id": making.licence,
            "kind": content.kind.id,
            "issuer_code": issuer.code,
            "issuer_name": issuer.name,
            "serial": serial,
            "holder_id": order.holder,
            "key_id": order.key,
            "case_id": order.case,
            "case_number": order.case_number,
            "idempotency_key": order.idempotency_key,
            "version": 1,
        }
        return making if storage.add_licence(uow, row) else None

    def _succeed(self, latest: StoredVersion, content: Content, *, idempotency_key: str) -> Making:
        """Return the making of the version behind ``latest``."""
        return Making(
            licence=latest.licence,
            issuer_name=latest.issuer_name,
            key=latest.key,
            identifier=licence_id.parse(latest.identifier).next_version(),
            content=content,
            idempotency_key=idempotency_key,
            at=self._clock.now(),
        )

    def _write(self, uow: UnitOfWork, making: Making, *, by: Principal) -> None:
        """Write a version, its row of the ledger and the message to the register."""
        added, file = self._press.write(uow, making)
        self._record(uow, added, "issued", at=making.at, by=by, cause=making.idempotency_key, pdf=file.sha256.hex())
        self._ask_for_push(uow, added, act="issued")

    def _record(
        self, uow: UnitOfWork, stored: StoredVersion, act: str, *, at: datetime, by: Principal, **more: str
    ) -> None:
        record(uow, stored, act, at=at, by=by, case=stored.case_number, **more)

    def _ask_for_push(self, uow: UnitOfWork, stored: StoredVersion, *, act: str) -> None:
        if self._outside.kinds.kind(stored.kind).register is not None:
            key = f"licence:{stored.licence}:{act}:{stored.version}"
            outbox.add(uow, OutboxMessage(PUSH_TOPIC, key, {"licence": str(stored.licence)}))

    def _registration(self, stored: StoredVersion, *, idempotency_key: str) -> Registration | None:
        kind = self._outside.kinds.kind(stored.kind)
        if kind.register is None:
            return None
        values = self._press.open(stored)
        id_field = next(field.name for field in kind.fields if field.type.name == "cn_id")
        return Registration(
            resource=kind.register,
            case=stored.case,
            case_number=stored.case_number,
            subject=str(values[id_field]),
            licence=stored.identifier,
            status=LicenceStatus.REVOKED if stored.revoked_at else LicenceStatus.VALID,
            values={name: values[of] for name, of in kind.registered.items()},
            idempotency_key=idempotency_key,
        )

    def _view(self, stored: StoredVersion) -> LicenceView:
        return LicenceView(
            licence=stored.licence,
            kind=stored.kind,
            name=self._outside.kinds.kind(stored.kind).name,
            identifier=stored.identifier,
            number=stored.serial,
            version=stored.version,
            status=stored.status_on(self._today()),
            issuer=stored.issuer_name,
            issued_on=stored.issued_on,
            valid_until=stored.valid_until,
            verify_code=show_code(stored.verify_code),
            file=stored.file,
            holder=stored.holder,
        )

    def _today(self) -> date:
        return local_date(self._clock.now())


def _found(stored: StoredVersion | None) -> StoredVersion:
    if stored is None:
        raise LicenceNotFound
    return stored
