"""Let a department's own system do its steps (外部任务): fetch, lease, complete, fail.

The task stays in its team's queue all the while, so that people may always step in: a lease only keeps two systems, or
two threads of one, from the same task. It runs out by itself when a system dies.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from gov_portal.kernel.db import Driver
from gov_portal.kernel.errors import Conflict
from gov_portal.kernel.ids import CaseId, TaskKey
from gov_portal.kernel.principal import Officer
from workflows.domain.commands import ActOn
from workflows.domain.state import TaskKind
from workflows.services.cases import CaseService
from workflows.services.desk import Desk, Service
from workflows.services.errors import CaseUnknown, TaskUnknown
from workflows.storage.visibility import visible_to
from workflows.views import ExternalTask, QueueFilters, QueueRow, WorkView

LEASE_S = 300
LONGEST_LEASE_S = 3600
MOST_FAILURES = 3
FIRST_WAIT_S = 60
_MOST_LOOKED_AT = 200

_LEASE_SQL = """
INSERT INTO workflows_leases AS l (case_id, task, officer, leased_until, not_before, failures)
VALUES (%(case)s, %(task)s, %(me)s, now() + make_interval(secs => %(life)s), now(), 0)
ON CONFLICT (case_id, task) DO UPDATE SET officer = %(me)s, leased_until = now() + make_interval(secs => %(life)s)
WHERE l.raised_at IS NULL AND l.not_before <= now() AND (l.leased_until <= now() OR l.officer = %(me)s)
RETURNING leased_until, failures"""
_FAIL_SQL = """
UPDATE workflows_leases SET failures = failures + 1, reason = %(reason)s, failed_at = now(), leased_until = now(),
  not_before = now() + make_interval(secs => %(wait)s * power(4, failures)),
  raised_at = CASE WHEN %(is_final)s OR failures + 1 >= %(most)s THEN now() END
