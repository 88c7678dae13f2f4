"""Tell the way of a case step by step (办理过程): what each visit of a step came to, who did it, from when to when."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from workflows.domain.definition import (
    APPLICANT,
    Act,
    AllStep,
    DecideStep,
    EndStep,
    HumanStep,
    IfStep,
    Phase,
    Step,
    WaitStep,
)
from workflows.ports import Office
from workflows.reporting.case_file import CaseFile, Moment

_NO_WORK = (AllStep, IfStep, DecideStep, EndStep)
"""What nobody works on: blocks, and what is decided at once."""

_BEGINS = "entered"
_ENDS = frozenset({"acted", "deemed", "left", "cancelled", "returned", "elapsed", "arrived", "issued", "replaced"})
_MORE_ENDS = frozenset({"revoked", "delivered", "paid", "confirmed", "part-closed", "answered"})
_SIGNS = frozenset({"signed", "voted"})
_GOOD = frozenset({"found", "done"})
_MACHINE = "系统"
_CITIZEN = "申请人"


class Action(StrEnum):
    """Name what a step came to (业务动作)."""

    PASSED = "passed"
    SENT_BACK = "sent-back"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """Hold one visit of a step, or one signature under it; without an end it is still open."""

    label: str
    action: Action
    opinion: str
    handler: str
    office: Office | None
    started_at: datetime
    ended_at: datetime | None


def work_rows(file: CaseFile) -> tuple[Work, ...]:
    """Return every visit of every step that somebody or something works on, in the order in which they began."""
    visits: defaultdict[tuple[str, int], list[Moment]] = defaultdict(list)
    for moment in file.moments:
        step = file.definition.steps.get(moment.step)
        if step is not None and not _is_left_out(step):
            visits[moment.step, moment.visit].append(moment)
    rows = [row for (name, visit), told in visits.items() for row in _visit(file, name, visit, told)]
    return tuple(sorted(rows, key=lambda row: row.started_at))


def _is_left_out(step: Step) -> bool:
    """Tell whether a step is no work: the application itself is a data set of its own."""
    is_application = isinstance(step, HumanStep) and step.by == APPLICANT and step.phase is Phase.RECEIPT
    return is_application or isinstance(step, _NO_WORK)


def _visit(file: CaseFile, name: str, visit: int, told: Sequence[Moment]) -> Iterator[Work]:
    entered = [one.at for one in told if one.kind == _BEGINS]
    if not entered:
        return
    step, started_at = file.definition.steps[name], entered[0]
    is_open = any((one.step, one.visit) == (name, visit) for one in file.state.active)
    ends = [one for one in told if one.kind in _ENDS | _MORE_ENDS]
    last = next((one for one in reversed(ends) if one.kind in ("acted", "deemed", "confirmed")), None)
    yield Work(
        label=file.definition.label(f"step.{name}"),
        action=Action.OTHER if is_open else _action(step, ends),
        opinion="" if is_open or last is None else last.reason,
        handler=_handler(file, step, last),
        office=_office(file, step, last),
        started_at=started_at,
        ended_at=None if is_open else max((one.at for one in ends), default=started_at),
    )
    yield from (_signature(file, step, one, started_at) for one in told if one.kind in _SIGNS)


def _signature(file: CaseFile, step: Step, moment: Moment, started_at: datetime) -> Work:
    act = _act(step, moment)
    return Work(
        label=file.definition.label(f"step.{step.id}"),
        action=Action.OTHER if moment.kind == "voted" else _of_act(act),
        opinion=moment.reason,
        handler=_handler(file, step, moment),
        office=_office(file, step, moment),
        started_at=started_at,
        ended_at=moment.at,
    )


def _action(step: Step, ends: Sequence[Moment]) -> Action:
    kinds = {one.kind for one in ends}
    if "returned" in kinds:
        return Action.SENT_BACK
    if "cancelled" in kinds:
        return Action.OTHER
    for one in reversed(ends):
        if one.kind in ("acted", "deemed"):
            return _of_act(_act(step, one))
        if one.kind == "answered" and one.detail.get("result") not in _GOOD:
            return Action.OTHER
    return Action.PASSED if ends else Action.OTHER


def _of_act(act: Act | None) -> Action:
    """Return what an act comes to: what sends back, asks for more or ends the case is no passing."""
    if act is None:
        return Action.PASSED
    return Action.SENT_BACK if act.back or act.ask or act.end else Action.PASSED


def _act(step: Step, moment: Moment) -> Act | None:
    name = str(moment.detail.get("act", ""))
    if isinstance(step, HumanStep):
        return step.act(name)
    upon = (step.objection, step.overdue) if isinstance(step, WaitStep) else ()
    return next((act for one in upon if one is not None and (act := one.act(name)) is not None), None)


def _handler(file: CaseFile, step: Step, moment: Moment | None) -> str:
    """Return who did it; before anybody did, nobody."""
    if moment is None:
        return "" if isinstance(step, HumanStep) else _MACHINE
    if moment.actor.startswith("citizen:"):
        return _CITIZEN
    return file.officers.get(moment.actor, _MACHINE)


def _office(file: CaseFile, step: Step, moment: Moment | None) -> Office | None:
    role = str(moment.detail.get("role", "")) if moment is not None else ""
    if not role and isinstance(step, HumanStep):
        role = step.by
    return (file.office_of(role) if role else None) or file.authority
