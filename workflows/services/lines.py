"""Show officers what waits for them, and let them take the next one."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from gov_portal.kernel.ids import CaseId, ItemId, OfficerId, PersonId, TaskKey
from gov_portal.kernel.principal import Officer
from workflows.domain.commands import Claim, Release
from workflows.domain.definition import Phase
from workflows.domain.state import Status, TaskKind
from workflows.engine.refusals import TransitionRefused
from workflows.services.anytime import Anytime
from workflows.services.errors import CaseUnknown
from workflows.services.reckoning import card, remaining_working_days
from workflows.storage.queueing import TaskInQueue, cases_seen, cases_waiting, counts_of, groups_of, place_of, queue_of
from workflows.views import CaseRow, QueueFilters, QueuePlace, QueueRow

_EVERYTHING = QueueFilters()
_TRIED_AT_ONCE = 20
_NEAR = 7
_MOST_FOUND = 50


@dataclass(frozen=True, slots=True)
class StepGroup:
    """Count the tasks of one step of one item; ``kind`` keeps objections and votes apart from ordinary work."""

    item: ItemId
    item_name: str
    step: str
    step_label: str
    kind: TaskKind
    count: int


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Hold what stands before and after a task in a filtered queue, in the order of the queue, the task left out."""

    earlier: tuple[QueueRow, ...]
    later: tuple[QueueRow, ...]

    @property
    def before(self) -> QueueRow | None:
        """Return the previous one (上一件)."""
        return self.earlier[-1] if self.earlier else None

    @property
    def after(self) -> QueueRow | None:
        """Return the next one (下一件)."""
        return self.later[0] if self.later else None