WHERE case_id = %(case)s AND task = %(task)s AND officer = %(me)s AND leased_until > now()
RETURNING failures, raised_at IS NOT NULL, failed_at"""
_FREE_SQL = """
SELECT NOT EXISTS (SELECT 1 FROM workflows_leases WHERE case_id = %s AND task = %s
                   AND (raised_at IS NOT NULL OR (leased_until > now() AND officer <> %s)))"""
_DONE_SQL = "DELETE FROM workflows_leases WHERE case_id = %s AND task = %s"
_NOT_OFFERED_SQL = """
SELECT case_id, task FROM workflows_leases WHERE case_id = ANY(%s)
AND (raised_at IS NOT NULL OR not_before > now() OR (leased_until > now() AND officer <> %s))"""
_FAILED_SQL = """
SELECT failures, reason, failed_at, raised_at FROM workflows_leases
WHERE case_id = %s AND task = %s AND failed_at IS NOT NULL"""


class LeaseTaken(Conflict):
    """Answer that another system works on the task now, that it must wait after a failure, or that people do it."""

    code = "external.lease-taken"


class LeaseLost(Conflict):
    """Answer that the caller holds no living lease of the task: fetch and claim anew."""

    code = "external.lease-lost"


@dataclass(frozen=True, slots=True)
class Lease:
    """Hold a task for one system until ``leased_until``, real time; ``work`` is all that it needs to know."""

    leased_until: datetime
    failures: int
    work: WorkView


@dataclass(frozen=True, slots=True)
class Failure:
    """Tell that a system could not do a task: how often, why last, and whether people must."""

    failures: int
    failed_at: datetime
    is_raised: bool
    reason: str = field(repr=False, default="")


class ExternalTasks(Service):
    """Offer open tasks to the systems of their department."""

    def __init__(self, desk: Desk, *, cases: CaseService) -> None:
        """Stand on the same cases as the pages."""
        super().__init__(desk)
        self._cases = cases

    def fetch(self, by: Officer, *, filters: QueueFilters) -> tuple[ExternalTask, ...]:
        """Return tasks of the caller's posts that nobody has: the most urgent first, at most ``filters.limit``."""
        wanted = replace(filters, is_free=True, is_suspended=False, kind=TaskKind.WORK, limit=_MOST_LOOKED_AT)
        rows = self._cases.queue(by, wanted)
        with self._desk.db.driver() as driver:
            withheld = _withheld(driver, rows, by=by)
        offered = [row for row in rows if (row.case, row.task) not in withheld][: filters.limit]
        return tuple(_external(row) for row in offered)

    def claim(self, case: CaseId, task: TaskKey, *, by: Officer, life_s: int = LEASE_S) -> Lease:
        """Lease a task; claimed again by the same system the lease is prolonged.

        Raises:
            TaskUnknown: the task is gone or not of the caller's post.
            LeaseTaken: another system has it, it failed just now, or people do it.
        """
        work = self._work(case, task, by=by)
        parameters = {"case": case, "task": task, "me": by.officer, "life": min(life_s, LONGEST_LEASE_S)}
        with self._desk.db.driver() as driver:
            row = driver.execute(_LEASE_SQL, parameters).fetchone()
        if row is None:
            raise LeaseTaken
        return Lease(row[0], row[1], work)

    def complete(self, case: CaseId, command: ActOn, *, by: Officer, key: str | None = None) -> None:
        """Carry out one act of a task; a repeated key does nothing more.

        A lease that ran out does no harm as long as nobody else has the task.

        Raises:
            LeaseTaken: another system has it now, or it is for people only.
            InvalidFields, TransitionRefused: as for an officer's act.
        """
        with self._desk.db.driver() as driver:
            is_free = driver.execute(_FREE_SQL, (case, command.task, by.officer)).fetchone()
        if is_free is None or not is_free[0]:
            raise LeaseTaken
        self._cases.act(case, command, by=by, key=key)
        with self._desk.db.driver() as driver:
            driver.execute(_DONE_SQL, (case, command.task))

    def fail(self, case: CaseId, task: TaskKey, *, reason: str, by: Officer, is_final: bool = False) -> Failure:
        """Give a task back with a reason; after the third time, or at once with ``is_final``, it is for people only.

        Raises:
            LeaseLost: the caller holds no living lease.
        """
        stored = self._find(case, sight=visible_to(by))
        if stored is None:
            raise CaseUnknown
        sealed = stored.cipher.seal(reason.encode(), _context(case, task))
        parameters = {
            "case": case,
            "task": task,
            "me": by.officer,
            "reason": sealed,
            "is_final": is_final,
            "most": MOST_FAILURES,
            "wait": FIRST_WAIT_S,
        }
        with self._desk.db.driver() as driver:
            row = driver.execute(_FAIL_SQL, parameters).fetchone()
        if row is None:
            raise LeaseLost
        return Failure(row[0], row[2], is_raised=row[1], reason=reason)

    def failure(self, case: CaseId, task: TaskKey, *, by: Officer) -> Failure | None:
        """Return what a system could not do about a task, for whoever takes over; ``None`` if nothing failed."""
        stored = self._find(case, sight=visible_to(by))
        if stored is None:
            raise CaseUnknown
        with self._desk.db.driver() as driver:
            row = driver.execute(_FAILED_SQL, (case, task)).fetchone()
        if row is None:
            return None
        reason = stored.cipher.open(row[1], _context(case, task)).decode() if row[1] else ""
        return Failure(row[0], row[2], is_raised=row[3] is not None, reason=reason)

    def _work(self, case: CaseId, task: TaskKey, *, by: Officer) -> WorkView:
        work = self._cases.work(case, task, by=by)
        if work.kind is not TaskKind.WORK or work.officer not in (None, by.officer):
            raise TaskUnknown
        return work


def _withheld(driver: Driver, rows: Iterable[QueueRow], *, by: Officer) -> set[tuple[UUID, str]]:
    cases = list({row.case for row in rows})
    found = driver.execute(_NOT_OFFERED_SQL, (cases, by.officer)).fetchall() if cases else []
    return {(row[0], row[1]) for row in found}


def _external(row: QueueRow) -> ExternalTask:
    return ExternalTask(
        case=row.case,
        case_number=row.case_number,
        task=row.task,
        item=row.item,
        item_name=row.item_name,
        step=row.step,
        step_label=row.step_label,
        remaining_working_days=row.remaining_working_days,
        is_provisional=row.is_provisional,
    )


def _context(case: CaseId, task: TaskKey) -> bytes:
    return f"workflows.lease:{case}:{task}".encode()
