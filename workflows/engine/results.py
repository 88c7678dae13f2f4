"""Apply the results of calls, issues, deliveries, opened cases, undos and messages: early, late or failed."""

from workflows.domain.commands import Result, ResultKind
from workflows.domain.definition import CallStep, IssueStep, Lane, OpenStep, SendStep, Step, WaitStep
from workflows.domain.paying import PayStep
from workflows.domain.state import ActiveStep, Status
from workflows.engine.closing import MAX_UNDO_ATTEMPTS, UNDO_FAILED, ask_undo, drop_task, queue_undos, undo_of
from workflows.engine.entering import complete
from workflows.engine.messages import take_message
from workflows.engine.part_results import apply_part
from workflows.engine.paying import apply_payment
from workflows.engine.plan import Place
from workflows.engine.raised import acknowledge_undo, ask_again, raise_task, raise_undo
from workflows.engine.refusals import CaseNotOpen, ResultUnknown
from workflows.engine.run import Run

BACK_OFF_S = (2, 10, 60, 300, 900)
"""Seconds of real time before each further attempt; the last is repeated."""

ISSUE_RETRIES = 5

HELD = "@held"
"""Suffix of the path under which a held result's field lies until the case goes on."""

_GOOD = (ResultKind.FOUND, ResultKind.DONE)


def apply_result(run: Run, result: Result) -> None:
    """Apply a result to its visit; hold it while the case is suspended; undo or drop it when it comes too late.

    Raises:
        ResultUnknown: the item has no such step.
        CaseNotOpen: a draft has no results.
    """
    place = run.plan.places.get(result.step)
    if place is None or not _has_results(place.step):
        raise ResultUnknown(step=result.step)
    if run.status is Status.DRAFT:
        raise CaseNotOpen
    if run.status is Status.SUSPENDED:
        _hold(run, result)
        return
    if result.is_undo:
        _apply_undo(run, result)
        return
    active = run.active.get(result.step)
    if active is None or active.visit != result.visit or run.status is Status.CLOSED:
        _apply_late(run, place, result)
    elif isinstance(place.step, PayStep):
        apply_payment(run, place, active=active, result=result)
    elif isinstance(place.step, OpenStep):
        apply_part(run, place, step=place.step, active=active, result=result)
    elif isinstance(place.step, WaitStep):
        take_message(run, place, place.step, active=active, result=result)
    elif isinstance(place.step, CallStep):
        _apply_call(run, place, step=place.step, active=active, result=result)
    else:
        _apply_work(run, place, active=active, result=result)


def _has_results(step: Step) -> bool:
    if isinstance(step, WaitStep):
        return step.message is not None
    return isinstance(step, CallStep | IssueStep | SendStep | OpenStep | PayStep)


def release_held(run: Run) -> None:
    """Apply the results that arrived while the case was suspended, in their order."""
    held, run.held_results = run.held_results, ()
    for entry in held:
        paths = entry["paths"]
        fields = {path: run.values.get(path + HELD) for path in paths} if isinstance(paths, list | tuple) else {}
        result = Result(
            str(entry["step"]),
            int(str(entry["visit"])),
            ResultKind(str(entry["kind"])),
            fields,
            is_undo=entry["is_undo"] is True,
        )
        apply_result(run, result)


def _hold(run: Run, result: Result) -> None:
    # Values go where they are sealed; the state itself holds names only.
    run.writes.update((path + HELD, value) for path, value in result.fields.items())
    entry = {
        "step": result.step,
        "visit": result.visit,
        "kind": result.kind.value,
        "paths": list(result.fields),
        "is_undo": result.is_undo,
    }
    run.held_results = (*run.held_results, entry)
    run.happen("held", result.step, result.visit, result=result.kind.value)


def _apply_call(run: Run, place: Place, *, step: CallStep, active: ActiveStep, result: Result) -> None:
    kind = result.kind
    if kind is ResultKind.UNAVAILABLE:
        if not has_raised(run, place):
            _retry(run, place, active=active, retries=step.retry, lane=step.unavailable)
        return
    _become_available(run, place, active)
    run.happen("answered", place.id, active.visit, result=str(kind))
    if kind in _GOOD:
        _write(run, place, result)
        if step.undo:
            run.issued = (*run.issued, (place.id, active.visit))
        complete(run, place)
        return
    lane = {ResultKind.ABSENT: step.absent, ResultKind.MISMATCH: step.mismatch}.get(kind, step.unavailable)
    if lane is None and kind is not ResultKind.FAILED:
        complete(run, place)
    else:
        # An unknown result goes to a human, never to a retry.
        raise_task(run, place, lane=lane or step.mismatch or step.absent, reason=kind.value)


