"""Define what may happen beside the flow of an item."""

from dataclasses import dataclass

from gov_portal.kernel.ids import ItemId
from workflows.domain.measures import Duration
from workflows.domain.step_base import Pause

OVERDUE = "overdue"
"""As what an appeal follows: no outcome, but that the statutory limit has passed without a decision."""


@dataclass(frozen=True, slots=True)
class Withdraw:
    """Let the applicant withdraw (撤回) until the result of ``before`` is applied."""

    before: str
    end: str


@dataclass(frozen=True, slots=True)
class Suspend:
    """Let officers suspend (挂起) on listed grounds; ``max`` is summed per case."""

    by: tuple[str, ...]
    grounds: tuple[Pause, ...]
    max: Duration


@dataclass(frozen=True, slots=True)
class Extend:
    """Let an officer extend (延长) statutory and promised limit."""

    by: str
    add: Duration
    max: int


@dataclass(frozen=True, slots=True)
class Silence:
    """Take an act of a decision step where the statutory limit passes without a decision (逾期未决定，视为…)."""

    step: str
    act: str


@dataclass(frozen=True, slots=True)
class Signers:
    """Let officers add signers to an open ``each`` step, or take away those who have not signed (加签 减签)."""

    by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Consult:
    """Let officers ask another role (请示, 征求意见) while a task of theirs is open; the legal clock runs on.

    Attributes:
        by: roles that may ask.
        to: roles that may be asked, each at most one thing at a time.
        within: how long an answer may take; then the silence is written down.
        blocks: ``<step>.<act>`` of the acts that are closed while an answer is outstanding.
    """

    by: tuple[str, ...]
    to: tuple[str, ...]
    within: Duration
    blocks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Appeal:
    """Let the applicant open another item about this case after an outcome."""

    after: tuple[str, ...]
    opens: ItemId
    within: Duration
    remind: tuple[Duration, ...] = ()


@dataclass(frozen=True, slots=True)
class Correct:
    """Let officers correct a closed case of their own accord (依职权更正), by a rule: another case follows it."""

    by: tuple[str, ...]
    basis: str


@dataclass(frozen=True, slots=True)
class Anytime:
    """Hold what may happen beside the flow."""

    withdraw: Withdraw | None = None
    suspend: Suspend | None = None
    extend: Extend | None = None
    hand_over: tuple[str, ...] = ()
    urge_every: Duration | None = None
    appeal: Appeal | None = None
    signers: Signers | None = None
    silence: Silence | None = None
    consult: Consult | None = None
    correct: Correct | None = None
