"""Let the engine run as machine code that was compiled of the very source that lies here, and of no other.

``deploy/native.py`` compiles its modules with mypyc into the environment of a Python, into a folder that is named by
all that they were made of. Where a source has changed since, or nobody compiled anything, the source runs: two and a
half times as slowly, to the same end.
"""

import sys
from collections.abc import Mapping, Sequence
from hashlib import sha256
from importlib.machinery import EXTENSION_SUFFIXES, ModuleSpec
from importlib.util import spec_from_file_location
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).parents[1]
_MADE_OF = ("gov_portal/kernel/**/*.py", "workflows/native.py", "workflows/domain/*.py", "workflows/engine/*.py")
"""What the compiled modules are, whatever they take types from, and what chooses them; more does no harm."""
_HOME = "native"
_LEFT = ("__init__", "refusals")
"""What stays source: the package itself, and errors, whose code is read where nothing is compiled."""


class Native:
    """Find the compiled form of a module before its source; an entry of ``sys.meta_path``."""

    def __init__(self, files: Mapping[str, Path]) -> None:
        """Keep the files by the names of their modules."""
        self._files = files

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return where the compiled form of a module lies, or ``None`` where it has none."""
        file = self._files.get(name)
        return None if file is None else spec_from_file_location(name, file)


def use() -> None:
    """Let every later import take the compiled form where there is one."""
    environment = Path(sys.prefix)
    # Where nothing was ever compiled, nothing needs to be read.
    if (environment / _HOME).exists() and (files := compiled(folder_in(environment))):
        sys.meta_path.insert(0, Native(files))


def is_used() -> bool:
    """Tell whether this process runs the compiled engine."""
    return any(isinstance(finder, Native) for finder in sys.meta_path)


def compiled(folder: Path) -> dict[str, Path]:
    """Return the files that this Python can load, by the names of their modules; none where there is no folder."""
    suffix = EXTENSION_SUFFIXES[0]
    files = folder.rglob(f"*{suffix}")
    return {".".join(file.relative_to(folder).parts).removesuffix(suffix): file for file in files}


def folder_in(environment: Path, root: Path = ROOT) -> Path:
    """Return where in an environment the compiled form of a tree's sources lies, if anywhere."""
    made_of = sha256()
    for path in sorted(path for pattern in _MADE_OF for path in root.glob(pattern)):
        content = path.read_bytes()
        made_of.update(f"{path.relative_to(root)} {len(content)}\n".encode())
        made_of.update(content)
    return environment / _HOME / made_of.hexdigest()[:32]


def modules(root: Path = ROOT) -> list[Path]:
    """Return the sources to be compiled, relative to their tree."""
    return [path.relative_to(root) for path in sorted(root.glob("workflows/engine/*.py")) if path.stem not in _LEFT]
