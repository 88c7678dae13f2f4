"""Make the rows of a report out of a case: pure, and for a case in any state; a draft has none."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time

from gov_portal.kernel.working_days import SHANGHAI
from workflows.domain.definition import Phase, SendStep
from workflows.domain.ratings import RatingLevel
from workflows.domain.state import Status
from workflows.dsl import words
from workflows.dsl.codes import level_code
from workflows.engine.clock import explain
from workflows.ports import Office
from workflows.reporting.case_file import CaseFile, Moment, Paper, Party
from workflows.reporting.process import Work, work_rows

_RANKS = {phase: rank for rank, phase in enumerate(Phase)}
_BEGINS = frozenset({"entered", "decided", "left"})
_ANSWERS = frozenset({"acted", "deemed"})
_EXTENSION = "延长审批"
BY_POST = "post"
LICENSING_45 = "行政许可法第四十五条"
_PARTS_STAND = "所办各事项均暂停"
"""Ground of a bundle whose parts all stand, where they name none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance:
    """Hold the application and its acceptance (受理); ``accepted_at`` is missing until it is accepted."""

    implementing_code: str
    handling_code: str
    applied_at: datetime
    accepted_at: datetime | None
    notice: str
    due_on: date | None
    office: Office | None
    officer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Special:
    """Hold one special procedure (特别程序): an extension, or days that do not count, the last day not included."""

    is_extension: bool
    name: str
    basis: str
    started_at: datetime
    ended_at: datetime | None
    officer: str
    opinion: str
    result: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """Hold how a case ended (办结); ``kind`` is the closing kind as the item spells it."""

    closed_at: datetime
    kind: str
    officer: str
    description: str
    is_posted: bool
    is_charged: bool
    rating: RatingLevel | None


@dataclass(frozen=True, slots=True)
class Payment:
    """Hold money that was paid; ``refunded_fen`` of it was given back."""

    number: str
    amount_fen: int
    refunded_fen: int
    paid_at: datetime | None


@dataclass(frozen=True, slots=True)
class Parcel:
    """Hold one result that went by post; ``number`` is what the post knows it by."""

    number: str
    sent_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Hold the rows of every data set of one case; each set may be empty."""

    file: CaseFile
    acceptance: tuple[Acceptance, ...] = ()
    process: tuple[Work, ...] = ()
    special: tuple[Special, ...] = ()
    closing: tuple[Closing, ...] = ()
    papers: tuple[Paper, ...] = ()
    payments: tuple[Payment, ...] = ()
    parcels: tuple[Parcel, ...] = ()
    payer: Party | None = field(repr=False, default=None)


def report_of(file: CaseFile) -> Report:
    """Return the report of a case as it stands; nothing of a draft is anybody's business."""
    if file.state.status is Status.DRAFT or file.submitted_at is None:
        return Report(file=file)
    return Report(
        file=file,
        acceptance=(_acceptance(file, file.submitted_at),),
        process=work_rows(file),
        special=tuple(_special(file)),
        closing=tuple(_closing(file)),
        papers=tuple(file.papers),
        payments=tuple(_payments(file)),
        parcels=tuple(_parcels(file)),
        payer=file.agent or file.applicant,
    )


def _acceptance(file: CaseFile, applied_at: datetime) -> Acceptance:
    accepted_at = _accepted_at(file, applied_at)
    answer = _answer(file) if accepted_at else None
    role = str(answer.detail.get("role", "")) if answer else ""
    facts, body = file.definition.facts, file.authority.credit_code if file.authority else ""
    codes, level = facts.codes, level_code(facts.level)
    clock = explain(file.definition, file.state, now=file.now, calendar=file.calendar)
    return Acceptance(
        implementing_code=codes.national.implementing(body, level) if codes else "",
        handling_code=codes.national.handling(body, level) if codes else "",
        applied_at=applied_at,
        accepted_at=accepted_at,
        # A notice carries the number of its case.
        notice=file.case_number if answer and _has_notice(file, answer) else "",
        due_on=clock.due_on if accepted_at else None,
        office=(file.office_of(role) if role else None) or file.authority,
        officer=file.officers.get(answer.actor, "") if answer else "",
    )


