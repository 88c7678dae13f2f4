"""Fire what is due and look for what is stuck."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from datetime import date, timedelta

import structlog

from gov_portal.kernel import outbox
from gov_portal.kernel.errors import DomainError
from gov_portal.kernel.ids import CaseId
from gov_portal.kernel.principal import Platform
from workflows.domain.commands import Due
from workflows.domain.definition import WaitStep
from workflows.services.desk import Desk
from workflows.services.stepping import Order, Stepper
from workflows.storage.loading import CaseRow, StoredCase
from workflows.storage.sweeping import (
    due_cases,
    final_now,
    idle_cases,
    late_cases,
    numbered,
    posts_with_work,
    torn_cases,
)
from workflows.storage.visibility import visible_to
from workflows.storage.writing import EFFECTS, UNLESS_LOCKED, CaseMoved, case_of_effect, effects_of, write
from workflows.views import SweepFinding

_TICK = Platform("tick")
_PATIENCE = timedelta(days=1)
_SIDE_BY_SIDE = 4
_MANY_ATTEMPTS = 8
"""Tries of an effect, some ten minutes of them, after which somebody should look."""

_log = structlog.get_logger(__name__)


class Timers(Stepper):
    """Move time on in every case."""

    def __init__(self, desk: Desk) -> None:
        """Begin without any case that is known to refuse."""
        super().__init__(desk)
        self._unwell: set[CaseId] = set()

    def fire_due(self, limit: int = 100) -> int:
        """Fire due timers of up to ``limit`` cases, one transaction each; return how many cases moved.

        A case that somebody else works on is left for the next turn. One that refuses, or at which a turn broke off,
        is left for the sweep: it comes last from then on, so that it never keeps the others from moving.
        """
        with self._desk.db.driver() as driver:
            due = due_cases(driver, self._desk.clock.now(), limit=limit + len(self._unwell))
        self._unwell.intersection_update(due)
        due.sort(key=self._unwell.__contains__)
        return self._fire_each(due[:limit])

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
        those of the case. ``failing``: an effect was tried in vain again and again. ``late``: something was due a day
        ago and has not fired. ``unstaffed``: work waits for a post that nobody holds.
        """
        tried = [case_of_effect(key) for key in outbox.failing(self._desk.db, EFFECTS, attempts=_MANY_ATTEMPTS)]
        now = self._desk.clock.now()
        with self._desk.db.driver() as driver:
            idle = idle_cases(driver)
            torn = torn_cases(driver)
            late = late_cases(driver, now - _PATIENCE)
            posts = posts_with_work(driver)
            failing = numbered(driver, tried)
        stuck = self._stuck(idle)
        findings = [SweepFinding(case, number, "stuck") for case, number in stuck]
        findings += [SweepFinding(case, number, "torn") for case, number in torn if (case, number) not in stuck]
        findings += [SweepFinding(case, number, "failing") for case, number in failing]
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
        """Read the cases in one statement, then fire each in its own; return how many moved.

        Some are fired side by side, so that their commits share the wait for the disk.
        """
        with self._desk.db.driver() as driver:
            rows = self._loader.fetch_many(driver, list(cases), sight=visible_to(_TICK))
        if len(cases) < _SIDE_BY_SIDE:
            return sum(self._fire(case, rows.get(case)) for case in cases)
        with ThreadPoolExecutor(_SIDE_BY_SIDE, thread_name_prefix="fire") as pool:
            fired = [pool.submit(copy_context().run, self._fire, case, rows.get(case)) for case in cases]
        return sum(one.result() for one in fired)

    def _fire(self, case: CaseId, row: CaseRow | None) -> bool:
        # Noted first and struck out last, so that it stays noted whatever breaks in between.
        self._unwell.add(case)
        try:
            has_moved = row is not None and self._fire_stored(self._loader.open(row))
        except CaseMoved:
            has_moved = False
        except DomainError as refusal:
            _log.error("case-does-not-fire", case=str(case), code=refusal.code)
            return False
        self._unwell.discard(case)
        return has_moved

    def _fire_stored(self, stored: StoredCase) -> bool:
        record = self._decide(stored, Due(), order=Order(by=_TICK))
        if not record.transition.happenings and record.transition.state == stored.state:
            return False
        with self._desk.db.driver() as driver:
            # Another tick, or a person, that is writing the case now will do the same: leave it to them.
            write(driver, stored, record, unit_of=self._offices.unit, fence=UNLESS_LOCKED)
        return True

    def _awaits_message(self, case: CaseId) -> bool:
        stored = self._find(case, sight=visible_to(_TICK))
        return stored is not None and any(_waits_for_message(stored, active.step) for active in stored.state.active)


def _waits_for_message(stored: StoredCase, step_id: str) -> bool:
    step = stored.definition.steps.get(step_id)
    return isinstance(step, WaitStep) and step.message is not None
