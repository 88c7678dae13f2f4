"""Define an officer's working notes on an application: what of it is in order (通过) and what is wanting (需补正)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Verdict(StrEnum):
    """Name what an officer found of one field or material."""

    PASSED = "passed"
    WANTING = "wanting"


class WantingReason(StrEnum):
    """Name the common reasons why something is wanting; ``OTHER`` needs the officer's own words."""

    UNREADABLE = "unreadable"
    EXPIRED = "expired"
    INCONSISTENT = "inconsistent"
    PAGES_MISSING = "pages-missing"
    OTHER_PERSON = "other-person"
    OTHER_PAPER = "other-paper"
    UNSIGNED = "unsigned"
    INCOMPLETE = "incomplete"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Check:
    """Hold the note on one target; reason and words only where it is wanting."""

    verdict: Verdict
    reason: WantingReason = WantingReason.OTHER
    words: str = field(default="", repr=False)

    @property
    def is_wanting(self) -> bool:
        """Tell whether the applicant must mend it."""
        return self.verdict is Verdict.WANTING


def wanting(checks: Mapping[str, Check]) -> tuple[str, ...]:
    """Return the targets that are wanting, in their order."""
    return tuple(target for target, check in checks.items() if check.is_wanting)


def left_out(checks: Mapping[str, Check], *, marked: Iterable[str]) -> tuple[str, ...]:
    """Return what is wanting and yet not in a notice, which must name everything at once (一次性告知)."""
    named = set(marked)
    return tuple(target for target in wanting(checks) if target not in named)
