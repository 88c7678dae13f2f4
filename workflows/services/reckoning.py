"""Reckon what a list shows of a deadline: working days left and the card; pure."""

from datetime import date, datetime, timedelta

from gov_portal.kernel.working_days import Calendar
from workflows.domain.state import Task
from workflows.views import Card

_DAY = timedelta(days=1)


def last_day(due_at: datetime | None, *, calendar: Calendar) -> date | None:
    """Return the day at whose end something falls due."""
    return None if due_at is None else calendar.local_date(due_at - timedelta(microseconds=1))


def remaining_working_days(due_at: datetime | None, *, today: date, calendar: Calendar) -> int | None:
    """Return the working days after today up to the last day; 0 on it, negative once it is over."""
    due_on = last_day(due_at, calendar=calendar)
    if due_on is None:
        return None
    if today <= due_on:
        return calendar.working_days_between(today + _DAY, due_on + _DAY)
    return -max(1, calendar.working_days_between(due_on + _DAY, today + _DAY))


def card(yellow_at: datetime | None, red_at: datetime | None, *, now: datetime) -> Card:
    """Return the colour that a task shows now."""
    if red_at is not None and red_at <= now:
        return Card.RED
    return Card.YELLOW if yellow_at is not None and yellow_at <= now else Card.NONE


def card_of(task: Task, *, now: datetime) -> Card:
    """Return the colour of an open task."""
    return card(task.yellow_at, task.red_at, now=now)
