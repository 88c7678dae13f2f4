"""Tell the history of a case in sentences (办理进度)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from gov_portal.web.base.labels import department, outcome_label
from gov_portal.web.base.text import _, day
from workflows.domain.definition import Definition
from workflows.views import TimelineEntry


@dataclass(frozen=True, slots=True)
class _Telling:
    title: str
    tone: str = ""
    is_public: bool = True


_TELLINGS: Mapping[str, _Telling] = {
    "begun": _Telling("开始填写", is_public=False),
    "submitted": _Telling("提交申请，已收件"),
    "entered": _Telling("进入：{label}"),
    "acted": _Telling("{label}"),
    "voted": _Telling("合议投票：{label}", is_public=False),
    "deemed": _Telling("到期未答复，视为：{label}"),
    "left": _Telling("完成：{label}", is_public=False),
    "cancelled": _Telling("取消：{label}", is_public=False),
    "returned": _Telling("退回重办：{label}", "paused"),
    "redrawn": _Telling("重新确定合议人员", is_public=False),
    "supplement-asked": _Telling("需要您补正", "paused"),
    "supplement-returned": _Telling("补正已交回，重新收件"),
    "asked-again": _Telling("再次查询：{label}", is_public=False),
    "answered": _Telling("部门已答复：{label}"),
    "raised": _Telling("转人工核实：{label}"),
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
    "decided": _Telling("完成决定"),
    "suspended": _Telling("办件挂起", "paused"),
    "resumed": _Telling("恢复办理"),
    "extended": _Telling("延长办理时限", "paused"),
    "claimed": _Telling("工作人员领取：{label}", is_public=False),
    "handed-over": _Telling("转办：{label}", is_public=False),
    "urged": _Telling("您催办了一次"),
    "withdrawn": _Telling("您撤回了申请"),
    "closed": _Telling("办结"),
    "appealed": _Telling("已提起行政复议"),
}

_LINES: Mapping[str, str] = {
    "reason": "理由：{value}",
    "ground": "原因：{value}",
    "basis": "依据：{value}",
    "document": "出具：{value}",
    "due_on": "期限：{value}",
    "until": "期限：{value}",
}


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
        _told(entry, telling, item=item)
        for entry in entries
        if (telling := _TELLINGS.get(entry.kind, _Telling("{label}"))).is_public or is_officer
    )


def _told(entry: TimelineEntry, telling: _Telling, *, item: Definition) -> Told:
    title = _(telling.title, label=entry.label or entry.step).rstrip("：") or entry.kind
    lines = [_(text, value=_plain(entry.detail[key])) for key, text in _LINES.items() if entry.detail.get(key)]
    if outcome := entry.detail.get("outcome"):
        lines.insert(0, _("结果：{value}", value=outcome_label(item, str(outcome))))
    if resource := entry.detail.get("resource"):
        lines.append(_("部门：{value}", value=department(str(resource))))
    return Told(entry.at, entry.kind, title, entry.organ, tuple(lines), telling.tone)


def _plain(value: object) -> object:
    return day(value) if isinstance(value, datetime) else value
