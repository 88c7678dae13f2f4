"""A mail server and a gateway on this machine, and addressees in memory."""

import json
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from gov_portal.kernel.ids import KeyId, PersonId
from gov_portal.messaging.ports import CarrierUnavailable, Parcel

USER, PASSWORD = "portal", "four green teapots"


@dataclass(frozen=True)
class KnownAddressee:
    person: PersonId
    phone: str
    key: KeyId
    email: str = ""


@dataclass
class InMemoryAddressees:
    """Who is told what concerns whom."""

    known: dict[PersonId, list[KnownAddressee]] = field(default_factory=dict)

    def addressees(self, person: PersonId) -> list[KnownAddressee]:
        return self.known.get(person, [])


@dataclass
class InMemoryCarrier:
    """Take everything, or fail with the given errors first."""

    failures: list[CarrierUnavailable] = field(default_factory=list)
    taken: list[Parcel] = field(default_factory=list)

    def carry(self, parcel: Parcel) -> None:
        if self.failures:
            raise self.failures.pop(0)
        self.taken.append(parcel)


@dataclass
class Mailbox:
    """Keep what a mail server took; ``answers`` are given to recipients first, as ``550 no such user``."""

    letters: list[EmailMessage] = field(default_factory=list)
    were_encrypted: list[bool] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802 - aiosmtpd's name
        if self.answers:
            return self.answers.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = cast(bytes, envelope.content)
        self.letters.append(cast(EmailMessage, message_from_bytes(content, policy=default)))
        self.were_encrypted.append(session.ssl is not None)
        return "250 OK"


def _authenticate(server, session, envelope, mechanism, data) -> AuthResult:
    is_right = isinstance(data, LoginPassword) and (data.login, data.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=is_right, handled=False)


@contextmanager
def mail_server(mailbox: Mailbox, *, certificate: Path | None = None, **options: object) -> Iterator[int]:
    """Run a mail server; with a certificate it offers STARTTLS."""
    context = None
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
    controller = Controller(
        mailbox, hostname="127.0.0.1", port=_free_port(), tls_context=context, authenticator=_authenticate, **options
    )
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def self_signed(folder: Path, *, host: str = "127.0.0.1") -> Path:
    """Write a key with a certificate for an address into one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(host))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = folder / "server.pem"
    path.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    return path


@dataclass
class Gateway:
    """Keep what a gateway was sent; ``statuses`` are answered first, then 200."""

    statuses: list[int] = field(default_factory=list)
    requests: list[tuple[dict[str, str], dict]] = field(default_factory=list)


@contextmanager
def sms_gateway(gateway: Gateway) -> Iterator[str]:
    """Run a gateway and yield its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            gateway.requests.append(({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(gateway.statuses.pop(0) if gateway.statuses else 200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Write nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/send"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
