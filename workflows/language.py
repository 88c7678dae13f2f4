"""Tell one state of the language from another, so that nothing compiled outlives what it was compiled by."""

import sys
from collections.abc import Iterator
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

import gov_portal
import workflows

_WORKFLOWS, _KERNEL = Path(workflows.__path__[0]), Path(gov_portal.__path__[0]) / "kernel"
_DECIDES = (
    _WORKFLOWS / "dsl",
    _WORKFLOWS / "domain",
    _WORKFLOWS / "engine",
    _WORKFLOWS / "definition_bytes.py",
    _WORKFLOWS / "items" / "directory.yaml",
    _KERNEL / "types",
    _KERNEL / "codes",
    _KERNEL / "data",
    *(_KERNEL / f"{name}.py" for name in ("decisions", "errors", "ids", "principal", "working_days")),
)
"""What decides which definition a source stands for, and how it is written as bytes; the linter runs the engine."""


@lru_cache(maxsize=1)
def language() -> str:
    """Return a digest of all that; equal for two processes only where they read every source alike."""
    digest = sha256(repr(sys.version_info[:2]).encode())
    for path in files_of_language():
        content = path.read_bytes()
        digest.update(f"{path.name} {len(content)}\n".encode() + content)
    return digest.hexdigest()


def files_of_language() -> Iterator[Path]:
    """Yield every file that the digest is of."""
    for place in _DECIDES:
        found = place.rglob("*") if place.is_dir() else (place,)
        yield from sorted(one for one in found if one.is_file() and "__pycache__" not in one.parts)
