"""Tell somebody at a terminal where a made-up case stands, and understand what they want to happen; pure."""

import re
from collections.abc import Iterator
from dataclasses import replace

from gov_portal.kernel.types import ValueRefused
from workflows.domain.definition import Duration, Unit
from workflows.domain.state import Status
from workflows.dsl.made_up import RunFailed
from workflows.dsl.runs import EVENTS, RunEntry
from workflows.dsl.walking import Walk
from workflows.engine.clock import explain

_AFTER = re.compile(r"after ([1-9][0-9]{0,3})(h|wd|d|w|mo|y)\Z")
_FIELD = re.compile(r"([a-z_][\w.]*)=(\S*)")


class NotUnderstood(Exception):
    """Tell what of a line means nothing here."""


class Talk:
    """Hold a walk and the words about it."""

    def __init__(self, walk: Walk) -> None:
        """Begin before the application."""
        self.walk = walk
        self._after: Duration | None = None
        self._said: list[str] = []

    @property
    def is_open(self) -> bool:
        """Tell whether anything can still happen."""
        return self.walk.state.status is not Status.CLOSED

    def told(self) -> Iterator[str]:
        """Yield where the case stands and what may happen next, with numbers to choose by."""
        walk = self.walk
        if walk.state.status is Status.CLOSED:
            yield f"{self._moment()}  closed: {walk.definition.label(f'outcome.{walk.state.outcome}')}"
            return
        yield f"{self._moment()}  {walk.state.status.value}, {walk.state.phase.value}{self._clock()}"
        for task in walk.state.tasks.values():
            due = f", due {walk.calendar.local_date(task.due_at)}" if task.due_at else ""
            yield f"  {task.key}: {walk.definition.label(f'step.{task.step}')} ({task.role}{due})"
        for number, entry in enumerate(walk.choices(), start=1):
            yield f"  {number}) {entry}"
        events = ", ".join(sorted(EVENTS))
        yield f"  or: STEP.WORD field=value …, after 3wd, {events}, quit"

    def hear(self, line: str) -> Iterator[str]:
        """Let happen what a line asks for, and yield what came of it; what is not understood changes nothing."""
        after = _AFTER.match(line)
        if after:
            self._after = Duration(int(after[1]), Unit(after[2]))
            yield f"  the next thing happens after {self._after}"
            return
        try:
            entry = self._entry(line)
        except NotUnderstood as why:
            yield f"  {why}"
            return
        if entry is None:
            yield f"  `{line}` is none of the choices: write a number, or STEP.WORD as it is shown"
            return
        known = len(self.walk.happenings)
        branch = self.walk.branch()
        try:
            branch.play(entry)
        except RunFailed as failed:
            yield f"  {failed.reason}"
            return
        self.walk, self._after = branch, None
        self._said.append(_written(entry))
        for happening in branch.happenings[known:]:
            detail = "".join(f" {value}" for value in happening.detail.values() if isinstance(value, str))
            yield f"  · {happening.kind} {happening.step}{detail}".rstrip()
        yield from self.told()

    def run_line(self) -> str:
        """Return the walk as a scenario's ``run``."""
        return f"run: [{', '.join(self._said)}]"

    def _entry(self, line: str) -> RunEntry | None:
        """Return the entry that a line means, or ``None``.

        Raises:
            NotUnderstood: there is no such field, or a value does not fit it.
        """
        name, _, rest = line.partition(" ")
        choices = self.walk.choices()
        found: RunEntry | None = None
        if name.isdigit() and 1 <= int(name) <= len(choices):
            found = choices[int(name) - 1]
        elif name in EVENTS:
            found = RunEntry("", name, next(iter(self.walk.definition.steps.values())).at)
        else:
            found = next((one for one in choices if str(one) == name), None)
        if found is None:
            return None
        return replace(found, fields=self._fields(rest), after=self._after)

    def _fields(self, text: str) -> dict[str, object]:
        values: dict[str, object] = {}
        for path, raw in _FIELD.findall(text):
            declared = self.walk.definition.fields.get(path)
            if declared is None:
                raise NotUnderstood(f"there is no field {path}")
            try:
                values[path] = declared.type.parse(raw)
            except ValueRefused as refused:
                raise NotUnderstood(f"{path} is {declared.type.name}: {refused.code}") from refused
        return values

    def _moment(self) -> str:
        return str(self.walk.calendar.local_date(self.walk.now))

    def _clock(self) -> str:
        walk = self.walk
        clock = explain(walk.definition, walk.state, now=walk.now, calendar=walk.calendar)
        if clock.started_on is None:
            return ""
        standing = f" (stands: {clock.standing.ground})" if clock.standing else ""
        return f", day {clock.used_working_days} of {clock.promised_working_days}, due {clock.due_on}{standing}"


def _written(entry: RunEntry) -> str:
    fields = ", ".join(f"{path}: {value}" for path, value in entry.fields.items())
    said = f"{{{entry}: {{{fields}}}}}" if fields else str(entry)
    return f"{{after: {entry.after}}}, {said}" if entry.after else said
