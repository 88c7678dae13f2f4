"""Read officers' queues; every list is one statement that begins where the page before it ended.

The team's tasks lie in one index in the order of the queue, so that a page costs the same wherever it is. Counts and
groups read the team's open tasks once, however many of them are asked for.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from uuid import UUID

from gov_portal.kernel.db import Driver
from gov_portal.kernel.ids import CaseId, TaskKey
from gov_portal.kernel.principal import Officer
from gov_portal.kernel.working_days import SHANGHAI
from workflows.domain.state import Status
from workflows.storage.visibility import array_of, tasks_for, visible_to
from workflows.views import Card, QueueFilters, QueueOrder, QueuePlace

_COLUMNS = """c.id, c.case_number, c.item, c.definition_hash, c.status, c.applicant, c.submitted_at, c.opened_on,
    t.key, t.step, t.kind, t.officer, t.opened_at, t.due_at, t.yellow_at, t.red_at, t.is_provisional,
    c.state->>'lu' AS urged_on"""
_URGED = """CASE WHEN q.urged_on IS NULL THEN 0 ELSE (SELECT count(*) FROM kernel_ledger l
    WHERE l.stream = 'case:' || q.id AND l.opened_on = q.opened_on AND l.kind = 'urge') END"""
_DUE = ("coalesce({t}.due_at, 'infinity'::timestamptz)", "{t}.opened_at", "{t}.{case}", "{t}.key")
_ORDERS = {QueueOrder.DUE: _DUE, QueueOrder.RECEIVED: _DUE[1:]}
_QUEUE = """SELECT q.*, {urged} FROM unnest(%s::text[]) AS post(role) CROSS JOIN LATERAL (
    SELECT {columns} FROM workflows_tasks t JOIN workflows_cases c ON c.id = t.case_id
    WHERE t.role = post.role AND {tasks}{filters} ORDER BY {inner} LIMIT %s) q
    ORDER BY {outer} LIMIT %s"""
_COUNTS = """SELECT {counts} FROM workflows_tasks t JOIN workflows_cases c ON c.id = t.case_id WHERE {tasks}"""
_GROUPS = """SELECT c.item, c.definition_hash, t.step, t.kind, count(*)
    FROM workflows_tasks t JOIN workflows_cases c ON c.id = t.case_id
    WHERE {tasks}{filters} GROUP BY 1, 2, 3, 4 ORDER BY 1, 3, 4"""
_PLACE = "SELECT due_at, opened_at FROM workflows_tasks t WHERE t.case_id = %s AND t.key = %s AND {tasks}"
_SEEN = """SELECT c.id, c.case_number, c.item, c.definition_hash, c.status, c.phase, c.is_returned, c.outcome,
    c.changed_at, false FROM workflows_cases c
    WHERE c.case_number LIKE %s AND ({sight}) ORDER BY c.case_number LIMIT %s"""
_WAITING = """SELECT c.id, c.case_number, c.item, c.definition_hash, c.status, c.phase, c.is_returned, c.outcome,
    c.changed_at, true FROM workflows_tasks w JOIN workflows_cases c ON c.id = w.case_id
    WHERE w.kind = 'supplement' AND ({sight}) ORDER BY w.opened_at, c.id LIMIT %s"""
_SHORTEST_NUMBER = 6


class TaskInQueue(NamedTuple):
    """Hold one row of an officer's queue."""

    case: UUID
    case_number: str | None
    item: str
    definition_hash: str
    status: str
    applicant: UUID
    submitted_at: datetime | None
    opened_on: date
    key: str
    step: str
    kind: str
    officer: UUID | None
    opened_at: datetime
    due_at: datetime | None
    yellow_at: datetime | None
    red_at: datetime | None
    is_provisional: bool
    urged_on: str | None
    urged: int


class Group(NamedTuple):
    """Count the open tasks of one step and kind under one version of an item."""

    item: str
    definition_hash: str
    step: str
    kind: str
    number: int


@dataclass(slots=True)
class _Clauses:
    texts: list[str] = field(default_factory=list)
    params: list[object] = field(default_factory=list)

    def add(self, text: str, *params: object) -> None:
        """Add a condition with its parameters."""
        self.texts.append(text)
        self.params += params

    @property
    def sql(self) -> str:
        """Return all conditions, each after an AND."""
        return "".join(f" AND {text}" for text in self.texts)


def queue_of(driver: Driver, by: Officer, *, filters: QueueFilters, now: datetime) -> list[TaskInQueue]:
    """Return the open tasks that an officer holds or could take, in the order of the filters."""
    sight, clauses = tasks_for(by), _clauses(by, filters, now=now)
    _paging(clauses, filters)
    way = " DESC" if filters.before else ""
    names = _ORDERS[filters.order]
    sql = (
        _QUEUE.replace("{urged}", _URGED)
        .replace("{columns}", _COLUMNS)
        .replace("{tasks}", sight.clause)
        .replace("{filters}", clauses.sql)
        .replace("{inner}", ", ".join(name.format(t="t", case="case_id") + way for name in names))
        .replace("{outer}", ", ".join(name.format(t="q", case="id") + way for name in names))
    )
    params = (array_of(sorted(by.roles)), *sight.params, *clauses.params, filters.limit, filters.limit)
    rows = [TaskInQueue(*row) for row in driver.execute(sql, params).fetchall()]
    return rows[::-1] if filters.before else rows