def _apply_work(run: Run, place: Place, *, active: ActiveStep, result: Result) -> None:
    if result.kind not in _GOOD:
        if not has_raised(run, place):
            _retry(run, place, active=active, retries=ISSUE_RETRIES, lane=None)
        return
    _become_available(run, place, active)
    _write(run, place, result)
    if isinstance(place.step, IssueStep):
        run.issued = (*run.issued, (place.id, active.visit))
        word = "revoked" if place.step.is_revoking else "replaced" if place.step.is_replacing else "issued"
        run.happen(word, place.id, active.visit, licence=place.step.licence)
    else:
        run.happen("delivered", place.id, active.visit)
    complete(run, place)


def has_raised(run: Run, place: Place) -> bool:
    """Tell whether a raised task of the step is open already."""
    return bool(run.tasks_at(place.id))


def _retry(run: Run, place: Place, *, active: ActiveStep, retries: int, lane: Lane | None) -> None:
    """Try again with back-off and say so once; then raise a task, or go on where the item says nothing."""
    if not active.is_unavailable:
        run.happen("unavailable", place.id, active.visit)
        run.tell("case.unavailable", place.id, active.visit)
        run.disarm(f"{place.id}.{active.visit}")
    if active.attempts <= retries:
        delay_s = BACK_OFF_S[min(active.attempts, len(BACK_OFF_S)) - 1]
        active = run.active[place.id] = active._replace(attempts=active.attempts + 1, is_unavailable=True)
        ask_again(run, place, active, delay_s=delay_s)
    elif lane is None and isinstance(place.step, CallStep):
        complete(run, place)
    else:
        run.active[place.id] = active._replace(is_unavailable=True)
        raise_task(run, place, lane=lane, reason="unavailable" if isinstance(place.step, CallStep) else "failed")


def _become_available(run: Run, place: Place, active: ActiveStep) -> None:
    if active.is_unavailable:
        run.active[place.id] = active._replace(is_unavailable=False)
        run.happen("available", place.id, active.visit)
        run.tell("case.available", place.id, active.visit)


def _write(run: Run, place: Place, result: Result) -> None:
    """Write what a result brings: fields that the item declares, and facts of the step itself."""
    declared = run.plan.definition.fields
    own = place.id + "."
    for path, value in result.fields.items():
        if path in declared or path.startswith(own):
            run.writes[path] = value


def _apply_late(run: Run, place: Place, result: Result) -> None:
    """Undo what came for a cancelled visit, or record and drop it; a second copy of a result changes nothing."""
    job = (result.step, result.visit)
    is_lost = result.kind in _GOOD and job not in run.issued and job not in run.pending_undos
    if is_lost and undo_of(place.step):
        queue_undos(run, [job])
    else:
        run.happen("dropped", result.step, result.visit, result=result.kind.value)


def _apply_undo(run: Run, result: Result) -> None:
    """Go on to the next undo, or try again: in a closed case until it is done, in an open one by hand at last."""
    if not run.pending_undos or run.pending_undos[0] != (result.step, result.visit):
        run.happen("dropped", result.step, result.visit, result=result.kind.value, is_undo=True)
    elif result.kind in _GOOD:
        for task in [task for task in run.tasks.values() if task.reason == UNDO_FAILED]:
            drop_task(run, task)
        acknowledge_undo(run)
    elif run.undo_attempts <= MAX_UNDO_ATTEMPTS:
        ask_undo(run, delay_s=BACK_OFF_S[min(run.undo_attempts, len(BACK_OFF_S)) - 1])
    elif run.status is Status.CLOSED:
        if run.undo_attempts == MAX_UNDO_ATTEMPTS + 1:
            run.happen("undo-failed", result.step, result.visit)
        ask_undo(run, delay_s=BACK_OFF_S[-1])
    elif not any(task.reason == UNDO_FAILED for task in run.tasks.values()):
        raise_undo(run, run.plan.places[result.step], result.visit)