def _accepted_at(file: CaseFile, applied_at: datetime) -> datetime | None:
    """Return when the case first came behind acceptance; a deemed acceptance goes back to the day of receipt."""
    limit = _RANKS[Phase.ACCEPTANCE]
    behind = [one.at for one in file.moments if one.kind in _BEGINS and _rank(file, one.step) > limit]
    if not behind:
        return None
    started_on = file.state.clock.started_on
    if started_on is not None and started_on < file.calendar.local_date(behind[0]):
        return max(applied_at, midnight(started_on))
    return behind[0]


def _rank(file: CaseFile, step: str) -> int:
    known = file.definition.steps.get(step)
    return -1 if known is None else _RANKS[known.phase]


def _answer(file: CaseFile) -> Moment | None:
    """Return the act by which the application was accepted, where somebody had to."""
    own = _RANKS[Phase.ACCEPTANCE]
    answers = [one for one in file.moments if one.kind in _ANSWERS and _rank(file, one.step) == own]
    return answers[-1] if answers else None


def _has_notice(file: CaseFile, answer: Moment) -> bool:
    step = file.definition.steps[answer.step]
    acts = getattr(step, "acts", ())
    return any(act.id == answer.detail.get("act") and act.doc for act in acts)


def _special(file: CaseFile) -> Iterator[Special]:
    """Yield extensions and the days that the decision clock leaves out, as that clock keeps them."""
    for one in file.moments:
        if one.kind == "extended":
            yield Special(
                is_extension=True,
                name=_EXTENSION,
                basis=one.reason,
                started_at=one.at,
                ended_at=one.at,
                officer=file.officers.get(one.actor, ""),
                opinion=one.reason,
                result=f"延长 {one.detail.get('working_days', '')} 个工作日",
            )
    for interval in file.state.clock.intervals:
        if interval.kind != "returned":
            ground = interval.ground or _PARTS_STAND
            yield _standstill(file, ground, interval.basis, (interval.started_on, interval.ended_on))
    if file.state.clock.started_on is None and file.state.suspended_on is not None:
        yield _standstill(file, file.state.suspended_ground, "", (file.state.suspended_on, None))


def _standstill(file: CaseFile, ground: str, basis: str, days: tuple[date, date | None]) -> Special:
    first, after = days
    suspended = [one for one in file.moments if one.kind == "suspended" and one.detail.get("ground") == ground]
    by = next((one for one in reversed(suspended) if file.calendar.local_date(one.at) <= first), None)
    return Special(
        is_extension=False,
        name=ground,
        basis=basis or (LICENSING_45 if ground in words.STATUTORY_GROUNDS else ground),
        started_at=midnight(first),
        ended_at=None if after is None else midnight(after),
        officer=file.officers.get(by.actor, "") if by else "",
        opinion=by.reason if by else "",
        result="" if after is None else "恢复计时",
    )


def _closing(file: CaseFile) -> Iterator[Closing]:
    state, definition = file.state, file.definition
    if state.status is not Status.CLOSED or state.outcome is None or state.closed_at is None:
        return
    acted = [one for one in file.moments if one.kind == "acted" and one.actor in file.officers]
    outcome = definition.outcomes[state.outcome]
    label = definition.label(f"outcome.{outcome.id}")
    reason = acted[-1].reason if acted and outcome.remedies else ""
    yield Closing(
        closed_at=state.closed_at,
        kind=outcome.closing,
        officer=file.officers[acted[-1].actor] if acted else "",
        description=f"{label}：{reason}" if reason else label,
        is_posted=any(True for _ in _parcels(file)),
        is_charged=any(one.state == "paid" and one.amount_fen for one in file.bills),
        rating=file.rating,
    )


def _payments(file: CaseFile) -> Iterator[Payment]:
    paid = {(one.step, one.visit): one.at for one in file.moments if one.kind == "paid"}
    for bill in file.bills:
        if bill.state in ("paid", "refunded"):
            paid_at = midnight(bill.paid_on) if bill.paid_on else paid.get((bill.step, bill.visit))
            yield Payment(bill.number, bill.amount_fen, bill.refunded_fen, paid_at)


def _parcels(file: CaseFile) -> Iterator[Parcel]:
    for one in file.moments:
        step = file.definition.steps.get(one.step)
        if one.kind == "delivered" and isinstance(step, SendStep) and file.values.get(step.way) == BY_POST:
            # The post tells no number of its own: it knows a parcel by the number of its case.
            yield Parcel(file.case_number, one.at)


def midnight(day: date) -> datetime:
    """Return when a day begins in Shanghai."""
    return datetime.combine(day, time(), tzinfo=SHANGHAI)
