"""Hand keys and certificates to pyHanko, which reads them in a form of its own."""

from asn1crypto import keys as asn1_keys  # type: ignore[import-untyped]
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives import serialization
from pyhanko.sign.signers import SimpleSigner
from pyhanko_certvalidator.registry import SimpleCertificateStore

from gov_portal.documents.authority import Credential


def certificate_of(credential: Credential) -> asn1_x509.Certificate:
    """Return a certificate as pyHanko reads it."""
    der = credential.certificate.public_bytes(serialization.Encoding.DER)
    return asn1_x509.Certificate.load(der)


def signer_of(credential: Credential, chain: tuple[Credential, ...]) -> SimpleSigner:
    """Return what signs with a key; the certificates above it go along."""
    store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    store.register_multiple(certificate_of(one) for one in chain)
    private = credential.key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return SimpleSigner(
        signing_cert=certificate_of(credential),
        signing_key=asn1_keys.PrivateKeyInfo.load(private),
        cert_registry=store,
        embed_roots=True,
    )
