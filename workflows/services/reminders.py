"""Find what applicants should be reminded of before it is too late."""

from dataclasses import dataclass
from datetime import date, timedelta

from gov_portal.kernel.ids import CaseId, PersonId
from workflows.domain.definition import Definition, HumanStep
from workflows.services.desk import Service

_DUE_SQL = """
SELECT t.case_id, t.key, t.due_at, c.case_number, c.item, c.definition_hash, c.begun_by
FROM workflows_tasks t JOIN workflows_cases c ON c.id = t.case_id
WHERE t.kind = 'supplement' AND t.due_at > %s AND t.due_at <= %s ORDER BY t.due_at"""
_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class SupplementDue:
    """Name a supplement (补正) that is due soon, and whom to remind; ``task`` tells it from the case's others."""

    case: CaseId
    task: str
    case_number: str
    item_name: str
    person: PersonId
    due_on: date


class Reminders(Service):
    """Look ahead."""

    def today(self) -> date:
        """Return the business day."""
        return self._desk.calendar.local_date(self._desk.clock.now())

    def supplements_due(self, within: timedelta) -> list[SupplementDue]:
        """Return the supplements that are due within a span from now on, the nearest first; by one statement."""
        now = self._desk.clock.now()
        with self._desk.db.driver() as driver:
            rows = driver.execute(_DUE_SQL, (now, now + within)).fetchall()
        return [
            SupplementDue(
                case=CaseId(case),
                task=task,
                case_number=number or "",
                item_name=self._desk.definitions.by_hash(digest).facts.name,
                person=PersonId(person),
                # A limit ends with its last day, at midnight.
                due_on=self._desk.calendar.local_date(due_at - _INSTANT),
            )
            for case, task, due_at, number, _, digest, person in rows
            if not _reminds_itself(self._desk.definitions.by_hash(digest), task)
        ]


def _reminds_itself(definition: Definition, task: str) -> bool:
    """Tell whether the item says by itself when a supplement is to be reminded of."""
    step = definition.steps.get(task.partition(".")[0])
    return isinstance(step, HumanStep) and any(act.ask is not None and act.ask.remind for act in step.acts)
