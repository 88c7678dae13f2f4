"""Carry the filters of the queue in the address, so that every page behind it knows which queue it came from.

A page of one case asks ``filters_here()`` and passes ``**query_of(filters)`` to the links that lead on; the services'
``neighbours`` and ``claim_next`` take the filters as they are.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import TypeVar
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from flask import request

from gov_portal.kernel.ids import CaseId, ItemId, TaskKey
from gov_portal.web.base.forms import day_of
from workflows.domain.state import TaskKind
from workflows.views import Card, QueueFilters, QueueOrder, QueuePlace

E = TypeVar("E", bound=StrEnum)

NAMES = ("show", "card", "item", "step", "kind", "number", "from", "to", "order")
"""Names of the filters in the address, in the order in which links spell them."""

KINDS = (
    TaskKind.WORK,
    TaskKind.RAISED,
    TaskKind.OBJECTION,
    TaskKind.OVERDUE,
    TaskKind.VOTE,
    TaskKind.SIGN,
    TaskKind.CONSULT,
)
_LONGEST = 100
_LONGEST_NUMBER = 40
_SHOWS = ("mine", "free", "suspended")


def filters_here() -> QueueFilters:
    """Return the filters of this request's address; what makes no sense filters nothing."""
    return filters_of(request.args)


def filters_of(args: Mapping[str, str], *, until: str = "") -> QueueFilters:
    """Return the filters that a query string or a form spells, perhaps only of tasks that were there at an instant."""
    show, number = args.get("show", ""), args.get("number", "").strip()[:_LONGEST_NUMBER]
    return QueueFilters(
        is_mine=show == "mine",
        is_free=show == "free",
        # What stands still stays apart, unless a case is looked for by its number.
        is_suspended=True if show == "suspended" else None if number else False,
        card=_one_of(Card, args.get("card")),
        item=ItemId(item) if (item := _word(args.get("item"))) else None,
        step=_word(args.get("step")),
        kind=kind if (kind := _one_of(TaskKind, args.get("kind"))) in KINDS else None,
        case_number=number,
        received_from=day_of("from", args),
        received_to=day_of("to", args),
        opened_until=_instant(until),
        order=_one_of(QueueOrder, args.get("order")) or QueueOrder.DUE,
        after=place_of(args.get("after", "")),
        before=place_of(args.get("before", "")),
    )


def filters_in(query: str) -> QueueFilters:
    """Return the filters of a saved query string."""
    return filters_of(dict(parse_qsl(query)))


def query_of(filters: QueueFilters) -> dict[str, str]:
    """Return what spells the filters in an address; places are left out."""
    show = next((name for name, on in zip(_SHOWS, _shows(filters), strict=True) if on), "")
    spelled = {
        "show": show,
        "card": filters.card.value if filters.card else "",
        "item": filters.item or "",
        "step": filters.step,
        "kind": filters.kind.value if filters.kind else "",
        "number": filters.case_number,
        "from": filters.received_from.isoformat() if filters.received_from else "",
        "to": filters.received_to.isoformat() if filters.received_to else "",
        "order": filters.order.value if filters.order is not QueueOrder.DUE else "",
    }
    return {name: value for name, value in spelled.items() if value}


def query_text(filters: QueueFilters) -> str:
    """Return the filters as a query string."""
    return urlencode(query_of(filters))


def spell(place: QueuePlace | None) -> str:
    """Return how an address spells a place in the queue."""
    if place is None:
        return ""
    due = place.due_at.isoformat() if place.due_at else ""
    return "~".join((due, place.opened_at.isoformat(), str(place.case), place.task))


def place_of(text: str) -> QueuePlace | None:
    """Return the place that an address spells, ``None`` where it spells none."""
    parts = text.split("~")
    if len(parts) != 4 or len(text) > 2 * _LONGEST or not text.isprintable():
        return None
    due, opened, case = _instant(parts[0]), _instant(parts[1]), _uuid(parts[2])
    if opened is None or case is None or (parts[0] and due is None):
        return None
    return QueuePlace(due, opened, CaseId(case), TaskKey(parts[3]))


def _shows(filters: QueueFilters) -> tuple[bool, bool, bool]:
    return filters.is_mine, filters.is_free, bool(filters.is_suspended)


def _word(text: str | None) -> str:
    return text[:_LONGEST] if text and text.isprintable() else ""


def _one_of(members: type[E], text: str | None) -> E | None:
    return members(text) if text in set(members) else None


def _instant(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else None


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
