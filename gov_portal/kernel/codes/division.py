"""Find administrative divisions (行政区划) and tell which lies in which.

The table carries the divisions of Guangdong down to the county, the provinces of the country by name, and the made-up
province of the sandbox (470000, never assigned). It can be extended by an operator's own file of the same columns.

Source: GB/T 2260; Dongguan (441900) and Zhongshan (442000) have no counties.
"""

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files

NATION = "000000"

_CODE = re.compile(r"[0-9]{6}(?:[0-9]{3}){0,2}")


@dataclass(frozen=True, slots=True)
class Division:
    """Hold one division; ``level`` is 1 province, 2 city, 3 county."""

    code: str
    name: str
    parent_code: str | None
    level: int


def is_code(text: str) -> bool:
    """Tell whether the text has the form of a division code: 6, 9 or 12 digits."""
    return _CODE.fullmatch(text) is not None


def contains(outer: str, inner: str) -> bool:
    """Tell whether ``inner`` is ``outer`` or lies in it, by the digits alone.

    Both are 6, 9 or 12 digits; ``000000`` is the nation and contains everything.
    """
    return inner.startswith(significant(outer))


@dataclass(frozen=True)
class Divisions:
    """Hold the tree of divisions; build it once and share it."""

    by_code: Mapping[str, Division]
    _children: Mapping[str, tuple[Division, ...]] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, divisions: Iterable[Division]) -> "Divisions":
        """Build the tree.

        Raises:
            ValueError: if a code stands twice or a parent is missing.
        """
        by_code: dict[str, Division] = {}
        for division in divisions:
            if division.code in by_code:
                raise ValueError(f"division {division.code} stands twice")
            by_code[division.code] = division
        children: dict[str, list[Division]] = {}
        for division in by_code.values():
            if division.parent_code is None:
                continue
            if division.parent_code not in by_code:
                raise ValueError(f"division {division.code} has no parent {division.parent_code}")
            children.setdefault(division.parent_code, []).append(division)
        return cls(by_code, {code: tuple(found) for code, found in children.items()})

    @classmethod
    def default(cls) -> "Divisions":
        """Return the shipped tree."""
        return _shipped()

    def find(self, code: str) -> Division | None:
        """Return the division of a code, or of its first six digits; ``None`` if it is not in the table."""
        return self.by_code.get(code) or self.by_code.get(code[:6])

    def children(self, code: str) -> tuple[Division, ...]:
        """Return the divisions directly below, in the order of the table."""
        return self._children.get(code, ())

    def parent(self, code: str) -> Division | None:
        """Return the division directly above, or ``None`` for a province or an unknown code."""
        division = self.find(code)
        return self.by_code[division.parent_code] if division and division.parent_code else None

    def is_plausible(self, code: str) -> bool:
        """Tell whether the code is in the table, or in a province whose lower divisions the table does not carry."""
        if not is_code(code):
            return False
        if self.find(code):
            return True
        province = f"{code[:2]}0000"
        return province in self.by_code and not self.children(province)

    def name(self, code: str) -> str:
        """Return the full name, such as 广东省广州市越秀区; an unknown code is named by its province and digits."""
        division = self.find(code)
        if division is None:
            province = self.by_code.get(f"{code[:2]}0000")
            return f"{province.name}（{code}）" if province else code
        names = [division.name]
        while division.parent_code:
            division = self.by_code[division.parent_code]
            names.append(division.name)
        return "".join(reversed(names))


def read_divisions(lines: Iterable[str]) -> list[Division]:
    """Read rows of ``code,name,parent_code,level`` with a header line."""
    return [
        Division(row["code"], row["name"], row["parent_code"] or None, int(row["level"]))
        for row in csv.DictReader(lines)
    ]


@lru_cache(maxsize=1)
def _shipped() -> Divisions:
    text = files("gov_portal.kernel").joinpath("data/divisions.csv").read_text(encoding="utf-8")
    return Divisions.of(read_divisions(text.splitlines()))


def significant(code: str) -> str:
    """Return the digits with which the code of everything inside a division begins; none for the nation."""
    if code == NATION:
        return ""
    while len(code) > 6 and code.endswith("000"):
        code = code[:-3]
    while len(code) <= 6 and code.endswith("00"):
        code = code[:-2]
    return code
