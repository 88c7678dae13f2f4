"""Keep ratings and the follow-ups of bad ones as rows; texts lie in them sealed, and nobody's name."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from gov_portal.kernel.db import Driver
from gov_portal.kernel.ids import CaseId
from gov_portal.kernel.principal import Officer
from workflows.storage.visibility import array_of

_ADD = """
INSERT INTO workflows_ratings (id, case_id, round, item, org, region, level, reasons, key_id, sealed, at)
VALUES (%(id)s, %(case)s, %(round)s, %(item)s, %(org)s, %(region)s, %(level)s, %(reasons)s, %(key)s, %(sealed)s, %(at)s)
ON CONFLICT DO NOTHING RETURNING id"""

_FOLLOW_UP = """
INSERT INTO workflows_rating_followups (rating_id, opened_at, contact_due_on, due_on) VALUES (%s, %s, %s, %s)"""

_COLUMNS = """r.id, r.case_id, c.case_number, r.round, r.item, r.org, r.region, r.level, r.reasons::text[], r.key_id,
       r.sealed, r.at, f.contact_due_on, f.due_on, f.contacted_at, f.answered_at, f.sealed"""

_OF_CASE = f"""
SELECT {_COLUMNS} FROM workflows_ratings r JOIN workflows_cases c ON c.id = r.case_id
LEFT JOIN workflows_rating_followups f ON f.rating_id = r.id WHERE r.case_id = %s ORDER BY r.round"""  # noqa: S608 - our own columns

_OPEN = f"""
SELECT {_COLUMNS} FROM workflows_rating_followups f JOIN workflows_ratings r ON r.id = f.rating_id
JOIN workflows_cases c ON c.id = r.case_id
WHERE f.answered_at IS NULL AND r.org = %s AND r.region = %s ORDER BY f.due_on, f.opened_at, r.id LIMIT 200"""  # noqa: S608 - our own columns

_ONE = f"""
SELECT {_COLUMNS} FROM workflows_rating_followups f JOIN workflows_ratings r ON r.id = f.rating_id
JOIN workflows_cases c ON c.id = r.case_id WHERE f.rating_id = %s AND r.org = %s AND r.region = %s"""  # noqa: S608 - our own columns

_ANSWER = """
UPDATE workflows_rating_followups SET answered_at = %(at)s, answered_by = %(officer)s, sealed = %(sealed)s,
       contacted_at = COALESCE(contacted_at, %(at)s)
WHERE rating_id = %(id)s AND answered_at IS NULL RETURNING rating_id"""

_CONTACT = """
UPDATE workflows_rating_followups SET contacted_at = %(at)s
WHERE rating_id = %(id)s AND contacted_at IS NULL AND answered_at IS NULL"""

_FIGURES = """
SELECT item, org, level, count(*) FROM (
  SELECT DISTINCT ON (case_id) case_id, item, org, level FROM workflows_ratings ORDER BY case_id, round DESC) last
GROUP BY item, org, level"""

_DURATIONS = """
SELECT count(*), percentile_cont(0.5) WITHIN GROUP (ORDER BY EXTRACT(EPOCH FROM changed_at - submitted_at) / 86400)
FROM workflows_cases WHERE item = %s AND status = 'closed' AND submitted_at IS NOT NULL AND outcome <> 'withdrawn'"""

_OVERDUE = "SELECT count(*) FROM workflows_rating_followups WHERE answered_at IS NULL AND due_on < %s"


class RatingRow(NamedTuple):
    """Hold one rating with its follow-up, if it has one."""

    id: UUID
    case: UUID
    case_number: str
    round: int
    item: str
    org: str
    region: str
    level: str
    reasons: list[str]
    key: UUID
    sealed: bytes | None
    at: datetime
    contact_due_on: date | None
    due_on: date | None
    contacted_at: datetime | None
    answered_at: datetime | None
    answer: bytes | None


class FigureRow(NamedTuple):
    """Hold how often a level was given to one item of one department; only the last rating of a case counts."""

    item: str
    org: str
    level: str
    times: int


def add_rating(driver: Driver, values: dict[str, object]) -> bool:
    """Write a rating; false where the case has one of that round."""
    reasons = values["reasons"]
    assert isinstance(reasons, list)  # noqa: S101 - a list of words
    return driver.execute(_ADD, {**values, "reasons": array_of(reasons)}).fetchone() is not None


def open_follow_up(driver: Driver, rating: UUID, *, at: datetime, contact_due_on: date, due_on: date) -> None:
    """Open the follow-up of a bad rating."""
    driver.execute(_FOLLOW_UP, (rating, at, contact_due_on, due_on))


def ratings_of(driver: Driver, case: CaseId) -> Sequence[RatingRow]:
    """Return the ratings of a case, the first first."""
    return [RatingRow(*row) for row in driver.execute(_OF_CASE, (case,)).fetchall()]


def open_follow_ups(driver: Driver, by: Officer) -> Sequence[RatingRow]:
    """Return the open follow-ups of an officer's unit, the most urgent first."""
    return [RatingRow(*row) for row in driver.execute(_OPEN, (by.org, by.region)).fetchall()]


def follow_up_of(driver: Driver, rating: UUID, *, by: Officer) -> RatingRow | None:
    """Return one follow-up of an officer's unit."""
    row = driver.execute(_ONE, (rating, by.org, by.region)).fetchone()
    return None if row is None else RatingRow(*row)


def write_answer(driver: Driver, rating: UUID, *, at: datetime, by: Officer, sealed: bytes) -> bool:
    """Write the answer; false where there is one."""
    values = {"id": rating, "at": at, "officer": by.officer, "sealed": sealed}
    return driver.execute(_ANSWER, values).fetchone() is not None


def note_contact(driver: Driver, rating: UUID, *, at: datetime) -> None:
    """Note that somebody has been in touch with whoever rated; a second time changes nothing."""
    driver.execute(_CONTACT, {"id": rating, "at": at})


def figures(driver: Driver) -> Sequence[FigureRow]:
    """Return how often each level was given."""
    return [FigureRow(*row) for row in driver.execute(_FIGURES).fetchall()]


def durations(driver: Driver, item: str) -> tuple[int, float | None]:
    """Return how many cases of an item were closed, and after how many days half of them were."""
    row = driver.execute(_DURATIONS, (item,)).fetchone()
    return (0, None) if row is None else (row[0], None if row[1] is None else float(row[1]))


def count_overdue(driver: Driver, today: date) -> int:
    """Return how many follow-ups are past their day."""
    row = driver.execute(_OVERDUE, (today,)).fetchone()
    return row[0] if row else 0
