"""Define what is kept of an entry at a counter (窗口代录): how consent was given, and how people are told; pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Consent(StrEnum):
    """Say how a person agreed that departments are asked: said to the officer, or signed on paper."""

    ORAL = "oral"
    SIGNED = "signed"


class Way(StrEnum):
    """Say how a person without messages was told."""

    COUNTER = "counter"
    PHONE = "phone"


@dataclass(frozen=True, slots=True)
class AtCounter:
    """Say at which office a case was entered for its applicant, how they agreed, and when."""

    office: str
    consent: Consent
    at: datetime
