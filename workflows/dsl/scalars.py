"""Resolve plain scalars ourselves, and refuse those that two YAML parsers read differently."""

import re
from decimal import Decimal

Value = bool | int | Decimal | str

INTEGER = re.compile(r"-?(0|[1-9][0-9]*)\Z")
DECIMAL = re.compile(r"-?(0|[1-9][0-9]*)\.[0-9]+\Z")
LONGEST_NUMBER = 18

_AMBIGUOUS: tuple[tuple[re.Pattern[str], str, str], ...] = (
    (
        re.compile(r"(y|n|yes|no|on|off)\Z", re.IGNORECASE),
        "is true or false for YAML 1.1 and text for YAML 1.2",
        "write `true` or `false`, or put it in quotes",
    ),
    (
        re.compile(r"(True|TRUE|False|FALSE|null|Null|NULL|~)\Z"),
        "is not read alike by all YAML parsers",
        "write `true` or `false` in small letters, leave the key out for nothing, or put it in quotes",
    ),
    (
        re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt ].*)?\Z"),
        "is a date for YAML 1.1 and text for YAML 1.2",
        "put the date in quotes",
    ),
    (
        re.compile(r"[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?\Z"),
        "is a number to base 60 for YAML 1.1 and text for YAML 1.2",
        "put it in quotes",
    ),
    (
        re.compile(r"[-+]?0[0-9][0-9_]*\Z"),
        "is octal for YAML 1.1 and decimal for YAML 1.2",
        "write the number without leading zeros, or put it in quotes",
    ),
    (
        re.compile(r"[-+]?0[xXoObB][0-9a-fA-F_]*\Z"),
        "is a number for some YAML parsers only",
        "write a decimal number, or put it in quotes",
    ),
    (
        re.compile(r"[-+]?[0-9][0-9,]*_[0-9_]*(\.[0-9_]*)?\Z"),
        "is a number for YAML 1.1 and text for YAML 1.2",
        "write the digits without `_`, or put it in quotes",
    ),
    (
        re.compile(r"(\+[0-9][0-9.]*|[-+]?(\.[0-9]+|[0-9]+\.|0[0-9]+\.[0-9]*)|[-+]?[0-9.]+[eE][-+]?[0-9]+)\Z"),
        "is a number that YAML parsers do not read alike",
        "write plain digits such as `12` or `0.5`, or put it in quotes",
    ),
    (
        re.compile(r"[-+]?\.(inf|Inf|INF|nan|NaN|NAN)\Z"),
        "is a special number of YAML that this language does not have",
        "write a plain number, or put it in quotes",
    ),
    (
        re.compile(r"(=|<<)\Z"),
        "has a special meaning in YAML 1.1 only",
        "put it in quotes, or write the content out",
    ),
)

_DOUBTFUL_SIGNS = frozenset("-+.~=<0123456789")
_DOUBTFUL_WORDS = frozenset(("y", "n", "yes", "no", "on", "off", "true", "false", "null"))
_LONGEST_WORD = 5


def is_doubtful(text: str) -> bool:
    """Return whether a plain scalar may be anything but the text that it is; most cannot."""
    if text[:1] in _DOUBTFUL_SIGNS:
        return True
    return len(text) <= _LONGEST_WORD and text.casefold() in _DOUBTFUL_WORDS


def ambiguity(text: str) -> tuple[str, str] | None:
    """Return why a plain scalar is read differently by YAML 1.1 and 1.2, and the remedy; ``None`` where it is not."""
    if not is_doubtful(text):
        return None
    for pattern, why, remedy in _AMBIGUOUS:
        if pattern.match(text):
            return why, remedy
    return None


def resolve(text: str) -> Value:
    """Return the value of an unambiguous plain scalar: true, false, a number, or the text itself."""
    if not is_doubtful(text):
        return text
    if text == "true":
        return True
    if text == "false":
        return False
    if len(text) <= LONGEST_NUMBER:
        if INTEGER.match(text):
            return int(text)
        if DECIMAL.match(text):
            return Decimal(text)
    return text
