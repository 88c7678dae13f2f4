"""Define the commands that ``engine.advance`` understands; each is one row of the event log."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from gov_portal.kernel.decisions import Decision
from gov_portal.kernel.ids import CaseId, LicenceId, OfficerId, PersonId, TaskKey


class ResultKind(StrEnum):
    """Name how a call, issue, delivery or opened case came back."""

    FOUND = "found"
    ABSENT = "absent"
    MISMATCH = "mismatch"
    UNAVAILABLE = "unavailable"
    DONE = "done"
    FAILED = "failed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    STANDS = "stands"
    """Of an opened case: its clock stands, or it waits for nobody but the applicant."""
    RUNS = "runs"
    """Of an opened case that stood: its offices go on."""


@dataclass(frozen=True, slots=True)
class Begin:
    """Create the draft (开始); prefilled values arrive as ``fields``.

    ``about`` is the licence that it is about, ``corrects`` the closed case that an office corrects by it.
    """

    fields: Mapping[str, object] = field(default_factory=dict)
    about: LicenceId | None = None
    corrects: CaseId | None = None


@dataclass(frozen=True, slots=True)
class Submit:
    """Submit the draft (提交申请) with everything that was typed."""

    fields: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Mark:
    """Mark one field or material as wanting, with the reason that the applicant is told."""

    target: str
    reason: str


@dataclass(frozen=True, slots=True)
class ActOn:
    """Carry out one act of an open task, cast a vote, fill a step (act ``done``) or ``confirm`` a raised task.

    ``task`` carries the visit, so it fences: a task that is gone refuses the command.
    """

    task: TaskKey
    act: str
    fields: Mapping[str, object] = field(default_factory=dict)
    reason: str = ""
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class ReturnSupplement:
    """Hand in the supplement (补正) with the marked fields only."""

    task: TaskKey
    fields: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Result:
    """Report the result of a call, an issue, a delivery or an undo for one visit of a step.

    ``undo`` is true for the acknowledgement of an undo.
    """

    step: str
    visit: int
    kind: ResultKind
    fields: Mapping[str, object] = field(default_factory=dict)
    is_undo: bool = False


@dataclass(frozen=True, slots=True)
class Due:
    """Fire what is due; every other command does so first as well."""


@dataclass(frozen=True, slots=True)
class WithdrawCase:
    """Withdraw the application (撤回)."""

    reason: str = ""


@dataclass(frozen=True, slots=True)
class SuspendCase:
    """Suspend the case (挂起) on a ground that the item lists."""

    ground: str
    reason: str


@dataclass(frozen=True, slots=True)
class ResumeCase:
    """Resume a suspended case."""

    reason: str = ""


@dataclass(frozen=True, slots=True)
class ExtendLimit:
    """Extend the limits (延长) before the deadline."""

    reason: str


@dataclass(frozen=True, slots=True)
class HandOver:
    """Hand an open task to another officer (转办)."""

    task: TaskKey
    to: OfficerId
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """Take an open task of one's team (领取)."""

    task: TaskKey


@dataclass(frozen=True, slots=True)
class Release:
    """Give a claimed task back to its team."""

    task: TaskKey


@dataclass(frozen=True, slots=True)
class Urge:
    """Urge the case on (催办)."""


@dataclass(frozen=True, slots=True)
class Object:
    """Object (异议) to what a waiting step makes public."""

    step: str
    text: str
    by: PersonId | None = None


@dataclass(frozen=True, slots=True)
class ReviseBill:
    """Correct the lines of a bill that is not paid (更正缴款单); pairs of line, from 1, and amount in fen."""

    step: str
    amounts: tuple[tuple[int, int], ...]
    reason: str


@dataclass(frozen=True, slots=True)
class AskOpinion:
    """Ask another role about an open task of one's own (请示, 征求意见); it answers by ``ActOn`` with a reason."""

    task: TaskKey
    to: str
    question: str


@dataclass(frozen=True, slots=True)
class OpenAppeal:
    """Open the successor case that appeals this one; the case itself stays closed."""

    successor: CaseId


@dataclass(frozen=True, slots=True)
class OpenCorrection:
    """Open the successor case by which an office corrects this one (依职权更正); the case itself stays closed."""

    successor: CaseId
    reason: str


@dataclass(frozen=True, slots=True)
class ChangeSigners:
    """Add a signer to an open step that several sign, or take away one who has not signed (加签 减签)."""

    step: str
    add: str = ""
    remove: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Mend:
    """Carry out what an operator decided about work that the platform could not do (搁置).

    ``work`` is the kind of the effect, or ``fire`` for what is due in the case and does not fire.
    """

    work: str
    step: str
    visit: int
    decision: Decision


Command = (
    Begin
    | Submit
    | ActOn
    | ReturnSupplement
    | Result
    | Due
    | WithdrawCase
    | SuspendCase
    | ResumeCase
    | ExtendLimit
    | HandOver
    | Claim
    | Release
    | Urge
    | Object
    | OpenAppeal
    | OpenCorrection
    | ChangeSigners
    | ReviseBill
    | AskOpinion
    | Mend
)
