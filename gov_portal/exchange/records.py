"""Show a person who asked for their data (数据使用记录): what, why, for which case, and how it ended."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from gov_portal.exchange.journal import LedgerJournal, Usage
from gov_portal.kernel.ids import CaseId, ItemId, PersonId
from gov_portal.kernel.principal import hand_in


class Numbered(Protocol):
    """Hold the number that a person is known by."""

    @property
    def id_no(self) -> str:
        """Return the citizen id."""
        ...


class Numbers(Protocol):
    """Know persons by id."""

    def facts(self, person: PersonId) -> Numbered:
        """Return who the person is."""
        ...


@dataclass(frozen=True, slots=True)
class DataUse:
    """Tell one request for a person's data, refused ones too.

    Attributes:
        actor: ``citizen``, ``counter`` (by an officer's hand), ``officer`` or ``platform``: on whose act it was asked.
        operation: ``query``, ``check`` (yes or no only) or ``push`` (handed over).
        outcome: how it ended, such as ``found`` or ``refused``; ``unanswered`` where the platform stopped in between.
        refusal: the check that it did not pass, where it was refused.
        case, item: what it was asked for; ``None`` for the proofing of an account.
    """

    call: str
    at: datetime
    actor: str
    resource: str
    operation: str
    purpose: str
    fields: tuple[str, ...]
    outcome: str
    refusal: str = ""
    case: CaseId | None = None
    item: ItemId | None = None


class DataRecords:
    """Read the journal for the person whom it is about."""

    def __init__(self, journal: LedgerJournal, *, people: Numbers) -> None:
        """Keep the journal and who people are."""
        self._journal = journal
        self._people = people

    def of(self, person: PersonId, *, limit: int = 200) -> tuple[DataUse, ...]:
        """Return the latest uses of the person's data, latest first."""
        return tuple(_use(usage) for usage in self._journal.usage_of(self._people.facts(person).id_no, limit=limit))


def _use(usage: Usage) -> DataUse:
    facts = usage.facts
    return DataUse(
        call=usage.call,
        at=usage.at,
        actor="counter" if hand_in(usage.actor) else usage.actor.partition(":")[0],
        resource=facts["resource"],
        operation=facts["operation"],
        purpose=facts["purpose"],
        fields=tuple(facts["fields"]),
        outcome=usage.outcome,
        refusal=facts.get("refusal", ""),
        case=CaseId(UUID(facts["case"])) if "case" in facts else None,
        item=ItemId(facts["item"]) if "item" in facts else None,
    )