def counts_of(driver: Driver, by: Officer, *, wanted: Sequence[QueueFilters], now: datetime) -> list[int]:
    """Return how many tasks each of the filters finds, all in one statement."""
    sight = tasks_for(by)
    found = [_clauses(by, filters, now=now) for filters in wanted]
    texts = ", ".join(f"count(*) FILTER (WHERE true{one.sql})" for one in found)
    params = [param for one in found for param in one.params]
    sql = _COUNTS.replace("{counts}", texts).replace("{tasks}", sight.clause)
    row = driver.execute(sql, (*params, *sight.params)).fetchone() if found else None
    return list(row or ())


def groups_of(driver: Driver, by: Officer, *, filters: QueueFilters, now: datetime) -> list[Group]:
    """Return which steps of which items wait, and how many of each."""
    sight, clauses = tasks_for(by), _clauses(by, filters, now=now)
    sql = _GROUPS.replace("{tasks}", sight.clause).replace("{filters}", clauses.sql)
    return [Group(*row) for row in driver.execute(sql, (*sight.params, *clauses.params)).fetchall()]


def place_of(driver: Driver, by: Officer, *, case: CaseId, task: TaskKey) -> QueuePlace | None:
    """Return where a task stands in the officer's queue, ``None`` where it is not in it."""
    sight = tasks_for(by)
    row = driver.execute(_PLACE.replace("{tasks}", sight.clause), (case, task, *sight.params)).fetchone()
    return None if row is None else QueuePlace(row[0], row[1], case, task)


def cases_seen(driver: Driver, by: Officer, *, number: str, limit: int) -> list[tuple[object, ...]]:
    """Return the cases whose number begins so and that the officer may see; none for a number that is too short."""
    known = plain(number)
    if len(known) < _SHORTEST_NUMBER:
        return []
    sight = visible_to(by)
    sql = _SEEN.replace("{sight}", sight.clause)
    return driver.execute(sql, (f"{known}%", *sight.params, limit)).fetchall()


def cases_waiting(driver: Driver, by: Officer, *, limit: int) -> list[tuple[object, ...]]:
    """Return the cases that the officer may see and that wait for a supplement, the longest waiting first."""
    sight = visible_to(by)
    return driver.execute(_WAITING.replace("{sight}", sight.clause), (*sight.params, limit)).fetchall()


def plain(number: str) -> str:
    """Return what of a typed text can stand in a case number."""
    return "".join(letter for letter in number if letter.isascii() and (letter.isalnum() or letter == "-")).upper()


def _clauses(me: Officer, filters: QueueFilters, *, now: datetime) -> _Clauses:
    clauses = _Clauses()
    if filters.is_mine:
        clauses.add("t.officer = ANY(%s::uuid[])", array_of(sorted(map(str, {me.officer, *me.covers}))))
    if filters.is_free:
        clauses.add("t.officer IS NULL")
    if filters.is_suspended is not None:
        clauses.add("(c.status = %s) = %s", Status.SUSPENDED.value, filters.is_suspended)
    if filters.item is not None:
        clauses.add("c.item = %s", filters.item)
    if filters.step:
        clauses.add("t.step = %s", filters.step)
    if filters.kind is not None:
        clauses.add("t.kind = %s", filters.kind.value)
    if filters.case_number:
        clauses.add("c.case_number LIKE %s", f"%{plain(filters.case_number)}%")
    if filters.opened_until is not None:
        clauses.add("t.opened_at <= %s", filters.opened_until)
    _received(clauses, filters)
    _of_card(clauses, filters.card, now=now)
    return clauses


def _received(clauses: _Clauses, filters: QueueFilters) -> None:
    if filters.received_from is not None:
        clauses.add("c.submitted_at >= %s", _morning(filters.received_from))
    if filters.received_to is not None:
        clauses.add("c.submitted_at < %s", _morning(filters.received_to + timedelta(days=1)))


def _of_card(clauses: _Clauses, card: Card | None, *, now: datetime) -> None:
    if card is Card.RED:
        clauses.add("t.red_at <= %s", now)
    elif card is Card.YELLOW:
        clauses.add("t.yellow_at <= %s AND (t.red_at IS NULL OR t.red_at > %s)", now, now)
    elif card is Card.NONE:
        clauses.add("(t.yellow_at IS NULL OR t.yellow_at > %s) AND (t.red_at IS NULL OR t.red_at > %s)", now, now)


def _paging(clauses: _Clauses, filters: QueueFilters) -> None:
    for place, sign in ((filters.after, ">"), (filters.before, "<")):
        if place is None:
            continue
        names = [name.format(t="t", case="case_id") for name in _ORDERS[filters.order]]
        values = (place.due_at or "infinity", place.opened_at, place.case, place.task)[-len(names) :]
        kinds = ("::timestamptz", "::timestamptz", "::uuid", "::text")[-len(names) :]
        clauses.add(f"({', '.join(names)}) {sign} ({', '.join('%s' + kind for kind in kinds)})", *values)


def _morning(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=SHANGHAI)
