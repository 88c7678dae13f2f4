"""Write JSON small before it is sealed: what every case says again and again is in a dictionary that both sides know.

What is packed begins with the number of its form, which no JSON does: plain JSON of earlier releases is read as it is.
"""

import zlib
from collections.abc import Mapping
from typing import Any

import orjson

_FORM = b"\x01"
_BITS = -10

# The dictionary belongs to the form: another one needs another number. The most frequent stands last.
_KNOWN = (
    b'"supplement-asked"supplement-returned"objected"extended"suspended"resumed"withdrawn"deemed"voted"answered'
    b'"delivered"issued"elapsed"decided"cancelled"claimed"submitted"begun"done"submit"applicant"outcome":"granted"}]'
    b'["closed",.reason":"let.","false,true,{"result":"found"}.day":{"date":"2026-.role":".act":"ok","role":"}],'
    b'["left","",1],["entered","",1]],"w":{"{"h":[["acted","",1,{"act":"ok","role":"'
)

_PRESS = zlib.compressobj(1, zlib.DEFLATED, _BITS, 1, zlib.Z_FIXED, _KNOWN)
"""Has read the dictionary: a copy of it, in the least of memory, is at hand twice as fast as a new one."""


def packed(content: Mapping[str, object]) -> bytes:
    """Return JSON values in few bytes; what JSON does not know is spelt as text."""
    press = _PRESS.copy()
    return _FORM + press.compress(orjson.dumps(content, default=str)) + press.flush()


def unpacked(content: bytes) -> dict[str, Any]:
    """Return the JSON values of what was packed, or of plain JSON."""
    if content[:1] == _FORM:
        content = zlib.decompressobj(_BITS, _KNOWN).decompress(memoryview(content)[1:])
    values: dict[str, Any] = orjson.loads(content)
    return values
