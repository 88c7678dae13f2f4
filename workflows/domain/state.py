"""Define the state of a case and what one transition yields; storage keeps exactly this."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from gov_portal.kernel.ids import CaseId, OfficerId, TaskKey
from gov_portal.kernel.principal import Principal
from gov_portal.kernel.working_days import Calendar
from workflows.domain.commands import Mark
from workflows.domain.definition import Phase


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
    RAISED = "raised"
    OBJECTION = "objection"
    SUPPLEMENT = "supplement"


@dataclass(frozen=True, slots=True)
class Task:
    """Hold one open piece of work for a person; closed ones live on only in the event log.

    Attributes:
        key: unique in the case; carries step and visit.
        role: role name of the item, or ``applicant``.
        near: division code that picks the unit, already evaluated; ``None`` for any unit of ``org``.
        officer: who has it; ``None`` for the whole team.
        acts: ids of the acts on offer, before ``only`` is looked at.
        due_at, yellow_at, red_at: instants in UTC; ``None`` without a limit.
        is_provisional: the due moment rests on a year without an official calendar.
        marks: what a supplement unlocks.
        reason: why a raised task exists (``absent``, ``mismatch``, ``unavailable``, ``failed``), or the objection's text id.
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


@dataclass(frozen=True, slots=True)
class Timer:
    """Hold one moment at which something falls due; ``key`` names what, unique in the case."""

    key: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class ActiveStep:
    """Hold one visit of one open step or block.

    Attributes:
        attempts: how often its call, issue or delivery was tried.
        votes: officer id -> act, for a vote.
        is_unavailable: the other side does not answer; the step is paused and the citizen told.
        notes: small facts of the visit's own kind, JSON scalars only.
    """

    step: str
    visit: int
    entered_at: datetime
    attempts: int = 0
    votes: Mapping[str, str] = field(default_factory=dict)
    is_unavailable: bool = False
    notes: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Interval:
    """Hold one stretch of the decision clock, for ``explain``.

    Attributes:
        kind: ``running``, ``paused`` (the step's ground), ``suspended`` (the case's), ``supplement``, ``returned``.
        step: what it belongs to, where it is a step.
        ground, basis: why the clock stood.
        ended_at: ``None`` while it lasts.
    """

    kind: str
    started_at: datetime
    ended_at: datetime | None = None
    step: str = ""
    ground: str = ""
    basis: str = ""


@dataclass(frozen=True, slots=True)
class DecisionClock:
    """Hold the legal clock of the decision (办理时限), from acceptance to the end of the decision phase.

    Attributes:
        received_on: day of receipt as the law counts it.
        started_on: day from which day 1 is the next working day; ``None`` before acceptance.
        stopped_at: instant at which the decision phase ended; ``None`` while it runs.
        intervals: pauses and other stretches, in order.
        added_working_days: by extensions.
    """

    received_on: date | None = None
    started_on: date | None = None
    stopped_at: datetime | None = None
    intervals: tuple[Interval, ...] = ()
    added_working_days: int = 0


@dataclass(frozen=True, slots=True)
class CaseState:
    """Hold everything the engine knows of a case beside its field values; serialisable to JSON."""

    status: Status = Status.DRAFT
    phase: Phase = Phase.RECEIPT
    is_returned: bool = False
    outcome: str | None = None
    active: tuple[ActiveStep, ...] = ()
    visits: Mapping[str, int] = field(default_factory=dict)
    uses: Mapping[str, int] = field(default_factory=dict)
    """``<step>.<act>`` -> how often it was chosen in this case."""
    actors: Mapping[str, tuple[OfficerId, ...]] = field(default_factory=dict)
    """Step -> officers who acted in it, latest last."""
    electors: Mapping[str, tuple[OfficerId, ...]] = field(default_factory=dict)
    tasks: Mapping[TaskKey, Task] = field(default_factory=dict)
    timers: Mapping[str, Timer] = field(default_factory=dict)
    clock: DecisionClock = field(default_factory=DecisionClock)
    issued: tuple[tuple[str, int], ...] = ()
    """Steps and visits that issued something not undone since, oldest first."""
    pending_undos: tuple[tuple[str, int], ...] = ()
    pending_entry: str | None = None
    """Step to enter when the undos are acknowledged."""
    supplement_scope: tuple[str, ...] | None = None
    """What a later notice may still mark."""
    suspended_at: datetime | None = None
    suspended_days: int = 0
    extensions: int = 0
    held_results: tuple[Mapping[str, object], ...] = ()
    """Results that arrived while the case was suspended."""
    last_urged_at: datetime | None = None
    due_at: datetime | None = None
    """Promised end of the decision phase; moves with pauses and extensions."""
    statutory_due_at: datetime | None = None
    cards: tuple[str, ...] = ()
    """Cards raised so far: ``yellow:case``, ``red:accept.1``."""


@dataclass(frozen=True, slots=True)
class Effect:
    """Ask the outbox for one act outside; the idempotency key is (case, step, visit, kind).

    Attributes:
        kind: ``call``, ``issue``, ``send``, ``undo``, ``notice`` (a document), ``tell`` (a message to the applicant).
        step, visit: what it belongs to.
        detail: ids and names only (resource, document name, message code, attempt); never a field value.
        delay_s: not before this many seconds of real time (back-off).
    """

    kind: str
    step: str
    visit: int
    detail: Mapping[str, object] = field(default_factory=dict)
    delay_s: int = 0


@dataclass(frozen=True, slots=True)
class Happening:
    """Tell one thing that happened, for timeline, audit and metrics; ``at`` is its legal time.

    ``kind`` is a word such as ``submitted accepted entered left acted voted returned supplement-asked
    supplement-returned yellow-card red-card deemed suspended resumed extended handed-over urged objected
    unavailable available decided issued delivered undone withdrawn closed``.
    """

    kind: str
    at: datetime
    step: str = ""
    visit: int = 0
    detail: Mapping[str, object] = field(default_factory=dict)


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
    """

    case: CaseId
    now: datetime
    actor: Principal
    calendar: Calendar
    values: Mapping[str, object]
    eligible: Callable[[str, str | None], tuple[OfficerId, ...]] = lambda role, near: ()


@dataclass(frozen=True, slots=True)
class Transition:
    """Hold what one command did: the new state, written fields, what happened, what must happen outside."""

    state: CaseState
    writes: Mapping[str, object] = field(default_factory=dict)
    happenings: tuple[Happening, ...] = ()
    effects: tuple[Effect, ...] = ()
