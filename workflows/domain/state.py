"""Define the state of a case and what one transition yields; storage keeps exactly this.

What every step makes anew are named tuples: made and compared several times faster than frozen dataclasses.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any, NamedTuple

from gov_portal.kernel.ids import CaseId, OfficerId, PersonId, TaskKey
from gov_portal.kernel.principal import Principal
from gov_portal.kernel.working_days import Calendar
from workflows.domain.commands import Mark
from workflows.domain.definition import APPLICANT, Duration, Phase

NOTHING: Mapping[Any, Any] = MappingProxyType({})
"""Stands for no entries."""


class Status(StrEnum):
    """Name where the case stands as a whole."""

    DRAFT = "draft"
    OPEN = "open"
    SUSPENDED = "suspended"
    CLOSED = "closed"


class TaskKind(StrEnum):
    """Name why a task exists."""

    APPLY = "apply"
    WORK = "work"
    VOTE = "vote"
    SIGN = "sign"
    RAISED = "raised"
    OBJECTION = "objection"
    SUPPLEMENT = "supplement"
    OVERDUE = "overdue"
    PAY = "pay"
    CONSULT = "consult"


class Task(NamedTuple):
    """Hold one open piece of work for a person; closed ones live on only in the event log.

    Attributes:
        key: unique in the case; carries step and visit.
        role: role name of the item, or ``applicant``.
        near: division code that picks the unit, already evaluated; ``None`` for any unit of ``org``.
        officer: who has it; ``None`` for the whole team.
        acts: ids of the acts on offer, before ``only`` is looked at.
        opened_on: day that it was opened on as the law counts it; day 1 of the limit is the working day after.
        limit: limit that it really has; after a return that may be less than the step's own.
        due_at, yellow_at, red_at: instants in UTC; ``None`` without a limit.
        is_provisional: the due moment rests on a year without an official calendar.
        marks: what a supplement unlocks.
        reason: why a raised task exists (``absent``, ``mismatch``, ``unavailable``, ``failed``), or the objection.
    """

    key: TaskKey
    step: str
    visit: int
    kind: TaskKind
    role: str
    opened_at: datetime
    org: str | None = None
    near: str | None = None
    rank: str | None = None
    officer: OfficerId | None = None
    acts: tuple[str, ...] = ()
    due_at: datetime | None = None
    yellow_at: datetime | None = None
    red_at: datetime | None = None
    is_provisional: bool = False
    marks: tuple[Mark, ...] = ()
    reason: str = ""
    opened_on: date | None = None
    limit: Duration | None = None


class ActiveStep(NamedTuple):
    """Hold one visit of one open step or block.

    Attributes:
        entered_on: day of entry as the law counts it.
        attempts: how often its call, issue or delivery was tried.
        votes: officer id -> act, for a vote.
        is_unavailable: the other side does not answer; the step is paused and the citizen told.
        objections: how many objections a waiting step has seen in this visit.
        has_elapsed: its wait is over, but an objection is still open, or an officer has yet to say what follows.
        asked: act by which a supplement was asked for and has not come back.
        objectors: who has objected and waits for the answer.
        signers: roles, parties or numbers of rows that sign; ``votes`` says which of them have.
        stands: ground and basis on which the case that it opened stands now.
    """

    step: str
    visit: int
    entered_at: datetime
    entered_on: date
    attempts: int = 0
    votes: Mapping[str, str] = NOTHING
    is_unavailable: bool = False
    objections: int = 0
    has_elapsed: bool = False
    asked: str = ""
    objectors: tuple[PersonId, ...] = ()
    signers: tuple[str, ...] = ()
    stands: tuple[str, str] | None = None


class Interval(NamedTuple):
    """Hold one stretch in which the decision clock stands; it runs in between.

    The working days d with ``started_on <= d < ended_on`` are not counted.

    Attributes:
        kind: ``paused`` (the step's ground), ``suspended`` (the case's), ``supplement``, ``part`` (every
            opened case stands), or ``returned`` (between the end of the decision and a return over it).
        started_at: instant at which it began.
        ended_on: ``None`` while it lasts.
        step: what it belongs to, where it is a step.
        ground, basis: why the clock stands.
    """

    kind: str
    started_on: date
    started_at: datetime
    ended_on: date | None = None
    step: str = ""
    ground: str = ""
    basis: str = ""


class DecisionClock(NamedTuple):
    """Hold the legal clock of the decision (办理时限), from acceptance to the end of the decision phase.

    Attributes:
        received_on: day of receipt as the law counts it.
        started_on: day from which day 1 is the next working day; ``None`` before acceptance.
        stopped_at, stopped_on: when the decision phase ended; ``None`` while it runs.
        intervals: stretches in which it stands, in order, never overlapping; only the last may be open.
        added_working_days, added_days: by extensions, each in its kind of day.
        promised, statutory: what a decision table gave when the clock started; ``None`` where the item says it itself.
    """

    received_on: date | None = None
    started_on: date | None = None
    stopped_at: datetime | None = None
    stopped_on: date | None = None
    intervals: tuple[Interval, ...] = ()
    added_working_days: int = 0
    added_days: int = 0
    promised: Duration | None = None
    statutory: Duration | None = None

    @property
    def standing(self) -> Interval | None:
        """Return why the clock stands now, or ``None`` while it runs, has stopped or has not begun."""
        if self.intervals and self.intervals[-1].ended_on is None:
            return self.intervals[-1]
        return None


class CaseState(NamedTuple):
    """Hold everything the engine knows of a case beside its field values; serialisable to JSON.

    Attributes:
        phase: furthest legal phase reached.
        returned_from: step that a return left, until the flow is there again.
        active: open steps and blocks.
        visits: step -> number of its last visit.
        uses: ``<step>.<act>`` -> how often it was chosen in this case; only acts with ``max``.
        actors: step -> officers who acted in it, latest last, each once.
        electors: step -> officers drawn for its vote.
        timers: what falls due -> when; every wake-up of a case is one of these. ``<what>:<task key>``,
            ``<what>:<step>.<visit>`` or ``<what>:case``; what is ``due`` (the limit ends in an act or an outcome),
            ``wait``, ``yellow``, ``red``, ``suspension`` or ``remind-<span>``.
        holders: step -> officer who had its task last, to whom it returns.
        decider: step in which an officer acted last.
        issued: steps and visits that issued something not undone since, oldest first.
        pending_undos: what is being undone, next first; one at a time is outstanding.
        undo_attempts: how often the first of them was tried.
        pending_entries: steps to enter when all undos are acknowledged.
        is_past_withdrawal: the result that ends the right to withdraw was applied.
        supplement_scope: what a later notice may still mark; ``None`` before the first.
        suspended_at, suspended_on, suspended_ground: the suspension that lasts.
        suspensions: first day and day after the last of those that are over.
        held_results: results that arrived while the case was suspended; their field values are stored as writes
            under ``<path>@held``.
        due_at, statutory_due_at: promised and statutory end of the decision phase; ``None`` while its clock stands.
        is_due_provisional: the promised end, or the statutory one where silence decides then, rests on a year without
            an official calendar.
        cards: cards raised for the case and for what is open: ``yellow:case``, ``red:accept.1``.
        appeal: the successor case that appeals this one.
        corrects: the closed case that an office corrects by this one.
        correction: the successor case that corrects this one.
        askers: who asked each question (请示) of the case, the first first; its number is its place, from 1.
    """

    status: Status = Status.DRAFT
    phase: Phase = Phase.RECEIPT
    returned_from: str | None = None
    outcome: str | None = None
    active: tuple[ActiveStep, ...] = ()
    visits: Mapping[str, int] = NOTHING
    uses: Mapping[str, int] = NOTHING
    actors: Mapping[str, tuple[OfficerId, ...]] = NOTHING
    electors: Mapping[str, tuple[OfficerId, ...]] = NOTHING
    holders: Mapping[str, OfficerId] = NOTHING
    decider: str | None = None
    tasks: Mapping[TaskKey, Task] = NOTHING
    timers: Mapping[str, datetime] = NOTHING
    clock: DecisionClock = DecisionClock()
    issued: tuple[tuple[str, int], ...] = ()
    pending_undos: tuple[tuple[str, int], ...] = ()
    undo_attempts: int = 0
    pending_entries: tuple[str, ...] = ()
    is_past_withdrawal: bool = False
    supplement_scope: tuple[str, ...] | None = None
    suspended_at: datetime | None = None
    suspended_on: date | None = None
    suspended_ground: str = ""
    suspensions: tuple[tuple[date, date], ...] = ()
    extensions: int = 0
    held_results: tuple[Mapping[str, object], ...] = ()
    last_urged_on: date | None = None
    due_at: datetime | None = None
    statutory_due_at: datetime | None = None
    is_due_provisional: bool = False
    cards: tuple[str, ...] = ()
    closed_at: datetime | None = None
    closed_on: date | None = None
    appeal: CaseId | None = None
    askers: tuple[OfficerId, ...] = ()
    corrects: CaseId | None = None
    correction: CaseId | None = None

    @property
    def is_returned(self) -> bool:
        """Tell whether the case was sent back (退回) and is not yet where it was."""
        return self.returned_from is not None


class Effect(NamedTuple):
    """Ask the outbox for one act outside; the idempotency key is (case, step, visit, kind).

    Attributes:
        kind: ``call``, ``issue``, ``send``, ``await`` (a message), ``bill``, ``undo``, ``notice`` (a document),
            ``tell`` (a message to the applicant), ``supersede`` (what the corrected case issued and this one did not).
        step, visit: what it belongs to.
        detail: ids and names only (``resource``, ``document``, ``code`` of a message, ``attempt``); never field values.
        delay_s: not before this many seconds of real time (back-off).
    """

    kind: str
    step: str
    visit: int
    detail: Mapping[str, object] = NOTHING
    delay_s: int = 0


class Happening(NamedTuple):
    """Tell one thing that happened, for timeline, audit and metrics; ``at`` is its legal time.

    ``kind`` is one of: begun submitted entered acted voted signed signers-changed deemed left cancelled
    returned redrawn supplement-asked supplement-returned asked-again answered raised confirmed unavailable available
    issued replaced revoked delivered undo-asked undone undo-failed dropped held objected elapsed yellow-card red-card
    decided owed followed promise-broken deemed-renewed
    suspended resumed extended claimed released covered handed-over urged withdrawn closed appealed
    arrived overdue reminded billed revised paid payment-failed against-rules consulted replied unanswered
    corrected work-resumed work-skipped work-abandoned struck-out.
    """

    kind: str
    at: datetime
    step: str = ""
    visit: int = 0
    detail: Mapping[str, object] = NOTHING


@dataclass(frozen=True, slots=True)
class Context:
    """Hold what a transition may know beside state and command.

    Attributes:
        case: id of the case.
        now: business time, aware, UTC.
        actor: who gave the command.
        calendar: working days and office hours.
        values: field values by path; may decrypt lazily.
        eligible: role name, and division code or ``None`` -> officers who may vote, by open tasks, then id.
        standing: as what a citizen acts: the applicant, or a party by name.
        is_proven: path -> whether the account or a department vouches for the value, so that nobody retypes it.
    """

    case: CaseId
    now: datetime
    actor: Principal
    calendar: Calendar
    values: Mapping[str, object]
    eligible: Callable[[str, str | None], tuple[OfficerId, ...]] = lambda role, near: ()
    is_proven: Callable[[str], bool] = lambda path: False
    standing: str = APPLICANT


class Transition(NamedTuple):
    """Hold what one command did: the new state, written fields, what happened, what must happen outside."""

    state: CaseState
    writes: Mapping[str, object] = NOTHING
    happenings: tuple[Happening, ...] = ()
    effects: tuple[Effect, ...] = ()
