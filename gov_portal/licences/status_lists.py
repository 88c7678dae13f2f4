"""Pack how it stands with licences into lists of two bits each (证照状态名单); pure.

Source: draft-ietf-oauth-status-list (Token Status List), section 4. A list always has the same length, so that it tells
neither how many licences there are nor which places were never given; nothing in it is personal.
"""

import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable
from enum import IntEnum

BITS = 2
SIZE = 1 << 20
"""Places in one list: 262,144 bytes before they are compressed."""

_PER_BYTE = 8 // BITS
_MASK = (1 << BITS) - 1


class Listed(IntEnum):
    """Name what a list says; 3 is the value that the standard leaves to applications."""

    VALID = 0
    REVOKED = 1
    SUPERSEDED = 3


def list_of(index: int) -> int:
    """Return the number of the list that holds a place."""
    return index // SIZE


def place_in(index: int) -> int:
    """Return the place in its list."""
    return index % SIZE


def packed(ended: Iterable[tuple[int, Listed]], *, size: int = SIZE) -> str:
    """Return the compressed list; what is not named is valid.

    Args:
        ended: place in the list and what is said of it, each place once.
        size: number of places, a multiple of four.
    """
    content = bytearray(size // _PER_BYTE)
    for place, status in ended:
        content[place // _PER_BYTE] |= status << place % _PER_BYTE * BITS
    return urlsafe_b64encode(zlib.compress(bytes(content), 9)).rstrip(b"=").decode()


def said_at(packed_list: str, place: int) -> int:
    """Return what a list says of a place.

    Raises:
        IndexError: the list has no such place.
    """
    content = zlib.decompress(urlsafe_b64decode(packed_list + "=" * (-len(packed_list) % 4)))
    return content[place // _PER_BYTE] >> place % _PER_BYTE * BITS & _MASK
