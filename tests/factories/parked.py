"""Hold parked work in memory, and take down what is decided about it."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from gov_portal.kernel.decisions import WorkUnknown
from gov_portal.kernel.errors import DomainError
from gov_portal.kernel.ids import OfficerId
from gov_portal.kernel.outbox import OutboxMessage
from gov_portal.kernel.parking import Attempt, ParkedWork
from gov_portal.kernel.principal import Officer

OPERATOR = Officer(
    OfficerId(UUID("20000000-0000-4000-8000-000000000005")),
    org="dept.data",
    region="470000",
    roles=frozenset({"operator"}),
    aal=2,
)
_AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def parked_work(number: int = 4711, topic: str = "case.call", *errors: str) -> ParkedWork:
    """Return work that failed twice, or with these codes."""
    history = tuple(Attempt(_AT, error) for error in errors or ("worker-lost", "ValueError"))
    message = OutboxMessage(topic, "case:1:check.1", {}, id=number, attempts=12)
    return ParkedWork(message, _AT, history)


@dataclass
class InMemoryParked:
    """Answer as ``ParkedDesk`` does."""

    works: tuple[ParkedWork, ...] = (parked_work(), parked_work(4712, "webhook.deliver", "timeout"))
    refuse: dict[int, DomainError] = field(default_factory=dict)
    settled: list = field(default_factory=list)

    def work(self, number):
        found = self.parked(ids=[number])
        if not found:
            raise WorkUnknown
        return found[0]

    def parked(self, *, ids=None, topic="", after=0, most=100):
        return tuple(
            one
            for one in self.works
            if one.message.id > after and one.message.topic.startswith(topic) and (ids is None or one.message.id in ids)
        )[:most]

    def counts(self):
        topics = [one.message.topic for one in self.works]
        return {topic: topics.count(topic) for topic in sorted(set(topics))}

    def settle_all(self, works, decision, *, by):
        numbers = [one.message.id for one in works]
        refused = {number: self.refuse[number] for number in numbers if number in self.refuse}
        self.settled += [(number, decision) for number in numbers if number not in refused]
        return refused
