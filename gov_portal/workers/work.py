"""Define what workers are given to do; the wiring fills it in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from gov_portal.kernel.db import Database
from gov_portal.kernel.monitoring.tally import Tally
from gov_portal.kernel.outbox import Limits, OutboxMessage

Handler = Callable[[OutboxMessage], None]
"""Carries out one message and finishes it in the transaction of its result; safe to run twice."""


class Later(Exception):
    """Ask, from inside a handler, for another attempt after ``delay_s`` seconds."""

    def __init__(self, delay_s: float, *, reason: str) -> None:
        """Name the reason by a code, without personal data."""
        self.delay_s = delay_s
        self.reason = reason
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class Turn:
    """Name one more thing that recurs, and every how many seconds; twice at once does no harm."""

    name: str
    every_s: float
    act: Callable[[], object]


@dataclass(frozen=True, slots=True)
class Work:
    """Hold what the processes behind the web do.

    Attributes:
        database: where the outbox is.
        handlers: topic -> handler.
        fire_due: fires what is due in up to so many cases, and returns how many moved.
        seal: seals the ledger.
        sweep: looks for cases that are stuck, and returns how many it found.
        tidy: removes what ended long ago.
        turns: what else recurs.
        limits: how many messages of a source, or to a target, may be under way at once.
        tally: where this process counts what it does.
    """

    database: Database
    handlers: Mapping[str, Handler]
    fire_due: Callable[[int], int]
    seal: Callable[[], object]
    sweep: Callable[[], int]
    tidy: Callable[[], object]
    turns: tuple[Turn, ...] = ()
    limits: Limits = field(default_factory=dict)
    tally: Tally = field(default_factory=Tally)
