"""Believe our own reverse proxies, and nobody else, in whose name they ask."""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

Networks = tuple[IPv4Network | IPv6Network, ...]
_FOR, _PROTO = "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO"
_UNKNOWN = "unknown"
UNPROVEN = ("X-Forwarded-For", "Forwarded")
"""Headers that are still there when nobody whom we know vouches for the address of the request."""


def trusting(app: WSGIApplication, proxies: Networks) -> WSGIApplication:
    """Return an app that sees the caller's own address and scheme where one of ``proxies`` names them.

    The list of addresses is read from its end, where our proxies write; the first that is none of ours is the caller.
    """

    def asked(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        if _FOR in environ and _is_ours(environ.get("REMOTE_ADDR", ""), proxies):
            environ["REMOTE_ADDR"] = _caller(environ.pop(_FOR), proxies) or environ["REMOTE_ADDR"]
            if environ.get(_PROTO) in ("http", "https"):
                environ["wsgi.url_scheme"] = environ[_PROTO]
        return app(environ, start)

    return asked


def _caller(addresses: str, proxies: Networks) -> str:
    for address in reversed([part.strip() for part in addresses.split(",")]):
        if not _is_ours(address, proxies):
            return address if _read(address) else _UNKNOWN
    return ""


def _is_ours(address: str, proxies: Networks) -> bool:
    at = _read(address)
    return at is not None and any(at in network for network in proxies)


def _read(address: str) -> IPv4Address | IPv6Address | None:
    try:
        at = ip_address(address)
    except ValueError:
        return None
    return getattr(at, "ipv4_mapped", None) or at
