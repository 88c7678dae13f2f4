"""Say which kind of news a message is, and what its addressee may choose about it; pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

CODE_MESSAGE = "identity.code"
SMS = "sms"
EMAIL = "email"
CHANNELS = (SMS, EMAIL)
"""Ways out of the platform; its own inbox shows every message but codes in any case."""


class Kind(StrEnum):
    """Name a kind of news, in the order in which people are asked about it."""

    DUTIES = "duties"
    PROGRESS = "progress"
    LETTERS = "letters"
    REMINDERS = "reminders"
    SAFETY = "safety"


@dataclass(frozen=True, slots=True)
class Rule:
    """Say how a kind of news goes out.

    Attributes:
        is_choice: people may choose where they are told; otherwise every way that they have is used.
        is_urgent: it does not wait for the end of quiet hours.
        usual: channels for whoever has not chosen.
    """

    is_choice: bool = True
    is_urgent: bool = False
    usual: tuple[str, ...] = CHANNELS


RULES: Mapping[Kind, Rule] = {
    Kind.DUTIES: Rule(),
    Kind.PROGRESS: Rule(usual=(EMAIL,)),
    Kind.LETTERS: Rule(),
    Kind.REMINDERS: Rule(),
    Kind.SAFETY: Rule(is_choice=False, is_urgent=True),
}

_KINDS: Mapping[str, Kind] = {
    "identity.registration-attempted": Kind.SAFETY,
    "identity.password-changed": Kind.SAFETY,
    "identity.recovery-attempted": Kind.SAFETY,
    "case.received": Kind.PROGRESS,
    "case.accepted": Kind.PROGRESS,
    "case.unavailable": Kind.PROGRESS,
    "case.available": Kind.PROGRESS,
    "case.resumed": Kind.PROGRESS,
    "case.appeal-opened": Kind.PROGRESS,
    "case.supplement-asked": Kind.DUTIES,
    "case.payment-asked": Kind.DUTIES,
    "case.your-turn": Kind.DUTIES,
    "case.closed": Kind.DUTIES,
    "case.owed": Kind.DUTIES,
    "offer.made": Kind.REMINDERS,
    "case.promise-broken": Kind.DUTIES,
    "case.deemed-renewed": Kind.DUTIES,
    "case.deemed-decided": Kind.DUTIES,
    "case.suspended": Kind.DUTIES,
    "case.extended": Kind.DUTIES,
    "case.corrected": Kind.DUTIES,
    "case.deemed-accepted": Kind.DUTIES,
    "case.objection-answered": Kind.DUTIES,
    "case.letter": Kind.LETTERS,
    "rating.answered": Kind.LETTERS,
    "case.supplement-due": Kind.REMINDERS,
    "case.reminded": Kind.REMINDERS,
    "case.still-waits": Kind.REMINDERS,
    "case.appeal-ends": Kind.REMINDERS,
    "licence.ends": Kind.REMINDERS,
}

CHOICES = tuple(kind for kind in Kind if RULES[kind].is_choice)
"""Kinds that people are asked about."""


def kind_of(code: str) -> Kind:
    """Return the kind of a message; one that nobody has placed counts as a duty, so that it is not overlooked."""
    return _KINDS.get(code, Kind.DUTIES)


def is_placed(code: str) -> bool:
    """Tell whether somebody has thought about the kind of a message."""
    return code in _KINDS


@dataclass(frozen=True, slots=True)
class Wishes:
    """Hold what a person wants; ``sms`` and ``email`` are kinds of news, quiet hours are whole hours of Shanghai."""

    language: str = "zh"
    sms: frozenset[Kind] = frozenset(kind for kind in CHOICES if SMS in RULES[kind].usual)
    email: frozenset[Kind] = frozenset(kind for kind in CHOICES if EMAIL in RULES[kind].usual)
    quiet_from: int | None = None
    quiet_until: int | None = None

    def channels(self, code: str) -> tuple[str, ...]:
        """Return where a message goes beside the inbox, whatever addresses there are."""
        kind = kind_of(code)
        if not RULES[kind].is_choice:
            return CHANNELS
        wanted = {SMS: self.sms, EMAIL: self.email}
        return tuple(channel for channel in CHANNELS if kind in wanted[channel])

    def quiet_hours_left(self, hour: int) -> int:
        """Return how many hours the quiet still lasts in an hour of the day; 0 where nobody is disturbed."""
        if self.quiet_from is None or self.quiet_until is None:
            return 0
        length = (self.quiet_until - self.quiet_from) % 24
        since = (hour - self.quiet_from) % 24
        return length - since if since < length else 0
