"""Know a citizen id or a phone number by its look."""

import re

_CITIZEN_ID = r"[1-9][0-9]{16}[0-9Xx]|[1-9][0-9]{14}"
_PHONE = r"(?:\+?86[ -]?)?1[0-9]{2}[ -]?[0-9]{4}[ -]?[0-9]{4}"
PERSONAL = re.compile(rf"(?<![0-9A-Za-z])(?:{_CITIZEN_ID}|{_PHONE})(?![0-9A-Za-z])")
"""Matches what seems to be one, wherever it stands in a text."""

_FOUR_DIGITS = re.compile(r"[0-9]{4}")
"""Stand in each of them; a text without is known at a glance to hold none."""

_SHORTEST = 11
"""Characters of a phone number; no shorter text holds one of them."""


def looks_personal(text: str) -> bool:
    """Tell whether a citizen id or a phone number seems to stand in a text."""
    return PERSONAL.search(text) is not None


def without_personal(text: str, *, instead: str) -> str:
    """Return a text with ``instead`` wherever a citizen id or a phone number seems to stand."""
    if len(text) < _SHORTEST or _FOUR_DIGITS.search(text) is None:
        return text
    return PERSONAL.sub(instead, text)
