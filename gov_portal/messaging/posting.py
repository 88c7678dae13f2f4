"""Post to addresses that others chose: never into our own network, never for long, never more than a little read.

The name is resolved once, every address it leads to must be public, and the connection goes to that very address; so a
name that changes its mind between check and use leads nowhere (server-side request forgery, DNS rebinding).
"""

import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from urllib.parse import SplitResult, urlsplit

TOTAL_S = 15.0
CONNECT_S = 5.0
MOST_ANSWER_BYTES = 64 * 1024
LONGEST_URL = 500

_PORTS = {"https": 443, "http": 80}
# Addresses that carry an IPv4 address inside: what they lead to is decided by a gateway that we do not see.
_WRAPPED = tuple(map(ipaddress.ip_network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")))

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], Sequence[str]]
"""Return the addresses that a host name leads to."""


class AddressRefused(Exception):
    """Tell that an address may not be posted to; ``reason`` is a code."""

    def __init__(self, reason: str) -> None:
        """Name the reason."""
        self.reason = reason
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class Outcome:
    """Say what came of a post: a status, or the code of what went wrong before there was one.

    Attributes:
        status: of the answer; 0 without one.
        error: ``timeout``, ``refused-address`` and such; empty with an answer.
        retry_after_s: what the receiver asks us to wait.
        took_s: how long it took.
    """

    status: int = 0
    error: str = ""
    retry_after_s: float = 0
    took_s: float = 0

    @property
    def is_taken(self) -> bool:
        """Tell whether the receiver took it."""
        return 200 <= self.status < 300


def resolved(host: str, port: int) -> Sequence[str]:
    """Ask the system's resolver."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


class Poster:
    """Post JSON over HTTPS; in the sandbox also over HTTP to this very machine."""

    def __init__(
        self,
        *,
        is_sandbox: bool = False,
        resolve: Resolve = resolved,
        trust: ssl.SSLContext | None = None,
        total_s: float = TOTAL_S,
    ) -> None:
        """Bound a post by ``total_s`` seconds, whatever the other side does; ``trust`` is the machine's by default."""
        self._is_sandbox = is_sandbox
        self._resolve = resolve
        self._trust = trust
        self._total_s = total_s

    def check(self, url: str) -> None:
        """Judge an address by its spelling alone; names are resolved when something is posted.

        Raises:
            AddressRefused: it is none that anything is posted to.
        """
        parts = _split(url)
        if parts.scheme != "https" and not (self._is_sandbox and parts.scheme == "http"):
            raise AddressRefused("not-https")
        literal = _literal(parts.hostname or "")
        if literal is not None:
            self._check_address(literal)
        elif parts.scheme == "http" and parts.hostname != "localhost":
            raise AddressRefused("not-https")

    def post(self, url: str, *, headers: Mapping[str, str], body: bytes) -> Outcome:
        """Post once; redirects are not followed, and an answer is read no further than a little."""
        started = time.monotonic()
        try:
            self.check(url)
            outcome = self._exchange(_split(url), headers=headers, body=body)
            if time.monotonic() - started >= self._total_s:
                # A line that was cut looks like an answer that has ended.
                outcome = Outcome(error="timeout")
        except AddressRefused as refusal:
            outcome = Outcome(error=refusal.reason)
        except (OSError, http.client.HTTPException) as fault:
            is_late = isinstance(fault, TimeoutError) or time.monotonic() - started >= self._total_s
            outcome = Outcome(error="timeout" if is_late else _named(fault))
        return Outcome(outcome.status, outcome.error, outcome.retry_after_s, time.monotonic() - started)

    def _exchange(self, parts: SplitResult, *, headers: Mapping[str, str], body: bytes) -> Outcome:
        port = parts.port or _PORTS[parts.scheme]
        with self._connected(parts, port) as connected:
            connection = http.client.HTTPConnection(parts.hostname or "", port)
            connection.sock = connected
            path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            connection.request("POST", path, body=body, headers={"Host": parts.netloc, **headers})
            response = connection.getresponse()
            response.read(MOST_ANSWER_BYTES)
            return Outcome(response.status, retry_after_s=_seconds(response.getheader("Retry-After")))

    @contextmanager
    def _connected(self, parts: SplitResult, port: int) -> Iterator[socket.socket]:
        """Connect to an address that was judged, and cut the line when the time is over."""
        address = self._address(parts.hostname or "", port)
        with socket.create_connection((str(address), port), timeout=CONNECT_S) as plain:
            line: list[socket.socket] = [plain]
            cut = threading.Timer(self._total_s, lambda: _cut(line[0]))
            cut.start()
            try:
                if parts.scheme == "https":
                    trust = self._trust or _trust_of_the_machine()
                    line[0] = trust.wrap_socket(plain, server_hostname=parts.hostname, do_handshake_on_connect=False)
                line[0].settimeout(self._total_s)
                if isinstance(line[0], ssl.SSLSocket):
                    line[0].do_handshake()
                yield line[0]
            finally:
                cut.cancel()
                line[0].close()

    def _address(self, host: str, port: int) -> Address:
        addresses = [ipaddress.ip_address(found.partition("%")[0]) for found in self._resolve(host, port)]
        if not addresses:
            raise AddressRefused("name-unknown")
        for address in addresses:
            self._check_address(address)
        return addresses[0]

    def _check_address(self, address: Address) -> None:
        inner = getattr(address, "ipv4_mapped", None) or address
        if self._is_sandbox and inner.is_loopback:
            return
        is_wrapped = any(address in network for network in _WRAPPED if network.version == address.version)
        if not inner.is_global or inner.is_multicast or is_wrapped:
            raise AddressRefused("refused-address")


@cache
def _trust_of_the_machine() -> ssl.SSLContext:
    """Return the authorities that this machine knows; read once somebody is posted to, for it takes long."""
    return ssl.create_default_context()


def _split(url: str) -> SplitResult:
    if len(url) > LONGEST_URL or not url.isascii() or not url.isprintable() or " " in url:
        raise AddressRefused("malformed")
    try:
        parts = urlsplit(url)
        is_whole = parts.port is None or parts.port > 0
    except ValueError:
        raise AddressRefused("malformed") from None
    if parts.scheme not in _PORTS or not parts.hostname or "@" in parts.netloc or parts.fragment or not is_whole:
        raise AddressRefused("malformed")
    return parts


def _literal(host: str) -> Address | None:
    """Return the address that a host spells, in the spellings of the C library too, such as ``0x7f.1``."""
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        pass
    try:
        return ipaddress.IPv4Address(socket.inet_aton(host))
    except OSError:
        return None


def _seconds(text: str | None) -> float:
    return float(text) if text is not None and text.isascii() and text.isdigit() and len(text) <= 6 else 0


def _named(fault: Exception) -> str:
    match fault:
        case ssl.SSLCertVerificationError():
            return "certificate"
        case ssl.SSLError():
            return "tls"
        case socket.gaierror():
            return "name-unknown"
        case ConnectionRefusedError():
            return "connection-refused"
        case _:
            return f"broken-{type(fault).__name__}"


def _cut(line: socket.socket) -> None:
    """Wake whoever reads or writes."""
    with suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)
