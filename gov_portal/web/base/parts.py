"""Show a bundle (一件事) as one matter: how each part stands, what it wants, and one history of all."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from gov_portal.kernel.ids import CaseId
from gov_portal.web.base.fronts import Front
from gov_portal.web.base.labels import PHASES_UNDER_WAY, STATUSES
from gov_portal.web.base.services import services
from gov_portal.web.base.text import _, phrase
from gov_portal.web.base.timeline import Told, tell
from workflows.domain.definition import Definition
from workflows.domain.state import Status
from workflows.views import BillView, CaseView, PartView

_STATES: Mapping[str, tuple[str, str]] = {
    "waiting": (phrase("等前面的事项办完"), "still"),
    "opening": (phrase("正在提交"), ""),
    "wanting": (phrase("等您补充后提交"), "warn"),
    "open": (phrase("办理中"), ""),
    "done": (phrase("已办成"), "ok"),
    "refused": (phrase("没有批准"), "error"),
    "withdrawn": (phrase("已撤回"), "still"),
    "lapsed": (phrase("已终止"), "still"),
    "left_out": (phrase("没有开始：前面的事项没有办成"), "still"),
    "closed": (phrase("已办结"), "still"),
}


@dataclass(frozen=True, slots=True)
class PartLine:
    """Hold one part, ready to be read; ``case`` is its own page's, where the reader may open it."""

    part: PartView
    text: str
    tone: str
    case: CaseView | None = None


def part_lines(parts: Iterable[PartView], cases: Mapping[CaseId, CaseView] | None = None) -> tuple[PartLine, ...]:
    """Return the parts with where they stand."""
    known = cases or {}
    return tuple(PartLine(part, *standing_of(part), known.get(part.case) if part.case else None) for part in parts)


def standing_of(part: PartView) -> tuple[str, str]:
    """Say in a few words where a part stands, and in which tone."""
    text, tone = _STATES.get(part.state, (STATUSES[Status.OPEN], ""))
    if part.state == "waiting" and part.after:
        return _("等“{names}”办完", names=_("”“").join(_(name) for name in part.after)), tone
    if part.state == "open" and part.phase is not None and part.status is Status.OPEN:
        return _(PHASES_UNDER_WAY[part.phase]), tone
    if part.state in ("done", "refused", "withdrawn", "lapsed") and part.outcome_label:
        return _(part.outcome_label), tone
    return _(text), tone


def cases_of(front: Front, view: CaseView) -> dict[CaseId, CaseView]:
    """Return the parts' own cases, as their applicant sees them."""
    return {part.case: services().cases.view(part.case, by=front.by) for part in view.parts if part.case}


@dataclass(frozen=True, slots=True)
class Due:
    """Hold what is to be paid now in a bundle: each bill with its item's name, and the sum in fen."""

    bills: tuple[tuple[str, BillView], ...]

    @property
    def amount_fen(self) -> int:
        """Return the sum of all bills."""
        return sum(bill.amount_fen for _name, bill in self.bills)


def due(cases: Iterable[CaseView]) -> Due:
    """Return the bills of a case and of its parts that wait to be paid; each office's is its own."""
    return Due(tuple((case.item_name, bill) for case in cases for bill in case.bills if bill.pay_url))


def later_than(view: CaseView, lines: Iterable[PartLine]) -> PartLine | None:
    """Return the part that its own law allows most time behind the day of the bundle's promise, if there is one.

    The promise of a bundle stands only while nothing goes on at all; a part may stand alone and come later.
    """
    found = [
        (line.case.due_on, place, line)
        for place, line in enumerate(lines)
        if line.part.state == "open" and line.case is not None and line.case.due_on is not None
    ]
    latest = max(found, default=None)
    return latest[2] if latest is not None and view.due_on is not None and latest[0] > view.due_on else None


def one_history(view: CaseView, item: Definition, cases: Iterable[CaseView]) -> tuple[Told, ...]:
    """Return what happened in a case and in its parts, oldest first, each line of a part with the part's name."""
    lines = list(tell(view.timeline, item=item))
    for case in cases:
        told = tell(case.timeline, item=services().cases.pinned(case.pinned))
        lines += [replace(one, part=_(case.item_name)) for one in told]
    return tuple(sorted(lines, key=lambda one: one.at))
