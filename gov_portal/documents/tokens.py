"""Sign statements as JSON Web Tokens with the seal keys of the authorities, and read them again.

The certificate of the seal and the CA above it travel in ``x5c`` (RFC 7515, 4.1.6), so that whoever trusts the root of
the seals needs no other key.
"""

import json
from base64 import b64decode, b64encode, urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.x509.oid import NameOID
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from gov_portal.documents.authority import Credential, SealAuthority

_ALGORITHM = "ES256"


class _Registry(jws.JWSRegistry):
    """Make room for two certificates and for a whole status list."""

    max_header_length = 8192
    max_payload_length = 1 << 20


_REGISTRY = _Registry(algorithms=[_ALGORITHM])


@dataclass(frozen=True, slots=True)
class SignedStatement:
    """Hold what a token states, and by the name in the certificate who signed it.

    Attributes:
        authority: empty where no authority of ours signed it.
        is_whole: the signature fits what is stated.
    """

    authority: str = ""
    is_whole: bool = False
    claims: Mapping[str, object] = field(default_factory=dict, repr=False)


class Tokens:
    """Sign and read with the certificates of the seals."""

    def __init__(self, authority: SealAuthority) -> None:
        """Trust the CA of ``authority``, and no other."""
        self._authority = authority

    def sign(self, claims: Mapping[str, object], *, typ: str, authority: str) -> str:
        """Return the claims as a token of a type, signed by an authority."""
        credential = self._authority.seal_of(authority)
        header = {"alg": _ALGORITHM, "typ": typ, "x5c": [_der(credential), _der(self._authority.issuer)]}
        payload = json.dumps(claims, ensure_ascii=False, separators=(",", ":"))
        return jws.serialize_compact(header, payload, ECKey.import_key(credential.key_pem), registry=_REGISTRY)

    def read(self, token: str, *, typ: str) -> SignedStatement:
        """Return what a token of a type states; never fails, whatever the token is."""
        try:
            found = jws.extract_compact(token.encode(), registry=_REGISTRY)
            header = found.headers()
            certificate = x509.load_der_x509_certificate(_first_of(header["x5c"]))
            certificate.verify_directly_issued_by(self._authority.issuer.certificate)
            name = str(certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value)
        except (JoseError, InvalidSignature, ValueError, TypeError, KeyError, IndexError):
            return SignedStatement()
        public = certificate.public_bytes(serialization.Encoding.PEM)
        try:
            checked = jws.deserialize_compact(token, ECKey.import_key(public), registry=_REGISTRY)
            claims = json.loads(checked.payload)
        except (JoseError, ValueError):
            return SignedStatement(name)
        is_whole = header.get("typ") == typ and isinstance(claims, dict) and _is_canonical(token)
        return SignedStatement(name, is_whole, claims if is_whole else {})

    def root_pem(self) -> bytes:
        """Return the root certificate for those who check with a program of their own."""
        return self._authority.root.certificate.public_bytes(serialization.Encoding.PEM)

    def keys(self, authorities: Iterable[str]) -> list[dict[str, object]]:
        """Return the public keys of authorities as JSON Web Keys with their certificates."""
        return [self._key(self._authority.seal_of(name)) for name in authorities]

    def _key(self, credential: Credential) -> dict[str, object]:
        key = ECKey.import_key(credential.certificate.public_bytes(serialization.Encoding.PEM))
        chain = [_der(credential), _der(self._authority.issuer)]
        shown = key.as_dict(private=False)
        return {**shown, "kid": key.thumbprint(), "use": "sig", "alg": _ALGORITHM, "x5c": chain}


def _der(credential: Credential) -> str:
    return b64encode(credential.certificate.public_bytes(serialization.Encoding.DER)).decode()


def _first_of(chain: object) -> bytes:
    if not isinstance(chain, list) or not isinstance(chain[0], str):
        raise TypeError("no chain of certificates")
    return b64decode(chain[0], validate=True)


def _is_canonical(token: str) -> bool:
    """Tell whether the signature is spelt in the one way that leaves no bit unused."""
    spelt = token.rpartition(".")[2]
    return urlsafe_b64encode(urlsafe_b64decode(spelt + "==")).rstrip(b"=").decode() == spelt
