"""Find the text of a message by code and language; Chinese first, English second."""

import string
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from typing import Any

CHINESE = "zh"
ENGLISH = "en"
LANGUAGES = (CHINESE, ENGLISH)
FALLBACK = "fallback"
"""Code of the text for codes that have none of their own, so that nobody is left untold."""


class _PlainNames(string.Formatter):
    """Fill ``{name}`` only, with nothing for what is wanting; no attributes, no indexes."""

    def get_field(self, field_name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> tuple[Any, str]:
        """Return the parameter as text."""
        return str(kwargs.get(field_name, "")), field_name


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Hold every text by language and code."""

    texts: Mapping[str, Mapping[str, str]] = field(repr=False)

    def text(self, code: str, params: Mapping[str, object], *, language: str = CHINESE) -> str:
        """Return the filled text; an unknown language is answered in Chinese."""
        texts = self.texts.get(language, self.texts[CHINESE])
        words = {name: texts.get(f"{name}.{value}", value) for name, value in params.items()}
        return _PlainNames().vformat(texts.get(code, texts[FALLBACK]), (), words)


@lru_cache(maxsize=1)
def shipped() -> Catalogue:
    """Return the catalogue that comes with the platform."""
    folder = files("gov_portal.messaging") / "data"
    return Catalogue(
        {language: tomllib.loads((folder / f"texts.{language}.toml").read_text("utf-8")) for language in LANGUAGES}
    )
