"""Word the notices (文书) of a case and have them typeset."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Protocol

from gov_portal.documents.typesetting import Typesetter
from gov_portal.kernel.working_days import SHANGHAI

SAMPLE_NOTE = "样本 · 虚构机构，仅供演示，不具法律效力"

_LICENSING_LAW = "《中华人民共和国行政许可法》"


class NoticeOrder(Protocol):
    """Describe one notice to be made.

    ``document`` is its name as the item spells it; an unknown name gives a plain notice of that title. ``facts`` may
    hold ``reason`` (text), ``basis`` (names of laws), ``verdict`` (label of the act, such as 维持原决定), ``marks``
    (pairs of label and reason), ``remedies`` (names), ``limit`` (text such as 15个工作日), ``due_on`` and
    ``received_on`` (date or text), ``materials`` (names) and ``number`` (text).
    """

    @property
    def document(self) -> str:
        """Return the name of the notice."""
        ...

    @property
    def case_number(self) -> str:
        """Return the number of the case."""
        ...

    @property
    def item_name(self) -> str:
        """Return the name of the item."""
        ...

    @property
    def authority(self) -> str:
        """Return the name of the authority that gives the notice."""
        ...

    @property
    def applicant_name(self) -> str:
        """Return the name of the applicant."""
        ...

    @property
    def on(self) -> date:
        """Return the date of the notice."""
        ...

    @property
    def facts(self) -> Mapping[str, object]:
        """Return what the wording needs beside."""
        ...


class Seals(Protocol):
    """Put electronic seals under files."""

    def seal(self, pdf: bytes, *, authority: str) -> bytes:
        """Return the file with the seal of an authority."""
        ...


@dataclass(frozen=True, slots=True)
class Wording:
    """Hold the text of one notice: what stands before and behind the table of what is wanting."""

    paragraphs: tuple[str, ...]
    closing: tuple[str, ...] = ()


class Notices:
    """Make notices as PDF/A."""

    def __init__(self, typesetter: Typesetter, *, is_sample: bool, sealer: Seals | None = None) -> None:
        """Keep the typesetter; ``is_sample`` marks every paper as a sample of a fictitious authority.

        With a sealer every notice bears the electronic seal of the authority that gives it.
        """
        self._typesetter = typesetter
        self._is_sample = is_sample
        self._sealer = sealer

    def make(self, request: NoticeOrder) -> bytes:
        """Return the PDF of a notice.

        Raises:
            TypesettingFailed: without any of the data.
        """
        wording = word(request)
        data = {
            "title": request.document,
            "number": str(request.facts.get("number") or request.case_number),
            "authority": request.authority,
            "addressee": request.applicant_name,
            "facts": [
                ["申请人", request.applicant_name],
                ["申请事项", request.item_name],
                ["办件编号", request.case_number],
            ],
            "paragraphs": list(wording.paragraphs),
            "wanted": [list(mark) for mark in _marks(request.facts)],
            "closing": list(wording.closing),
            "on": spell_date(request.on),
            "is_sample": self._is_sample,
            "footnotes": [SAMPLE_NOTE] if self._is_sample else [],
        }
        made = self._typesetter.pdf("notice", data, at=datetime.combine(request.on, time(9), SHANGHAI))
        return self._sealer.seal(made, authority=request.authority) if self._sealer else made


def word(request: NoticeOrder) -> Wording:
    """Return the wording of a notice by its name."""
    match request.document:
        case "受理通知书":
            return _acceptance(request)
        case "行政复议受理通知书":
            return _review_acceptance(request)
        case "收件回执":
            return _receipt(request)
        case "补正告知书":
            return _supplement(request)
        case "不予受理决定书" | "行政复议不予受理决定书":
            return _refusal(request, verdict="决定不予受理")
        case "不予批准决定书" | "不予许可决定书":
            return _refusal(request, verdict="决定不予批准")
        case "行政复议决定书":
            return _refusal(request, verdict=f"决定：{_spelt(request.facts, 'verdict') or '见下列理由'}")
        case _:
            return _plain(request)


def spell_date(on: date) -> str:
    """Return the date as an official paper spells it, such as 2026年3月2日."""
    return f"{on.year}年{on.month}月{on.day}日"


def _acceptance(request: NoticeOrder) -> Wording:
    limit, due = _spelt(request.facts, "limit"), _spelt(request.facts, "due_on")
    promise = f"我机关将自受理之日起{limit}内作出决定" if limit else "我机关将在承诺的办理时限内作出决定"
    promise += f"（至{due}止）。" if due else "。"
    return Wording(
        (
            f"您提交的“{request.item_name}”申请收悉。经审查，申请事项属于本机关职权范围，申请材料齐全、符合法定形式。"
            f"根据{_laws(request.facts, default=f'{_LICENSING_LAW}第三十二条')}，现予受理。",
            f"{promise}依法需要听证、检验、检测、检疫、鉴定和专家评审的，所需时间不计算在内，届时另行书面告知。",
        ),
        (f"您可以凭办件编号 {request.case_number} 随时查询办理进度。",),
    )


def _receipt(request: NoticeOrder) -> Wording:
    received, limit = _spelt(request.facts, "received_on"), _spelt(request.facts, "limit")
    handed_in, materials = spell_date(request.on), _spelt(request.facts, "materials")
    later = "" if received == handed_in else f"，依法以{received}为收件日期"
    paragraphs = [f"您于{handed_in}提交的“{request.item_name}”申请已经收到{later}。"]
    if materials:
        paragraphs.append(f"随申请取得的材料：{materials}。")
    paragraphs.append(f"是否受理，我机关将依法另行告知；受理之日起，承诺在{limit}内作出决定。")
    return Wording(
        tuple(paragraphs),
        (
            "本回执只证明收到了上述申请和材料，不表示已经受理。",
            f"您可以凭办件编号 {request.case_number} 随时查询办理进度。",
        ),
    )


def _review_acceptance(request: NoticeOrder) -> Wording:
    due = _spelt(request.facts, "due_on")
    return Wording(
        (
            f"您提交的“{request.item_name}”收悉。经审查，符合《中华人民共和国行政复议法》第三十条规定的受理条件，现予受理。",
            "我机关将依法审理并作出行政复议决定" + (f"（至{due}止）。" if due else "。"),
        ),
        (f"您可以凭办件编号 {request.case_number} 随时查询审理进度。",),
    )


def _supplement(request: NoticeOrder) -> Wording:
    due = _spelt(request.facts, "due_on")
    within = f"请您于{due}前一次补正。" if due else "请您按要求一次补正。"
    law = _laws(request.facts, default=f"{_LICENSING_LAW}第三十二条第一款第（四）项")
    return Wording(
        (
            f"您提交的“{request.item_name}”申请收悉。经审查，申请材料不齐全或者不符合法定形式。"
            f"根据{law}，现一次性告知需要补正的全部内容如下：",
        ),
        (
            f"{within}您只需补正上列内容，其他已提交的内容不必重填。",
            "收到补正内容之日为重新收件之日。逾期没有补正的，本次申请终止办理，您可以重新申请。",
        ),
    )


def _refusal(request: NoticeOrder, *, verdict: str) -> Wording:
    reason = _spelt(request.facts, "reason") or "（未记载）"
    basis = _laws(request.facts, default="")
    grounds = f"依据：{basis}。" if basis else ""
    return Wording(
        (
            f"您提交的“{request.item_name}”申请收悉。经审查，我机关{verdict}。",
            f"理由：{reason.rstrip('。')}。{grounds}",
        ),
        _remedies(request),
    )


def _plain(request: NoticeOrder) -> Wording:
    reason = _spelt(request.facts, "reason")
    text = f"关于您提交的“{request.item_name}”申请，现将有关事项通知如下。"
    return Wording((text, *([reason] if reason else [])), _remedies(request))


def _remedies(request: NoticeOrder) -> tuple[str, ...]:
    """Return how to contest a decision (行政复议法 20, 行政诉讼法 45 and 46)."""
    names = request.facts.get("remedies") or ()
    is_review = request.document.startswith("行政复议")
    ways = []
    if isinstance(names, Sequence) and "行政复议" in names:
        ways.append("自收到本决定书之日起六十日内申请行政复议")
    if isinstance(names, Sequence) and "行政诉讼" in names:
        ways.append(f"自收到本决定书之日起{'十五日' if is_review else '六个月'}内向人民法院提起行政诉讼")
    return (f"您对本决定不服的，可以{'，也可以'.join(ways)}。",) if ways else ()


def _laws(facts: Mapping[str, object], *, default: str) -> str:
    """Return the laws that the item names, in title marks."""
    given = facts.get("basis") or ()
    names = [given] if isinstance(given, str) else list(given) if isinstance(given, Sequence) else []
    marked = [str(name) if "《" in str(name) else f"《{name}》" for name in names]
    return "、".join(marked) or default


def _marks(facts: Mapping[str, object]) -> list[tuple[str, str]]:
    marks = facts.get("marks") or ()
    if not isinstance(marks, Sequence):
        return []
    return [(str(label), str(reason)) for label, reason in marks]


def _spelt(facts: Mapping[str, object], key: str) -> str:
    match facts.get(key):
        case None:
            return ""
        case date() as on:
            return spell_date(on)
        case str(text):
            return text.strip()
        case [*parts]:
            return "、".join(str(part) for part in parts)
        case other:
            return str(other)
