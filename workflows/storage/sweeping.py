"""Find cases that are due, and cases that nothing will ever move again."""

from collections.abc import Sequence
from datetime import datetime

from gov_portal.kernel import outbox
from gov_portal.kernel.db import Driver
from gov_portal.kernel.ids import CaseId

FIRING = "fire"
"""Ends the key of the errand that fires a case in which the tick could not; until it is done the tick passes by."""

_NOT_PUT_OFF = outbox.absent(f"'case:' || case_id || ':{FIRING}'")
_DUE = f"""
SELECT case_id FROM (
    (SELECT case_id, next_at AS at FROM workflows_tasks WHERE next_at <= %(now)s AND {_NOT_PUT_OFF}
     ORDER BY next_at LIMIT %(most)s)
    UNION ALL
    (SELECT case_id, due_at FROM workflows_timers WHERE due_at <= %(now)s AND {_NOT_PUT_OFF}
     ORDER BY due_at LIMIT %(most)s)) AS d
GROUP BY case_id ORDER BY min(at) LIMIT %(limit)s"""  # noqa: S608 - own words

_EARLIEST = f"""
SELECT min(at) FROM (
    (SELECT next_at AS at FROM workflows_tasks WHERE next_at IS NOT NULL AND {_NOT_PUT_OFF} ORDER BY next_at LIMIT 1)
    UNION ALL
    (SELECT due_at FROM workflows_timers WHERE {_NOT_PUT_OFF} ORDER BY due_at LIMIT 1)) AS d"""  # noqa: S608 - own words

# Whoever waits for a task, a moving timer or an open part is well; the rest is looked at closely. Cards only warn.
_IDLE = """
SELECT c.id, coalesce(c.case_number, '') FROM workflows_cases c
WHERE c.status IN ('open', 'suspended')
  AND NOT EXISTS (SELECT 1 FROM workflows_tasks t WHERE t.case_id = c.id)
  AND NOT EXISTS (SELECT 1 FROM workflows_timers m WHERE m.case_id = c.id
                  AND NOT starts_with(m.key, 'yellow:') AND NOT starts_with(m.key, 'red:'))
  AND NOT EXISTS (SELECT 1 FROM workflows_cases p WHERE p.part_of = c.id AND p.status IN ('draft', 'open', 'suspended'))
ORDER BY c.id"""

# ``t`` holds the tasks of a state (``workflows.engine.codec``); each has a row, and no row stands without one.
_TORN = """
SELECT c.id, coalesce(c.case_number, '') FROM workflows_cases c
WHERE c.status IN ('open', 'suspended')
  AND ARRAY(SELECT t.key FROM workflows_tasks t WHERE t.case_id = c.id ORDER BY t.key COLLATE "C")
      <> ARRAY(SELECT k FROM json_object_keys(coalesce(c.state -> 't', '{}')) k ORDER BY k COLLATE "C")
ORDER BY c.id LIMIT %s"""

# ``da`` is the end of the promise in microseconds, ``dp`` says that it is provisional (``workflows.engine.codec``).
_FINAL_NOW = """
SELECT c.id FROM workflows_cases c WHERE c.status = 'open' AND (
    (c.state -> 'dp' IS NOT NULL AND (c.state ->> 'da')::bigint <= extract(epoch FROM %(until)s::timestamptz) * 1000000)
    OR EXISTS (SELECT 1 FROM workflows_tasks t WHERE t.case_id = c.id AND t.is_provisional AND t.due_at <= %(until)s))
ORDER BY c.id LIMIT %(most)s"""

_NUMBERS = "SELECT c.id, coalesce(c.case_number, '') FROM workflows_cases c WHERE c.id = ANY(%s) ORDER BY c.id"

_LATE = """
SELECT c.id, coalesce(c.case_number, '') FROM workflows_cases c
WHERE c.id IN (SELECT case_id FROM workflows_tasks WHERE next_at < %s
               UNION SELECT case_id FROM workflows_timers WHERE due_at < %s)
ORDER BY c.id LIMIT %s"""

_POSTS = """
SELECT t.org, t.unit, t.role, t.rank, min(c.id::text)::uuid, min(coalesce(c.case_number, ''))
FROM workflows_tasks t JOIN workflows_cases c ON c.id = t.case_id
WHERE t.org IS NOT NULL AND t.officer IS NULL GROUP BY 1, 2, 3, 4"""

MOST = 1000


def due_cases(driver: Driver, now: datetime, *, limit: int) -> list[CaseId]:
    """Return cases with something due, the longest overdue first."""
    params = {"now": now, "limit": limit, "most": limit * 4}
    return [CaseId(row[0]) for row in driver.execute(_DUE, params).fetchall()]


def earliest_due(driver: Driver) -> datetime | None:
    """Return the first moment at which the tick has something to fire, be it over or to come."""
    row = driver.execute(_EARLIEST).fetchone()
    return None if row is None else row[0]


def idle_cases(driver: Driver) -> list[tuple[CaseId, str]]:
    """Return open cases with neither a task nor a timer that moves them, with their numbers."""
    return [(CaseId(row[0]), row[1]) for row in driver.execute(_IDLE).fetchall()]


def torn_cases(driver: Driver) -> list[tuple[CaseId, str]]:
    """Return open cases whose rows in the queues are not those of their state."""
    return [(CaseId(row[0]), row[1]) for row in driver.execute(_TORN, (MOST,)).fetchall()]


def final_now(driver: Driver, until: datetime) -> list[CaseId]:
    """Return open cases with a provisional limit that ends until then, where the calendar is official by now."""
    return [CaseId(row[0]) for row in driver.execute(_FINAL_NOW, {"until": until, "most": MOST}).fetchall()]


def numbered(driver: Driver, cases: Sequence[CaseId]) -> list[tuple[CaseId, str]]:
    """Return cases with their numbers, those that exist."""
    return [(CaseId(row[0]), row[1]) for row in driver.execute(_NUMBERS, (list(cases),)).fetchall()]


def late_cases(driver: Driver, before: datetime) -> list[tuple[CaseId, str]]:
    """Return cases in which something was due before a moment and has not fired."""
    return [(CaseId(row[0]), row[1]) for row in driver.execute(_LATE, (before, before, MOST)).fetchall()]


def posts_with_work(driver: Driver) -> Sequence[tuple[str, str | None, str, str | None, CaseId, str]]:
    """Return every post that open team work waits for, with one case each: org, unit, role, rank, case, number."""
    return [(*row[:4], CaseId(row[4]), row[5]) for row in driver.execute(_POSTS).fetchall()]
