"""Seal PDF/A files as PAdES, and look at the seal of a file that somebody brings.

Source: ETSI EN 319 142-1 (PAdES baseline), ISO 32000-1 12.8.2.2 (DocMDP); in place of GB/T 38540—2020, which asks for
SM2 and SM3.
"""

import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

from asn1crypto import core as asn1_core  # type: ignore[import-untyped]
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.ades.api import CAdESSignedAttrSpec
from pyhanko.sign.attributes import CMSAttributeProvider
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner

from gov_portal.documents.attributes import CLAIMS_ATTRIBUTE
from gov_portal.documents.authority import SealAuthority
from gov_portal.documents.certificates import signer_of

if TYPE_CHECKING:
    from pyhanko.sign.timestamps import TimeStamper

FIELD = "Seal"
_CMS_BYTES = 12 * 1024
"""Room for the signature: signer, CA and root, and a time stamp."""


class Sealer:
    """Put the electronic seal (电子印章) of an authority under a file; keys are loaded once."""

    def __init__(self, authority: SealAuthority, *, time_stamper: "TimeStamper | None" = None) -> None:
        """Seal with the certificates of ``authority``; with a time stamper the seal is of level B-T, else B-B."""
        self._authority = authority
        self._time_stamper = time_stamper
        self._signers: dict[str, SimpleSigner] = {}
        self._lock = Lock()

    def seal(self, pdf: bytes, *, authority: str, claims: Mapping[str, object] | None = None) -> bytes:
        """Return the file with the seal of an authority as an incremental update; it permits no change after.

        Args:
            pdf: what is sealed.
            authority: whose seal it is.
            claims: what a program shall learn from the seal without reading the file; signed with it.

        Raises:
            TimeStampUnavailable: the seal could not be stamped; nothing is sealed without.
        """
        metadata = PdfSignatureMetadata(
            field_name=FIELD,
            md_algorithm="sha256",
            subfilter=SigSeedSubFilter.PADES,
            certify=True,
            docmdp_permissions=MDPPerm.NO_CHANGES,
            name=authority,
            cades_signed_attr_spec=_Claims(provider=_ClaimsProvider(claims)) if claims else None,
        )
        signer = PdfSigner(metadata, signer=self._signer(authority), timestamper=self._time_stamper)
        # PDF/A wants every object to begin on a line of its own (ISO 19005-2, 6.1.9); the file may end without one.
        ended = pdf if pdf.endswith(b"\n") else pdf + b"\n"
        made = io.BytesIO()
        signer.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(ended)), output=made, bytes_reserved=2 * _CMS_BYTES)
        return made.getvalue()

    def _signer(self, authority: str) -> SimpleSigner:
        with self._lock:
            found = self._signers.get(authority)
            if found is None:
                chain = (self._authority.issuer, self._authority.root)
                found = self._signers[authority] = signer_of(self._authority.seal_of(authority), chain)
            return found


@dataclass(frozen=True)
class _Claims(CAdESSignedAttrSpec):
    """Add our own attribute to the signed ones."""

    provider: CMSAttributeProvider | None = None

    def prepare_providers(self, *_: object, **__: object) -> Iterable[CMSAttributeProvider]:
        """Return the claims that the seal carries, if any."""
        if self.provider is not None:
            yield self.provider


class _ClaimsProvider(CMSAttributeProvider):
    attribute_type = CLAIMS_ATTRIBUTE

    def __init__(self, claims: Mapping[str, object]) -> None:
        self._text = json.dumps(claims, ensure_ascii=False, separators=(",", ":"))

    async def build_attr_value(self, dry_run: bool = False) -> asn1_core.UTF8String:
        return asn1_core.UTF8String(self._text)
