"""Read the codes of service items: 基本编码 (12), 实施编码 (31) and 业务办理项编码 (33 characters).

A base code is province (2, ``00`` for national), type of item (2), serial (5) and sub-item (3). An implementing code
puts the body that carries it out before it, by its credit code (18), and the level (1); a handling code adds two
characters. A body without a credit code has a temporary one that begins with ``TE`` and passes no check.

Source: ZWFW C0109.1-2018 in the lengths that live systems use; GB/T 39046-2020 prints 10 and 24 places for them.
"""

import re
from dataclasses import dataclass

from gov_portal.kernel.codes import credit_code
from gov_portal.kernel.codes.division import Divisions
from gov_portal.kernel.codes.errors import CodeFault, CodeInvalid

BASE, IMPLEMENTING, HANDLING = 12, 31, 33
TEMPORARY = "TE"

_NATIONAL = "00"
_BASE = re.compile(r"[0-9]{4}[0-9A-Z]{8}")
_TEMPORARY = re.compile(r"TE[0-9A-Z]{16}")
_LEVEL = re.compile(r"[1-7]")
_SUFFIX = re.compile(r"[0-9A-Z]{2}")


@dataclass(frozen=True, slots=True)
class ItemCode:
    """Hold the parts of a code; those that a shorter one does not have are empty."""

    base: str
    body: str = ""
    level: str = ""
    suffix: str = ""

    def __str__(self) -> str:
        """Return the code with all parts that are known."""
        return f"{self.body}{self.level}{self.base}{self.suffix}"

    @property
    def type_code(self) -> str:
        """Return the two characters of the type of item (事项类型)."""
        return self.base[2:4]

    def implementing(self, body: str, level: str) -> str:
        """Return 实施编码: the code's own, else as ``body`` carries the item out; empty where no body is known."""
        known, at = self.body or body, self.level or level
        return f"{known}{at}{self.base}" if known else ""

    def handling(self, body: str, level: str) -> str:
        """Return 业务办理项编码; empty where the code has no suffix or no body is known."""
        implementing = self.implementing(body, level)
        return f"{implementing}{self.suffix}" if implementing and self.suffix else ""


def parse(text: str) -> ItemCode:
    """Return the parts of a code of any of the three lengths.

    Raises:
        CodeInvalid: with the first fault found: length, form, check (of the credit code).
    """
    if len(text) == BASE:
        return ItemCode(_base(text))
    if len(text) not in (IMPLEMENTING, HANDLING):
        raise CodeInvalid(CodeFault.LENGTH, length=len(text), expected=BASE)
    body, level, base, suffix = text[:18], text[18], text[19:IMPLEMENTING], text[IMPLEMENTING:]
    if not _LEVEL.fullmatch(level) or (suffix and not is_suffix(suffix)):
        raise CodeInvalid(CodeFault.FORM)
    return ItemCode(_base(base), validate_body(body), level, suffix)


def is_suffix(text: str) -> bool:
    """Tell whether a text may tell handling items of one item apart: two characters."""
    return _SUFFIX.fullmatch(text) is not None


def validate_body(code: str) -> str:
    """Return the code of a body unchanged if it is a credit code, or a temporary one of its length.

    Raises:
        CodeInvalid: with the first fault found.
    """
    if code.startswith(TEMPORARY):
        if not _TEMPORARY.fullmatch(code):
            raise CodeInvalid(CodeFault.FORM)
        return code
    return credit_code.validate(code)


def _base(text: str) -> str:
    is_province = text[:2] == _NATIONAL or f"{text[:2]}0000" in Divisions.default().by_code
    if not _BASE.fullmatch(text) or not is_province:
        raise CodeInvalid(CodeFault.FORM)
    return text
