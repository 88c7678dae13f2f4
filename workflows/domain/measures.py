"""Define phases, durations and places in a source: what definitions are measured by."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class Phase(StrEnum):
    """Name the legal phases (办理环节) in their order."""

    RECEIPT = "receipt"
    ACCEPTANCE = "acceptance"
    REVIEW = "review"
    DECISION = "decision"
    ISSUANCE = "issuance"
    DELIVERY = "delivery"


class Unit(StrEnum):
    """Name the units of a duration."""

    HOUR = "h"
    WORKING_DAY = "wd"
    DAY = "d"
    WEEK = "w"
    MONTH = "mo"
    YEAR = "y"


@dataclass(frozen=True, slots=True)
class Duration:
    """Say how long, such as ``5wd`` (五个工作日).

    Attributes:
        amount, unit: the span; one that a decision table gives has the longest of its rows until the table is read.
        table: the table that gives it, if any.
    """

    amount: int
    unit: Unit
    table: str = ""

    def __hash__(self) -> int:
        """Return the amount: few durations are as long as another, and every step looks one up."""
        return self.amount

    def __str__(self) -> str:
        """Return the spelling of the language."""
        return f"{self.amount}{self.unit}"


class Location(NamedTuple):
    """Point into the source; line and column start at 1. A tuple, because a file makes thousands of them."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        """Return ``file:line:column``."""
        return f"{self.file}:{self.line}:{self.column}"
