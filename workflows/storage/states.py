"""Keep a case's state as JSON without what people wrote: the reasons of marks lie sealed among the values."""

from collections.abc import Mapping

import orjson

from workflows.domain.commands import Mark
from workflows.domain.state import CaseState, Task
from workflows.engine import codec

_MARKS = "@marks:"


def state_json(state: CaseState) -> str:
    """Return the JSON of a state, without reasons."""
    tasks = state.tasks
    if any(task.marks for task in tasks.values()):
        state = state._replace(tasks={key: _without_reasons(task) for key, task in tasks.items()})
    return orjson.dumps(codec.dump(state)).decode()


def reasons_of(state: CaseState) -> dict[str, tuple[tuple[str, str], ...]]:
    """Return targets and reasons of marks, by the path that they are sealed under."""
    return {
        _MARKS + key: tuple((mark.target, mark.reason) for mark in task.marks)
        for key, task in state.tasks.items()
        if task.marks
    }


def state_of(text: str, values: Mapping[str, object]) -> CaseState:
    """Return the state of its JSON, with the reasons put back."""
    state = codec.load(orjson.loads(text))
    marked = {key: _with_reasons(task, values.get(_MARKS + key)) for key, task in state.tasks.items() if task.marks}
    return state._replace(tasks={**state.tasks, **marked}) if marked else state


def _without_reasons(task: Task) -> Task:
    return task._replace(marks=tuple(Mark(mark.target, "") for mark in task.marks)) if task.marks else task


def marks_of(values: Mapping[str, object], task: str) -> tuple[tuple[str, str], ...]:
    """Return targets and reasons of the marks that a task had, also when it is closed."""
    marks = values.get(_MARKS + task)
    return tuple((str(target), str(reason)) for target, reason in marks) if isinstance(marks, tuple) else ()


def _with_reasons(task: Task, marks: object) -> Task:
    if not isinstance(marks, tuple):
        return task
    return task._replace(marks=tuple(Mark(str(target), str(reason)) for target, reason in marks))
