"""Tell the public what a code or a file stands for: a licence, or an annotated copy of one."""

from dataclasses import replace
from datetime import date
from hashlib import sha256

from gov_portal.kernel.cipher import KeyShredded, KeyStore
from gov_portal.kernel.clocks import Clock
from gov_portal.kernel.db import Database
from gov_portal.kernel.working_days import local_date
from gov_portal.licences import copy_rows, storage
from gov_portal.licences.copies import open_terms
from gov_portal.licences.copy_rows import StoredCopy
from gov_portal.licences.domain import CopyFacts, CopyStatus, LicenceStatus, Verification
from gov_portal.licences.making import Press
from gov_portal.licences.ports import Outside
from gov_portal.licences.storage import StoredVersion
from gov_portal.licences.verify_codes import read_code

_SEAL_SAYS = {"whole": LicenceStatus.SEALED, "altered": LicenceStatus.ALTERED}
_COPY_SAYS = {CopyStatus.EXPIRED: LicenceStatus.EXPIRED, CopyStatus.WITHDRAWN: LicenceStatus.WITHDRAWN}
_UNKNOWN = Verification(status=LicenceStatus.UNKNOWN)


class Verifier:
    """Look codes and files up; writes nothing."""

    def __init__(self, db: Database, *, keys: KeyStore, press: Press, clock: Clock, outside: Outside) -> None:
        """Keep what is needed; ``clock`` is that of business time."""
        self._db = db
        self._keys = keys
        self._press = press
        self._clock = clock
        self._outside = outside

    def by_code(self, typed: str) -> Verification:
        """Tell what a code stands for; a code that nobody issued and one badly typed look the same."""
        code = read_code(typed)
        if code is None:
            return _UNKNOWN
        with self._db.read() as connection:
            stored = storage.by_verify_code(connection, code)
            copy = None if stored else copy_rows.by_verify_code(connection, code)
        return self._found(stored, copy) or _UNKNOWN

    def by_file(self, pdf: bytes) -> Verification:
        """Tell what a file is that anyone may have made; nothing of it is kept."""
        digest = sha256(pdf).digest()
        with self._db.read() as connection:
            stored = storage.by_pdf(connection, digest)
            copy = None if stored else copy_rows.by_pdf(connection, digest)
        found, mark = self._found(stored, copy), self._outside.seal_marks.inspect(pdf)
        if found is None:
            found = Verification(status=_SEAL_SAYS.get(mark.state, LicenceStatus.UNKNOWN), issuer=mark.authority)
        return replace(found, stamped_at=mark.stamped_at)

    def _found(self, stored: StoredVersion | None, copy: StoredCopy | None) -> Verification | None:
        if copy is None:
            return self._of_version(stored) if stored is not None else None
        with self._db.read() as connection:
            copied = storage.by_version(connection, copy.licence, copy.version)
        return self._of_version(copied, copy=copy) if copied is not None else None

    def _of_version(self, stored: StoredVersion, *, copy: StoredCopy | None = None) -> Verification:
        today = self._today()
        facts = self._facts(stored, copy, today=today) if copy is not None else None
        is_licence_over = stored.status_on(today) is not LicenceStatus.VALID
        ended_on = stored.ended_on(today) if is_licence_over or copy is None else copy.ended_on(today)
        return Verification(
            status=_verdict(stored.status_on(today), facts),
            name=self._outside.kinds.kind(stored.kind).name,
            issuer=stored.issuer_name,
            identifier=stored.identifier,
            holder_masked=self._masked_holder(stored),
            issued_on=stored.issued_on,
            valid_until=stored.valid_until,
            ended_on=ended_on,
            copy=facts,
        )

    def _facts(self, stored: StoredVersion, copy: StoredCopy, *, today: date) -> CopyFacts:
        try:
            terms = open_terms(self._keys, stored.key, copy)
            purpose, recipient = terms.purpose, terms.recipient
        except KeyShredded:
            purpose, recipient = "", ""
        return CopyFacts(
            purpose=purpose,
            recipient=recipient,
            made_on=copy.made_on,
            valid_until=copy.valid_until,
            status=copy.status_on(today),
            licence_status=stored.status_on(today),
        )

    def _masked_holder(self, stored: StoredVersion) -> str:
        """Return the holder's name such as 张*, or nothing where the key was shredded."""
        kind = self._outside.kinds.kind(stored.kind)
        holder = next(field for field in kind.fields if field.name == kind.holder)
        try:
            return holder.type.mask(holder.type.load(self._press.open(stored)[kind.holder]))
        except KeyShredded:
            return ""

    def _today(self) -> date:
        return local_date(self._clock.now())


def _verdict(licence: LicenceStatus, copy: CopyFacts | None) -> LicenceStatus:
    """Return what to rely on: a copy is worth no more than its licence, and no more than itself."""
    if copy is None or licence is not LicenceStatus.VALID:
        return licence
    return _COPY_SAYS.get(copy.status, licence)
