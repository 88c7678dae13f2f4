"""Know a citizen id or a phone number by its look."""

import re

_CITIZEN_ID = r"[1-9][0-9]{16}[0-9Xx]|[1-9][0-9]{14}"
_PHONE = r"(?:\+?86[ -]?)?1[0-9]{2}[ -]?[0-9]{4}[ -]?[0-9]{4}"
PERSONAL = re.compile(rf"(?<![0-9A-Za-z])(?:{_CITIZEN_ID}|{_PHONE})(?![0-9A-Za-z])")
"""Matches what seems to be one, wherever it stands in a text."""

SHORTEST = 11
"""Characters of the shortest of them, a phone number; no shorter text holds one."""


def looks_personal(text: str) -> bool:
    """Tell whether a citizen id or a phone number seems to stand in a text."""
    return PERSONAL.search(text) is not None
