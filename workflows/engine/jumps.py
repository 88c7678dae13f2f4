"""Go back (退回): cancel what is open, undo what was issued, then enter the earlier step; or clear the way ahead."""

from workflows.engine.clock import resume_clock, settle_clock
from workflows.engine.closing import cancel, leave, undo_issued
from workflows.engine.entering import arrive
from workflows.engine.plan import Place
from workflows.engine.run import Run


def go_back(run: Run, source: Place, target: Place) -> None:
    """Jump back to a step that dominates the source.

    Everything open in the target's own branch is cancelled; other branches go on. The target is entered when all
    undos, the latest issue first, are acknowledged.
    """
    scope = target.scope
    leave(run, source)
    for name in list(run.active):
        place = run.plan.places[name]
        if place.scope[: len(scope)] == scope:
            cancel(run, place)
    run.pending_entries = tuple(
        entry for entry in run.pending_entries if run.plan.places[entry].scope[: len(scope)] != scope
    )
    _mark_returned(run, source, target)
    resume_clock(run)
    settle_clock(run)
    undo_issued(run, scope, from_index=target.index)
    if target.index <= run.plan.withdraw_index:
        run.is_past_withdrawal = False
    if run.pending_undos:
        run.pending_entries = (*run.pending_entries, target.id)
    else:
        arrive(run, target)


def clear_before(run: Run, target: Place) -> None:
    """Cancel everything open but the target, because the law goes on from there (视为); it is too late to withdraw."""
    for name in list(run.active):
        if name != target.id:
            cancel(run, run.plan.places[name])
    run.pending_entries = ()
    if 0 <= run.plan.withdraw_index < target.index:
        run.is_past_withdrawal = True


def enter_pending(run: Run) -> None:
    """Enter the targets of jumps whose undos are all acknowledged."""
    entries, run.pending_entries = run.pending_entries, ()
    for entry in entries:
        arrive(run, run.plan.places[entry])


def _mark_returned(run: Run, source: Place, target: Place) -> None:
    earlier = run.returned_from
    if earlier is None or run.plan.places[earlier].index < source.index:
        run.returned_from = source.id
    run.happen("returned", source.id, run.visits[source.id], to=target.id)
