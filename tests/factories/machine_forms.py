"""Stand in for the forms that programs read, and for the lists of what is no longer valid."""

from datetime import UTC, datetime
from pathlib import Path

from gov_portal.licences import readable
from gov_portal.licences.claims import type_url
from gov_portal.licences.domain import LicenceStatus, Verification
from gov_portal.licences.kinds import KindBook
from gov_portal.licences.listing import StatusListUnknown

BASE = "http://localhost"
ROOT = Path(__file__).with_name("seal-root.pem")


class InMemoryMachineForms:
    """Know the kinds, and one licence of each."""

    kinds = KindBook.default()

    def plain(self, licence, *, by):
        kind = self.kinds.kind("disability-card")
        return {
            "type": type_url(BASE, kind.id),
            "licence": {
                "name": kind.name,
                "identifier": "1.2.156.3005.2.11100000000000000X001.G1",
                "number": "G1",
                "issuer": "样例市东样区残疾人联合会",
                "issued_on": "2026-03-20",
                "valid_until": None,
                "version": 1,
                "status": "valid",
                "verify_code": "valid",
            },
            "values": {entry.name: "x" for entry in readable.entries(kind)},
        }

    def sd_jwt(self, licence, *, disclose, by):
        return "~".join(["signed", *disclose, ""])

    def verify(self, text):
        return Verification(status=LicenceStatus.UNKNOWN)

    def entries(self, kind):
        return readable.entries(self.kinds.kind(kind))

    def all_entries(self):
        return self.entries("disability-card")

    def schema(self, kind):
        return readable.json_schema(self.kinds.kind(kind), type_url=type_url(BASE, kind))

    def type_metadata(self, kind):
        return readable.type_metadata(self.kinds.kind(kind), type_url=type_url(BASE, kind))

    def issuer_metadata(self):
        return {"issuer": BASE, "jwks": {"keys": []}}

    def root_pem(self):
        return ROOT.read_bytes()


class InMemoryStatusLists:
    """Hold one list."""

    built_at = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)

    def token(self, number):
        if number:
            raise StatusListUnknown
        return "header.claims.signature", self.built_at

    def newest(self):
        return 0
