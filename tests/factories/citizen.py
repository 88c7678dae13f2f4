"""Doubles of the services behind the citizen's pages outside the case: ratings, and the record of uses of data."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from uuid import UUID

from gov_portal.exchange.records import DataUse
from gov_portal.kernel.errors import DomainError
from gov_portal.kernel.ids import ItemId
from tests.factories.views import CASE
from workflows.domain.ratings import RatingLevel, RatingReason
from workflows.services.ratings import CaseRatings, FollowUpUnknown, ItemFigures, RatingFigure, RatingView
from workflows.views import Card

RATING = UUID("50000000-0000-4000-8000-000000000001")
_ITEM, _NAME = ItemId("cdpf.disability-card.first"), "残疾人证首次申办"
_AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def a_rating(**changes: object) -> RatingView:
    values: dict[str, object] = {
        "rating": RATING,
        "case": CASE,
        "case_number": "470101-20260302-0000123-K",
        "item": _ITEM,
        "item_name": _NAME,
        "round": 1,
        "level": RatingLevel.DISSATISFIED,
        "reasons": (RatingReason.SPEED, RatingReason.PEOPLE),
        "at": _AT,
        "text": "等了三周才有人看，电话也打不通。",
        "contact_due_on": date(2026, 3, 3),
        "due_on": date(2026, 3, 23),
        "remaining_working_days": 15,
    }
    return RatingView(**(values | changes))


def an_overdue_rating() -> RatingView:
    return a_rating(rating=UUID(int=7), remaining_working_days=-2, card=Card.RED, is_contact_late=True)


def an_answered_rating() -> RatingView:
    return a_rating(answer="情况属实。已经增加了一名审核人员，电话也修好了。", answered_at=_AT, contacted_at=_AT)


@dataclass
class InMemoryRatings:
    """Answer with canned ratings; `refuse` names the error that a method raises instead."""

    standing: CaseRatings = field(default_factory=lambda: CaseRatings(may_rate=True, is_last=False))
    rows: tuple = field(default_factory=lambda: (an_overdue_rating(), a_rating()))
    item_figures: ItemFigures = field(default_factory=ItemFigures)
    calls: list = field(default_factory=list)
    refuse: dict[str, DomainError] = field(default_factory=dict)

    def _note(self, name: str, **values: object) -> None:
        self.calls.append((name, values))
        if name in self.refuse:
            raise self.refuse[name]

    def called(self, name: str) -> list[dict]:
        return [values for called, values in self.calls if called == name]

    def of_case(self, case, *, by):
        return self.standing

    def rate(self, case, form, *, by, key):
        self._note("rate", form=form, key=key)

    def follow_ups(self, by):
        return self.rows

    def follow_up(self, rating, *, by):
        for row in self.rows:
            if row.rating == rating:
                return row
        raise FollowUpUnknown

    def contact(self, rating, *, by):
        self._note("contact", rating=rating)

    def answer(self, rating, *, text, by):
        self._note("answer", rating=rating, text=text)

    def figures(self):
        counts = dict(zip(RatingLevel, (31, 12, 4, 2, 1), strict=True))
        return (
            RatingFigure(_ITEM, _NAME, "dept.cdpf", 50, counts),
            RatingFigure(ItemId("admin-review"), "行政复议申请", "dept.justice", 3, None),
        )

    def of_item(self, item):
        return self.item_figures


def a_use(**changes: object) -> DataUse:
    values: dict[str, object] = {
        "call": "c1",
        "at": _AT,
        "actor": "citizen",
        "resource": "police.person",
        "operation": "query",
        "purpose": "cdpf-card",
        "fields": ("birth", "region"),
        "outcome": "found",
        "case": CASE,
        "item": _ITEM,
    }
    return DataUse(**(values | changes))


class InMemoryRecords:
    """Tell of a query for a case, a check for the account, and an attempt that was refused."""

    def of(self, person, *, limit=200):
        return (
            a_use(),
            a_use(
                call="c2",
                actor="platform",
                operation="check",
                purpose="real-name-check",
                fields=("name", "id_no"),
                case=None,
                item=None,
            ),
            a_use(call="c3", actor="officer", outcome="refused", refusal="purpose", fields=()),
        )
