"""Find the text of a message by code and language; Chinese first, English second."""

import re
import string
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Any

from babel.dates import format_date

CHINESE = "zh"
ENGLISH = "en"
LANGUAGES = (CHINESE, ENGLISH)
FALLBACK = "fallback"
"""Code of the text for codes that have none of their own, so that nobody is left untold."""

_SUBJECTS = "subjects"
_TELLING = frozenset({"item", "licence"})
"""Names of definitions; they may tell of somebody's health or need."""

_DAYS = {CHINESE: "y年M月d日", ENGLISH: "d MMMM y"}
_EMPTY_BRACKETS = re.compile(r"（）| ?\(\)")


class _PlainNames(string.Formatter):
    """Fill ``{name}`` only, with nothing for what is wanting; no attributes, no indexes."""

    def get_field(self, field_name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> tuple[Any, str]:
        """Return the parameter as text."""
        return str(kwargs.get(field_name, "")), field_name


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Hold every text by language and code, and the subjects of e-mails likewise."""

    texts: Mapping[str, Mapping[str, str]] = field(repr=False)
    subjects: Mapping[str, Mapping[str, str]] = field(repr=False, default_factory=dict)

    def text(
        self, code: str, params: Mapping[str, object], *, language: str = CHINESE, say: Callable[[str], str] = str
    ) -> str:
        """Return the filled text; an unknown language is answered in Chinese.

        ``say`` puts a name of a definition (an item, a licence) into the reader's language.
        """
        texts = self.texts.get(language, self.texts[CHINESE])
        words = {name: texts.get(f"{name}.{value}", _shown(name, value, language)) for name, value in params.items()}
        words |= {name: say(str(words[name])) for name in _TELLING & words.keys()}
        return _PlainNames().vformat(texts.get(code, texts[FALLBACK]), (), words)

    def outside(self, code: str, params: Mapping[str, object], *, language: str = CHINESE) -> str:
        """Return the text for a phone or a mailbox: it names the case, never the item.

        What somebody applies for may tell of their health or need, and others read phones and mailboxes too.
        """
        told = {name: value for name, value in params.items() if name not in _TELLING}
        text = self.text(code, told, language=language)
        return _EMPTY_BRACKETS.sub("", text)

    def subject(self, code: str, *, language: str = CHINESE) -> str:
        """Return the subject of an e-mail; it names nobody and nothing."""
        subjects = self.subjects.get(language, self.subjects[CHINESE])
        return subjects.get(code, subjects[FALLBACK])

    def word(self, name: str, *, language: str = CHINESE) -> str:
        """Return one of the words that stand around every e-mail."""
        return self.subjects.get(language, self.subjects[CHINESE])[name]


def _shown(name: str, value: object, language: str) -> object:
    """Return a day (``due_on``, as ``YYYY-MM-DD``) as it is said; everything else as it is."""
    if not name.endswith("_on") or not isinstance(value, str):
        return value
    known = language if language in _DAYS else CHINESE
    return format_date(date.fromisoformat(value), _DAYS[known], locale=known)


@lru_cache(maxsize=1)
def shipped() -> Catalogue:
    """Return the catalogue that comes with the platform."""
    folder = files("gov_portal.messaging") / "data"
    read = {language: tomllib.loads((folder / f"texts.{language}.toml").read_text("utf-8")) for language in LANGUAGES}
    subjects = {language: entries.pop(_SUBJECTS) for language, entries in read.items()}
    return Catalogue(read, subjects)
