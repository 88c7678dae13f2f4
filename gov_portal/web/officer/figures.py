"""Show the day's figures of the unit as pictures with tables beside them (当日数字)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from flask import render_template, request
from flask.typing import ResponseReturnValue

from gov_portal.web.base.access import current_officer, requires
from gov_portal.web.base.forms import day_of
from gov_portal.web.base.services import services
from gov_portal.web.base.text import _, day
from identity.permissions import Permission
from workflows.services.figures import Flow

FIRST_HOUR, LAST_HOUR = 7, 20
_HEIGHT = 160.0
_WIDTH = 440.0
_SERIES = ("received", "due", "closed")
_GAP = 0.3
"""Share of a group's width that stays empty."""


@dataclass(frozen=True, slots=True)
class Bar:
    """Hold one bar of a picture, in its own units; ``top`` counts from above."""

    series: str
    left: float
    top: float
    width: float
    height: float
    value: int


@dataclass(frozen=True, slots=True)
class Group:
    """Hold the bars that stand together over one label."""

    label: str
    middle: float
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """Hold a bar chart, ready to be drawn; ``lines`` are heights of the grid with what they stand for."""

    title: str
    told: str
    groups: tuple[Group, ...]
    lines: tuple[tuple[float, int], ...]
    series: tuple[str, ...]


@requires(Permission.VIEW_QUEUE)
def figures() -> ResponseReturnValue:
    """Show what came, fell due and was finished, by hour and by day."""
    officer, on = current_officer(), day_of("on", request.args)
    today = services().calendar.local_date(services().clock.now())
    found = services().figures.of_unit(officer, min(on, today) if on else None)
    hours = _working_hours(found.hours)
    days = [(_("{month}月{day}日", month=one.month, day=one.day), flow) for one, flow in found.days]
    return render_template(
        "officer/figures.html",
        figures=found,
        hours=hours,
        days=days,
        by_hour=_picture(_("按小时"), hours, series=("received", "closed")),
        by_day=_picture(_("最近七天"), days, series=_SERIES),
        before=found.on - timedelta(days=1),
        after=found.on + timedelta(days=1) if found.on < today else None,
    )


def _working_hours(hours: Sequence[Flow]) -> list[tuple[str, Flow]]:
    """Return the hours of a working day, and any other in which something happened."""
    return [
        (f"{hour:02}:00", flow)
        for hour, flow in enumerate(hours)
        if FIRST_HOUR <= hour < LAST_HOUR or flow.received or flow.closed
    ]


def _picture(title: str, rows: Sequence[tuple[str, Flow]], *, series: tuple[str, ...]) -> Picture:
    most = max((getattr(flow, name) for _label, flow in rows for name in series), default=0)
    scale = _HEIGHT / (top := _round(most))
    step = _WIDTH / max(1, len(rows))
    thick = step * (1 - _GAP) / len(series)
    groups = []
    for place, (label, flow) in enumerate(rows):
        left = place * step + step * _GAP / 2
        heights = [(name, getattr(flow, name)) for name in series]
        bars = tuple(
            Bar(name, left + n * thick, _HEIGHT - value * scale, thick * 0.9, value * scale, value)
            for n, (name, value) in enumerate(heights)
        )
        groups.append(Group(label.removesuffix(":00"), place * step + step / 2, bars))
    lines = tuple((_HEIGHT - top * share / 2 * scale, top * share // 2) for share in (0, 1, 2))
    return Picture(title, _told(title, rows), tuple(groups), lines, series)


def _round(most: int) -> int:
    """Return the top of the scale: an even number that is easy to read."""
    unit = 1
    while most > 10 * unit:
        unit *= 10
    return max(2, -(-most // (2 * unit)) * 2 * unit)


def _told(title: str, rows: Sequence[tuple[str, Flow]]) -> str:
    flows = [flow for _label, flow in rows]
    return _(
        "{title}：收到 {received} 件，办完 {closed} 件。数字见下表。",
        title=title,
        received=sum(flow.received for flow in flows),
        closed=sum(flow.closed for flow in flows),
    )


__all__ = ["day", "figures"]
