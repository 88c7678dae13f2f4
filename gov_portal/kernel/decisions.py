"""Say what an operator decided about work that is parked (搁置); pure."""

from dataclasses import dataclass
from enum import StrEnum

from gov_portal.kernel.errors import Conflict, Invalid, NotFound

LONGEST_REASON = 500

GIVEN_UP = "work.given-up"
"""Code by which what is left behind says that an operator has ended the work for it."""


class Way(StrEnum):
    """Name what may become of parked work."""

    RESUME = "resume"
    """Try again now, as often as if it were new."""
    SKIP = "skip"
    """Go on as if the answer had been that it was not done: by the road that the item has for that."""
    ABANDON = "abandon"
    """Leave it to a person: an officer gets a task where the case is open; else the record alone says so."""


class WorkUnknown(NotFound):
    """Answer that no parked work has this number: it never was parked, or somebody has decided already."""

    code = "work.unknown"


class WorkMoved(Conflict):
    """Answer that somebody else decided at the same moment; nothing was done."""

    code = "work.moved"


class WorkReasonWanting(Invalid):
    """Refuse a decision without a reason, or with one of more than ``longest`` characters."""

    code = "work.reason"


@dataclass(frozen=True, slots=True)
class Decision:
    """Say what shall become of parked work, and why.

    Raises:
        WorkReasonWanting: there is no reason, or it is too long.
    """

    way: Way
    reason: str

    def __post_init__(self) -> None:
        """Insist on a reason."""
        if not self.reason.strip() or len(self.reason) > LONGEST_REASON:
            raise WorkReasonWanting(field="reason", longest=LONGEST_REASON)
