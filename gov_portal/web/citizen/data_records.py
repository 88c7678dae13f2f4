"""Show people who used their data (我的数据账本)."""

from flask import render_template
from flask.typing import ResponseReturnValue

from gov_portal.exchange.records import DataUse
from gov_portal.kernel.ids import CaseId
from gov_portal.web.base.access import current_citizen, requires
from gov_portal.web.base.labels import department
from gov_portal.web.base.services import services
from gov_portal.web.base.text import _, phrase
from identity.permissions import Permission
from workflows.views import CaseRow

_ACTORS = {
    "citizen": phrase("您的申请或操作"),
    "counter": phrase("您的申请，由窗口工作人员代录"),
    "officer": phrase("经办人员"),
    "platform": phrase("平台自动办理"),
}
_OPERATIONS = {"query": phrase("读取"), "check": phrase("只核对是否一致"), "push": phrase("送出")}
_OUTCOMES = {
    "found": phrase("已提供"),
    "absent": phrase("没有查到"),
    "mismatch": phrase("不一致"),
    "done": phrase("已送达"),
    "failed": phrase("对方没有接收"),
    "unavailable": phrase("对方没有回应"),
    "unanswered": phrase("没有得到答复"),
    "refused": phrase("平台拒绝了"),
}
_TONES = {"refused": "error", "found": "", "done": "", "unavailable": "warn", "failed": "warn"}
_FIELDS = {
    "name": phrase("姓名"),
    "id_no": phrase("身份证号"),
    "birth": phrase("出生日期"),
    "sex": phrase("性别"),
    "region": phrase("户籍所在地"),
    "relation": phrase("监护关系"),
    "phone": phrase("手机号"),
    "address": phrase("地址"),
    "recipient": phrase("收件人姓名"),
    "case_number": phrase("办件编号"),
    "licence": phrase("证照编号"),
    "kind": phrase("残疾类别"),
    "grade": phrase("残疾等级"),
    "level": phrase("残疾等级"),
    "status": phrase("证照状态"),
    "report": phrase("评定报告"),
    "assessed_on": phrase("评定日期"),
    "holds": phrase("是否符合条件"),
    "bank": phrase("开户银行"),
    "account": phrase("银行账号"),
    "credit_code": phrase("统一社会信用代码"),
}
_OTHER = phrase("其他信息")
_PURPOSES = {
    "real-name-check": phrase("实名核验"),
    "guardianship": phrase("核对监护关系"),
    "delivery": phrase("寄送结果"),
    "registration": phrase("登记证照"),
}
_REPORT = "report"
_REFUSALS = {
    "purpose": phrase("用途没有得到授权"),
    "basis": phrase("没有正在办理的办件作依据"),
    "grant": phrase("没有得到使用授权"),
    "system": phrase("对方系统已停用"),
    "withheld": phrase("这类数据不予共享"),
}
_OTHER_REFUSAL = phrase("不符合数据使用的规定")


@requires(Permission.VIEW_ACCOUNT)
def data_records() -> ResponseReturnValue:
    """List every use of the person's data, or the ward's who is acted for: who, what, why, when, for which case."""
    citizen = current_citizen()
    cases = {row.case: row for row in services().cases.my_cases(citizen, with_parts=True)}
    uses = [_line(use, cases) for use in services().data_records.of(citizen.subject)]
    return render_template("citizen/data_records.html", uses=uses)


def _line(use: DataUse, cases: dict[CaseId, CaseRow]) -> dict[str, object]:
    case = cases.get(use.case) if use.case else None
    return {
        "use": use,
        "who": department(use.resource),
        "by": _(_ACTORS.get(use.actor, _ACTORS["platform"])),
        "what": list(dict.fromkeys(_(_FIELDS.get(name, _OTHER)) for name in use.fields)),
        "how": _(_OPERATIONS[use.operation]),
        "why": _why(use, case),
        "case": case,
        "outcome": _(_OUTCOMES.get(use.outcome, _OUTCOMES["unanswered"])),
        "tone": _TONES.get(use.outcome, "still"),
        "refusal": _(_REFUSALS.get(use.refusal, _OTHER_REFUSAL)) if use.refusal else "",
    }


def _why(use: DataUse, case: CaseRow | None) -> str:
    if use.purpose == _REPORT:
        return _("按规定上报办件数据")
    if case is not None:
        return _("办理“{item}”", item=_(case.item_name))
    if use.item is not None and use.case is None and use.operation == "check":
        item = services().cases.item(use.item)
        return _("看您是不是可以享受“{item}”", item=_(item.facts.name))
    return _(_PURPOSES[use.purpose]) if use.purpose in _PURPOSES else _("办理申请")
