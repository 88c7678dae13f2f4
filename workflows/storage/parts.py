"""Know which case belongs to which: the parts of a bundle (一件事的子项)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID, uuid5

from gov_portal.kernel.db import Driver
from gov_portal.kernel.ids import CaseId
from gov_portal.kernel.outbox import OutboxMessage

TOPIC = "case.part"
"""Topic of the message by which a part tells its bundle that it has ended."""

_PARTS = """SELECT c.id, c.part_step, c.case_number, c.item, c.definition_hash, c.status, c.phase, c.is_returned,
    c.outcome, c.changed_at,
    (SELECT count(*) > 0 FROM workflows_tasks t WHERE t.case_id = c.id AND t.role = 'applicant')
    FROM workflows_cases c WHERE c.part_of = %s AND c.status <> 'discarded' ORDER BY c.serial"""
_WHOLE = """SELECT c.id, c.case_number, c.definition_hash, c.status, c.outcome
    FROM workflows_cases c WHERE c.id = %s"""


@dataclass(frozen=True, slots=True)
class PartOf:
    """Say which case opened another, at which visit of which step."""

    parent: CaseId
    step: str
    visit: int

    @classmethod
    def read(cls, parent: UUID, place: str) -> "PartOf":
        """Return what the columns of a part say."""
        step, _, visit = place.rpartition(".")
        return cls(CaseId(parent), step, int(visit))

    @property
    def case(self) -> CaseId:
        """Return the id of the part: always the same, so that it is opened once."""
        return CaseId(uuid5(self.parent, f"part:{self.place}"))

    @property
    def place(self) -> str:
        """Return step and visit as the column spells them."""
        return f"{self.step}.{self.visit}"

    def message(self) -> OutboxMessage:
        """Return what tells the bundle that this part has ended."""
        payload = {"case": str(self.parent), "kind": "part", "step": self.step, "visit": self.visit}
        return OutboxMessage(TOPIC, f"case:{self.parent}:part:{self.place}", payload)

    def clock_message(self, rev: int) -> OutboxMessage:
        """Return what tells the bundle that this part stands, or goes on, since a revision."""
        payload = {"case": str(self.parent), "kind": "clock", "step": self.step, "visit": self.visit}
        return OutboxMessage("case.clock", f"case:{self.parent}:clock:{self.place}:{rev}", payload)


class PartRow(NamedTuple):
    """Hold one part as lists show it."""

    id: UUID
    place: str
    case_number: str | None
    item: str
    definition_hash: str
    status: str
    phase: str
    is_returned: bool
    outcome: str | None
    changed_at: datetime
    needs_applicant: bool

    @property
    def step(self) -> str:
        """Return the step of the bundle that opened it."""
        return self.place.rpartition(".")[0]


class WholeRow(NamedTuple):
    """Hold what may be said of a bundle to whoever sees a part of it; nothing personal."""

    id: UUID
    case_number: str | None
    definition_hash: str
    status: str
    outcome: str | None


def parts_of(driver: Driver, parent: CaseId) -> Sequence[PartRow]:
    """Return the parts of a bundle, in the order of their opening."""
    return [PartRow(*row) for row in driver.execute(_PARTS, (parent,)).fetchall()]


def whole_of(driver: Driver, parent: UUID) -> WholeRow | None:
    """Return the bundle that a part belongs to."""
    row = driver.execute(_WHOLE, (parent,)).fetchone()
    return None if row is None else WholeRow(*row)
