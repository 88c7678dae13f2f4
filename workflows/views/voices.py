"""Define what pages show of those who are heard in a case beside its officer: voters, objectors, other offices."""

from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class VoteView:
    """Show where a vote stands; other voters' choices stay hidden until it closes."""

    of: int
    need: int
    cast: int
    mine: str | None


@dataclass(frozen=True, slots=True)
class ObjectionView:
    """Show the objection that a task is about, to the officer who answers it."""

    text: str = field(repr=False)
    at: datetime


@dataclass(frozen=True, slots=True)
class OpinionView:
    """Show one question to another role (请示) with its answer; without either it waits until ``due_on``.

    Attributes:
        asker: office that asked.
        asked: label of the role that is asked.
        ended_at: when it was answered, or its time was over without an answer.
    """

    number: int
    step_label: str
    asker: str
    asked: str
    question: str = field(repr=False)
    answer: str = field(repr=False)
    asked_at: datetime
    ended_at: datetime | None
    due_on: date | None
