"""Keep the certificates of the issuing authorities: a root, an issuing CA, and one seal certificate per authority.

All of them are made at the first use and lie in the secrets folder, each with its key in one file that only the owner
may read. A real installation puts the certificates of its licensed CA in their place. Source: 电子签名法 art. 13, 16.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from threading import Lock

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from gov_portal.kernel.key_files import write_secret_once

_YEARS = {"root": 30, "ca": 20, "seal": 10, "tsa": 10}
_DEPTHS = {"root": 1, "ca": 0}
_PURPOSES = {"seal": ExtendedKeyUsageOID.EMAIL_PROTECTION, "tsa": ExtendedKeyUsageOID.TIME_STAMPING}
_YEAR = timedelta(days=365)
_SLACK = timedelta(days=1)
_COMMON_NAME_LENGTH = 64


@dataclass(frozen=True)
class Credential:
    """Hold one key with its certificate; never printed."""

    key_pem: bytes
    certificate: x509.Certificate

    def __repr__(self) -> str:
        """Return whose it is, and no secret."""
        return f"Credential({self.certificate.subject.rfc4514_string()})"

    @cached_property
    def key(self) -> ec.EllipticCurvePrivateKey:
        """Return the private key."""
        found = serialization.load_pem_private_key(self.key_pem, None)
        if not isinstance(found, ec.EllipticCurvePrivateKey):
            raise TypeError("a seal key is no key on an elliptic curve")
        return found


class SealAuthority:
    """Give every issuing authority its seal certificate; safe to share between threads and processes."""

    def __init__(self, secrets_dir: Path) -> None:
        """Use a folder; nothing is made before the first use."""
        self._folder = secrets_dir
        self._seals: dict[str, Credential] = {}
        self._lock = Lock()

    @cached_property
    def root(self) -> Credential:
        """Return the root that a reader trusts."""
        return self._kept("root", "样例省电子印章根证书（样本）", None)

    @cached_property
    def issuer(self) -> Credential:
        """Return the CA below the root that signs the seal certificates."""
        return self._kept("ca", "样例省电子印章签发中心（样本）", self.root)

    @cached_property
    def stamper(self) -> Credential:
        """Return the certificate of our own time-stamp service, which stamps times and nothing else."""
        return self._kept("tsa", "样例省时间戳服务（样本）", self.issuer)

    def seal_of(self, authority: str) -> Credential:
        """Return the seal certificate of an authority, by its name."""
        with self._lock:
            found = self._seals.get(authority)
            if found is None:
                name = f"seal-{sha256(authority.encode()).hexdigest()[:16]}"
                found = self._seals[authority] = self._kept(name, authority, self.issuer)
            return found

    def _kept(self, name: str, subject: str, issuer: Credential | None) -> Credential:
        """Return what lies in the folder, made first where nothing does; of two makers one wins."""
        path = self._folder / f"{'' if name.startswith('seal') else 'seal-'}{name}.pem"
        if not path.exists():
            write_secret_once(path, _made(subject, issuer, kind=name.partition("-")[0]))
        pem = path.read_bytes()
        return Credential(pem, x509.load_pem_x509_certificate(pem))


def certificate_ends(secrets_dir: Path) -> dict[str, datetime]:
    """Return when each certificate in the folder ends, by its file; none is made by asking."""
    ends = {}
    for path in sorted(secrets_dir.glob("seal-*.pem")):
        ends[path.name] = x509.load_pem_x509_certificate(path.read_bytes()).not_valid_after_utc
    return ends


def _made(subject: str, issuer: Credential | None, *, kind: str) -> bytes:
    """Return a fresh key and its certificate as one PEM text; without an issuer it signs itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name(subject)
    now = datetime.now(UTC)
    building = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer.certificate.subject if issuer else name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _SLACK)
        .not_valid_after(now + _YEARS[kind] * _YEAR)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    if issuer:
        above = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key())
        building = building.add_extension(above, critical=False)
    for extension, is_critical in _uses(kind):
        building = building.add_extension(extension, critical=is_critical)
    made = building.sign(issuer.key if issuer else key, hashes.SHA256())
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return private + made.public_bytes(serialization.Encoding.PEM)


def _name(subject: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
            x509.NameAttribute(NameOID.COMMON_NAME, subject[:_COMMON_NAME_LENGTH]),
        ]
    )


def _uses(kind: str) -> list[tuple[x509.ExtensionType, bool]]:
    """Return what a certificate may be used for: the two above sign certificates, the others one thing each."""
    depth = _DEPTHS.get(kind)
    is_ca = depth is not None
    usage = x509.KeyUsage(
        digital_signature=not is_ca,
        content_commitment=not is_ca,
        key_cert_sign=is_ca,
        crl_sign=is_ca,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
    found: list[tuple[x509.ExtensionType, bool]] = [
        (x509.BasicConstraints(ca=is_ca, path_length=depth), True),
        (usage, True),
    ]
    if kind in _PURPOSES:
        # RFC 3161, 2.3: that of a time-stamp service is critical and the only one.
        found.append((x509.ExtendedKeyUsage([_PURPOSES[kind]]), kind == "tsa"))
    return found