class Lines(Anytime):
    """List open tasks, count them, walk along them and take the next one."""

    def queue(self, by: Officer, filters: QueueFilters = _EVERYTHING) -> tuple[QueueRow, ...]:
        """List the open tasks that the officer holds or could take, the most urgent first."""
        now = self._desk.clock.now()
        with self._desk.db.driver() as driver:
            rows = queue_of(driver, by, filters=filters, now=now)
        return self._shown(rows, by=by, now=now)

    def counts(self, by: Officer, wanted: Sequence[QueueFilters]) -> tuple[int, ...]:
        """Return how many tasks each of the filters finds, by one statement."""
        with self._desk.db.driver() as driver:
            return tuple(counts_of(driver, by, wanted=wanted, now=self._desk.clock.now()))

    def groups(self, by: Officer, filters: QueueFilters = _EVERYTHING) -> tuple[StepGroup, ...]:
        """Return which steps of which items wait, with their numbers, by one statement."""
        with self._desk.db.driver() as driver:
            found = groups_of(driver, by, filters=filters, now=self._desk.clock.now())
        groups: dict[tuple[str, str, str], StepGroup] = {}
        for one in found:
            definition = self._desk.definitions.by_hash(one.definition_hash)
            label = definition.label(f"step.{one.step}")
            known = groups.get((one.item, one.step, one.kind))
            groups[one.item, one.step, one.kind] = StepGroup(
                ItemId(one.item),
                definition.facts.name,
                one.step,
                label,
                TaskKind(one.kind),
                one.number + (known.count if known else 0),
            )
        return tuple(groups.values())

    def neighbours(self, by: Officer, filters: QueueFilters, *, case: CaseId, task: TaskKey) -> Neighbours:
        """Return what stands before and after a task in the officer's filtered queue.

        A task that is not in the queue any more, as after an act, stands before all others.
        """
        now = self._desk.clock.now()
        near = replace(filters, limit=_NEAR, before=None, after=None)
        with self._desk.db.driver() as driver:
            here = place_of(driver, by, case=case, task=task)
            before = queue_of(driver, by, filters=replace(near, before=here), now=now) if here else []
            after = queue_of(driver, by, filters=replace(near, after=here), now=now)
        rows = self._shown([*before, *after], by=by, now=now)
        return Neighbours(rows[: len(before)], rows[len(before) :])

    def claim_next(self, by: Officer, filters: QueueFilters = _EVERYTHING) -> QueueRow | None:
        """Take the most urgent task that nobody holds and the officer may take (领取下一件); ``None`` without any.

        Two officers never get the same: whoever writes second finds the task taken and tries the one after.
        """
        wanted = replace(filters, is_mine=False, is_free=True, is_suspended=False, before=None, limit=_TRIED_AT_ONCE)
        after: QueuePlace | None = None
        while rows := self.queue(by, replace(wanted, after=after)):
            for row in rows:
                if self._takes(row, by=by):
                    return row
            after = rows[-1].place
        return None

    def release(self, case: CaseId, task: TaskKey, *, by: Officer) -> None:
        """Give a claimed task back to the team.

        Raises:
            TransitionRefused: ``case.stale-task``, ``case.not-your-task``, ``case.vote-cast``.
        """
        self._command(case, Release(task), by=by)

    def cases_of_unit(self, by: Officer, number: str) -> tuple[CaseRow, ...]:
        """Return the cases that the officer may see and whose number begins so, closed ones too."""
        with self._desk.db.driver() as driver:
            found = cases_seen(driver, by, number=number, limit=_MOST_FOUND)
        return tuple(self._found(row) for row in found)

    def waiting(self, by: Officer) -> tuple[CaseRow, ...]:
        """Return the cases that wait for the applicant's supplement (等待补正), the longest waiting first."""
        with self._desk.db.driver() as driver:
            found = cases_waiting(driver, by, limit=_MOST_FOUND)
        return tuple(self._found(row) for row in found)

    def _takes(self, row: QueueRow, *, by: Officer) -> bool:
        try:
            self._command(row.case, Claim(row.task), by=by)
        except (TransitionRefused, CaseUnknown):
            return False
        return True

    def _shown(self, rows: Collection[TaskInQueue], *, by: Officer, now: datetime) -> tuple[QueueRow, ...]:
        if not rows:
            return ()
        names = self._desk.ports.people.masked_names({PersonId(row.applicant) for row in rows})
        covered = {OfficerId(row.officer) for row in rows if row.officer in by.covers}
        absent = self._desk.ports.officers.names(covered) if covered else {}
        return tuple(
            replace(
                self._queue_row(row, now=now),
                applicant_masked=names.get(PersonId(row.applicant), ""),
                covers=absent.get(OfficerId(row.officer), "") if row.officer in covered else "",
            )
            for row in rows
        )

    def _queue_row(self, row: TaskInQueue, *, now: datetime) -> QueueRow:
        definition = self._desk.definitions.by_hash(row.definition_hash)
        calendar = self._desk.calendar
        return QueueRow(
            case=CaseId(row.case),
            case_number=row.case_number or "",
            task=TaskKey(row.key),
            item=ItemId(row.item),
            item_name=definition.facts.name,
            step=row.step,
            step_label=definition.label(f"step.{row.step}"),
            kind=TaskKind(row.kind),
            applicant_masked="",
            remaining_working_days=remaining_working_days(
                row.due_at, today=calendar.local_date(now), calendar=calendar
            ),
            is_provisional=row.is_provisional,
            card=card(row.yellow_at, row.red_at, now=now),
            officer=OfficerId(row.officer) if row.officer else None,
            is_suspended=row.status == Status.SUSPENDED,
            received_on=calendar.local_date(row.submitted_at) if row.submitted_at else None,
            urged=row.urged,
            urged_on=date.fromisoformat(row.urged_on) if row.urged_on else None,
            place=QueuePlace(row.due_at, row.opened_at, CaseId(row.case), TaskKey(row.key)),
        )

    def _found(self, row: tuple[object, ...]) -> CaseRow:
        case, number, item, digest, status, phase, is_returned, outcome, changed_at, needs_applicant = row
        return CaseRow(
            case=CaseId(case),  # type: ignore[arg-type]
            case_number=str(number),
            item=ItemId(str(item)),
            item_name=self._desk.definitions.by_hash(str(digest)).facts.name,
            pinned=str(digest),
            status=Status(str(status)),
            phase=Phase(str(phase)),
            is_returned=bool(is_returned),
            outcome=None if outcome is None else str(outcome),
            needs_applicant=bool(needs_applicant),
            changed_at=changed_at,  # type: ignore[arg-type]
        )
