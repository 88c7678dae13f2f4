"""Tell the history of a case in sentences (办理进度)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from gov_portal.web.base.labels import RAISED, department, outcome_label
from gov_portal.web.base.text import _, day, named, own_words, phrase
from workflows.domain.definition import (
    APPLICANT,
    AllStep,
    DecideStep,
    Definition,
    EndStep,
    HumanStep,
    IfStep,
    OpenStep,
    PayStep,
)
from workflows.views import TimelineEntry

DONE = "done"


@dataclass(frozen=True, slots=True)
class _Telling:
    title: str
    tone: str = ""
    is_public: bool = True


_TELLINGS: Mapping[str, _Telling] = {
    "begun": _Telling(phrase("填写申请"), is_public=False),
    "submitted": _Telling(phrase("提交申请，已收件")),
    "entered": _Telling(phrase("进入：{label}")),
    "acted": _Telling("{act}"),
    "voted": _Telling(phrase("合议投票（已投 {cast} 票，共 {of} 票）"), is_public=False),
    "signed": _Telling(phrase("会签：{signer}"), is_public=False),
    "signers-changed": _Telling(phrase("增减会签单位：{label}"), is_public=False),
    "deemed": _Telling(phrase("到期未答复，视为{act}")),
    "left": _Telling(phrase("完成：{label}"), is_public=False),
    "cancelled": _Telling(phrase("取消：{label}"), is_public=False),
    "returned": _Telling(phrase("退回到：{target}"), "paused"),
    "redrawn": _Telling(phrase("重新确定合议人员"), is_public=False),
    "supplement-asked": _Telling(phrase("需要补正"), "paused"),
    "supplement-returned": _Telling(phrase("补正已交回，重新收件")),
    "asked-again": _Telling(phrase("再次查询：{label}"), is_public=False),
    "answered": _Telling(phrase("部门已答复：{label}")),
    "raised": _Telling(phrase("转人工核实：{label}"), "paused"),
    "confirmed": _Telling(phrase("人工核实完成：{label}")),
    "unavailable": _Telling(phrase("部门系统没有回应，暂停等待：{label}"), "paused"),
    "available": _Telling(phrase("部门系统已恢复，继续办理：{label}")),
    "issued": _Telling(phrase("证照已制成")),
    "replaced": _Telling(phrase("新证照已制成，原证照已换发")),
    "revoked": _Telling(phrase("证照已注销"), "paused"),
    "owed": _Telling(phrase("部分材料稍后补交"), "paused"),
    "followed": _Telling(phrase("容缺的材料已补交")),
    "promise-broken": _Telling(phrase("承诺不实，记入信用记录"), "bad"),
    "deemed-renewed": _Telling(phrase("到期没有作出决定，依法视为准予延续")),
    "delivered": _Telling(phrase("结果已送达")),
    "undo-asked": _Telling(phrase("撤销已制成的证照"), is_public=False),
    "undone": _Telling(phrase("已制成的证照已撤销"), "paused"),
    "undo-failed": _Telling(phrase("撤销没有成功，已转人工"), "bad", is_public=False),
    "dropped": _Telling(phrase("迟到的结果，未采用"), is_public=False),
    "held": _Telling(phrase("结果已收到，恢复后采用"), is_public=False),
    "objected": _Telling(phrase("收到公示异议，正在核查"), "paused"),
    "arrived": _Telling(phrase("收到部门消息：{label}")),
    "overdue": _Telling(phrase("部门消息逾期未到：{label}"), "paused"),
    "reminded": _Telling(phrase("已提醒：{label}"), is_public=False),
    "billed": _Telling(phrase("缴款单已生成：{label}")),
    "revised": _Telling(phrase("缴款单已更正：{label}"), "paused"),
    "paid": _Telling(phrase("已缴款：{label}")),
    "payment-failed": _Telling(phrase("缴款没有成功：{label}"), "paused"),
    "elapsed": _Telling(phrase("期满：{label}")),
    "yellow-card": _Telling(phrase("黄牌提醒：办理时限将到"), "paused"),
    "red-card": _Telling(phrase("红牌：已超过办理时限"), "bad"),
    "against-rules": _Telling(phrase("没有批准，但事项列明的条件都满足，请复核"), "bad", is_public=False),
    "decided": _Telling(phrase("按规则判定：{label}")),
    "suspended": _Telling(phrase("办件挂起"), "paused"),
    "resumed": _Telling(phrase("恢复办理")),
    "extended": _Telling(phrase("延长办理时限"), "paused"),
    "claimed": _Telling(phrase("工作人员领取：{label}"), is_public=False),
    "released": _Telling(phrase("退回团队待领：{label}"), is_public=False),
    "covered": _Telling(phrase("代不在岗的同事办理：{label}"), is_public=False),
    "handed-over": _Telling(phrase("转办：{label}"), is_public=False),
    "urged": _Telling(phrase("申请人催办")),
    "withdrawn": _Telling(phrase("申请人撤回申请")),
    "consulted": _Telling(phrase("征求意见：{asked}")),
    "replied": _Telling(phrase("已答复征求的意见")),
    "unanswered": _Telling(phrase("征求意见期满没有答复，办理继续：{asked}")),
    "closed": _Telling(phrase("办结")),
    "appealed": _Telling(phrase("已提起行政复议")),
    "corrected": _Telling(phrase("依职权更正，另立办件重新办理"), "paused"),
    "work-resumed": _Telling(phrase("平台重新办理多次没有办成的事"), is_public=False),
    "work-skipped": _Telling(phrase("平台没有办成，略过后继续"), "bad", is_public=False),
    "work-abandoned": _Telling(phrase("平台没有办成，转人工处理"), "bad", is_public=False),
    "struck-out": _Telling(phrase("取消没有生效的期限"), "bad", is_public=False),
    "part-opened": _Telling(phrase("开始办理：{label}")),
    "part-closed": _Telling(phrase("有了结果：{label}")),
    "part-stands": _Telling(phrase("停钟：{label}"), "paused"),
    "part-goes-on": _Telling(phrase("接着办理：{label}")),
    "left-out": _Telling(phrase("没有开始：{label}"), "paused"),
}
_ANY = _Telling("{label}")
_HANDED_IN_BY_OFFICE = _Telling(phrase("依职权更正，已收件"))
_BILLS: Mapping[str, _Telling] = {
    "undo-asked": _Telling(phrase("取消缴款单或退款：{label}"), is_public=False),
    "undone": _Telling(phrase("缴款单已取消或已退款：{label}"), "paused"),
    "undo-failed": _Telling(phrase("退款没有成功，已转人工"), "bad", is_public=False),
}
"""How the undoing of a bill is told, other than that of a licence."""
_RESULTS = {
    "found": phrase("一致"),
    "absent": phrase("没有查到"),
    "mismatch": phrase("不一致"),
    "done": phrase("已办成"),
    "failed": phrase("没有办成"),
}
_PART_RESULTS = {
    "done": phrase("已办成"),
    "refused": phrase("没有批准"),
    "withdrawn": phrase("已撤回"),
    "lapsed": phrase("已终止"),
}
_LINES = {
    "reason": phrase("理由：{value}"),
    "ground": phrase("原因：{value}"),
    "basis": phrase("依据：{value}"),
    "document": phrase("出具：{value}"),
}
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
    part: str = ""
    """Name of the part of a bundle that it happened in, where it was not in the case itself."""


def tell(entries: Iterable[TimelineEntry], *, item: Definition, is_officer: bool = False) -> tuple[Told, ...]:
    """Return the timeline for its reader; what only the desk needs is left out for the applicant."""
    return tuple(
        _told(entry, item)
        for entry in entries
        if not _goes_without_saying(entry, item) and (is_officer or _telling(entry, item).is_public)
    )


def _telling(entry: TimelineEntry, item: Definition) -> _Telling:
    if entry.kind in _BILLS and isinstance(item.steps.get(entry.step), PayStep):
        return _BILLS[entry.kind]
    if entry.kind == "submitted" and entry.detail.get("is_correction"):
        return _HANDED_IN_BY_OFFICE
    return _TELLINGS.get(entry.kind, _ANY)


def _goes_without_saying(entry: TimelineEntry, item: Definition) -> bool:
    """Tell whether an entry only says that a block, the form, a rule or the end was reached."""
    if entry.kind != "entered":
        return False
    step = item.steps.get(entry.step)
    is_form = isinstance(step, HumanStep) and step.by == APPLICANT
    return is_form or isinstance(step, AllStep | IfStep | DecideStep | EndStep | OpenStep)


def _told(entry: TimelineEntry, item: Definition) -> Told:
    telling = _telling(entry, item)
    label, detail = _(entry.label or entry.step), entry.detail
    target = str(detail.get("to", ""))
    title = _(
        telling.title,
        label=label,
        act=_act(label, str(detail.get("act", "")), _(str(detail.get("act_label", "")))),
        target=_(item.label(f"step.{target}")) if target in item.steps else label,
        cast=detail.get("cast", ""),
        of=detail.get("of", ""),
        signer=_(item.label(f"role.{detail.get('signer', '')}")),
        asked=_(item.label(f"role.{detail.get('asked', '')}")),
    )
    return Told(
        entry.at,
        entry.kind,
        title.rstrip("：: ") or entry.kind,
        named(entry.organ),
        tuple(_lines(entry, item)),
        telling.tone,
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
    if "hand" in detail:
        name = own_words(detail["hand"])
        yield _("由窗口工作人员{name}代录", name=name) if name else _("由窗口工作人员代录")
    if outcome := detail.get("outcome"):
        yield _("结果：{value}", value=outcome_label(item, str(outcome)))
    if part := detail.get("part"):
        yield _("结果：{value}", value=_(_PART_RESULTS.get(str(part), str(part))))
    if result := detail.get("result"):
        yield _("结果：{value}", value=_(_RESULTS.get(str(result), str(result))))
    if days := detail.get("working_days"):
        yield _("延长 {n} 个工作日", n=days)
    if days := detail.get("days"):
        yield _("延长 {n} 天", n=days)
    if isinstance(marks := detail.get("marks"), list | tuple) and marks:
        yield _("需要补正：{value}", value=_("、").join(_(_target(str(mark), item)) for mark in marks))
    for key, text in _LINES.items():
        if value := detail.get(key):
            is_code = key == "reason" and entry.kind in _MACHINE_REASONS
            yield _(RAISED.get(str(value), "")) if is_code else _(text, value=_plain(key, value))
    if resource := detail.get("resource"):
        yield _("部门：{value}", value=department(str(resource)))


def _target(target: str, item: Definition) -> str:
    material = next((one.name for one in item.materials if one.id == target), None)
    return material or item.label(target)


def _plain(key: str, value: object) -> object:
    if isinstance(value, date):
        return day(value)
    # A reason is somebody's own words; grounds, bases and documents are named by the item.
    return value if key == "reason" else _(str(value))
