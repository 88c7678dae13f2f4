"""Find the words for an error by its code."""

import tomllib
from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

from gov_portal.kernel.errors import DomainError
from gov_portal.web.base.language import language as readers_language
from gov_portal.web.base.text import day, moment, size

UNKNOWN = "error"
_FILE = Path(__file__).with_name("errors.toml")


class _Params(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return "…"


@lru_cache(maxsize=1)
def catalogue() -> Mapping[str, Mapping[str, str]]:
    """Return every text by code and language."""
    entries: dict[str, dict[str, str]] = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return entries


def has_text(code: str) -> bool:
    """Tell whether a code has words of its own."""
    return code in catalogue()


def text_of(code: str, params: Mapping[str, object] | None = None, *, language: str | None = None) -> str:
    """Return the text of a code, or that of the nearest code above it (``type.date`` for ``type.date.form``).

    Without a language it is the one that the reader of the page chose.
    """
    entries = catalogue()
    found = code
    while found not in entries and "." in found:
        found = found.rpartition(".")[0]
    entry = entries.get(found, entries[UNKNOWN])
    return entry[language or readers_language()].format_map(
        _Params({key: _shown(key, value) for key, value in (params or {}).items()})
    )


def message(error: DomainError, *, language: str | None = None) -> str:
    """Return what a person is told about an error: what is wrong and what to do."""
    return text_of(error.code, error.params, language=language)


def _shown(key: str, value: object) -> object:
    match value:
        case datetime():
            return moment(value)
        case date():
            return day(value)
        case int() if key.endswith("bytes"):
            return size(value)
        case tuple() | list():
            return "、".join(map(str, value))
        case _:
            return value
