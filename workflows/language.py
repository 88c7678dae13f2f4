"""Tell one state of the language from another, so that nothing compiled outlives what it was compiled by."""

import os
import sys
from collections.abc import Iterator
from functools import lru_cache
from hashlib import sha256
from io import FileIO
from operator import attrgetter
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
        with FileIO(path) as file:
            content = file.readall()
        digest.update(f"{path.rpartition('/')[2]} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()


def files_of_language() -> Iterator[str]:
    """Yield every file that the digest is of; as plain names, because every new process waits for this."""
    for place in _DECIDES:
        yield from _files_below(str(place)) if place.is_dir() else (str(place),)


def _files_below(folder: str) -> Iterator[str]:
    with os.scandir(folder) as found:
        entries = sorted(found, key=attrgetter("name"))
    for entry in entries:
        if entry.is_file():
            yield entry.path
        elif entry.name != "__pycache__":
            yield from _files_below(entry.path)
