"""Name in the reader's language what the services name in English words: phases, states, sources, results.

The tables hold the Chinese texts, which are the keys: say them with ``_``. The functions have said them already.
"""

from collections.abc import Mapping

from markupsafe import Markup

from gov_portal.licences.kinds import KindBook
from gov_portal.web.base.text import _, day, named, phrase
from workflows.domain.counter import AtCounter, Consent
from workflows.domain.definition import Definition, Duration, Phase, Unit
from workflows.domain.state import Status
from workflows.domain.subject import ABOUT
from workflows.views import BillView, CaseRow, CaseView

INSTANT = "instant"
"""Mode of items that no officer decides (即办件 秒批)."""

PHASES: Mapping[Phase, str] = {
    Phase.RECEIPT: phrase("收件"),
    Phase.ACCEPTANCE: phrase("受理"),
    Phase.REVIEW: phrase("审查"),
    Phase.DECISION: phrase("决定"),
    Phase.ISSUANCE: phrase("制证"),
    Phase.DELIVERY: phrase("送达"),
}

PHASES_UNDER_WAY: Mapping[Phase, str] = {
    Phase.RECEIPT: phrase("收件中"),
    Phase.ACCEPTANCE: phrase("受理中"),
    Phase.REVIEW: phrase("审查中"),
    Phase.DECISION: phrase("决定中"),
    Phase.ISSUANCE: phrase("制证中"),
    Phase.DELIVERY: phrase("送达中"),
}

STATUSES: Mapping[Status, str] = {
    Status.DRAFT: phrase("草稿"),
    Status.OPEN: phrase("办理中"),
    Status.SUSPENDED: phrase("已挂起"),
    Status.CLOSED: phrase("已办结"),
}

UNITS: Mapping[Unit, str] = {
    Unit.HOUR: phrase("{n}小时"),
    Unit.WORKING_DAY: phrase("{n}个工作日"),
    Unit.DAY: phrase("{n}日"),
    Unit.WEEK: phrase("{n}周"),
    Unit.MONTH: phrase("{n}个月"),
    Unit.YEAR: phrase("{n}年"),
}

DEPARTMENTS: Mapping[str, str] = {
    "account": phrase("您的账号"),
    "police": phrase("公安"),
    "civil": phrase("民政"),
    "cdpf": phrase("残联"),
    "health": phrase("卫健"),
    "post": phrase("邮政"),
    "justice": phrase("司法"),
    "subdistrict": phrase("街道"),
    "market": phrase("市场监管"),
    "tax": phrase("税务"),
    "hrss": phrase("人社"),
    "fund": phrase("公积金"),
    "hospital": phrase("妇幼保健院"),
    "medicare": phrase("医保"),
    "development": phrase("发展改革"),
}

RAISED: Mapping[str, str] = {
    "absent": phrase("部门的记录里没有查到，请人工核实。"),
    "mismatch": phrase("部门的记录与申请内容不一致，请人工核实。"),
    "unavailable": phrase("部门的系统多次没有回应，请人工核实。"),
    "failed": phrase("系统多次办理都没有成功，请人工处理。"),
    "unstaffed": phrase("合议人数不够，无法分派，请先补足人员。"),
    "undo-failed": phrase("撤销已制成的证照多次没有成功，请人工撤销。"),
    "abandoned": phrase("平台多次没有办成，运维人员已转人工，请按时间线上的理由处理。"),
    "by-hand": phrase("平台有一件事没有办成，请按时间线上的理由人工补办；办件照常继续。"),
}

_ENTERED: Mapping[Consent, str] = {
    Consent.ORAL: phrase("{day}由{office}的工作人员代录，申请人口头同意。"),
    Consent.SIGNED: phrase("{day}由{office}的工作人员代录，申请人书面同意。"),
}

_GRANTED = phrase("出证办结")
_TURNED_DOWN = phrase("退回办结")


def department(code: str) -> str:
    """Return the short name of a department by its code or by the id of one of its resources."""
    return _(DEPARTMENTS.get(code.removeprefix("dept.").partition(".")[0], phrase("有关部门")))


def source_label(source: str) -> str:
    """Say where a value was taken from, such as 已从公安取得."""
    if source.startswith("step:"):
        return _("由工作人员填写")
    if source in {"files", "upload"}:
        return _("您上传的文件")
    if source.startswith("licence") or source == ABOUT:
        return _("已从电子证照取得")
    return _("已从{department}取得", department=department(source))


def desk_source_label(source: str) -> str:
    """Say to an officer where a value comes from, such as 公安核验."""
    if source == "account":
        return _("申请人的实名账号")
    if source.startswith("step:"):
        return _("工作人员填写")
    if source in {"files", "upload"}:
        return _("申请人上传")
    if source.startswith("licence"):
        return _("电子证照")
    return _("{department}提供", department=department(source))


def duration(value: Duration) -> str:
    """Return a duration as 15个工作日."""
    return _(UNITS[value.unit], n=value.amount)


def limit(item: Definition, value: Duration) -> str:
    """Return a limit of an item; one that a decision table gives as all that it may be."""
    if not value.table:
        return duration(value)
    rows = (outputs[0] for _cells, outputs in item.tables[value.table].rows)
    spans = dict.fromkeys(duration(span) for span in rows if isinstance(span, Duration))
    return _("{spans}（视情形）", spans=_("、").join(spans))


def outcome_label(item: Definition, outcome: str) -> str:
    """Return what the item calls an outcome, or its closing kind (办结结果)."""
    label = item.labels.get(f"outcome.{outcome}")
    declared = item.outcomes.get(outcome)
    return _(label or (declared.closing if declared else "") or STATUSES[Status.CLOSED])


def standing(case: CaseView | CaseRow, item: Definition) -> tuple[str, str]:
    """Say in a few words where a case stands, and in which tone."""
    match case.status:
        case Status.CLOSED:
            outcome = case.outcome or ""
            closing = item.outcomes[outcome].closing if outcome in item.outcomes else ""
            tone = {_GRANTED: "ok", _TURNED_DOWN: "error"}.get(closing, "still")
            return outcome_label(item, outcome), tone
        case Status.OPEN:
            under_way = _(PHASES_UNDER_WAY[case.phase])
            return _("{phase}（退回）", phase=under_way) if case.is_returned else under_way, ""
        case Status.SUSPENDED:
            return _(STATUSES[case.status]), "warn"
        case _:
            return _(STATUSES[case.status]), "still"


def entered(entry: AtCounter) -> str | Markup:
    """Say by which office a case was entered for its applicant (窗口代录), and how they agreed."""
    return _(_ENTERED[entry.consent], day=day(entry.at), office=named(entry.office))


def licence_name(kind: str) -> str:
    """Return the name of a kind of licence."""
    known = KindBook.default().kinds.get(kind)
    return _(known.name if known else phrase("证照"))


_BILL_STATES = {
    "new": phrase("正在生成缴款单"),
    "placed": phrase("待缴款"),
    "paid": phrase("已缴款"),
    "cancelled": phrase("缴款单已取消"),
    "refunded": phrase("已退款"),
    "free": phrase("无需缴款"),
}


def bill_state(bill: BillView) -> str:
    """Say how a bill stands."""
    return _(_BILL_STATES[bill.state])


def yuan(amount_fen: int) -> str:
    """Say an amount of fen as people write money."""
    return _("{amount} 元", amount=f"{amount_fen // 100:,}.{amount_fen % 100:02d}")
