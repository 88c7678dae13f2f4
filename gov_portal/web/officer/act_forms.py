"""Lay out the acts of a task: those of one press, and those that ask for reasons, marks or fields first."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import request

from gov_portal.web.base.forms import NO_FAULTS, Faults, Input, inputs
from gov_portal.web.base.labels import department, outcome_label
from gov_portal.web.base.text import _
from gov_portal.web.officer.check_words import told
from workflows.domain.commands import Mark
from workflows.domain.definition import CallStep, Definition, IssueStep, SendStep
from workflows.domain.state import TaskKind
from workflows.services.checks import Checks, contradiction
from workflows.views import ActView, WorkView

CHOSEN = "act"
"""Name of the act whose form is open, in the address."""


@dataclass(frozen=True, slots=True)
class Tried:
    """Hold a form of the page that was sent and shown again: which one, what was typed, what is wrong."""

    form: str = ""
    typed: Mapping[str, object] = field(default_factory=dict)
    faults: Faults = NO_FAULTS


@dataclass(frozen=True, slots=True)
class MarkInput:
    """Offer one field or material to be marked as wanting."""

    target: str
    label: str
    is_marked: bool
    reason: Input


@dataclass(frozen=True, slots=True)
class ActForm:
    """Show one act as a form of its own.

    Attributes:
        fill: fields that the act or its step asks for.
        means: what the act leads to, in sentences.
        against: what the officer's own notes say against it; the act then needs a second word.
        is_open: it was just tried, or the address asks for it.
    """

    act: ActView
    label: str
    fill: tuple[Input, ...]
    reason: Input
    marks: tuple[MarkInput, ...]
    means: tuple[str, ...]
    against: tuple[str, ...]
    is_insisted: bool
    is_open: bool

    @property
    def is_simple(self) -> bool:
        """Tell whether one press is enough."""
        asks = self.fill or self.act.needs_reason or self.act.asks_marks or self.act.returns_to
        return self.act.is_enabled and not asks and not self.against

    @property
    def has_reason(self) -> bool:
        """Tell whether the form has room for a reason."""
        return self.act.needs_reason or (not self.fill and not self.is_simple and not self.against)


def spoken(act: ActView, work: WorkView) -> str:
    """Return the verb on the button of an act, also of those that every step has."""
    if act.label:
        return act.label
    if work.kind is TaskKind.CONSULT:
        return _("答复")
    return _("确认核实结果") if work.raised_reason else _("完成{step}", step=_(work.step_label))


def mark_name(target: str) -> str:
    """Return the name of the checkbox that marks a target."""
    return f"mark.{target}"


def mark_reason_name(target: str) -> str:
    """Return the name of the text that says what is wanting in a target."""
    return f"mark-reason.{target}"


def act_forms(work: WorkView, item: Definition, *, checks: Checks, tried: Tried) -> tuple[ActForm, ...]:
    """Return the acts of a task in the order of the item."""
    return tuple(_act_form(work, act, item, checks=checks, tried=tried) for act in work.acts)


def _act_form(work: WorkView, act: ActView, item: Definition, *, checks: Checks, tried: Tried) -> ActForm:
    is_tried = tried.form == act.id
    typed, faults = (tried.typed, tried.faults) if is_tried else ({}, NO_FAULTS)
    prefix = f"{act.id}-"
    reason = Input(
        "reason",
        _reason_label(work, act),
        "textarea",
        str(typed.get("reason", "")),
        faults.of("reason"),
        is_required=act.needs_reason,
        prefix=prefix,
    )
    fill = act.fill or work.fill
    return ActForm(
        act,
        spoken(act, work),
        inputs(fill, typed=typed, faults=faults, prefix=prefix),
        reason,
        marks=_marks(work, checks, tried=tried if is_tried else Tried(), prefix=prefix) if act.asks_marks else (),
        means=tuple(_means(work, act, item)),
        against=() if act.asks_marks and not is_tried else _against(work, act, checks=checks, typed=typed),
        is_insisted=bool(typed.get("insist")),
        is_open=is_tried or request.args.get(CHOSEN) == act.id,
    )


def _reason_label(work: WorkView, act: ActView) -> str:
    if work.kind is TaskKind.RAISED:
        return _("核实的经过和结果")
    if work.kind is TaskKind.OBJECTION:
        return _("核查的结果和理由")
    if work.kind is TaskKind.CONSULT:
        return _("答复（只有办件人员看到）")
    return _("理由（申请人会看到）") if act.needs_reason else _("说明")


def _against(work: WorkView, act: ActView, *, checks: Checks, typed: Mapping[str, object]) -> tuple[str, ...]:
    marks = tuple(Mark(target, "") for target, _label in work.markable if typed.get(mark_name(target)))
    warning = contradiction(act, checks, marks=marks)
    labels = dict(work.markable)
    return tuple(_(labels[target]) for target in warning.targets) if warning else ()


def _marks(work: WorkView, checks: Checks, *, tried: Tried, prefix: str) -> tuple[MarkInput, ...]:
    """Return what a notice would name: everything that was noted as wanting, and what was marked just now."""
    found = []
    for target, label in work.markable:
        note, name = checks.notes.get(target), mark_reason_name(target)
        is_wanting = note is not None and note.is_wanting
        is_marked = bool(tried.typed.get(mark_name(target))) if tried.form else is_wanting
        if not (is_wanting or is_marked):
            continue
        text = str(tried.typed.get(name, "")) if tried.form else told(note) if note else ""
        shown = _("“{label}”需要怎样补正", label=_(label))
        found.append(
            MarkInput(target, label, is_marked, Input(name, shown, "text", text, tried.faults.of(name), prefix=prefix))
        )
    return tuple(found)


def _means(work: WorkView, act: ActView, item: Definition) -> list[str]:
    """Return what an act leads to."""
    if work.raised_reason:
        return [_what_confirming_means(work, item)]
    means = []
    if act.returns_to:
        means.append(_("退回到：{step}", step=_(act.returns_to)))
    if act.asks_marks:
        means.append(_("办件回到申请人手中，交回后重新办理这一步。"))
    if act.document:
        means.append(_("出具{name}", name=_(act.document)))
    if act.closes_with:
        means.append(_("办件就此办结，申请人得到的结果：{outcome}", outcome=outcome_label(item, act.closes_with)))
        outcome = item.outcomes.get(act.closes_with)
        if outcome and outcome.remedies:
            means.append(_("会告知申请人可以：{remedies}", remedies=_("、").join(_(one) for one in outcome.remedies)))
    if work.kind is TaskKind.OBJECTION and not act.returns_to:
        means.append(_("异议不成立，公示继续。请写明核查的结果。"))
    return means


def _what_confirming_means(work: WorkView, item: Definition) -> str:
    """Return what the confirmation of a raised task sets going."""
    if work.raised_reason == "undo-failed":
        return _("确认后视为证照已由人工撤销，办件继续。")
    if work.raised_reason == "by-hand":
        return _("确认后视为已由您补办，办件不受影响。")
    if work.raised_reason == "unstaffed":
        return _("确认后重新确定合议人员；人数仍不够时不能确认。")
    match item.steps.get(work.step):
        case CallStep(resource=resource):
            return _(
                "请先向{department}核实。确认后视为核实无误，办件进入下一步；不能确认的，请联系申请人或转办。",
                department=department(resource),
            )
        case IssueStep():
            return _("确认后再制作一次；证照只能由平台制作，不能手工代替。")
        case SendStep():
            return _("确认后视为结果已由您送达。")
        case _:
            return _("确认后办件进入下一步。")
