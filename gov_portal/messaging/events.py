"""Name what webhooks tell of, and hold one event; pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

EVENTS = (
    "case.submitted",
    "case.accepted",
    "case.supplement_requested",
    "case.closed",
    "task.opened",
    "licence.issued",
    "licence.revoked",
)

TEST_EVENT = "webhook.test"
"""What a unit may have told to itself, to see whether its receiver listens."""

Unit = tuple[str, str]
"""Department and division code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Tell one thing that happened.

    Attributes:
        source: the same whenever this event is told of, and different from that of every other.
        type: one of ``EVENTS``.
        at: business time.
        units: whom it concerns.
        data: ids and codes only, nothing personal.
    """

    source: str
    type: str
    at: datetime
    units: frozenset[Unit]
    data: Mapping[str, str]
