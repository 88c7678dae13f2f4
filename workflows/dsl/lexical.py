"""Find signs in an expression that are not of this language, before Python's parser sees it."""

import re
from dataclasses import dataclass

from workflows.dsl.names import describe_odd_character

LONGEST = 600

_STRINGS = re.compile(r"'[^'\\]*'|\"[^\"\\]*\"")
_FOREIGN = re.compile(r"&&|\|\||<>|=>|=<|(?<![=!<>])=(?!=)|![^=]|\*\*|//|[^A-Za-z0-9_ .,()\[\]<>=!+*'\"-]")
_GLUED = re.compile(r"(?<![A-Za-z0-9_.])[0-9][0-9.]*[A-Za-z_]")
_REMEDIES = {
    "&&": "write `and`",
    "||": "write `or`",
    "=": "write `==` to compare",
    "<>": "write `!=`",
    "=>": "write `>=`",
    "=<": "write `<=`",
    "/": "write `ratio(a, b, half_up)` to divide",
    "//": "write `ratio(a, b, down)` to divide",
    "%": "write a fraction, such as `ratio(a * 7, 10, half_up)`",
    "!": "write `not`",
}


@dataclass(frozen=True, slots=True)
class OddSign:
    """Hold the first thing that is wrong with the signs of an expression; ``offset`` counts characters."""

    code: str
    offset: int
    message: str
    remedy: str


def odd_sign(source: str) -> OddSign | None:
    """Return what makes a text no expression at first sight, or ``None``; texts in quotes are not looked into."""
    if len(source) > LONGEST:
        message = f"this expression is longer than {LONGEST} characters"
        return OddSign("E101", 0, message, "give its parts names under `let`")
    if "\\" in source:
        offset = source.index("\\")
        return OddSign("E101", offset, "`\\` is no sign of this language", "write the text without it")
    bare = _STRINGS.sub(lambda found: "'" + "_" * (len(found.group()) - 2) + "'", source)
    foreign = _FOREIGN.search(bare)
    if foreign is not None:
        return _foreign(foreign.group(), foreign.start())
    glued = _GLUED.search(bare)
    if glued is not None:
        remedy = "write plain digits; durations such as 5wd are no values of expressions"
        return OddSign("E101", glued.start(), "a number runs into a word here", remedy)
    return None


def _foreign(text: str, offset: int) -> OddSign:
    sign = text if text in _REMEDIES else text[:1]
    odd = describe_odd_character(sign)
    if odd is not None:
        message = f"this expression is not ASCII: {odd}"
        return OddSign("E020", offset, message, "type it again in plain Latin letters")
    remedy = _REMEDIES.get(sign, "use and, or, not, in, comparisons and + - *")
    return OddSign("E101", offset, f"`{sign}` is no sign of this language", remedy)
