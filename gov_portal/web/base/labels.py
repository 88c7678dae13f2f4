"""Name in Chinese what the services name in English words: phases, states, sources, results."""

from collections.abc import Mapping

from gov_portal.licences.kinds import KindBook
from workflows.domain.definition import Definition, Duration, Phase, Unit
from workflows.domain.state import Status
from workflows.views import CaseRow, CaseView

PHASES: Mapping[Phase, str] = {
    Phase.RECEIPT: "收件",
    Phase.ACCEPTANCE: "受理",
    Phase.REVIEW: "审查",
    Phase.DECISION: "决定",
    Phase.ISSUANCE: "制证",
    Phase.DELIVERY: "送达",
}

STATUSES: Mapping[Status, str] = {
    Status.DRAFT: "草稿",
    Status.OPEN: "办理中",
    Status.SUSPENDED: "已挂起",
    Status.CLOSED: "已办结",
}

UNITS: Mapping[Unit, str] = {
    Unit.HOUR: "小时",
    Unit.WORKING_DAY: "个工作日",
    Unit.DAY: "日",
    Unit.WEEK: "周",
    Unit.MONTH: "个月",
    Unit.YEAR: "年",
}

DEPARTMENTS: Mapping[str, str] = {
    "account": "您的账号",
    "police": "公安",
    "civil": "民政",
    "cdpf": "残联",
    "health": "卫健",
    "post": "邮政",
    "justice": "司法",
    "subdistrict": "街道",
}

RAISED: Mapping[str, str] = {
    "absent": "部门的记录里没有查到，请人工核实。",
    "mismatch": "部门的记录与申请内容不一致，请人工核实。",
    "unavailable": "部门的系统多次没有回应，请人工核实。",
    "failed": "系统多次办理都没有成功，请人工处理。",
}

_GRANTED = "出证办结"
_TURNED_DOWN = "退回办结"


def department(code: str) -> str:
    """Return the short name of a department by its code or by the id of one of its resources."""
    return DEPARTMENTS.get(code.removeprefix("dept.").partition(".")[0], "有关部门")


def source_label(source: str) -> str:
    """Say where a value was taken from, such as 已从公安取得."""
    if source.startswith("step:"):
        return "由工作人员填写"
    if source in {"files", "upload"}:
        return "您上传的文件"
    if source.startswith("licence"):
        return "已从电子证照取得"
    return f"已从{department(source)}取得"


def desk_source_label(source: str) -> str:
    """Say to an officer where a value comes from, such as 公安核验."""
    if source == "account":
        return "申请人的实名账号"
    if source.startswith("step:"):
        return "工作人员填写"
    if source in {"files", "upload"}:
        return "申请人上传"
    if source.startswith("licence"):
        return "电子证照"
    return f"{department(source)}提供"


def duration(value: Duration) -> str:
    """Return a duration as 15个工作日."""
    return f"{value.amount}{UNITS[value.unit]}"


def outcome_label(item: Definition, outcome: str) -> str:
    """Return what the item calls an outcome, or its closing kind (办结结果)."""
    label = item.labels.get(f"outcome.{outcome}")
    declared = item.outcomes.get(outcome)
    return label or (declared.closing if declared else "") or STATUSES[Status.CLOSED]


def standing(case: CaseView | CaseRow, item: Definition) -> tuple[str, str]:
    """Say in a few words where a case stands, and in which tone."""
    match case.status:
        case Status.CLOSED:
            outcome = case.outcome or ""
            closing = item.outcomes[outcome].closing if outcome in item.outcomes else ""
            tone = {_GRANTED: "ok", _TURNED_DOWN: "error"}.get(closing, "still")
            return outcome_label(item, outcome), tone
        case Status.OPEN:
            return f"{PHASES[case.phase]}中" + ("（退回）" if case.is_returned else ""), ""
        case Status.SUSPENDED:
            return STATUSES[case.status], "warn"
        case _:
            return STATUSES[case.status], "still"


def licence_name(kind: str) -> str:
    """Return the name of a kind of licence."""
    known = KindBook.default().kinds.get(kind)
    return known.name if known else "证照"
