"""Keep keys in files that only their owner may read."""

import os
from hashlib import sha256
from pathlib import Path


class KeyMissing(Exception):
    """Stop a start for want of a key; one is never made in passing, for a new one opens nothing that is stored."""

    def __init__(self, path: Path) -> None:
        """Name the file, and what to do."""
        remedy = "restore it from its backup; only on a new installation let `gov keys make` make it"
        super().__init__(f"{path} is missing: {remedy}")


def write_secret_once(path: Path, secret: bytes) -> None:
    """Write a secret that only its owner may read, unless the file exists; complete or not at all."""
    draft = path.with_name(f"{path.name}.{sha256(secret).hexdigest()[:8]}.new")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(secret)
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def read_key(path: Path) -> bytes:
    """Return the content of a key file.

    Raises:
        KeyMissing: there is none.
    """
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise KeyMissing(path) from error
