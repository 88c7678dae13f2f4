"""Find the sources of the items that others are made of, by id; nothing is read before something is looked for."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.resources import files
from pathlib import Path

from workflows.dsl.findings import Findings
from workflows.dsl.source import LONGEST_SOURCE, Record, load

_ID = re.compile(r"(?:^|[\s{,])id:\s*[\"']?([\w.-]+)")


@dataclass(frozen=True)
class Shelf:
    """Hold where items are found.

    Attributes:
        sources: text and file of items at hand; a later one of the same id stands before an earlier one.
        further: looks an item up where neither is, such as among what is published.
        folders: folders whose files are read when an item is found nowhere else, the nearest first.
    """

    sources: tuple[tuple[str, str], ...] = ()
    folders: tuple[Path, ...] = ()
    further: Callable[[str], tuple[str, str] | None] = lambda item: None

    def find(self, item: str) -> tuple[str, str] | None:
        """Return text and file of an item, or ``None``."""
        found = self._at_hand.get(item) or self.further(item)
        if found is None and item in self._in_folders:
            path = self._in_folders[item]
            found = (_text_of(path), str(path))
        return found

    @property
    def known(self) -> tuple[str, ...]:
        """Return the ids of all items."""
        return tuple(sorted({*self._at_hand, *self._in_folders}))

    @cached_property
    def _at_hand(self) -> Mapping[str, tuple[str, str]]:
        return {found: (text, file) for text, file in self.sources for found in ids_in(text)}

    @cached_property
    def _in_folders(self) -> Mapping[str, Path]:
        found: dict[str, Path] = {}
        for folder in self.folders:
            for path in sorted(folder.glob("*.yaml")):
                for item in _ids_of(path, _changed_ns(path)):
                    found.setdefault(item, path)
        return found


def ids_in(text: str) -> tuple[str, ...]:
    """Return the ids of all items of a source: of a family those of its members."""
    if not text.startswith("family:") and "\nfamily:" not in text:
        item = id_in(text)
        return () if item is None else (item,)
    whole = load(text, file="", findings=Findings())
    family = whole.get("family") if whole is not None else None
    members = family.get("members") if isinstance(family, Record) else None
    return tuple(entry.key.text for entry in members.entries) if isinstance(members, Record) else ()


def id_in(text: str) -> str | None:
    """Return the id that a source gives its item, as far as it can be seen without reading it all.

    ``None`` for an overlay: what one region has otherwise is not what others open.
    """
    if text.startswith("extends:") or "\nextends:" in text:
        return None
    is_inside = False
    for line in text.splitlines():
        if line.startswith("item:"):
            is_inside = True
        elif is_inside and line[:1] not in ("", " ", "#"):
            return None
        found = _ID.search(line) if is_inside else None
        if found is not None:
            return found.group(1)
    return None


@lru_cache(maxsize=4096)
def _ids_of(path: Path, changed_ns: int) -> tuple[str, ...]:
    del changed_ns  # part of the key: an edited file is read again
    return ids_in(_text_of(path))


def shelf_around(path: Path) -> Shelf:
    """Return the items in the folder of a file and those of the package."""
    return Shelf(folders=tuple(dict.fromkeys((path.resolve().parent, _package()))))


@lru_cache(maxsize=1)
def default_shelf() -> Shelf:
    """Return the items that the package ships."""
    return Shelf(folders=(_package(),))


def _package() -> Path:
    return Path(str(files("workflows") / "items"))


def _changed_ns(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8") if path.stat().st_size <= 4 * LONGEST_SOURCE else ""
    except (OSError, UnicodeDecodeError):
        return ""
