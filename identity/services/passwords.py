"""Hash and compare passwords with argon2, taking the same time whether or not there is an account."""

import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from identity.domain.passwords import normalise


class Passwords:
    """Hash and compare; the parameters are those of RFC 9106 for little memory unless others are given."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        """Prepare a hash that no password matches, for accounts that do not exist."""
        self._hasher = hasher or PasswordHasher()
        self._nobodys = self._hasher.hash(secrets.token_urlsafe(16))

    def hash(self, password: str) -> str:
        """Return the hash with its parameters and salt."""
        return self._hasher.hash(normalise(password))

    def match(self, stored: str | None, password: str) -> bool:
        """Tell whether the password belongs to the stored hash; ``None`` costs the same and is false."""
        try:
            return self._hasher.verify(stored or self._nobodys, normalise(password)) and stored is not None
        except (VerificationError, InvalidHashError):
            return False
