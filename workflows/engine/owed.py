"""Let papers follow after the submission (容缺受理), and hold the case where it needs them."""

from collections.abc import Mapping

from workflows.domain.commands import Mark
from workflows.domain.definition import APPLICANT, Act
from workflows.domain.state import Status, Task, TaskKind
from workflows.domain.subject import deferred_path, promised_path
from workflows.engine.closing import close_case, drop_task, undo_issued
from workflows.engine.entering import Work, open_task
from workflows.engine.plan import Place
from workflows.engine.refusals import FieldMissing, FieldNotHere, MaterialOwed
from workflows.engine.run import Run

MATERIALS = "materials."
REASON = "容缺后补"
_SUFFIX = ".owed"


def is_owed(task: Task) -> bool:
    """Tell whether a task is that of the papers which follow."""
    return task.kind is TaskKind.SUPPLEMENT and task.key.endswith(_SUFFIX)


def freeze_stand_ins(run: Run) -> None:
    """Write down for each paper, true or false, whether a promise stands for it and whether it follows."""
    papers = run.plan.definition.papers
    if not papers.promisable and not papers.deferrable:
        return
    wanted = [material.id for material in run.plan.definition.materials if _is_wanting(run, material.id)]
    for material in papers.promisable:
        run.writes[promised_path(material)] = material in wanted and run.values.get(promised_path(material)) is True
    for material in papers.deferrable:
        is_promised = run.values.get(promised_path(material)) is True
        is_deferred = material in wanted and run.values.get(deferred_path(material)) is True and not is_promised
        run.writes[deferred_path(material)] = is_deferred


def _is_wanting(run: Run, material: str) -> bool:
    return run.values.get(MATERIALS + material) is None


def await_owed(run: Run) -> None:
    """Open the applicant's task for the papers that follow, beside the flow; it ends with them or with the case."""
    rule = run.plan.definition.papers.provisional
    if rule is None or run.status is not Status.OPEN:
        return
    owed = [material for material in rule.materials if run.values.get(deferred_path(material)) is True]
    if owed:
        place = run.plan.first
        key = f"{place.id}.{run.visits[place.id]}{_SUFFIX}"
        marks = tuple(Mark(material, REASON) for material in owed)
        open_task(
            run,
            place,
            Work(key, TaskKind.SUPPLEMENT, APPLICANT, rule.within, ("return",), marks=marks, is_acting=True),
        )
        run.happen("owed", place.id, run.visits[place.id], marks=owed)
        run.tell("case.owed", place.id, run.visits[place.id])


def hand_in(run: Run, task: Task, fields: Mapping[str, object]) -> None:
    """Take papers in that were to follow; what is still wanting stays due when it was.

    Raises:
        FieldNotHere: something else was handed in.
        FieldMissing: nothing was.
    """
    wanted = {MATERIALS + mark.target: mark for mark in task.marks}
    for path in fields:
        if path not in wanted:
            raise FieldNotHere(field=path)
    run.writes.update(fields)
    came = [mark for path, mark in wanted.items() if run.values.get(path) is not None]
    if not came:
        raise FieldMissing([mark.target for mark in task.marks])
    run.writes.update((deferred_path(mark.target), False) for mark in came)
    run.happen("followed", task.step, task.visit, changed=[MATERIALS + mark.target for mark in came])
    rest = tuple(mark for mark in task.marks if mark not in came)
    if rest:
        run.tasks[task.key] = task._replace(marks=rest)
    else:
        drop_task(run, task)


def lapse(run: Run, task: Task) -> None:
    """Close the case because a paper did not follow in time: with the outcome that the item names."""
    rule = run.plan.definition.papers.provisional
    if rule is not None:
        run.happen("elapsed", task.step, task.visit)
        undo_issued(run, (), from_index=0)
        close_case(run, rule.late, step=task.step)


def check_owed(run: Run, place: Place, act: Act | None) -> None:
    """Refuse to go on from the step that needs the papers.

    Raises:
        MaterialOwed: one has not come yet.
    """
    rule = run.plan.definition.papers.provisional
    if rule is None or rule.before != place.id or (act is not None and (act.end or act.back or act.ask)):
        return
    owed = [mark.target for task in run.tasks.values() if is_owed(task) for mark in task.marks]
    if owed:
        raise MaterialOwed(material=owed[0])


def note_broken(run: Run, place: Place, act: Act) -> None:
    """Write down that an officer found a promise broken, and undo what was issued on it where that ends the case."""
    rule = run.plan.definition.papers.commitment
    if rule is not None and (rule.check, rule.broken) == (place.id, act.id):
        broken = [material for material in rule.materials if run.values.get(promised_path(material)) is True]
        if broken:
            run.happen("promise-broken", place.id, run.visits[place.id], marks=broken)
            run.tell("case.promise-broken", place.id, run.visits[place.id])
            if act.end is not None:
                undo_issued(run, (), from_index=0)
