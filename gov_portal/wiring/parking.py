"""Join what becomes of parked work: of a case in its own ledger, of everything else in one of its own."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from gov_portal.kernel import parking
from gov_portal.kernel.clocks import Clock
from gov_portal.kernel.db import Database, UnitOfWork
from gov_portal.kernel.decisions import Decision, Way, WorkUnknown
from gov_portal.kernel.errors import DomainError
from gov_portal.kernel.outbox import OutboxMessage
from gov_portal.kernel.parking import ParkedWork
from gov_portal.kernel.principal import Principal
from workflows.services.mending import Mending

OF_CASES = "case."
"""What the topics of all work of cases begin with."""

Ending = Callable[[UnitOfWork, OutboxMessage], None]
"""Says, where people look for it, that work has come to nothing; in the transaction that ends it."""


@dataclass(frozen=True, kw_only=True)
class ParkedDesk:
    """Show operators what is parked, and carry out what they decide.

    Attributes:
        endings: by topic, for work that leaves somebody waiting.
    """

    db: Database
    clock: Clock
    cases: Mending
    endings: Mapping[str, Ending]

    def work(self, number: int) -> ParkedWork:
        """Return one piece of parked work.

        Raises:
            WorkUnknown: nothing is parked under this number.
        """
        found = parking.parked(self.db, ids=[number])
        if not found:
            raise WorkUnknown
        return found[0]

    def parked(
        self, *, ids: Sequence[int] | None = None, topic: str = "", after: int = 0, most: int = 100
    ) -> tuple[ParkedWork, ...]:
        """Return what is parked, the oldest first: all of it, or by its numbers, or by the beginning of its topic."""
        return parking.parked(self.db, ids=ids, topic=topic, after=after, most=most)

    def counts(self) -> Mapping[str, int]:
        """Return how many pieces are parked, by topic."""
        return parking.counts(self.db)

    def settle_all(
        self, works: Sequence[ParkedWork], decision: Decision, *, by: Principal
    ) -> Mapping[int, DomainError]:
        """Settle each by itself, so that one that cannot be now keeps no other from it; return these with why."""
        refused: dict[int, DomainError] = {}
        for work in works:
            try:
                self.settle(work, decision, by=by)
            except DomainError as error:
                refused[work.message.id] = error
        return refused

    def settle(self, work: ParkedWork, decision: Decision, *, by: Principal) -> None:
        """Carry a decision out and record it with its reason, by whom and what had been tried.

        Raises:
            DomainError: it cannot be carried out now; nothing has changed.
        """
        if work.message.topic.startswith(OF_CASES):
            self.cases.settle(work, decision, by=by)
            return
        ending = self.endings.get(work.message.topic)
        with self.db.begin() as uow:
            parking.settle(uow, work, decision.way)
            if ending is not None and decision.way is not Way.RESUME:
                ending(uow, work.message)
            parking.record(uow, work, decision, at=self.clock.now(), by=by)
