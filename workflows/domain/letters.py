"""Define the letters (往来消息) that an applicant and the offices that hold a case write to each other in it; pure."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from gov_portal.kernel.ids import CaseId, ItemId

LONGEST_TEXT = 1000
MOST_A_DAY = 20
"""How many letters each side of a case writes in ``A_DAY``."""

A_DAY = timedelta(days=1)


class Side(StrEnum):
    """Name who writes: the applicant, or the state."""

    APPLICANT = "applicant"
    OFFICE = "office"

    @property
    def other(self) -> "Side":
        """Return who reads."""
        return Side.OFFICE if self is Side.APPLICANT else Side.APPLICANT


@dataclass(frozen=True, slots=True)
class LetterView:
    """Show one letter.

    Attributes:
        number: its place among the letters of the case, from 1.
        organ: name of the office that wrote it; empty for the applicant.
        is_own: the reader's own side wrote it.
        is_by_delegate: a guardian wrote it for the applicant.
        is_read: whom it was written to has read it.
    """

    letter: UUID
    number: int
    side: Side
    at: datetime
    organ: str = ""
    is_own: bool = False
    is_by_delegate: bool = False
    is_read: bool = False
    text: str = field(repr=False, default="")


@dataclass(frozen=True, slots=True)
class CaseLetters:
    """Show letters of a case, oldest first, and whether their reader may write.

    Attributes:
        may_write: the case is under way, and with an officer: their unit holds it.
        left: how many letters the reader's side may still write today.
        unread: letters to the reader's side that it has not read; those that are not shown here count too.
        readers: names of the offices that the applicant's next letter goes to.
        before: number to ask for older letters with; ``None`` where there are none.
    """

    letters: tuple[LetterView, ...] = ()
    may_write: bool = False
    is_closed: bool = False
    left: int = 0
    unread: int = 0
    readers: tuple[str, ...] = ()
    before: int | None = None

    @property
    def shown(self) -> tuple[int, int]:
        """Return the numbers of the first and last letter that are shown here; zeros where none is."""
        return (self.letters[0].number, self.letters[-1].number) if self.letters else (0, 0)


@dataclass(frozen=True, slots=True)
class WaitingLetter:
    """Name a case with letters of its applicant that the unit has not read, and since when."""

    case: CaseId
    case_number: str
    item: ItemId
    item_name: str
    unread: int
    since: datetime
