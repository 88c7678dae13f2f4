"""Choose the language of a page and find its words; Chinese is what the code says and the key of the English ones."""

from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from babel.messages.pofile import read_po
from flask import has_request_context, request

from gov_portal.web.base.programs import is_program

CHINESE = "zh"
ENGLISH = "en"
LANGUAGES = (CHINESE, ENGLISH)
LANGUAGE_COOKIE = "gov_language"
_SHELVES = ("gov_portal.web", "workflows.items")
"""Packages whose folders ``locale`` hold ``en.po`` and parts such as ``en-cases.po``, one set for each front."""


_CHOSEN = "gov.language"


def language() -> str:
    """Return the language that the reader of this page chose; Chinese without a choice or a page.

    A program chooses by ``Accept-Language``.
    """
    if not has_request_context():
        return CHINESE
    # A page asks for every text of it, so the answer stands with the request.
    environ: dict[str, str] = request.environ
    return environ.get(_CHOSEN) or environ.setdefault(_CHOSEN, _chosen())


def _chosen() -> str:
    if is_program():
        return request.accept_languages.best_match(LANGUAGES, default=CHINESE) or CHINESE
    chosen = request.cookies.get(LANGUAGE_COOKIE)
    return chosen if chosen in LANGUAGES else CHINESE


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
        catalogue = read_po(source, locale=ENGLISH, abort_invalid=True)
    return {str(entry.id): str(entry.string) for entry in catalogue if entry.id and entry.string}
