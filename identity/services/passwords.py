"""Hash and compare passwords with argon2, taking the same time whether or not there is an account."""

import secrets
from base64 import b64encode

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from identity.domain.passwords import normalise


class Passwords:
    """Hash and compare; the parameters are those of RFC 9106 for little memory unless others are given."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        """Prepare what stands for the hash of an account that does not exist."""
        self._hasher = hasher or PasswordHasher()
        self._nobodys = _of_nobody(self._hasher)

    def hash(self, password: str) -> str:
        """Return the hash with its parameters and salt."""
        return self._hasher.hash(normalise(password))

    def match(self, stored: str | None, password: str) -> bool:
        """Tell whether the password belongs to the stored hash; ``None`` costs the same and is false."""
        try:
            return self._hasher.verify(stored or self._nobodys, normalise(password)) and stored is not None
        except (VerificationError, InvalidHashError):
            return False


def _of_nobody(hasher: PasswordHasher) -> str:
    """Return a hash that takes as long to compare as any, and that no password has: chance wrote it, nobody hashed."""
    salt, digest = (_spelt(secrets.token_bytes(length)) for length in (hasher.salt_len, hasher.hash_len))
    costs = f"m={hasher.memory_cost},t={hasher.time_cost},p={hasher.parallelism}"
    return f"$argon2id$v=19${costs}${salt}${digest}"


def _spelt(chance: bytes) -> str:
    return b64encode(chance).decode().rstrip("=")
