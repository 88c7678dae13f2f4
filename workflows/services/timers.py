"""Fire what is due and look for what is stuck."""

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from datetime import date, timedelta
from uuid import UUID

import structlog

from gov_portal.kernel import outbox, parking
from gov_portal.kernel.db import Driver
from gov_portal.kernel.ids import CaseId
from gov_portal.kernel.logs import describe
from gov_portal.kernel.outages import outage_of
from gov_portal.kernel.outbox import OutboxMessage
from gov_portal.kernel.parking import ParkedWork
from gov_portal.kernel.principal import Platform
from workflows.domain.commands import Due
from workflows.domain.definition import WaitStep
from workflows.engine.mending import FIRE
from workflows.services.stepping import Order, Stepper
from workflows.storage.loading import CaseRow, StoredCase
from workflows.storage.sweeping import (
    FIRING,
    MOST,
    due_cases,
    final_now,
    idle_cases,
    late_cases,
    numbered,
    posts_with_work,
    torn_cases,
)
from workflows.storage.visibility import visible_to
from workflows.storage.writing import UNLESS_LOCKED, CaseMoved, Record, effects_of, write
from workflows.views import SweepFinding

_TICK = Platform("tick")
_PATIENCE = timedelta(days=1)
FIRE_TOPIC = f"case.{FIRE}"
"""Topic of the errand that fires what is due in a case in which it did not."""

_AGAIN_S = 2
_SIDE_BY_SIDE = 4
_TOGETHER = 10

_log = structlog.get_logger(__name__)


