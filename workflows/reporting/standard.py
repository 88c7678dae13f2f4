"""Speak GB/T 39046-2020: the one place that knows the names, forms and codes of the standard's data sets.

Forms are spelt as in the standard: ``an..50`` up to fifty characters, ``n1`` one digit, ``n..16,2`` a number with two
places, ``ul`` any length, ``YYYYMMDD`` and ``YYYYMMDDThhmmss`` in Shanghai. What is not known is an empty text. Codes
of items have the lengths of live systems. What the standard does not have is marked as an extension, which it allows in
clause 4.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from gov_portal.kernel.working_days import SHANGHAI
from workflows.domain.ratings import RatingLevel
from workflows.dsl import words
from workflows.dsl.codes import TYPE_CODES
from workflows.ports import Office
from workflows.reporting.case_file import Certificate, Party
from workflows.reporting.process import Action
from workflows.reporting.rows import Acceptance, Report

Row = Mapping[str, str]
DataSets = Mapping[str, list[Row]]

EXTENSION = "扩展"
MISSING = ""

_KINDS = {"instant": ("即办件", "1"), "promise": ("承诺件", "2")}
_ACTIONS = {Action.PASSED: "通过", Action.SENT_BACK: "退回", Action.OTHER: "其他"}
_TAKEN = {"uploaded": "电子上传", "covered": "数据共享"}
_NATURAL = "1"
_COUNTER, _ONLINE = "1", "2"
_CITIZEN_CARD, _PERMANENT_RESIDENT, _OTHER_CARD = "111", "553", "990"
_OTHER_AREAS = ("81", "82", "83")
_ENDLESS = "长期"

_DIGITS = re.compile(r"n(\.\.)?(\d+)")
_TEXT = re.compile(r"an?(\.\.)?(\d+)")
_AMOUNT = "n..16,2"


@dataclass(frozen=True, slots=True)
class Item:
    """Hold one item of data: its name and form in the standard, the table that has it, and where it comes from."""

    name: str
    form: str
    source: str
    value: Callable[[Report, Any], object]
    is_needed: bool = False

    @property
    def pattern(self) -> str:
        """Return the form as a regular expression; what is not needed may be empty."""
        found = _pattern(self.form)
        return f"^{found}$" if self.is_needed else f"^({found})?$"


@lru_cache(maxsize=64)
def _pattern(form: str) -> str:
    if form == "YYYYMMDD":
        return r"\d{8}"
    if form == "YYYYMMDDThhmmss":
        return r"\d{8}T\d{6}"
    if form == _AMOUNT:
        return r"\d{1,14}\.\d{2}"
    kind, signs = (r"\d", _DIGITS) if form.startswith("n") else (r"[\s\S]", _TEXT)
    sized = signs.fullmatch(form)
    if sized is None:
        return rf"{kind}+"
    return f"{kind}{{{'1,' if sized[1] else ''}{sized[2]}}}"


def _case(table: str) -> Item:
    return Item("办件编号", "an..50", table, lambda report, row: report.file.case_number, is_needed=True)


def _codes(report: Report) -> Any:  # noqa: ANN401 - codes of an item, or nothing
    return report.file.definition.facts.codes


def _base(report: Report, row: Acceptance) -> str:
    codes = _codes(report)
    return codes.national.base if codes else MISSING


def _credential(person: Party | None) -> str:
    """Return the code of the card that a number stands on.

    Source: GA/T 2000.156-2016, which has none yet for the residence permits of Hong Kong, Macao and Taiwan residents.
    """
    if person is None or not person.id_no:
        return MISSING
    if person.id_no.startswith("9"):
        return _PERMANENT_RESIDENT
    return _OTHER_CARD if person.id_no.startswith(_OTHER_AREAS) else _CITIZEN_CARD


def _name(office: Office | None) -> str:
    return office.name if office else MISSING


def _credit(office: Office | None) -> str:
    return office.credit_code if office else MISSING


def _agent(report: Report) -> Party | None:
    return report.file.agent


def _of(one: Party | Certificate | None, attribute: str) -> str:
    return str(getattr(one, attribute)) if one is not None else MISSING


def _validity(report: Report) -> str:
    certificate = report.file.certificate
    if certificate is None:
        return MISSING
    return _day(certificate.valid_until) if certificate.valid_until else _ENDLESS


def _day(day: date) -> str:
    return f"{day:%Y%m%d}"


def _yes(is_so: object) -> str:
    return "1" if is_so else "0"


def _satisfaction(level: RatingLevel | None) -> str:
    """Return the code of a level. Source: A.8."""
    return str(list(RatingLevel).index(level) + 1) if level else MISSING


ACCEPTANCE = (
    _case("表5 表6"),
    Item("基本编码", "an..12", "表6", _base),
    Item("实施编码", "an..31", "表5 表6", lambda report, row: row.implementing_code),
    Item("业务办理项编码", "an..33", EXTENSION, lambda report, row: row.handling_code),
    Item("地方目录编码", "an..50", EXTENSION, lambda r, row: _codes(r).local_catalogue if _codes(r) else MISSING),
    Item("地方事项编码", "an..50", EXTENSION, lambda r, row: _codes(r).local_task if _codes(r) else MISSING),
    Item("事项名称", "an..200", "表5 表6", lambda report, row: report.file.definition.facts.name, is_needed=True),
    Item("事项版本", "n..5", EXTENSION, lambda report, row: report.file.definition.facts.version, is_needed=True),
    Item("事项类型代码", "n2", "表4", lambda report, row: TYPE_CODES[report.file.definition.facts.kind][0]),
    Item("办件类型", "an..20", "表5 表6", lambda report, row: _KINDS[report.file.definition.facts.mode][0]),
    Item("办件类型代码", "n1", "表5 表6", lambda report, row: _KINDS[report.file.definition.facts.mode][1]),
    Item("申请者名称", "an..100", "表5", lambda report, row: report.file.applicant.name, is_needed=True),
    Item("申请者类型代码", "n1", EXTENSION, lambda report, row: _NATURAL, is_needed=True),
    Item("申请者证件类型代码", "n3", "表5", lambda report, row: _credential(report.file.applicant)),
    Item("申请者证件号码", "an..18", "表5", lambda report, row: report.file.applicant.id_no),
    Item("联系人/代理人姓名", "an..30", "表5", lambda report, row: _of(_agent(report), "name")),
    Item("联系人/代理人证件类型代码", "n3", "表5", lambda report, row: _credential(_agent(report))),
    Item("联系人/代理人证件号码", "an..18", "表5", lambda report, row: _of(_agent(report), "id_no")),
    Item("联系人手机号码", "an..18", "表5", lambda r, row: (_agent(r) or r.file.applicant).phone),
    Item("申报来源代码", "n1", "表5", lambda r, row: _COUNTER if r.file.is_at_counter else _ONLINE, is_needed=True),
    Item("申请时间", "YYYYMMDDThhmmss", "表5", lambda report, row: row.applied_at, is_needed=True),
    Item("受理单位名称", "an..100", "表6", lambda report, row: _name(row.office)),
    Item("受理单位统一社会信用代码", "an..18", "表6", lambda report, row: _credit(row.office)),
    Item("受理人员", "an..30", "表6", lambda report, row: row.officer),
    Item("受理时间", "YYYYMMDDThhmmss", "表6", lambda report, row: row.accepted_at),
    Item("受理文书编号", "an..30", "表6", lambda report, row: row.notice),
    Item("承诺办结时间", "YYYYMMDD", "表6", lambda report, row: row.due_on),
    Item("行政区划", "n..12", "表5 表6", lambda report, row: report.file.region),
    Item("关联办件编号", "an..50", EXTENSION, lambda report, row: report.file.lead),
)
PROCESS = (
    _case("表7"),
    Item("环节名称", "an..100", "表7", lambda report, row: row.label, is_needed=True),
    Item("业务动作", "an..20", "表7", lambda report, row: _ACTIONS[row.action], is_needed=True),
    Item("环节处理人", "an..30", "表7", lambda report, row: row.handler),
    Item("环节处理意见", "an..1000", "表7", lambda report, row: row.opinion),
    Item("环节开始时间", "YYYYMMDDThhmmss", "表7", lambda report, row: row.started_at, is_needed=True),
    Item("环节结束时间", "YYYYMMDDThhmmss", "表7", lambda report, row: row.ended_at or row.started_at, is_needed=True),
    Item("处理单位名称", "an..100", "表7", lambda report, row: _name(row.office)),
    Item("处理单位统一社会信用代码", "an..18", "表7", lambda report, row: _credit(row.office)),
    Item("环节办理状态代码", "n1", "表7", lambda report, row: "2" if row.ended_at else "1", is_needed=True),
)
SPECIAL = (
    _case("表7"),
    Item("特别程序种类名称", "an..100", "表7", lambda report, row: row.name, is_needed=True),
    Item("特别程序种类代码", "n1", "表7", lambda r, row: "1" if row.is_extension else "2", is_needed=True),
    Item("特别程序启动理由或依据", "ul", "表7", lambda report, row: row.basis),
    Item("申请人", "an..30", "表7", lambda report, row: row.officer),
    Item("特别程序开始时间", "YYYYMMDDThhmmss", "表7", lambda report, row: row.started_at, is_needed=True),
    Item("特别程序结束时间", "YYYYMMDDThhmmss", "表7", lambda report, row: row.ended_at),
    Item("特别程序结果", "ul", "表7", lambda report, row: row.result),
    Item("特别程序办理意见", "ul", "表7", lambda report, row: row.opinion),
    Item("办理单位名称", "an..100", "表7", lambda report, row: _name(report.file.authority)),
    Item("办理单位统一社会信用代码", "an..18", "表7", lambda report, row: _credit(report.file.authority)),
    Item("办理人", "an..30", "表7", lambda report, row: row.officer),
)
CLOSING = (
    _case("表8"),
    Item("办理人姓名", "an..30", "表8", lambda report, row: row.officer),
    Item("办结时间", "YYYYMMDDThhmmss", "表8", lambda report, row: row.closed_at, is_needed=True),
    Item("办结结果代码", "n1", EXTENSION, lambda report, row: words.CLOSINGS.index(row.kind), is_needed=True),
    Item("结果证照名称", "an..200", "表8", lambda report, row: _of(report.file.certificate, "name")),
    Item("结果证照编号", "an..120", "表8", lambda report, row: _of(report.file.certificate, "number")),
    Item("办件结果描述", "an..1000", "表8", lambda report, row: row.description, is_needed=True),
    Item("证照有效期限", "an..30", "表8", lambda report, row: _validity(report)),
    Item("发证/盖章单位", "an..100", "表8", lambda report, row: _of(report.file.certificate, "issuer")),
    Item("行政区划", "n..12", "表8", lambda report, row: report.file.region),
    Item("是否快递寄送结果", "n1", "表8", lambda report, row: _yes(row.is_posted), is_needed=True),
    Item("是否收费", "n1", "表8", lambda report, row: _yes(row.is_charged), is_needed=True),
    Item("满意度代码", "n1", "表9", lambda report, row: _satisfaction(row.rating)),
)
PAPERS = (
    _case("表5"),
    Item("材料名称", "an..200", "表5", lambda report, row: row.name, is_needed=True),
    Item("是否收取", "n1", "表5", lambda report, row: _yes(row.state in _TAKEN), is_needed=True),
    Item("收取方式", "an..20", "表5", lambda report, row: _TAKEN.get(row.state, MISSING)),
    Item("收取数量", "n..2", "表5", lambda report, row: _yes(row.state in _TAKEN), is_needed=True),
    Item("收取时间", "YYYYMMDDThhmmss", "表5", lambda r, row: row.at if row.state in _TAKEN else None),
    Item("附件实体", "an..36", "表5", lambda report, row: row.file),
)
PAYMENTS = (
    _case("表14"),
    Item("缴款单号", "an..50", "表14", lambda report, row: row.number),
    Item("收费单位", "an..100", "表14", lambda report, row: _name(report.file.authority)),
    Item("收费金额", _AMOUNT, "表14", lambda report, row: _yuan(row.amount_fen), is_needed=True),
    Item("收费时间", "YYYYMMDDThhmmss", "表14", lambda report, row: row.paid_at),
    Item("缴款人", "an..30", "表14", lambda report, row: _of(report.payer, "name")),
    Item("退款金额", _AMOUNT, EXTENSION, lambda report, row: _yuan(row.refunded_fen), is_needed=True),
)
PARCELS = (
    _case("表15"),
    Item("物流单号", "an..50", "表15", lambda report, row: row.number, is_needed=True),
    Item("寄送单位", "an..100", "表15", lambda report, row: _name(report.file.authority)),
    Item("寄送日期", "YYYYMMDD", "表15", lambda report, row: row.sent_at, is_needed=True),
    Item("接收人", "an..30", "表15", lambda report, row: report.file.applicant.name),
)

SETS: Mapping[str, tuple[str, tuple[Item, ...]]] = {
    "受理": ("acceptance", ACCEPTANCE),
    "过程": ("process", PROCESS),
    "特别程序": ("special", SPECIAL),
    "结果": ("closing", CLOSING),
    "材料": ("papers", PAPERS),
    "支付": ("payments", PAYMENTS),
    "物流": ("parcels", PARCELS),
}
"""Name of each data set -> the rows of the report that it spells, and its items."""


def spelt(report: Report) -> DataSets:
    """Return the data sets of a report as the standard spells them."""
    return {
        name: [{one.name: _written(one, one.value(report, row)) for one in items} for row in getattr(report, rows)]
        for name, (rows, items) in SETS.items()
    }


def schema() -> Mapping[str, object]:
    """Return the JSON Schema of the data sets of one case."""
    sets = {name: {"type": "array", "items": _row_schema(items)} for name, (_, items) in SETS.items()}
    return {"type": "object", "properties": sets, "required": list(sets), "additionalProperties": False}


def _row_schema(items: tuple[Item, ...]) -> Mapping[str, object]:
    properties = {one.name: {"type": "string", "pattern": one.pattern} for one in items}
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


def _written(item: Item, value: object) -> str:
    """Return a value in the form of its item; a text that is too long is cut."""
    if isinstance(value, datetime):
        here = value.astimezone(SHANGHAI)
        return f"{here:%Y%m%d}" if item.form == "YYYYMMDD" else f"{here:%Y%m%dT%H%M%S}"
    if isinstance(value, date):
        return _day(value)
    text = MISSING if value is None else str(value)
    sized = _TEXT.fullmatch(item.form)
    return text[: int(sized[2])] if sized else text


def _yuan(amount_fen: int) -> str:
    return f"{amount_fen // 100}.{amount_fen % 100:02d}"
