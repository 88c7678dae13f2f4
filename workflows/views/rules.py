"""Define what pages show of rules that were not met."""

from dataclasses import dataclass

from workflows.domain.explaining import Explanation


@dataclass(frozen=True, slots=True)
class FailedRule:
    """Show a rule that a turned-down application did not meet.

    Attributes:
        act: label of the act that the rule closed, empty for a condition of acceptance.
        text, basis: what the item says of it; empty for an act.
    """

    act: str
    text: str
    basis: str | None
    explanation: Explanation
