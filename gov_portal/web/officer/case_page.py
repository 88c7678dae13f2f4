"""Put the case page together: papers on the left, fields, clock and acts on the right."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import uuid4

from flask import render_template, request
from flask.typing import ResponseReturnValue

from gov_portal.kernel.errors import Conflict
from gov_portal.kernel.ids import CaseId, TaskKey
from gov_portal.web.base.access import current_officer
from gov_portal.web.base.clocks import stretches
from gov_portal.web.base.forms import NO_FAULTS, Faults, Input, inputs, is_upload
from gov_portal.web.base.labels import RAISED, standing
from gov_portal.web.base.services import services
from gov_portal.web.base.text import _
from gov_portal.web.base.timeline import tell
from workflows.views import ActView, QueueRow, WorkView

NEIGHBOURS = 15


class TaskChanged(Conflict):
    """Answer that the task is done or a colleague's; raised when an act comes too late."""

    code = "case.stale-task"


@dataclass(frozen=True, slots=True)
class Tried:
    """Hold a form of the page that was sent and refused: which one, what was typed, what is wrong."""

    form: str = ""
    typed: Mapping[str, object] = field(default_factory=dict)
    faults: Faults = NO_FAULTS


@dataclass(frozen=True, slots=True)
class Paper:
    """Show one file of the case beside the form."""

    label: str
    href: str
    is_image: bool


@dataclass(frozen=True, slots=True)
class MarkInput:
    """Offer one field or material to be marked as wanting."""

    target: str
    label: str
    is_marked: bool
    reason: Input


@dataclass(frozen=True, slots=True)
class ActForm:
    """Show one act as a form of its own; ``is_open`` where it was just tried."""

    act: ActView
    label: str
    fill: tuple[Input, ...]
    reason: Input
    marks: tuple[MarkInput, ...]
    is_open: bool


def spoken(act: ActView, work: WorkView) -> str:
    """Return the verb on the button of an act, also of those that every step has."""
    if act.label:
        return act.label
    return _("确认核实结果") if work.raised_reason else _("完成{step}", step=work.step_label)


def mark_name(target: str) -> str:
    """Return the name of the checkbox that marks a target."""
    return f"mark.{target}"


def mark_reason_name(target: str) -> str:
    """Return the name of the text that says what is wanting in a target."""
    return f"mark-reason.{target}"


def show_task(case: CaseId, task: TaskKey, tried: Tried | None = None) -> ResponseReturnValue:
    """Return the case page; with what was typed and what is wrong where a form was refused."""
    officer = current_officer()
    work = services().cases.work(case, task, by=officer)
    attempted = tried or Tried()
    item = services().cases.item(work.case.item)
    neighbours = services().cases.queue(officer)[:NEIGHBOURS]
    page = render_template(
        "officer/task.html",
        work=work,
        case=work.case,
        standing=standing(work.case, item),
        papers=_papers(work),
        act_forms=[_act_form(work, act, attempted) for act in work.acts],
        neighbours=neighbours,
        before=_beside(neighbours, work, -1),
        after=_beside(neighbours, work, 1),
        raised=RAISED.get(work.raised_reason, ""),
        stretches=stretches(work.case.clock, item) if work.case.clock else (),
        timeline=tell(work.case.timeline, item=item, is_officer=True),
        faults=attempted.faults.within(f"{attempted.form}-"),
        tried=attempted,
        key=uuid4().hex,
    )
    return page, 422 if attempted.faults else 200


def _papers(work: WorkView) -> list[Paper]:
    papers = [
        Paper(view.label, _file_href(work, str(view.value)), view.type.name == "image")
        for view in work.fields
        if is_upload(view.type) and view.value is not None
    ]
    papers += [
        Paper(material.name, _file_href(work, str(material.file)), is_image=False)
        for material in work.materials
        if material.file is not None
    ]
    return papers


def _file_href(work: WorkView, file: str) -> str:
    return f"/officer/cases/{work.case_id}/files/{file}"


def _act_form(work: WorkView, act: ActView, tried: Tried) -> ActForm:
    is_tried = tried.form == act.id
    typed, faults = (tried.typed, tried.faults) if is_tried else ({}, NO_FAULTS)
    prefix = f"{act.id}-"
    fill = act.fill or work.fill
    reason = Input(
        "reason",
        _("理由（申请人会看到）") if act.needs_reason else _("说明"),
        "textarea",
        str(typed.get("reason", "")),
        faults.of("reason"),
        is_required=act.needs_reason,
        prefix=prefix,
    )
    marks = (
        tuple(_mark(mark, typed=typed, faults=faults, prefix=prefix) for mark in work.markable)
        if act.asks_marks
        else ()
    )
    return ActForm(
        act, spoken(act, work), inputs(fill, typed=typed, faults=faults, prefix=prefix), reason, marks, is_tried
    )


def _mark(mark: tuple[str, str], *, typed: Mapping[str, object], faults: Faults, prefix: str) -> MarkInput:
    target, label = mark
    name = mark_reason_name(target)
    reason = Input(
        name, _("“{label}”需要怎样补正", label=label), "text", str(typed.get(name, "")), faults.of(name), prefix=prefix
    )
    return MarkInput(target, label, bool(typed.get(mark_name(target))), reason)


def _beside(rows: tuple[QueueRow, ...], work: WorkView, step: int) -> QueueRow | None:
    places = [place for place, row in enumerate(rows) if row.case == work.case_id and row.task == work.task]
    place = places[0] + step if places else -1
    return rows[place] if 0 <= place < len(rows) else None


def typed_form() -> dict[str, object]:
    """Return the plain texts of the sent form, so that nothing typed is lost."""
    return dict(request.form.items())
