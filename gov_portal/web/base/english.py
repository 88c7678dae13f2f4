"""Find the English words of everything; Chinese is what the code says and the key of the English ones."""

from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from babel.messages.pofile import read_po

_LOCALE = "en"
_SHELVES = ("gov_portal.web", "workflows.items")
"""Packages whose folders ``locale`` hold ``en.po`` and parts such as ``en-cases.po``, one set for each front."""


@lru_cache(maxsize=1)
def english() -> Mapping[str, str]:
    """Return every English text by its Chinese one."""
    found: dict[str, str] = {}
    for shelf in _SHELVES:
        root = files(shelf)
        for folder in (root, *(one for one in root.iterdir() if one.is_dir())):
            for book in _books(folder.joinpath("locale")):
                found.update(_read(book))
    return found


def _books(folder: Traversable) -> list[Traversable]:
    if not folder.is_dir():
        return []
    return sorted((one for one in folder.iterdir() if one.name.startswith("en") and one.name.endswith(".po")), key=str)


def _read(book: Traversable) -> dict[str, str]:
    with book.open("rb") as source:
        catalogue = read_po(source, locale=_LOCALE, abort_invalid=True)
    return {str(entry.id): str(entry.string) for entry in catalogue if entry.id and entry.string}
