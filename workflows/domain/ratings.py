"""Define how a service is rated (好差评) and how long the follow-up of a bad rating may take; pure.

Source: State Council General Office 国办发〔2019〕51号 (five levels, bad ratings are followed up);
GB/T 39735-2020, GB/T 39046-2020 A.8 (codes of the levels). The two limits are the practice of provinces: contact within
1 working day, an answer within 15.
"""

from dataclasses import dataclass, field
from enum import StrEnum

CONTACT_WORKING_DAYS = 1
ANSWER_WORKING_DAYS = 15
MOST_ROUNDS = 2
"""A case is rated once, and once more after the answer to a bad rating."""

FEWEST_SHOWN = 5
"""Figures of fewer ratings are kept back, so that nobody can be told from them."""


class RatingLevel(StrEnum):
    """Name the five levels, best first."""

    VERY_SATISFIED = "very-satisfied"
    SATISFIED = "satisfied"
    FAIR = "fair"
    DISSATISFIED = "dissatisfied"
    VERY_DISSATISFIED = "very-dissatisfied"

    @property
    def is_bad(self) -> bool:
        """Tell whether it is a bad rating (差评), which somebody must answer."""
        return self in (RatingLevel.DISSATISFIED, RatingLevel.VERY_DISSATISFIED)

    @property
    def stars(self) -> int:
        """Return 5 for the best level down to 1."""
        return len(RatingLevel) - list(RatingLevel).index(self)


class RatingReason(StrEnum):
    """Name what a rating may be about. Source: indicators of GB/T 39735-2020 for online and counter services."""

    SPEED = "speed"
    GUIDE = "guide"
    EASE = "ease"
    PLATFORM = "platform"
    PEOPLE = "people"
    RESULT = "result"


@dataclass(frozen=True, slots=True)
class RatingForm:
    """Hold what a person says of one case."""

    level: RatingLevel
    reasons: tuple[RatingReason, ...] = ()
    text: str = field(repr=False, default="")
