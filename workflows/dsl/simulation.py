"""Run one scenario: drive the one transition function as people, departments and time would."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from gov_portal.kernel.principal import Platform
from workflows.domain.commands import (
    ActOn,
    Begin,
    Due,
    Mark,
    Object,
    Result,
    ResultKind,
    ReturnSupplement,
    ReviseBill,
    Submit,
)
from workflows.domain.definition import (
    CallStep,
    HumanStep,
    IssueStep,
    OpenStep,
    PayStep,
    SendStep,
    WaitStep,
)
from workflows.domain.paying import line_path
from workflows.domain.state import ActiveStep, Happening, Status, Task, TaskKind
from workflows.dsl import people
from workflows.dsl.beside import Beside
from workflows.dsl.made_up import REASON, RunFailed
from workflows.dsl.runs import RunEntry
from workflows.dsl.samples import MATERIALS, Samples
from workflows.engine.owed import is_owed
from workflows.engine.timing import last_day

FIRST_DAY = date(2026, 3, 2)
OPENING = time(9, 0)
BEFORE_MIDNIGHT = timedelta(hours=8)
"""Who uses a full limit acts at 16:00 of its last day."""

MOST_TURNS = 400
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


class Simulation(Beside):
    """Hold one made-up case while a scenario runs.

    A step without a stated duration takes its full limit, ending at 16:00 of the last day; calls, issues and
    deliveries answer at once, well, unless the run says otherwise.
    """

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
            due_at for key, due_at in self.state.timers.items() if key.startswith((f"due:{step}.", f"wait:{step}."))
        ]
        return max(self.now, min(dues)) if dues else None

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
            tasks = self._tasks_at(active.step)
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
        self._by_somebody(command, task, entry)


def visited(happenings: list[Happening]) -> Mapping[str, int]:
    """Return how often each step was entered or decided."""
    found: dict[str, int] = {}
    for happening in happenings:
        if happening.kind in ("entered", "decided", "begun"):
            found[happening.step] = max(found.get(happening.step, 0), happening.visit)
    return found
