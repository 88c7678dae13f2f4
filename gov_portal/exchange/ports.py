"""Say what the exchange needs from others; ``gov_portal.wiring`` joins them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from gov_portal.exchange.domain import (
    AnswerKind,
    CaseFacts,
    Failure,
    Grant,
    Operation,
    Resource,
    ResourceId,
    System,
    SystemId,
)
from gov_portal.kernel.ids import CaseId, ItemId


class LiveCases(Protocol):
    """Know the cases that a request may be based on."""

    def find(self, case: CaseId, *, subject: str) -> CaseFacts | None:
        """Return the facts of a case and whether ``subject``, a citizen id, is a party to it; ``None`` for no case."""
        ...


class Directory(Protocol):
    """Know resources, systems and grants (资源目录)."""

    def find(self, resource: ResourceId, *, item: ItemId) -> tuple[Resource | None, System | None, Grant | None]:
        """Return the resource, its system, and the grant of ``item`` for it, each ``None`` where there is none."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderRequest:
    """Hold one call to a department's system; ``body`` is JSON and personal."""

    system: SystemId
    resource: ResourceId
    operation: Operation
    body: Mapping[str, object] = field(repr=False)
    purpose: str
    case_number: str
    idempotency_key: str


@dataclass(frozen=True, slots=True)
class ProviderReply:
    """Hold what a department's system said, as it came; ``rows`` are not checked yet."""

    kind: AnswerKind
    rows: tuple[Mapping[str, object], ...] = field(repr=False, default=())


class ProviderFailed(Exception):
    """Tell that a department's system gave no usable reply.

    Attributes:
        failure: the stable code.
        reason: for operators; names no value of a person.
    """

    def __init__(self, failure: Failure, reason: str) -> None:
        """Remember code and reason."""
        self.failure = failure
        self.reason = reason
        super().__init__(f"{failure.value}: {reason}")


class Connector(Protocol):
    """Reach department systems."""

    def call(self, request: ProviderRequest) -> ProviderReply:
        """Send one request and return the reply.

        Raises:
            ProviderFailed: no reply in time, or none that can be read.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """Hold one row of the ledger (留痕): who used which fields of whom, for what, and how it ended.

    Attributes:
        kind: ``asked``, ``refused`` or ``answered``.
        subject: the key asked about; only its blind index is stored.
        facts: JSON without personal data.
        values: row number and field name -> value; only salted hashes are stored.
    """

    kind: str
    subject: str = field(repr=False)
    actor: str
    facts: Mapping[str, object]
    values: Mapping[str, object] = field(repr=False, default_factory=dict)


class Journal(Protocol):
    """Keep the record of every decision and its outcome."""

    def write(self, record: Record) -> None:
        """Append one row; it is durable when this returns."""
        ...
