"""Define what people see of what is to pay."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class BillLine:
    """Show one line of a bill: what for, how much in fen, by which rule; ``number`` is its place in the item."""

    name: str
    amount_fen: int
    basis: str = ""
    number: int = 0


@dataclass(frozen=True, slots=True)
class BillView:
    """Show a bill (缴费单) and how it stands.

    Attributes:
        state: ``new`` ``placed`` ``paid`` ``cancelled`` ``refunded``, or ``free`` where nothing is to pay.
        pay_url: where the applicant pays, for nobody else; empty where it is not to be paid now.
        due_on: last day to pay.
        may_revise: the reader may correct the amounts now.
    """

    step: str
    step_label: str
    lines: tuple[BillLine, ...]
    amount_fen: int
    state: str
    pay_url: str = ""
    due_on: date | None = None
    has_failed: bool = False
    refunded_fen: int = 0
    may_revise: bool = False
