"""Tell what happened in cases to those who follow the ledger: what kind, where, and nothing personal."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from gov_portal.kernel.cipher import KeyShredded, SealBroken
from gov_portal.kernel.db import UnitOfWork
from gov_portal.kernel.ids import CaseId, ItemId
from gov_portal.kernel.ledger.following import LedgerRow
from gov_portal.kernel.principal import Platform
from workflows.domain.definition import Phase
from workflows.domain.state import Happening, Status
from workflows.services.desk import Service
from workflows.storage.events import EventPlace, opened_body
from workflows.storage.loading import StoredCase
from workflows.storage.visibility import visible_to

STREAM = "case:"
"""What the ledger streams of cases begin with."""

STARTED, SUBMITTED, ACCEPTED, CLOSED = "started", "submitted", "accepted", "closed"
SUPPLEMENT_REQUESTED, TASK_OPENED = "supplement-requested", "task-opened"

_FOLLOWER = Platform("follower")
_RANKS = {phase: rank for rank, phase in enumerate(Phase)}
_PLAIN = {"begun": STARTED, "submitted": SUBMITTED, "supplement-asked": SUPPLEMENT_REQUESTED, "closed": CLOSED}
_TASKS_SQL = """SELECT case_id, key, step, org, unit, opened_at FROM workflows_tasks
    WHERE case_id = ANY(%s) AND org IS NOT NULL AND unit IS NOT NULL"""
_COUNT_SQL = """
INSERT INTO workflows_counts AS c (item, what, count) VALUES (%s, %s, %s)
ON CONFLICT (item, what) DO UPDATE SET count = c.count + excluded.count"""

Unit = tuple[str, str]
"""Department and division code."""


class OpenTask(NamedTuple):
    """Name an open task and who has it."""

    case: UUID
    key: str
    step: str
    org: str
    unit: str
    opened_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseEvent:
    """Tell one thing that happened in a case; the same row of the ledger always gives the same events.

    Attributes:
        source: names the event among all events.
        units: whom it concerns; for a task whoever has it, else every unit that has a part in the item.
        task, step: of an opened task.
        outcome: of a closed case.
    """

    source: str
    kind: str
    at: datetime
    case: CaseId
    case_number: str
    item: ItemId
    units: frozenset[Unit]
    task: str = ""
    step: str = ""
    outcome: str = ""


class Chronicle(Service):
    """Open rows of the ledger and say in plain words what they record."""

    def read(self, rows: Iterable[LedgerRow]) -> list[CaseEvent]:
        """Return the events of those rows that are about cases, in their order.

        A task is told only while it is open; a case that cannot be opened any more is told nothing of.
        """
        ours = [(CaseId(UUID(row.stream.removeprefix(STREAM))), row) for row in rows if row.stream.startswith(STREAM)]
        cases = self._cases({case for case, _ in ours})
        tasks = self._tasks(list(cases))
        told: dict[str, CaseEvent] = {}
        for case, row in ours:
            stored = cases.get(case)
            if stored is not None:
                events = self._events(stored, row, tasks=tasks.get(case, []))
                told |= {event.source: event for event in events}
        return list(told.values())

    def count(self, uow: UnitOfWork, events: Iterable[CaseEvent]) -> None:
        """Add events to the counters by item, in the transaction that moves the follower on."""
        sums: dict[tuple[str, str], int] = {}
        for event in events:
            if event.kind != TASK_OPENED:
                what = f"{event.kind}:{event.outcome}" if event.outcome else event.kind
                sums[event.item, what] = sums.get((event.item, what), 0) + 1
        if sums:
            rows = [(item, what, number) for (item, what), number in sorted(sums.items())]
            uow.driver.cursor().executemany(_COUNT_SQL, rows)

    def units_of(self, case: CaseId) -> frozenset[Unit]:
        """Return the units that have a part in a case; none for one that is gone."""
        found = self._cases({case}).get(case)
        return frozenset() if found is None else self._units(found)

    def _cases(self, wanted: set[CaseId]) -> dict[CaseId, StoredCase]:
        if not wanted:
            return {}
        with self._desk.db.driver() as driver:
            rows = self._loader.fetch_many(driver, list(wanted), sight=visible_to(_FOLLOWER))
        found = {}
        for case, row in rows.items():
            try:
                found[CaseId(case)] = self._loader.open(row)
            except (KeyShredded, SealBroken):
                continue
        return found

    def _tasks(self, cases: Sequence[CaseId]) -> dict[CaseId, list[OpenTask]]:
        found: dict[CaseId, list[OpenTask]] = {}
        if cases:
            with self._desk.db.driver() as driver:
                for row in driver.execute(_TASKS_SQL, (list(cases),)).fetchall():
                    found.setdefault(CaseId(row[0]), []).append(OpenTask(*row))
        return found

    def _events(self, stored: StoredCase, row: LedgerRow, *, tasks: Sequence[OpenTask]) -> list[CaseEvent]:
        try:
            happenings = opened_body(stored.cipher, row.body, EventPlace(stored.id, row.seq, row.at)).happenings
        except SealBroken:
            return []
        is_draft = stored.state.status is Status.DRAFT
        base = CaseEvent(
            source="",
            kind="",
            at=row.at,
            case=stored.id,
            case_number=stored.case_number,
            item=stored.item,
            units=frozenset() if is_draft else self._units(stored),
        )
        place = f"{row.stream}:{row.seq}"
        told = [
            replace(
                base,
                source=f"{place}:{number}",
                kind=_PLAIN[one.kind],
                at=one.at,
                outcome=str(one.detail.get("outcome", "")),
            )
            for number, one in enumerate(happenings)
            if one.kind in _PLAIN
        ]
        if _is_acceptance(stored, happenings):
            told.append(replace(base, source=f"{place}:accepted", kind=ACCEPTED))
        touched = {(one.step, one.at) for one in happenings}
        for task in tasks:
            if (task.step, task.opened_at) in touched:
                source = f"{row.stream}:{task.key}:{task.opened_at.isoformat()}"
                event = replace(base, source=source, kind=TASK_OPENED, at=task.opened_at, task=task.key, step=task.step)
                told.append(replace(event, units=frozenset({(task.org, task.unit)})))
        return told

    def _units(self, stored: StoredCase) -> frozenset[Unit]:
        """Return the units that the roles of the item stand for in this case."""
        found = set()
        for post in stored.definition.roles.values():
            near = stored.values.get(post.near) if post.near else None
            office = self._offices.nearest(post.org, None if near is None else str(near))
            if office is not None:
                found.add((office.org, office.region))
        return frozenset(found)


def _is_acceptance(stored: StoredCase, happenings: Iterable[Happening]) -> bool:
    """Tell whether the case left acceptance (受理) for the first time."""
    ranks = {step: _RANKS[known.phase] for step, known in stored.definition.steps.items()}
    limit = _RANKS[Phase.ACCEPTANCE]
    has_left = any(one.kind == "left" and ranks.get(one.step, limit + 1) <= limit for one in happenings)
    has_entered = any(one.kind == "entered" and one.visit == 1 and ranks.get(one.step, 0) > limit for one in happenings)
    return has_left and has_entered
