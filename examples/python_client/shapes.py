"""Describe the parts of the answers that this client reads; the reference has all of them."""

from typing import Any, TypedDict


class Option(TypedDict):
    """One member of a choice."""

    id: str
    label: str


class Field(TypedDict):
    """One field of a form or task; ``value`` is JSON as the field's own schema says."""

    path: str
    label: str
    type: str
    value: Any
    shown: str
    is_required: bool
    options: list[Option]


class Page(TypedDict):
    """One page of a form."""

    id: str
    label: str
    fields: list[Field]
    is_complete: bool


class Draft(TypedDict):
    """An application that is being filled."""

    case: str
    item: str
    pages: list[Page]
    next_page: str | None
    can_submit: bool


class Issued(TypedDict):
    """The licence that came out of a case."""

    licence: str
    verify_code: str
    is_valid: bool


class Case(TypedDict):
    """How far a case is."""

    case: str
    case_number: str
    status: str
    phase: str
    outcome: str | None
    licence: Issued | None


class CaseSummary(TypedDict):
    """One row of a list of cases."""

    case: str
    case_number: str
    status: str


class ExternalTask(TypedDict):
    """One open task; nothing personal."""

    case: str
    task: str
    item: str
    step: str
    remaining_working_days: int | None


class Act(TypedDict):
    """One thing that may be done."""

    id: str
    is_enabled: bool
    needs_reason: bool


class Work(TypedDict):
    """All that a task needs."""

    case_id: str
    task: str
    step: str
    fields: list[Field]
    fill: list[Field]
    acts: list[Act]


class Lease(TypedDict):
    """A task for this system until ``leased_until``."""

    leased_until: str
    failures: int
    work: Work


class Failure(TypedDict):
    """What became of a task that was given back."""

    failures: int
    is_raised: bool


class Verification(TypedDict):
    """How it stands with a licence."""

    status: str
    name: str
    holder_masked: str


class Challenge(TypedDict):
    """A sign-in that waits for its code."""

    token: str


class Me(TypedDict):
    """Who the portal takes the caller for."""

    kind: str
    id: str
    roles: list[str]


class ItemSummary(TypedDict):
    """One service that can be applied for."""

    item: str
    name: str


class Receipt(TypedDict):
    """What was handed in, and when."""

    case_number: str
    submitted_at: str


class Message(TypedDict):
    """What a person was told."""

    id: str
    told_at: str
    code: str
    text: str
    is_read: bool


class Preferences(TypedDict):
    """Which kinds of news go where; quiet hours are whole hours of Shanghai."""

    language: str
    sms: list[str]
    email: list[str]
    quiet_from: int | None
    quiet_until: int | None


class DataUse(TypedDict):
    """One request for a person's data."""

    at: str
    department: str
    fields: list[str]
    outcome: str
    case: str | None


class CheckNote(TypedDict):
    """What an officer found of one field or material."""

    target: str
    verdict: str
    reason: str
    words: str


class HeldAct(TypedDict):
    """An act that can be undone for so many seconds."""

    id: str
    case: str
    task: str
    seconds: int
    may_undo: bool


class Webhook(TypedDict):
    """Where the unit is told of which events."""

    id: str
    url: str
    events: list[str]
    disabled_at: str | None
    disabled_because: str


class Subscribed(TypedDict):
    """A webhook with its secret."""

    webhook: Webhook
    secret: str


class Delivery(TypedDict):
    """What became of one event."""

    id: str
    event: str
    data: dict[str, str]
    status: str
    attempts: int
    reason: str


class Rule(TypedDict):
    """One rule: whether it holds, ``None`` where that cannot be told, why, and what would change it."""

    text: str
    holds: bool | None
    reasons: list[str]
    changes: list[str]


class Eligibility(TypedDict):
    """What the conditions of an item make of some answers."""

    holds: bool | None
    conditions: list[Rule]


class Offer(TypedDict):
    """What is offered to a person, and why."""

    id: str
    item: str
    item_name: str
    why: str


class Version(TypedDict):
    """One version of an item and where it holds."""

    hash: str
    item: str
    version: int
    state: str
    region: str
