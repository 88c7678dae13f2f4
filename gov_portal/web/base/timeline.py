"""Tell the history of a case in sentences (办理进度)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from gov_portal.web.base.labels import RAISED, department, outcome_label
from gov_portal.web.base.text import _, day
from workflows.domain.definition import APPLICANT, AllStep, DecideStep, Definition, EndStep, HumanStep, IfStep
from workflows.views import TimelineEntry

DONE = "done"


@dataclass(frozen=True, slots=True)
class _Telling:
    title: str
    tone: str = ""
    is_public: bool = True


_TELLINGS: Mapping[str, _Telling] = {
    "begun": _Telling("开始填写", is_public=False),
    "submitted": _Telling("提交申请，已收件"),
    "entered": _Telling("进入：{label}"),
    "acted": _Telling("{act}"),
    "voted": _Telling("合议投票（已投 {cast} 票，共 {of} 票）", is_public=False),
    "deemed": _Telling("到期未答复，视为{act}"),
    "left": _Telling("完成：{label}", is_public=False),
    "cancelled": _Telling("取消：{label}", is_public=False),
    "returned": _Telling("退回到：{target}", "paused"),
    "redrawn": _Telling("重新确定合议人员", is_public=False),
    "supplement-asked": _Telling("需要补正", "paused"),
    "supplement-returned": _Telling("补正已交回，重新收件"),
    "asked-again": _Telling("再次查询：{label}", is_public=False),
    "answered": _Telling("部门已答复：{label}"),
    "raised": _Telling("转人工核实：{label}", "paused"),
    "confirmed": _Telling("人工核实完成：{label}"),
    "unavailable": _Telling("部门系统没有回应，暂停等待：{label}", "paused"),
    "available": _Telling("部门系统已恢复，继续办理：{label}"),
    "issued": _Telling("证照已制成"),
    "delivered": _Telling("结果已送达"),
    "undo-asked": _Telling("撤销已制成的证照", is_public=False),
    "undone": _Telling("已制成的证照已撤销", "paused"),
    "undo-failed": _Telling("撤销没有成功，已转人工", "bad", is_public=False),
    "dropped": _Telling("迟到的结果，未采用", is_public=False),
    "held": _Telling("结果已收到，恢复后采用", is_public=False),
    "objected": _Telling("收到公示异议，正在核查", "paused"),
    "elapsed": _Telling("期满：{label}"),
    "yellow-card": _Telling("黄牌提醒：办理时限将到", "paused"),
    "red-card": _Telling("红牌：已超过办理时限", "bad"),
    "decided": _Telling("按规则判定：{label}"),
    "suspended": _Telling("办件挂起", "paused"),
    "resumed": _Telling("恢复办理"),
    "extended": _Telling("延长办理时限", "paused"),
    "claimed": _Telling("工作人员领取：{label}", is_public=False),
    "handed-over": _Telling("转办：{label}", is_public=False),
    "urged": _Telling("申请人催办"),
    "withdrawn": _Telling("申请人撤回申请"),
    "closed": _Telling("办结"),
    "appealed": _Telling("已提起行政复议"),
}
_ANY = _Telling("{label}")
_RESULTS = {"found": "一致", "absent": "没有查到", "mismatch": "不一致", "done": "已办成", "failed": "没有办成"}
_LINES = {"reason": "理由：{value}", "ground": "原因：{value}", "basis": "依据：{value}", "document": "出具：{value}"}
_MACHINE_REASONS = frozenset({"raised", "confirmed"})
"""Kinds whose reason is a code, not somebody's words."""


@dataclass(frozen=True, slots=True)
class Told:
    """Hold one line of the timeline, ready to be read."""

    at: datetime
    kind: str
    title: str
    organ: str
    lines: tuple[str, ...]
    tone: str


def tell(entries: Iterable[TimelineEntry], *, item: Definition, is_officer: bool = False) -> tuple[Told, ...]:
    """Return the timeline for its reader; what only the desk needs is left out for the applicant."""
    return tuple(
        _told(entry, item)
        for entry in entries
        if not _goes_without_saying(entry, item) and (is_officer or _TELLINGS.get(entry.kind, _ANY).is_public)
    )


def _goes_without_saying(entry: TimelineEntry, item: Definition) -> bool:
    """Tell whether an entry only says that a block, the form, a rule or the end was reached."""
    if entry.kind != "entered":
        return False
    step = item.steps.get(entry.step)
    is_form = isinstance(step, HumanStep) and step.by == APPLICANT
    return is_form or isinstance(step, AllStep | IfStep | DecideStep | EndStep)


def _told(entry: TimelineEntry, item: Definition) -> Told:
    telling = _TELLINGS.get(entry.kind, _ANY)
    label, detail = entry.label or entry.step, entry.detail
    target = str(detail.get("to", ""))
    title = _(
        telling.title,
        label=label,
        act=_act(label, str(detail.get("act", "")), str(detail.get("act_label", ""))),
        target=item.label(f"step.{target}") if target in item.steps else label,
        cast=detail.get("cast", ""),
        of=detail.get("of", ""),
    )
    return Told(
        entry.at, entry.kind, title.rstrip("：") or entry.kind, entry.organ, tuple(_lines(entry, item)), telling.tone
    )


def _act(label: str, act: str, act_label: str) -> str:
    """Return 受理, 不予受理, 审核：同意 or 完成：残疾评定, without saying anything twice."""
    if act == DONE:
        return _("完成：{label}", label=label)
    if not act_label or not label or label in act_label:
        return act_label or label
    return _("{label}：{act}", label=label, act=act_label)


def _lines(entry: TimelineEntry, item: Definition) -> Iterator[str]:
    detail = entry.detail
    if outcome := detail.get("outcome"):
        yield _("结果：{value}", value=outcome_label(item, str(outcome)))
    if result := detail.get("result"):
        yield _("结果：{value}", value=_RESULTS.get(str(result), str(result)))
    if days := detail.get("working_days"):
        yield _("延长 {n} 个工作日", n=days)
    if isinstance(marks := detail.get("marks"), list | tuple) and marks:
        yield _("需要补正：{value}", value="、".join(_target(str(mark), item) for mark in marks))
    for key, text in _LINES.items():
        if value := detail.get(key):
            is_code = key == "reason" and entry.kind in _MACHINE_REASONS
            yield RAISED.get(str(value), "") if is_code else _(text, value=_plain(value))
    if resource := detail.get("resource"):
        yield _("部门：{value}", value=department(str(resource)))


def _target(target: str, item: Definition) -> str:
    material = next((one.name for one in item.materials if one.id == target), None)
    return material or item.label(target)


def _plain(value: object) -> object:
    return day(value) if isinstance(value, date) else value
