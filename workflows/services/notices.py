"""Gather what a notice (文书) of a case says; pure but for the desk's clock."""

from collections.abc import Mapping
from datetime import date

from gov_portal.kernel.working_days import Calendar
from workflows.domain.definition import Act, Definition, Duration, HumanStep, Unit, WaitStep
from workflows.engine.timing import last_day
from workflows.ports import NoticeRequest
from workflows.sealing import ACCOUNT
from workflows.storage.loading import StoredCase
from workflows.storage.states import marks_of

_UNITS = {
    Unit.HOUR: "小时",
    Unit.WORKING_DAY: "个工作日",
    Unit.DAY: "日",
    Unit.WEEK: "周",
    Unit.MONTH: "个月",
    Unit.YEAR: "年",
}


def spell_duration(duration: Duration) -> str:
    """Return a duration as an official paper spells it, such as 15个工作日."""
    return f"{duration.amount}{_UNITS[duration.unit]}"


def notice_facts(stored: StoredCase, step_id: str, *, visit: int, act_id: str, calendar: Calendar) -> dict[str, object]:
    """Return reason, marks, remedies, limit and last day, as far as the act that issued the notice has them."""
    definition = stored.definition
    act = _act_of(definition, step_id, act_id)
    facts: dict[str, object] = {"basis": definition.facts.basis}
    if reason := stored.values.get(f"{step_id}.reason"):
        facts["reason"] = reason
    if act is not None and act.end is not None:
        facts["remedies"] = definition.outcomes[act.end].remedies
    elif act is not None and act.ask is not None:
        facts |= _asked(stored, f"{step_id}.{visit}.s", act=act, calendar=calendar)
    elif stored.state.clock.started_on is not None:
        promised = stored.state.clock.promised or definition.facts.promised
        facts["limit"] = spell_duration(promised)
        facts["due_on"] = last_day(calendar, stored.state.clock.started_on, promised).on
    return facts


def applicant_name(stored: StoredCase) -> str:
    """Return the name that the account gave to the case."""
    for prefill in stored.definition.prefills:
        if prefill.source == ACCOUNT:
            for path in prefill.gives:
                if path.endswith(".name"):
                    return str(stored.values.get(path, ""))
    return ""


def notice_request(
    stored: StoredCase, document: str, *, authority: str, on: date, facts: Mapping[str, object]
) -> NoticeRequest:
    """Return the order of one notice."""
    return NoticeRequest(
        document=document,
        case_number=stored.case_number,
        item_name=stored.definition.facts.name,
        authority=authority,
        person=stored.applicant,
        applicant_name=applicant_name(stored),
        on=on,
        facts=facts,
    )


def _asked(stored: StoredCase, task: str, *, act: Act, calendar: Calendar) -> dict[str, object]:
    definition = stored.definition
    names = {material.id: material.name for material in definition.materials}
    marks = [
        (names.get(target) or definition.label(target), reason) for target, reason in marks_of(stored.values, task)
    ]
    asked_on = stored.values.get(f"{task.partition('.')[0]}.day")
    facts: dict[str, object] = {"marks": marks}
    if act.ask is not None and isinstance(asked_on, date):
        facts["due_on"] = last_day(calendar, asked_on, act.ask.within).on
    return facts


def _act_of(definition: Definition, step_id: str, act_id: str) -> Act | None:
    step = definition.steps.get(step_id)
    if isinstance(step, HumanStep):
        return step.act(act_id)
    return step.upon.act(act_id) if isinstance(step, WaitStep) and step.upon else None
