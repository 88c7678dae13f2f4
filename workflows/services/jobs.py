"""Carry out one act on many cases (批量办理): as a job, each case its own step by the officer who ordered it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from gov_portal.kernel import outbox
from gov_portal.kernel.db import Driver, UnitOfWork
from gov_portal.kernel.decisions import GIVEN_UP
from gov_portal.kernel.errors import DomainError, NotFound
from gov_portal.kernel.ids import CaseId, ItemId, OfficerId, TaskKey
from gov_portal.kernel.outbox import OutboxMessage
from gov_portal.kernel.principal import Officer
from workflows.domain.commands import ActOn
from workflows.domain.definition import HumanStep
from workflows.domain.state import TaskKind
from workflows.services.cases import CaseService
from workflows.services.desk import Desk
from workflows.services.errors import CaseUnknown, TaskUnknown
from workflows.services.queues import offered
from workflows.services.reads import Reads
from workflows.storage.queueing import queue_of
from workflows.storage.visibility import visible_to
from workflows.views import ActView, QueueFilters

TOPIC = "desk.bulk"
MOST_CASES = 2000
CHUNK = 25
_WAITING, _RUNNING, _STOPPED, _FINISHED = "waiting", "running", "stopped", "finished"

_ADD_JOB = """INSERT INTO workflows_jobs
    (id, officer, org, unit, item, step, act, definition_hash, status, total, left_out, created_at)
    VALUES (%(id)s, %(officer)s, %(org)s, %(unit)s, %(item)s, %(step)s, %(act)s, %(hash)s, 'waiting', %(total)s,
            %(left_out)s, %(now)s) ON CONFLICT (id) DO NOTHING RETURNING id"""
_ADD_RESULT = """INSERT INTO workflows_job_results (job_id, place, case_id, case_number, task)
    VALUES (%s, %s, %s, %s, %s)"""
_BEGIN = "UPDATE workflows_jobs SET status = 'running' WHERE id = %s AND status = 'waiting'"
_CHUNK = """SELECT j.officer, j.org, j.unit, j.act, j.status, r.place, r.case_id, r.task
    FROM workflows_jobs j LEFT JOIN workflows_job_results r ON r.job_id = j.id AND r.place BETWEEN %s AND %s
      AND r.outcome IS NULL WHERE j.id = %s ORDER BY r.place"""
_RECORD = """UPDATE workflows_job_results SET outcome = %s, code = %s, at = %s
    WHERE job_id = %s AND place = %s AND outcome IS NULL"""
_GIVE_UP = """UPDATE workflows_job_results SET outcome = 'refused', code = %s, at = %s
    WHERE job_id = %s AND place BETWEEN %s AND %s AND outcome IS NULL"""
_IS_STOPPED = "SELECT status = 'stopped' FROM workflows_jobs WHERE id = %s"
_STOP = (
    "UPDATE workflows_jobs SET status = 'stopped' WHERE id = %s AND officer = %s AND status IN ('waiting', 'running')"
)
_END = """UPDATE workflows_jobs j SET status = CASE status WHEN 'stopped' THEN status ELSE 'finished' END,
    finished_at = %s WHERE id = %s AND finished_at IS NULL
    AND NOT EXISTS (SELECT 1 FROM workflows_job_results r WHERE r.job_id = j.id AND r.outcome IS NULL)"""
_JOBS = """SELECT j.id, j.item, j.step, j.act, j.definition_hash, j.status, j.total, j.left_out, j.created_at,
    j.finished_at,
    (SELECT count(*) FROM workflows_job_results r WHERE r.job_id = j.id AND r.outcome = 'done'),
    (SELECT count(*) FROM workflows_job_results r WHERE r.job_id = j.id AND r.outcome = 'refused'),
    (SELECT count(*) FROM workflows_job_results r WHERE r.job_id = j.id AND r.outcome = 'stopped')
    FROM workflows_jobs j WHERE j.officer = %s{which} ORDER BY j.created_at DESC, j.id LIMIT 50"""
_RESULTS = """SELECT r.place, r.case_id, r.case_number, r.task, r.outcome, r.code, r.at FROM workflows_job_results r
    JOIN workflows_jobs j ON j.id = r.job_id WHERE r.job_id = %s AND j.officer = %s AND r.place > %s{which}
    ORDER BY r.place LIMIT %s"""


class JobUnknown(NotFound):
    """Answer that the officer has ordered no such job."""

    code = "desk.job-unknown"


class PostLost(DomainError):
    """Refuse because the officer holds no post at the unit any more."""

    code = "desk.post-lost"
    status = 403


@dataclass(frozen=True, slots=True)
class BulkOrder:
    """Say what shall be done to which tasks: one act of one step of one item, on all that the filters find."""

    filters: QueueFilters
    item: ItemId
    step: str
    act: str = ""

    @property
    def narrowed(self) -> QueueFilters:
        """Return the filters with item and step, for ordinary work only."""
        narrow = {"item": self.item, "step": self.step, "kind": TaskKind.WORK, "after": None, "before": None}
        return replace(self.filters, limit=MOST_CASES, **narrow)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Target:
    """Name one task that an act could be carried out on."""

    case: CaseId
    case_number: str
    task: TaskKey
    definition_hash: str


@dataclass(frozen=True, slots=True)
class BulkView:
    """Show what a bulk act would do.

    Attributes:
        found: how many tasks the filters find.
        acts: acts that need nothing but the press of a button, with how many tasks each is possible for.
        able: the tasks that the chosen act is possible for now.
        refusals: code of the reason -> how many tasks cannot.
    """

    found: int
    acts: tuple[tuple[ActView, int], ...]
    able: tuple[Target, ...] = ()
    refusals: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class JobView:
    """Show a job: what it does, how far it is."""

    id: UUID
    item: ItemId
    item_name: str
    step_label: str
    act_label: str
    status: str
    total: int
    left_out: int
    created_at: datetime
    finished_at: datetime | None
    done: int
    refused: int
    stopped: int

    @property
    def settled(self) -> int:
        """Return how many cases have their result."""
        return self.done + self.refused + self.stopped

    @property
    def is_over(self) -> bool:
        """Tell whether every case has its result."""
        return self.finished_at is not None


@dataclass(frozen=True, slots=True)
class JobResult:
    """Show what became of one case of a job; ``outcome`` is empty while it waits, ``code`` says why it was refused."""

    place: int
    case: CaseId
    case_number: str
    task: TaskKey
    outcome: str
    code: str
    at: datetime | None


class Jobs(Reads):
    """Preview, order, carry out and show bulk acts."""

    def __init__(self, desk: Desk, *, cases: CaseService) -> None:
        """Act through the same service as the pages."""
        super().__init__(desk)
        self._cases = cases

    def preview(self, order: BulkOrder, *, by: Officer) -> BulkView:
        """Show which of the tasks the act is possible for now, by the same rules as on the page of a case."""
        with self._desk.db.driver() as driver:
            rows = queue_of(driver, by, filters=order.narrowed, now=self._desk.clock.now())
            known = self._loader.fetch_many(driver, [CaseId(row.case) for row in rows], sight=visible_to(by))
        possible: Counter[str] = Counter()
        acts: dict[str, ActView] = {}
        able: list[Target] = []
        refusals: Counter[str] = Counter()
        for row in rows:
            stored = self._loader.open(known[row.case]) if row.case in known else None
            offer = offered(stored, TaskKey(row.key), context=self._view_context(stored, by=by)) if stored else ()
            simple = {act.id: act for act in offer if _is_simple(act)}
            acts |= simple
            possible.update(act.id for act in simple.values() if act.is_enabled)
            chosen = simple.get(order.act)
            if chosen is not None and chosen.is_enabled:
                able.append(Target(CaseId(row.case), row.case_number or "", TaskKey(row.key), row.definition_hash))
            elif order.act:
                refusals[chosen.why_not if chosen else TaskUnknown.code] += 1
        choices = tuple((act, possible[act.id]) for act in acts.values())
        return BulkView(len(rows), choices, tuple(able), dict(refusals))

    def order(self, order: BulkOrder, *, job: UUID, by: Officer) -> int:
        """Begin a job on every task that the act is possible for; return how many. The same id begins only once."""
        view = self.preview(order, by=by)
        if not view.able:
            return 0
        values = {
            "id": job,
            "officer": by.officer,
            "org": by.org,
            "unit": by.region,
            "item": order.item,
            "step": order.step,
            "act": order.act,
            "hash": view.able[0].definition_hash,
            "total": len(view.able),
            "left_out": view.found - len(view.able),
            "now": self._desk.clock.now(),
        }
        with self._desk.db.begin() as uow:
            if uow.driver.execute(_ADD_JOB, values).fetchone() is not None:
                rows = [(job, place, one.case, one.case_number, one.task) for place, one in enumerate(view.able)]
                uow.driver.cursor().executemany(_ADD_RESULT, rows)
                outbox.add(uow, *(_chunk(job, first) for first in range(0, len(rows), CHUNK)))
        return len(view.able)

    def deliver(self, message: OutboxMessage) -> None:
        """Carry out one chunk of a job; what has its result is left alone, so that it may run twice."""
        job, first = UUID(str(message.payload["job"])), int(str(message.payload["first"]))
        with self._desk.db.driver() as driver:
            driver.execute(_BEGIN, (job,))
            rows = driver.execute(_CHUNK, (first, first + CHUNK - 1, job)).fetchall()
        for officer, org, unit, act, _, place, case, task in rows:
            if place is None:
                continue
            outcome, code = self._carry_out_one(job, CaseId(case), ActOn(TaskKey(task), act), post=(officer, org, unit))
            with self._desk.db.driver() as driver:
                driver.execute(_RECORD, (outcome, code, self._desk.clock.now(), job, place))
        with self._desk.db.driver() as driver:
            driver.execute(_END, (self._desk.clock.now(), job))

    def give_up(self, uow: UnitOfWork, message: OutboxMessage) -> None:
        """Let the cases of a chunk that an operator has ended count as refused, so that the job comes to its end."""
        job, first = UUID(str(message.payload["job"])), int(str(message.payload["first"]))
        now = self._desk.clock.now()
        uow.driver.execute(_GIVE_UP, (GIVEN_UP, now, job, first, first + CHUNK - 1))
        uow.driver.execute(_END, (now, job))

    def jobs(self, by: Officer) -> tuple[JobView, ...]:
        """Return the officer's jobs, the latest first."""
        with self._desk.db.driver() as driver:
            rows = driver.execute(_JOBS.replace("{which}", ""), (by.officer,)).fetchall()
        return tuple(self._job(row) for row in rows)

    def job(self, job: UUID, *, by: Officer) -> JobView:
        """Return one of the officer's jobs.

        Raises:
            JobUnknown: there is no such, or it is another's.
        """
        with self._desk.db.driver() as driver:
            row = driver.execute(_JOBS.replace("{which}", " AND j.id = %s"), (by.officer, job)).fetchone()
        if row is None:
            raise JobUnknown
        return self._job(row)

    def results(
        self, job: UUID, *, by: Officer, after: int = -1, limit: int = 100, outcome: str = ""
    ) -> tuple[JobResult, ...]:
        """Return the results of a job in the order of the cases, perhaps only those of one outcome."""
        which, more = (" AND r.outcome = %s", (outcome,)) if outcome else ("", ())
        with self._desk.db.driver() as driver:
            sql = _RESULTS.replace("{which}", which)
            rows = driver.execute(sql, (job, by.officer, after, *more, limit)).fetchall()
        return tuple(JobResult(row[0], row[1], row[2], row[3], row[4] or "", row[5] or "", row[6]) for row in rows)

    def stop(self, job: UUID, *, by: Officer) -> None:
        """Let no further case begin; what is done stays done."""
        with self._desk.db.driver() as driver:
            driver.execute(_STOP, (job, by.officer))

    def _carry_out_one(
        self, job: UUID, case: CaseId, command: ActOn, *, post: tuple[UUID, str, str]
    ) -> tuple[str, str | None]:
        with self._desk.db.driver() as driver:
            if _first(driver, _IS_STOPPED, (job,)):
                return "stopped", None
        officer, org, unit = post
        # Asked anew for every case: whoever loses the post, loses it for the rest of the job.
        by = self._desk.ports.officers.at_post(OfficerId(officer), org=org, region=unit)
        if by is None:
            return "refused", PostLost.code
        try:
            self._cases.act(case, command, by=by, key=f"job:{job}:{case}")
        except DomainError as refusal:
            return "refused", refusal.code
        return "done", None

    def _job(self, row: Sequence[object]) -> JobView:
        definition = self._desk.definitions.by_hash(str(row[4]))
        step = definition.steps.get(str(row[2]))
        acts = {act.id: act.label for act in step.acts} if isinstance(step, HumanStep) else {}
        return JobView(
            id=row[0],  # type: ignore[arg-type]
            item=ItemId(str(row[1])),
            item_name=definition.facts.name,
            step_label=definition.label(f"step.{row[2]}"),
            act_label=acts.get(str(row[3]), ""),
            status=str(row[5]),
            total=row[6],  # type: ignore[arg-type]
            left_out=row[7],  # type: ignore[arg-type]
            created_at=row[8],  # type: ignore[arg-type]
            finished_at=row[9],  # type: ignore[arg-type]
            done=row[10],  # type: ignore[arg-type]
            refused=row[11],  # type: ignore[arg-type]
            stopped=row[12],  # type: ignore[arg-type]
        )


def _is_simple(act: ActView) -> bool:
    """Tell whether an act needs nothing but the press of a button: no reason, no marks, no field, no way back."""
    return not (act.needs_reason or act.asks_marks or act.fill or act.returns_to)


def _chunk(job: UUID, first: int) -> OutboxMessage:
    return OutboxMessage(topic=TOPIC, key=f"desk:{job}:{first}", payload={"job": str(job), "first": first})


def _first(driver: Driver, sql: str, params: tuple[object, ...]) -> object:
    row = driver.execute(sql, params).fetchone()
    return None if row is None else row[0]


__all__ = ["BulkOrder", "BulkView", "CaseUnknown", "JobResult", "JobUnknown", "JobView", "Jobs", "PostLost", "Target"]
