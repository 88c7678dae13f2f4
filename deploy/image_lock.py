"""Write what the image installs and what its engine is compiled with, as parts of ``requirements.lock``.

``make lock`` runs it. Who needs a package stands in the lock itself, below each.
"""

import re
import tomllib
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCK = "requirements.lock"
COMPILING = ("mypy", "setuptools")
_ENTRY = re.compile(r"^([A-Za-z0-9._-]+)==", re.MULTILINE)
_NAME = re.compile(r"^[A-Za-z0-9._-]+")
_VIA = re.compile(r"^    #(?: via)? {1,3}([A-Za-z0-9._-]+)", re.MULTILINE)


def entries_of(lock: str) -> dict[str, str]:
    """Return every package of a lock with its lines."""
    starts = [found.start() for found in _ENTRY.finditer(lock)]
    texts = [lock[start:end] for start, end in zip(starts, [*starts[1:], len(lock)], strict=True)]
    return {plain(text.partition("==")[0]): text for text in texts}


def plain(name: str) -> str:
    """Return the one spelling of a package's name."""
    return re.sub(r"[-_.]+", "-", name).lower()


def chosen(lock: str, roots: Sequence[str]) -> str:
    """Return the entries that the roots need, and what these need, in the order of the lock."""
    entries = entries_of(lock)
    needed: set[str] = set()
    more = {plain(name) for name in roots}
    while more:
        needed |= more
        more = {name for name, text in entries.items() if needed & set(map(plain, _VIA.findall(text)))} - needed
    return "".join(text for name, text in entries.items() if name in needed)


def parts() -> dict[str, str]:
    """Return what each part of the lock holds, by the name of its file in ``deploy``."""
    lock = (ROOT / LOCK).read_text("utf-8")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    roots = [found[0] for one in project["dependencies"] if (found := _NAME.match(one))]
    return {
        "requirements.lock": "# What the image installs: requirements.lock without what only tests and `gov dev` need. "
        f"Run `make lock`.\n{chosen(lock, roots)}",
        "native.lock": "# What the engine of the image is compiled with, of requirements.lock. "
        f"Run `make lock`.\n{chosen(lock, COMPILING)}",
    }


if __name__ == "__main__":
    for name, text in parts().items():
        (ROOT / "deploy" / name).write_text(text, "utf-8")
