"""Hand out licences in the forms that programs read: plain JSON, and SD-JWT of which the holder discloses a part."""

from collections.abc import Collection

from gov_portal.kernel.db import Database
from gov_portal.kernel.ids import LicenceId
from gov_portal.kernel.principal import Principal
from gov_portal.licences import readable, storage
from gov_portal.licences.claims import open_claims, type_url
from gov_portal.licences.domain import (
    DisclosureUnknown,
    LicenceEnded,
    LicenceNotFound,
    LicenceStatus,
    LicenceView,
    Verification,
)
from gov_portal.licences.listing import AUTHORITY
from gov_portal.licences.making import Press
from gov_portal.licences.ports import Outside, Tokens
from gov_portal.licences.readable import Entry
from gov_portal.licences.sd_jwt import ALGORITHM, SdJwtInvalid, conceal, join, reveal, split
from gov_portal.licences.services import LicenceService
from gov_portal.licences.storage import StoredVersion

MEDIA_TYPE = "application/dc+sd-jwt"
_TYP = "dc+sd-jwt"
_UNKNOWN = Verification(status=LicenceStatus.UNKNOWN)


class MachineForms:
    """Make the forms anew whenever they are asked for; nothing of them is kept."""

    def __init__(
        self, db: Database, *, licences: LicenceService, press: Press, outside: Outside, tokens: Tokens
    ) -> None:
        """Keep what is needed; ``licences`` says who may see what, and how it stands with it."""
        self._db = db
        self._licences = licences
        self._press = press
        self._outside = outside
        self._tokens = tokens

    def plain(self, licence: LicenceId, *, by: Principal) -> dict[str, object]:
        """Return the current version as JSON; whether it is genuine, only we can say of it.

        Raises:
            LicenceNotFound: there is none, or it is not the concern of ``by``.
            KeyShredded: the holder's data were made unreadable.
        """
        view, stored = self._current(licence, by=by)
        statement = self._open(view, stored)
        known = {"version": view.version, "status": str(view.status), "verify_code": view.verify_code}
        return {
            "type": statement["vct"],
            "licence": {**_mapping(statement["licence"]), **known},
            "values": self._press.values(stored),
        }

    def sd_jwt(self, licence: LicenceId, *, disclose: Collection[str], by: Principal) -> str:
        """Return the current version as SD-JWT that discloses the named entries and no others.

        Every one has salts of its own, so that two of them show no more in common than what they disclose and state.

        Raises:
            LicenceNotFound, KeyShredded: as for ``plain``.
            LicenceEnded: it is no longer valid.
            DisclosureUnknown: there is no such entry.
        """
        view, stored = self._current(licence, by=by)
        if view.status is not LicenceStatus.VALID:
            raise LicenceEnded(licence=str(licence))
        if set(disclose) - {entry.name for entry in self.entries(view.kind)}:
            raise DisclosureUnknown(field="disclose")
        concealed, disclosures = conceal(self._press.values(stored))
        claims = {**self._open(view, stored), "values": concealed, "_sd_alg": ALGORITHM}
        signed = self._tokens.sign(claims, typ=_TYP, authority=view.issuer)
        return join(signed, [disclosure for name, disclosure in disclosures.items() if name in disclose])

    def verify(self, text: str) -> Verification:
        """Tell the public how it stands with an SD-JWT that anyone may have made; nothing of it is kept."""
        try:
            signed, disclosures = split(text.strip())
        except SdJwtInvalid:
            return _UNKNOWN
        said = self._tokens.read(signed, typ=_TYP)
        if not said.authority:
            return _UNKNOWN
        altered = Verification(status=LicenceStatus.ALTERED, issuer=said.authority)
        try:
            claims = reveal(said.claims, disclosures)
        except SdJwtInvalid:
            return altered
        if not said.is_whole:
            return altered
        stored = self._stored(claims.get("licence"))
        if stored is None or stored.issuer_name != said.authority:
            return _UNKNOWN
        return self._licences.verify(stored.verify_code)

    def entries(self, kind: str) -> tuple[Entry, ...]:
        """Return what a holder may disclose of licences of a kind.

        Raises:
            LicenceKindUnknown: there is no such kind.
        """
        return readable.entries(self._outside.kinds.kind(kind))

    def all_entries(self) -> tuple[Entry, ...]:
        """Return what a holder may disclose of any licence."""
        return tuple(entry for kind in self._outside.kinds.kinds for entry in self.entries(kind))

    def schema(self, kind: str) -> dict[str, object]:
        """Return the JSON Schema of the plain form.

        Raises:
            LicenceKindUnknown: there is no such kind.
        """
        return readable.json_schema(self._outside.kinds.kind(kind), type_url=self._type_url(kind))

    def type_metadata(self, kind: str) -> dict[str, object]:
        """Return what the address of a kind says of it.

        Raises:
            LicenceKindUnknown: there is no such kind.
        """
        return readable.type_metadata(self._outside.kinds.kind(kind), type_url=self._type_url(kind))

    def issuer_metadata(self) -> dict[str, object]:
        """Return who we are and the keys of those who sign here, for programs that cannot follow certificates.

        Source: draft-ietf-oauth-sd-jwt-vc, section "JWT VC Issuer Metadata".
        """
        authorities = sorted({issuer.name for issuer in self._outside.kinds.issuers} | {AUTHORITY})
        return {"issuer": self._outside.base_url, "jwks": {"keys": self._tokens.keys(authorities)}}

    def root_pem(self) -> bytes:
        """Return the root certificate that seals and tokens lead to."""
        return self._tokens.root_pem()

    def _current(self, licence: LicenceId, *, by: Principal) -> tuple[LicenceView, StoredVersion]:
        view = self._licences.view(licence, by=by)
        with self._db.read() as connection:
            stored = storage.by_version(connection, licence, view.version)
        if stored is None:
            raise LicenceNotFound
        return view, stored

    def _stored(self, stated: object) -> StoredVersion | None:
        identifier = stated.get("identifier") if isinstance(stated, dict) else None
        with self._db.read() as connection:
            return storage.by_identifier(connection, str(identifier))

    def _open(self, view: LicenceView, stored: StoredVersion) -> dict[str, object]:
        return open_claims(stored.statement(name=view.name), base_url=self._outside.base_url)

    def _type_url(self, kind: str) -> str:
        return type_url(self._outside.base_url, kind)


def _mapping(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}