class Timers(Stepper):
    """Move time on in every case."""

    def fire_due(self, limit: int = 100) -> int:
        """Fire due timers of up to ``limit`` cases; return how many cases moved.

        A case that somebody else works on is left for the next turn. One that does not fire becomes an errand of the
        workers, like any other effect: they try it again, and park it at last; it keeps no other from moving.
        """
        with self._desk.db.driver() as driver:
            due = due_cases(driver, self._desk.clock.now(), limit=limit)
        return self._fire_each(due)

    def fire(self, message: OutboxMessage) -> None:
        """Fire what is due in a case in which it did not; what becomes due later is the tick's again."""
        stored = self._find(CaseId(UUID(str(message.payload["case"]))), sight=visible_to(_TICK))
        if stored is not None and (fired := self._fired(stored)) is not None:
            with self._desk.db.driver() as driver:
                self._write_fired(driver, *fired)

    def recount(self) -> int:
        """Reckon limits anew that rested on a calendar which has come since; return how many cases changed."""
        last = max(self._desk.calendar.official_years, default=0)
        if not last:
            return 0
        with self._desk.db.driver() as driver:
            found = final_now(driver, self._desk.calendar.end_of_day(date(last, 12, 31)))
        return self._fire_each(found)

    def sweep(self) -> list[SweepFinding]:
        """Find what the platform will never move by itself, and say of which kind it is.

        ``stuck``: open without a task, timer, outbox row or awaited message. ``torn``: the tasks in the queues are not
        those of the case. ``parked``: work of it failed again and again and was put aside. ``late``: something was due
        a day ago and has not fired. ``unstaffed``: work waits for a post that nobody holds.
        """
        parked = parking.parked(self._desk.db, topic="case.", most=MOST)
        now = self._desk.clock.now()
        with self._desk.db.driver() as driver:
            idle = idle_cases(driver)
            torn = torn_cases(driver)
            late = late_cases(driver, now - _PATIENCE)
            posts = posts_with_work(driver)
            waiting = numbered(driver, _cases_of(parked))
        stuck = self._stuck(idle)
        findings = [SweepFinding(case, number, "stuck") for case, number in stuck]
        findings += [SweepFinding(case, number, "torn") for case, number in torn if (case, number) not in stuck]
        findings += [SweepFinding(case, number, "parked") for case, number in waiting]
        findings += [SweepFinding(case, number, "late") for case, number in late]
        for org, unit, role, rank, case, number in posts:
            office = self._offices.nearest(org, unit)
            if office is None or not self._desk.ports.officers.eligible(office, role=role, rank=rank):
                findings.append(SweepFinding(case, number, "unstaffed"))
        return findings

    def _stuck(self, idle: Sequence[tuple[CaseId, str]]) -> list[tuple[CaseId, str]]:
        """Return the cases among those without task and timer that wait for neither an effect nor a message."""
        busy = outbox.waiting(self._desk.db, [effects_of(case) for case, _ in idle])
        silent = [(case, number) for case, number in idle if effects_of(case) not in busy]
        return [(case, number) for case, number in silent if not self._awaits_message(case)]

    def _fire_each(self, cases: Sequence[CaseId]) -> int:
        """Read the cases in one statement, then fire several at a time; return how many moved.

        Several share a transaction and its wait for the disk, and are decided while others are written.
        """
        with self._desk.db.driver() as driver:
            rows = self._loader.fetch_many(driver, list(cases), sight=visible_to(_TICK))
        found = [rows[case] for case in cases if case in rows]
        batches = [found[first : first + _TOGETHER] for first in range(0, len(found), _TOGETHER)]
        if len(batches) < 2:
            return sum(map(self._fire_batch, batches))
        with ThreadPoolExecutor(_SIDE_BY_SIDE, thread_name_prefix="fire") as pool:
            fired = [pool.submit(copy_context().run, self._fire_batch, batch) for batch in batches]
        return sum(one.result() for one in fired)

    def _fire_batch(self, rows: Sequence[CaseRow]) -> int:
        """Fire in one transaction; where it comes to nothing, each in its own, so that no case keeps back another."""
        decided = [one for one in map(self._fallen_due, rows) if one is not None]
        if len(decided) > 1:
            try:
                with self._desk.db.begin() as uow:
                    for stored, record in decided:
                        self._write_fired(uow.driver, stored, record)
                return len(decided)
            except Exception as error:
                if outage_of(error) is not None:
                    raise
        return sum(self._fire_alone(stored, record) for stored, record in decided)

    def _fallen_due(self, row: CaseRow) -> tuple[StoredCase, Record] | None:
        """Return a case with what falls due in it, ``None`` where nothing does or the engine cannot go on."""
        try:
            stored = self._loader.open(row)
            return self._fired(stored)
        except Exception as error:
            if outage_of(error) is not None:
                raise
            self._put_off(CaseId(row.id), error)
            return None

    def _fire_alone(self, stored: StoredCase, record: Record) -> bool:
        try:
            with self._desk.db.driver() as driver:
                self._write_fired(driver, stored, record)
        except CaseMoved:
            return False
        except Exception as error:
            if outage_of(error) is not None:
                raise
            self._put_off(stored.id, error)
            return False
        return True

    def _put_off(self, case: CaseId, error: Exception) -> None:
        """Leave a case that does not fire to the workers."""
        _log.error("case-does-not-fire", case=str(case), error=describe(error))
        payload = {"case": str(case), "kind": FIRE}
        with self._desk.db.begin() as uow:
            outbox.add(uow, OutboxMessage(FIRE_TOPIC, f"{effects_of(case)}{FIRING}", payload, delay_s=_AGAIN_S))

    def _fired(self, stored: StoredCase) -> tuple[StoredCase, Record] | None:
        record = self._decide(stored, Due(), order=Order(by=_TICK))
        is_still = not record.transition.happenings and record.transition.state == stored.state
        return None if is_still else (stored, record)

    def _write_fired(self, driver: Driver, stored: StoredCase, record: Record) -> None:
        # Another tick, or a person, that is writing the case now will do the same: leave it to them.
        write(driver, stored, record, unit_of=self._offices.unit, fence=UNLESS_LOCKED)

    def _awaits_message(self, case: CaseId) -> bool:
        stored = self._find(case, sight=visible_to(_TICK))
        return stored is not None and any(_waits_for_message(stored, active.step) for active in stored.state.active)


def _cases_of(parked: Iterable[ParkedWork]) -> list[CaseId]:
    return [CaseId(UUID(str(one.message.payload["case"]))) for one in parked]


def _waits_for_message(stored: StoredCase, step_id: str) -> bool:
    step = stored.definition.steps.get(step_id)
    return isinstance(step, WaitStep) and step.message is not None
