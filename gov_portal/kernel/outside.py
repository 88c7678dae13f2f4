"""Open HTTP clients to systems outside, and wait for them; the addresses come from the settings alone."""

import ssl
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from urllib.parse import urlsplit

import httpx

from gov_portal.kernel.places import Places

place: ContextVar[Places | None] = ContextVar("place", default=None)
"""Where this thread holds one for as long as it computes: one of the few that a web process has."""


@contextmanager
def awaited() -> Iterator[None]:
    """Wait for somebody outside in this block: what others could use meanwhile is given back and taken again."""
    held = place.get()
    if held is None:
        yield
        return
    place.set(None)
    held.give_back()
    try:
        yield
    finally:
        held.take_again()
        place.set(held)


def client(addresses: Iterable[str], *, timeout_s: float) -> httpx.Client:
    """Return a client for these addresses alone, which follows neither redirects nor proxies of the environment."""
    return httpx.Client(verify=trust(addresses), timeout=timeout_s, follow_redirects=False, trust_env=False)


def trust(addresses: Iterable[str]) -> ssl.SSLContext:
    """Return whose certificates count at these addresses; without encryption nobody's, for reading them takes long."""
    is_encrypted = any(urlsplit(address).scheme == "https" for address in addresses)
    return _authorities() if is_encrypted else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


@cache
def _authorities() -> ssl.SSLContext:
    """Return every authority that is known; read once, all clients share it."""
    return httpx.create_ssl_context(trust_env=False)
