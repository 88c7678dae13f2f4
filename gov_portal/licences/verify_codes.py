"""Make and read the code that the public types to verify a licence.

Twelve characters of Crockford's base 32: 60 random bits, no letter that looks like a digit, nothing of the holder.
"""

import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 12

_GROUP = 4
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1"})


def new_code() -> str:
    """Return a fresh code, without hyphens as it is stored."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def show_code(code: str) -> str:
    """Return the code in groups of four, such as ``K7Q4-M2XP-9TRD``."""
    return "-".join(code[place : place + _GROUP] for place in range(0, len(code), _GROUP))


def read_code(typed: str) -> str | None:
    """Return the stored form of what somebody typed, or ``None`` if it cannot be a code."""
    if len(typed) > 4 * LENGTH:
        return None
    kept = "".join(character for character in typed.upper() if character not in " -").translate(_READ_AS)
    is_code = len(kept) == LENGTH and all(character in ALPHABET for character in kept)
    return kept if is_code else None
