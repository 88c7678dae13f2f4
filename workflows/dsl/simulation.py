"""Run one scenario: drive the one transition function as people, departments and time would."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta

from gov_portal.kernel.errors import DomainError
from gov_portal.kernel.principal import Officer, Platform, Principal
from gov_portal.kernel.working_days import SHANGHAI, Calendar
from workflows.domain.commands import (
    ActOn,
    Begin,
    ChangeSigners,
    Command,
    Due,
    ExtendLimit,
    HandOver,
    Mark,
    Object,
    OpenAppeal,
    Result,
    ResultKind,
    ResumeCase,
    ReturnSupplement,
    ReviseBill,
    Submit,
    SuspendCase,
    Urge,
    WithdrawCase,
)
from workflows.domain.definition import (
    APPLICANT,
    CallStep,
    Definition,
    Duration,
    HumanStep,
    IssueStep,
    OpenStep,
    PayStep,
    Scenario,
    SendStep,
    Unit,
    WaitStep,
)
from workflows.domain.paying import line_path
from workflows.domain.state import ActiveStep, CaseState, Context, Effect, Happening, Status, Task, TaskKind
from workflows.dsl import people
from workflows.dsl.coverage import rows_hit
from workflows.dsl.runs import RunEntry
from workflows.dsl.samples import MATERIALS, Samples
from workflows.engine import TransitionRefused, advance
from workflows.engine.clock import SILENCE
from workflows.engine.owed import is_owed
from workflows.engine.timing import last_day

FIRST_DAY = date(2026, 3, 2)
OPENING = time(9, 0)
BEFORE_MIDNIGHT = timedelta(hours=8)
"""Who uses a full limit acts at 16:00 of its last day."""

MOST_TURNS = 400
REASON = "依据相关规定办理"
_KINDS = (
    TaskKind.WORK,
    TaskKind.VOTE,
    TaskKind.SIGN,
    TaskKind.OBJECTION,
    TaskKind.OVERDUE,
    TaskKind.PAY,
    TaskKind.APPLY,
)
"""Kinds of task that an entry with an act may mean."""

PAYMENTS = {"paid": ResultKind.DONE, "failed": ResultKind.FAILED, "unavailable": ResultKind.UNAVAILABLE}
"""What may become of a bill, as a run spells it."""

RESULTS = frozenset(kind.value for kind in ResultKind)


class RunFailed(Exception):
    """Tell that an entry of a run cannot be carried out, and why."""

    def __init__(self, entry: RunEntry | None, reason: str) -> None:
        """Keep the entry and the reason."""
        self.entry = entry
        self.reason = reason
        super().__init__(reason)


class Simulation:
    """Hold one made-up case while a scenario runs.

    A step without a stated duration takes its full limit, ending at 16:00 of the last day; calls, issues and
    deliveries answer at once, well, unless the run says otherwise.
    """

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

    def run(self) -> None:
        """Carry out all entries, then let machines finish.

        Raises:
            RunFailed: an entry cannot be carried out.
        """
        for _ in range(MOST_TURNS):
            self._acknowledge_undos()
            if self._answer_at_once():
                continue
            if self._end_next_part():
                continue
            if not self.entries:
                return
            entry = self._next_entry()
            self.entries.remove(entry)
            self._carry_out(entry)
        raise RunFailed(None, "the run does not come to an end")

    # -- which entry comes next ------------------------------------------------------------------

    def _next_entry(self) -> RunEntry:
        """Return the entry that happens first: of each open step the first one, up to the next event of the case."""
        first = self.entries[0]
        if not first.step:
            return first
        chosen: tuple[datetime, RunEntry] | None = None
        seen: set[str] = set()
        for entry in self.entries:
            if not entry.step:
                break
            if entry.step in seen:
                continue
            seen.add(entry.step)
            moment = self._moment(entry)
            if moment is not None and (chosen is None or moment < chosen[0]):
                chosen = (moment, entry)
        if chosen is None:
            opened = (
                ", ".join(active.step for active in self.state.active) or f"nothing, the case is {self.state.status}"
            )
            raise RunFailed(first, f"`{first}` cannot happen now; open is {opened}")
        return chosen[1]

    def _moment(self, entry: RunEntry) -> datetime | None:
        """Return when an entry would happen, or ``None`` where its step is not open for it."""
        if entry.after is not None and (self._is_open(entry) or self._task(entry) is not None):
            return self._after(entry.after)
        if not self.state.visits and entry.step == next(iter(self.definition.steps)):
            return self.now
        if entry.word == "elapses":
            return self._elapse_moment(entry.step)
        if isinstance(self.definition.steps.get(entry.step), OpenStep):
            return self._part_ends().get(entry.step)
        if entry.word in RESULTS or entry.word in ("objection", "arrives", "revised"):
            return self.now if self._is_open(entry) else None
        task = self._task(entry)
        if task is None:
            late = entry.word == "confirm" and self._is_open(entry)
            return self.now if late else None
        return max(self.now, task.due_at - BEFORE_MIDNIGHT) if task.due_at else self.now

    def _is_open(self, entry: RunEntry) -> bool:
        if entry.step in self.state.visits and entry.word in RESULTS and self.state.status is Status.CLOSED:
            return True
        return any(active.step == entry.step for active in self.state.active) or not self.state.visits

    def _elapse_moment(self, step: str) -> datetime | None:
        dues = [
            timer.due_at
            for timer in self.state.timers.values()
            if timer.key.startswith((f"due:{step}.", f"wait:{step}."))
        ]
        return max(self.now, min(dues)) if dues else None

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

    def _task(self, entry: RunEntry) -> Task | None:
        """Return the open task that an entry is about."""
        kinds = {
            "returned": (TaskKind.SUPPLEMENT,),
            "confirm": (TaskKind.RAISED,),
        }.get(entry.word, _KINDS)
        signer = entry.options.get("signer")
        found = [t for t in self.state.tasks.values() if t.step == entry.step and t.kind in kinds]
        return next((t for t in found if signer is None or t.key.endswith(f".{signer}")), None)

    # -- what machines do by themselves --------------------------------------------------------------

    def _acknowledge_undos(self) -> None:
        while self.state.pending_undos and self.state.status is not Status.SUSPENDED:
            step, visit = self.state.pending_undos[0]
            self._send(Result(step, visit, ResultKind.DONE, is_undo=True), Platform())

    def _answer_at_once(self) -> bool:
        """Let the first open machine that the run does not speak of succeed; return whether there was one."""
        if self.state.status is not Status.OPEN:
            return False
        named = {entry.step for entry in self.entries}
        for active in self.state.active:
            step = self.definition.steps[active.step]
            tasks = [task for task in self.state.tasks.values() if task.step == active.step]
            if isinstance(step, PayStep) and self._needs_bill(active):
                self._send(Result(active.step, active.visit, ResultKind.FOUND), Platform())
                return True
            if active.step in named or any(task.kind in (TaskKind.RAISED, TaskKind.OVERDUE) for task in tasks):
                continue
            if isinstance(step, WaitStep) and step.message:
                self._arrive(RunEntry(active.step, "arrives", step.at))
                return True
            if not isinstance(step, CallStep | IssueStep | SendStep):
                continue
            if tasks:
                self._work(tasks[0], RunEntry(active.step, "done", step.at))
                return True
            kind = ResultKind.FOUND if isinstance(step, CallStep) else ResultKind.DONE
            self._send(Result(active.step, active.visit, kind), Platform())
            return True
        return False

    def _revise(self, entry: RunEntry) -> None:
        """Let an officer halve the first line of a bill."""
        step = self.definition.steps[entry.step]
        if not isinstance(step, PayStep) or step.revise is None:
            raise RunFailed(entry, f"`{entry.step}` lets nobody correct its bill: it has no `revise`")
        paths = {number: line_path(step.id, number) for number in range(1, len(step.lines) + 1)}
        first = next(number for number, path in paths.items() if self.values.get(path))
        half = int(str(self.values[paths[first]])) // 2
        self._send(ReviseBill(step.id, ((first, half),), REASON), self._holder(step.revise), entry)

    def _needs_bill(self, active: ActiveStep) -> bool:
        """Tell whether the payment department has yet to take a bill, and the run does not say that it is down."""
        word = next((entry.word for entry in self.entries if entry.step == active.step), "")
        return (active.step, active.visit) not in self.state.issued and word != ResultKind.UNAVAILABLE

    def _part_ends(self) -> dict[str, datetime]:
        """Return when each opened case of another item is closed: on the last day of what it promises."""
        found = {}
        for active in self.state.active:
            step = self.definition.steps[active.step]
            if isinstance(step, OpenStep) and active.attempts and step.limit is not None:
                last = last_day(self.calendar, active.entered_on, step.limit)
                found[step.id] = max(self.now, self.calendar.end_of_day(last.on) - BEFORE_MIDNIGHT)
        return found

    def _end_next_part(self) -> bool:
        """Let an opened case of which the run says nothing end well, unless something else comes before."""
        named = {entry.step for entry in self.entries}
        ends = {name: end for name, end in self._part_ends().items() if name not in named}
        first = min(ends, key=lambda name: ends[name], default="")
        if not first or self.state.status is not Status.OPEN:
            return False
        moments = [self._moment(entry) if entry.step else self._event_moment(entry) for entry in self.entries]
        if any(moment is not None and moment <= ends[first] for moment in moments):
            return False
        self.now = ends[first]
        self._result(RunEntry(first, ResultKind.DONE.value, self.definition.steps[first].at))
        return True

    def _event_moment(self, entry: RunEntry) -> datetime:
        return self._after(entry.after) if entry.after is not None else self.now

    # -- carrying out one entry ------------------------------------------------------------------------

    def _carry_out(self, entry: RunEntry) -> None:
        if not entry.step:
            self._event(entry)
        elif not self.state.visits:
            self._apply(entry)
        elif entry.word == "elapses":
            self.now = self._elapse_moment(entry.step) or self.now
            self._send(Due(), Platform())
        elif entry.word == "revised":
            self._pass(entry)
            self._revise(entry)
        elif entry.word in PAYMENTS and isinstance(self.definition.steps[entry.step], PayStep):
            self._pass(entry)
            visit = self.state.visits.get(entry.step, 0)
            self._send(Result(entry.step, visit, PAYMENTS[entry.word]), Platform(), entry)
        elif entry.word in RESULTS and self._task(entry) is None:
            self._result(entry)
        elif entry.word == "objection":
            self._pass(entry)
            self._send(Object(entry.step, "对公示内容有异议", people.neighbour().person), people.neighbour())
        elif entry.word == "arrives":
            self._pass(entry)
            self._arrive(entry)
        elif entry.word == "confirm" and self._task(entry) is None:
            self._fail_until_raised(entry)
        else:
            self._task_entry(entry)

    def _pass(self, entry: RunEntry) -> None:
        moment = self._moment(entry)
        self.now = max(self.now, moment) if moment else self.now

    def _apply(self, entry: RunEntry) -> None:
        if entry.after is not None:
            self.now = self._after(entry.after)
        prefilled, typed = self.samples.application(today=self.calendar.local_date(self.now))
        about = people.licence_id() if self.definition.start.about else None
        self._send(Begin(prefilled, about), self.applicant)
        declared = self.definition.fields
        self.values.update((path, value) for path, value in entry.fields.items() if path not in declared)
        stated = {path: value for path, value in entry.fields.items() if path in declared}
        self._send(Submit({**typed, **stated}), self.applicant)

    def _result(self, entry: RunEntry) -> None:
        self._pass(entry)
        visit = self.state.visits.get(entry.step, 0)
        step, kind = self.definition.steps[entry.step], ResultKind(entry.word)
        fields = entry.fields
        if isinstance(step, OpenStep) and kind is ResultKind.DONE:
            fields = self.samples.fill(step.gives, entry.fields)
        self._send(Result(entry.step, visit, kind, fields), Platform())

    def _arrive(self, entry: RunEntry) -> None:
        step = self.definition.steps[entry.step]
        fields = self.samples.message(step, entry.fields) if isinstance(step, WaitStep) else {}
        visit = self.state.visits.get(entry.step, 0)
        self._send(Result(entry.step, visit, ResultKind.DONE, fields), Platform(), entry)

    def _fail_until_raised(self, entry: RunEntry) -> None:
        kind = ResultKind.UNAVAILABLE if isinstance(self.definition.steps[entry.step], CallStep) else ResultKind.FAILED
        for _ in range(60):
            if self._task(entry) is not None:
                self._task_entry(entry)
                return
            self._send(Result(entry.step, self.state.visits.get(entry.step, 0), kind), Platform())
        raise RunFailed(entry, f"`{entry}`: nothing is raised for a human")

    def _task_entry(self, entry: RunEntry) -> None:
        task = self._task(entry)
        if task is None:
            raise RunFailed(entry, f"`{entry}`: there is no such task now")
        self._pass(entry)
        if task.kind is TaskKind.SUPPLEMENT:
            self._return_supplement(task, entry)
        else:
            self._work(task, entry)

    def _return_supplement(self, task: Task, entry: RunEntry) -> None:
        """Hand in the marked fields, and what a changed let now requires."""
        fields = dict(entry.fields)
        for mark in task.marks:
            path = mark.target if mark.target in self.definition.fields else MATERIALS + mark.target
            fields.setdefault(path, self.samples.of(mark.target))
        if is_owed(task):
            self._send(ReturnSupplement(task.key, fields), self.applicant)
            return
        after = Samples(self.definition, {**self.samples.given, **self.values, **fields})
        for path, value in {k: v for part in after.application(today=self._today()) for k, v in part.items()}.items():
            if self.values.get(path) is None:
                fields.setdefault(path, value)
        self._send(ReturnSupplement(task.key, fields), self.applicant)

    def _today(self) -> date:
        return self.calendar.local_date(self.now)

    def _work(self, task: Task, entry: RunEntry) -> None:
        step = self.definition.steps[entry.step]
        fields = dict(entry.fields)
        act = None
        if isinstance(step, HumanStep) and task.kind in (TaskKind.WORK, TaskKind.SIGN):
            act = step.act(entry.word)
            goes_on = act is None or not (act.end or act.back or act.ask)
            wanted = (*(step.fill if goes_on else ()), *(act.fill if act else ()))
            fields = self.samples.fill(wanted, entry.fields)
        marks = tuple(Mark(target, "请补充完整") for target in entry.marks)
        if act is not None and act.ask is not None and not marks:
            first = next(page.fields[0].path for page in self.definition.pages)
            marks = (Mark(first, "请补充完整"),)
        command = ActOn(task.key, entry.word or "done", fields, REASON, marks)
        refused: TransitionRefused | None = None
        is_citizens = task.role in self.definition.citizens
        for actor in [self.applicant] if is_citizens else people.candidates(task):
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

    def _event(self, entry: RunEntry) -> None:
        if entry.after is not None:
            self.now = self._after(entry.after)
        any_time = self.definition.anytime
        match entry.word:
            case "withdraw":
                self._send(WithdrawCase(REASON), self.applicant, entry)
            case "urge":
                self._send(Urge(), self.applicant, entry)
            case "appeal":
                self._send(OpenAppeal(people.case_id("appeal")), self.applicant, entry)
            case "extend" if any_time.extend:
                self._send(ExtendLimit(REASON), self._holder(any_time.extend.by), entry)
            case "suspend" if any_time.suspend:
                ground = entry.options.get("ground", any_time.suspend.grounds[0].ground)
                self._send(SuspendCase(ground, REASON), self._holder(any_time.suspend.by[0]), entry)
            case "resume" if any_time.suspend:
                self._send(ResumeCase(REASON), self._holder(any_time.suspend.by[0]), entry)
            case "hand_over":
                self._hand_over(entry)
            case "signers" if any_time.signers:
                names = {key: entry.options.get(key, "") for key in ("step", "add", "remove")}
                self._send(ChangeSigners(**names, reason=REASON), self._holder(any_time.signers.by[0]), entry)
            case "elapses" if SILENCE in self.state.timers:
                self.now = max(self.now, self.state.timers[SILENCE].due_at)
                self._send(Due(), Platform(), entry)
            case "elapses":
                raise RunFailed(entry, "no limit of the case runs whose end decides")
            case "pass":
                self._send(Due(), Platform(), entry)
            case other:
                raise RunFailed(entry, f"the item has no `{other}` under `anytime`")

    def _holder(self, role: str) -> Officer:
        near = self.definition.roles[role].near
        region = self.values.get(near) if near else None
        return people.post_holder(self.definition, role, str(region) if region else None)

    def _hand_over(self, entry: RunEntry) -> None:
        allowed = self.definition.anytime.hand_over
        task = next((t for t in self.state.tasks.values() if t.role in allowed), None)
        task = task or next((t for t in self.state.tasks.values() if t.kind is TaskKind.WORK), None)
        if task is None:
            raise RunFailed(entry, "there is no task to hand over")
        holder = people.candidates(task)[0]
        self._send(HandOver(task.key, people.officer_id(task.role, 2), REASON), holder, entry)

    # -- one command --------------------------------------------------------------------------------------

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


def visited(happenings: list[Happening]) -> Mapping[str, int]:
    """Return how often each step was entered or decided."""
    found: dict[str, int] = {}
    for happening in happenings:
        if happening.kind in ("entered", "decided", "begun"):
            found[happening.step] = max(found.get(happening.step, 0), happening.visit)
    return found
