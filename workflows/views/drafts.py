"""Define what the services hand to the fronts of a draft: its pages, what is known already, what is still wanting."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from gov_portal.kernel.ids import CaseId, ItemId
from workflows.domain.explaining import Explanation
from workflows.domain.expressions import Tree
from workflows.views.bills import ExpectedFee
from workflows.views.fields import FieldView, MaterialView


@dataclass(frozen=True, slots=True)
class PageView:
    """Show one page of the form; only fields whose conditions hold now.

    Attributes:
        candidates: every field that the page may ask, in order, also under conditions that do not hold now.
        live: conditions that the browser decides while somebody types, ``None`` without any.
        typed: answers that were kept while they were typed and do not count yet, as the browser sent them, by path.
        mark: changes with whatever the page holds; handed back with answers it tells whether others came between.
    """

    id: str
    label: str
    fields: tuple[FieldView, ...]
    is_complete: bool
    typed: Mapping[str, object] = field(repr=False, default_factory=dict)
    mark: str = ""
    candidates: tuple[FieldView, ...] = ()
    live: "LiveRules | None" = None


@dataclass(frozen=True, slots=True)
class LiveRules:
    """Hold what the browser needs to show and hide the fields of a page.

    Attributes:
        today: the business day.
        kinds: how the fields are read that conditions read, by path.
        lets: names and expression trees that the conditions read, in order.
        rules: conditions as expression trees, by the field that each of them shows.
    """

    today: date
    kinds: Mapping[str, str]
    lets: tuple[tuple[str, Tree], ...]
    rules: Mapping[str, Tree]


@dataclass(frozen=True, slots=True)
class ConditionView:
    """Show one condition of acceptance; ``holds`` is ``None`` while its data are missing."""

    text: str
    basis: str | None
    holds: bool | None
    explanation: Explanation | None = None


@dataclass(frozen=True, slots=True)
class DraftView:
    """Show a draft that its owner fills.

    Attributes:
        pinned: hash of the version of the item that the draft goes by.
        prefilled: what was taken from the account or a department, not to be typed again.
        unavailable: resources that did not answer; their fields are asked and stay unverified.
        next_page: first page that is not complete, or ``None``.
        can_submit: every page complete, every wanted material there.
        fees: what will be to pay, as far as the answers tell.
    """

    case: CaseId
    item: ItemId
    item_name: str
    pinned: str
    pages: tuple[PageView, ...]
    prefilled: tuple[FieldView, ...]
    materials: tuple[MaterialView, ...]
    conditions: tuple[ConditionView, ...]
    unavailable: tuple[str, ...]
    next_page: str | None
    can_submit: bool
    fees: tuple[ExpectedFee, ...] = ()

    @property
    def fees_fen(self) -> int:
        """Return the sum of what is known."""
        return sum(fee.amount_fen for fee in self.fees)

    def page(self, page_id: str) -> PageView | None:
        """Return the page of that id, if it applies now."""
        return next((page for page in self.pages if page.id == page_id), None)
