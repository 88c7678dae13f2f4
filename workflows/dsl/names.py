"""Check identifiers: ASCII, no word of the expression language, no two that look alike."""

import keyword
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from workflows.domain.definition import Location
from workflows.dsl.findings import Findings
from workflows.dsl.source import Scalar

SIMPLE = re.compile(r"[a-z][a-z0-9_]{0,39}\Z")
DOTTED = re.compile(r"[a-z][a-z0-9-]*(\.[a-z][a-z0-9-]*)*\Z")

RESERVED = frozenset(
    {
        "true",
        "false",
        "any",
        "all",
        "missing",
        "has",
        "default",
        "today",
        "province",
        "next",
        "done",
        "confirm",
        "case",
        "consult",
    }
    | {word.lower() for word in keyword.kwlist}
)
"""Words that the language itself uses inside expressions, tables or acts."""

_TWINS = str.maketrans({"0": "o", "1": "l", "i": "l", "5": "s", "8": "b", "2": "z"})


def describe_odd_character(text: str) -> str | None:
    """Return what is wrong with the first character that is not ASCII, or ``None``."""
    if text.isascii() and "\x7f" not in text:
        return None
    for character in text:
        if ord(character) > 126:
            plain = unicodedata.normalize("NFKD", character)[:1]
            name = unicodedata.name(character, f"U+{ord(character):04X}")
            twin = f", it only looks like `{plain}`" if plain.isascii() and plain else ""
            return f"`{character}` is {name} (U+{ord(character):04X}){twin}"
    return None


def check_ascii(scalar: Scalar, *, what: str, findings: Findings) -> bool:
    """Report a key or name that is not ASCII; return whether it is."""
    odd = describe_odd_character(scalar.text)
    if odd is None:
        return True
    findings.report(
        "E020",
        at=scalar.at,
        message=f"{what} `{scalar.text}` is not ASCII: {odd}",
        remedy="type it again in plain Latin letters; Chinese belongs in labels",
    )
    return False


def check_identifier(scalar: Scalar, *, what: str, findings: Findings, reserved: bool = True) -> bool:
    """Report a new name that is badly formed or reserved; return whether it is good."""
    if not check_ascii(scalar, what=what, findings=findings):
        return False
    name = scalar.text
    if not SIMPLE.match(name):
        findings.report(
            "E020",
            at=scalar.at,
            message=f"{what} `{name}` is not a plain identifier",
            remedy="begin with a small letter and use small letters, digits and `_`, at most 40",
        )
        return False
    if reserved and name in RESERVED:
        findings.report(
            "E023",
            at=scalar.at,
            message=f"{what} `{name}` is a word of the language",
            remedy="choose another name",
        )
        return False
    return True


@lru_cache(maxsize=2048)
def _skeleton(name: str) -> str:
    return name.translate(_TWINS).replace("rn", "m").replace("vv", "w").replace("_", "")


def check_look_alikes(names: Iterable[tuple[str, Location]], *, what: str, findings: Findings) -> None:
    """Report names of one scope that differ only by letters that look alike (``l1``, ``o0``, ``rn`` and ``m``)."""
    seen: dict[str, tuple[str, Location]] = {}
    for name, at in names:
        first = seen.setdefault(_skeleton(name), (name, at))
        if first[0] != name:
            findings.report(
                "E022",
                at=at,
                message=f"{what} `{name}` looks like `{first[0]}` (line {first[1].line})",
                remedy="choose names that cannot be mixed up",
            )
