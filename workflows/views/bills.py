"""Define what people see of what is to pay."""

from dataclasses import dataclass
from datetime import date

from gov_portal.kernel.ids import CaseId


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


@dataclass(frozen=True, slots=True)
class DueBill:
    """Show a bill that waits to be paid, with the case that it belongs to and the department that the money is for."""

    case: CaseId
    item_name: str
    payee: str
    visit: int
    bill: BillView


@dataclass(frozen=True, slots=True)
class JointBillView:
    """Show every bill of a case and of its parts that waits to be paid, to be paid at once (合并缴款).

    Attributes:
        pay_url: where all of them are paid; empty until they are joined.
    """

    case: CaseId
    case_number: str
    item_name: str
    bills: tuple[DueBill, ...]
    pay_url: str = ""

    @property
    def amount_fen(self) -> int:
        """Return the sum of all bills."""
        return sum(due.bill.amount_fen for due in self.bills)


@dataclass(frozen=True, slots=True)
class ExpectedLine:
    """Show one line of a bill before there is one; without an amount where an officer has yet to find it out."""

    name: str
    amount_fen: int | None
    basis: str = ""


@dataclass(frozen=True, slots=True)
class ExpectedFee:
    """Show what an item, or one part of a bundle, will cost as far as the answers tell."""

    item_name: str
    payee: str
    lines: tuple[ExpectedLine, ...]

    @property
    def amount_fen(self) -> int:
        """Return the sum of the amounts that are known."""
        return max(0, sum(line.amount_fen or 0 for line in self.lines))

    @property
    def is_open(self) -> bool:
        """Tell whether an amount is not known yet."""
        return any(line.amount_fen is None for line in self.lines)
