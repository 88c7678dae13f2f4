"""Look for our seal in a file that anyone may have made, without opening it as a PDF.

Nothing of the file is interpreted but two flat places: the numbers of ``/ByteRange`` and the hexadecimal signature.
So no bomb, no broken table and no script in it is ever reached, and the work grows with its length only.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256

from asn1crypto import cms, core  # type: ignore[import-untyped]
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from gov_portal.documents.authority import SealAuthority
from gov_portal.documents.certificates import certificate_of
from gov_portal.documents.time_stamps import StampReader

_CONTENTS = re.compile(rb"<([0-9A-F]{1000,40000})>")
_RANGE = re.compile(rb"/ByteRange\s{0,8}\[\s{0,8}(\d{1,9})\s{1,8}(\d{1,9})\s{1,8}(\d{1,9})\s{1,8}(\d{1,9})\s{0,8}\]")
_MOST_SEALS = 4
_PURPOSE = ExtendedKeyUsageOID.EMAIL_PROTECTION


class SealState(StrEnum):
    """Name what the seal of a file says."""

    WHOLE = "whole"
    ALTERED = "altered"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class SealFinding:
    """Tell what was found, and by the name in the certificate whose seal it is.

    Attributes:
        stamped_at: when a time-stamp service saw the seal; ``None`` without a stamp of one that we trust.
    """

    state: SealState
    authority: str = ""
    stamped_at: datetime | None = None


NO_SEAL = SealFinding(SealState.NONE)


class SealReader:
    """Recognise the seals of our own authorities."""

    def __init__(self, authority: SealAuthority, *, stamps: StampReader | None = None) -> None:
        """Trust the CA of ``authority``, and no other; for stamps those that ``stamps`` trusts, by default the same."""
        self._authority = authority
        self._stamps = stamps or StampReader(lambda: [certificate_of(authority.root)])

    def inspect(self, pdf: bytes) -> SealFinding:
        """Say whether a file bears our seal, and whether it is as it was sealed."""
        for number, found in enumerate(_CONTENTS.finditer(pdf)):
            if number == _MOST_SEALS:
                break
            finding = self._seal(pdf, found)
            if finding.state is not SealState.NONE:
                return finding
        return NO_SEAL

    def _seal(self, pdf: bytes, found: re.Match[bytes]) -> SealFinding:
        try:
            whole = _bare(found[1])
            content, certificates = _parse(whole)
            ours = next((one for one in certificates if self._is_ours(one)), None)
        except Exception:  # noqa: BLE001 - parsers of hostile bytes raise more than they say
            return NO_SEAL
        if ours is None:
            return NO_SEAL
        name = str(ours.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value)
        try:
            above = (self._authority.issuer.certificate, self._authority.root.certificate)
            is_whole = _covers(pdf, found, content["content"], by=ours)
            is_whole = is_whole and _is_as_sealed(whole, content, chain=(ours, *above))
            is_stamp_whole, stamped_at = self._stamp(content) if is_whole else (False, None)
        except Exception:  # noqa: BLE001 - as above
            is_stamp_whole, stamped_at = False, None
        return SealFinding(SealState.WHOLE if is_stamp_whole else SealState.ALTERED, name, stamped_at)

    def _stamp(self, content: cms.ContentInfo) -> tuple[bool, datetime | None]:
        """Tell whether nothing but one whole time stamp stands beside the signature, and when it was stamped."""
        (signer,) = content["content"]["signer_infos"]
        if isinstance(signer["unsigned_attrs"], core.Void):
            return True, None
        (attribute,) = signer["unsigned_attrs"]
        if attribute["type"].native != "signature_time_stamp_token":
            return False, None
        (token,) = attribute["values"]
        return self._stamps.read(token.dump(), of=signer["signature"].native)

    def _is_ours(self, certificate: x509.Certificate) -> bool:
        above = self._authority.issuer.certificate
        if certificate.issuer != above.subject or _PURPOSE not in _purposes(certificate):
            return False
        try:
            certificate.verify_directly_issued_by(above)
        except (InvalidSignature, ValueError, TypeError):
            return False
        return True


def _purposes(certificate: x509.Certificate) -> list[x509.ObjectIdentifier]:
    """Return what a certificate is for; what stamps times seals nothing."""
    try:
        return list(certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value)
    except x509.ExtensionNotFound:
        return []


def _bare(hexadecimal: bytes) -> bytes:
    """Return the signature without the zeros behind it."""
    sealed = bytes.fromhex(hexadecimal.decode())
    whole = bytes(cms.ContentInfo.load(sealed).dump())
    if sealed[len(whole) :].strip(b"\0"):
        raise ValueError("something behind the signature")
    return whole


def _parse(whole: bytes) -> tuple[cms.ContentInfo, list[x509.Certificate]]:
    content = cms.ContentInfo.load(whole)
    if content["content_type"].native != "signed_data":
        raise ValueError("no signature")
    return content, [x509.load_der_x509_certificate(one.chosen.dump()) for one in content["content"]["certificates"]]


def _is_as_sealed(whole: bytes, content: cms.ContentInfo, *, chain: tuple[x509.Certificate, ...]) -> bool:
    """Tell whether each byte around the signature is the one that we write there; no signature covers them.

    A time stamp is taken as it is, unread: read values are spelt anew, at a cost that doubles with each level.
    """
    (signer,) = content["content"]["signer_infos"]
    seal, *above = (asn1_x509.Certificate.load(one.public_bytes(serialization.Encoding.DER)) for one in chain)
    signed = seal["tbs_certificate"]
    ours = asn1_x509.Certificate(
        {
            "tbs_certificate": signed,
            "signature_algorithm": signed["signature"],
            "signature_value": seal["signature_value"].native,
        }
    )
    told = {
        "version": "v1",
        "sid": {"issuer_and_serial_number": {"issuer": signed["issuer"], "serial_number": signed["serial_number"]}},
        "digest_algorithm": {"algorithm": "sha256"},
        "signed_attrs": signer["signed_attrs"],
        "signature_algorithm": {"algorithm": "sha256_ecdsa"},
        "signature": signer["signature"].native,
    }
    if not isinstance(signer["unsigned_attrs"], core.Void):
        told["unsigned_attrs"] = signer["unsigned_attrs"]
    parts = {
        "version": "v1",
        "digest_algorithms": [{"algorithm": "sha256"}],
        "encap_content_info": {"content_type": "data"},
        "certificates": cms.CertificateSet([cms.CertificateChoices("certificate", one) for one in (ours, *above)]),
        "signer_infos": [told],
    }
    expected = cms.ContentInfo({"content_type": "signed_data", "content": parts})
    return bool(expected.dump() == whole)


def _covers(pdf: bytes, found: re.Match[bytes], signed: cms.SignedData, *, by: x509.Certificate) -> bool:
    """Tell whether the seal covers the file to its last byte, and no byte was changed."""
    ranges = _RANGE.search(pdf)
    if ranges is None:
        return False
    start, length, again, rest = (int(part) for part in ranges.groups())
    if (start, length, again, again + rest) != (0, found.start(), found.end(), len(pdf)):
        return False
    (signer,) = signed["signer_infos"]
    attributes = signer["signed_attrs"]
    (told,) = [one["values"][0].native for one in attributes if one["type"].native == "message_digest"]
    if told != sha256(pdf[:length] + pdf[again:]).digest():
        return False
    key = by.public_key()
    if not isinstance(key, ec.EllipticCurvePublicKey):
        return False
    key.verify(signer["signature"].native, attributes.untag().dump(), ec.ECDSA(hashes.SHA256()))
    return True
