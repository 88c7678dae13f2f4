"""Know a repeated request: a case remembers its latest ones in its own row, each by two short digests."""

from hashlib import sha256
from typing import NamedTuple

_WIDTH = 8
MOST_REMEMBERED = 32
"""How many requests a case remembers; an older one is refused as stale, for the case has long gone on."""


class RequestKey(NamedTuple):
    """Hold an idempotency key of a request: a digest of whose and which it is, and one of what was asked."""

    name: bytes
    content: bytes

    @classmethod
    def of(cls, actor: str, key: str, *, body: bytes) -> "RequestKey":
        """Return the key that somebody gave to what they ask."""
        return cls(sha256(f"{actor}\n{key}".encode()).digest()[:_WIDTH], sha256(body).digest()[:_WIDTH])


def remembered(requests: bytes, request: RequestKey) -> bytes:
    """Return the requests of a case with one more, without the oldest of many."""
    return (requests + request.name + request.content)[-2 * _WIDTH * MOST_REMEMBERED :]


def content_of(requests: bytes, request: RequestKey) -> bytes | None:
    """Return the digest of what was asked under a key before, ``None`` where nothing was."""
    for at in range(0, len(requests), 2 * _WIDTH):
        if requests[at : at + _WIDTH] == request.name:
            return requests[at + _WIDTH : at + 2 * _WIDTH]
    return None
