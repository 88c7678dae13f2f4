"""Hold one made-up case: who gives a command when, and what came of it."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta

from gov_portal.kernel.errors import DomainError
from gov_portal.kernel.principal import Officer, Principal
from gov_portal.kernel.working_days import SHANGHAI, Calendar
from workflows.domain.commands import Command
from workflows.domain.definition import APPLICANT, Definition, Duration, Scenario, Unit
from workflows.domain.state import CaseState, Context, Effect, Happening, Task, TaskKind
from workflows.dsl import people
from workflows.dsl.coverage import rows_hit
from workflows.dsl.runs import RunEntry
from workflows.dsl.samples import Samples
from workflows.engine import TransitionRefused, advance

FIRST_DAY = date(2026, 3, 2)
OPENING = time(9, 0)
REASON = "依据相关规定办理"


class RunFailed(Exception):
    """Tell that an entry of a run cannot be carried out, and why."""

    def __init__(self, entry: RunEntry | None, reason: str) -> None:
        """Keep the entry and the reason."""
        self.entry = entry
        self.reason = reason
        super().__init__(reason)


class MadeUpCase:
    """Hold a case that no department and no person is behind."""

    def __init__(self, definition: Definition, scenario: Scenario, calendar: Calendar) -> None:
        """Begin with an empty case on the scenario's first day."""
        given = {path: value for path, value in scenario.given.items() if "." in path}
        start = scenario.given.get("start")
        first_day = start if isinstance(start, date) else FIRST_DAY
        self.definition = definition
        self.calendar = calendar
        self.samples = Samples(definition, given)
        self.entries: list[RunEntry] = [entry for entry in scenario.run if isinstance(entry, RunEntry)]
        self.now = datetime.combine(first_day, OPENING, SHANGHAI).astimezone(UTC)
        self.case = people.case_id(scenario.id)
        self.state = CaseState()
        self.values: dict[str, object] = {}
        self.happenings: list[Happening] = []
        self.effects: list[Effect] = []
        self.rows: set[tuple[str, int]] = set()
        self.applicant = people.applicant(definition)

    def _tasks_at(self, step: str) -> list[Task]:
        """Return the work of a step itself, without what is asked about it."""
        return [task for task in self.state.tasks.values() if task.step == step and task.kind is not TaskKind.CONSULT]

    def _after(self, span: Duration) -> datetime:
        """Return the morning on which a stated time after the last entry is over; hours are counted exactly."""
        if span.unit is Unit.HOUR:
            return self.now + timedelta(hours=span.amount)
        today = self.calendar.local_date(self.now)
        if span.unit is Unit.WORKING_DAY:
            day = self.calendar.add_working_days(today, span.amount).on
        else:
            per = {Unit.DAY: 1, Unit.WEEK: 7, Unit.MONTH: 30, Unit.YEAR: 365}[span.unit]
            day = today + timedelta(days=span.amount * per)
        return datetime.combine(day, OPENING, SHANGHAI).astimezone(UTC)

    def _today(self) -> date:
        return self.calendar.local_date(self.now)

    def _holder(self, role: str) -> Officer:
        near = self.definition.roles[role].near
        region = self.values.get(near) if near else None
        return people.post_holder(self.definition, role, str(region) if region else None)

    def _by_somebody(self, command: Command, task: Task, entry: RunEntry) -> None:
        """Give a command as the first officer of a task who may; colleagues whom four eyes keep off stand back.

        Raises:
            RunFailed: it is refused to everybody, or for another reason.
        """
        is_citizens = task.role in self.definition.citizens
        actors: Iterable[Principal] = [self.applicant] if is_citizens else people.candidates(task)
        refused: TransitionRefused | None = None
        for actor in actors:
            try:
                self._try(command, actor, standing=task.role if is_citizens else APPLICANT)
            except TransitionRefused as error:
                if error.code not in ("case.four-eyes", "case.not-your-task"):
                    raise RunFailed(entry, f"`{entry}` is refused: {error.code}") from error
                refused = error
            else:
                return
        raise RunFailed(
            entry, f"`{entry}`: no officer may do it ({refused.code if refused else 'nobody holds the post'})"
        )

    def _send(self, command: Command, actor: Principal, entry: RunEntry | None = None) -> None:
        try:
            self._try(command, actor)
        except DomainError as error:
            name = f"`{entry}`" if entry else type(command).__name__
            raise RunFailed(
                entry, f"{name} is refused: {error.code}{f' ({error.field})' if error.field else ''}"
            ) from error

    def _try(self, command: Command, actor: Principal, *, standing: str = APPLICANT) -> None:
        context = Context(self.case, self.now, actor, self.calendar, self.values, people.colleagues, standing=standing)
        transition = advance(self.definition, self.state, command, context)
        self.state = transition.state
        self.values.update(transition.writes)
        self.happenings.extend(transition.happenings)
        self.effects.extend(transition.effects)
        self.rows |= rows_hit(self.definition, transition.happenings, self.values)
