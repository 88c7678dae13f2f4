"""Define the step in which the applicant pays (缴费)."""

from dataclasses import dataclass

from workflows.domain.expressions import Expression
from workflows.domain.measures import Duration
from workflows.domain.step_base import StepBase

PAID, FREE, UNPAID = "paid", "free", "unpaid"
RESULTS = (PAID, FREE, UNPAID)
"""What a step leaves behind as ``<step>.result``: paid, nothing to pay, or gone on without."""

REFUND = "refund"
"""Name of what undoes a bill: one that is not paid yet is cancelled, one that is paid is refunded."""


@dataclass(frozen=True, slots=True)
class FeeLine:
    """Name one line of a bill (收费项目): how much in fen, by which rule, and when it is due at all."""

    name: str
    amount: Expression
    basis: str | None = None
    when: Expression | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PayStep(StepBase):
    """Let the applicant pay a bill at the payment department.

    Attributes:
        lines: what makes up the bill; their sum is frozen when the step is entered.
        within: how long the applicant has.
        late: what happens then: ``next``, or an outcome without remedies.
        refund: how much of a paid bill is given back where a jump or a withdrawal undoes it; all, if nothing is said.
        revise: role whose officers may correct the amounts while nothing is paid.
        remind: how long before the end the applicant is reminded.
    """

    lines: tuple[FeeLine, ...]
    within: Duration
    late: str
    refund: Expression | None = None
    revise: str | None = None
    remind: tuple[Duration, ...] = ()


def line_path(step: str, number: int) -> str:
    """Return where the amount of a line lies among the values; lines count from 1."""
    return f"{step}.line.{number}"
