"""Let the first branch of a block win (任一): what the others have open is cancelled, what they issued is undone."""

from workflows.engine.closing import cancel, take_back
from workflows.engine.plan import Place
from workflows.engine.run import Run


def win(run: Run, block: Place, branch: int) -> None:
    """Cancel every other branch of a block and ask to undo what these have done, the latest first."""
    places = run.plan.places
    mine = (*block.scope, (block.id, branch))
    for name in list(run.active):
        if block.id in places[name].inside:
            cancel(run, places[name])
    run.pending_entries = tuple(entry for entry in run.pending_entries if block.id not in places[entry].inside)
    take_back(
        run,
        [
            (step, visit)
            for step, visit in run.issued
            if block.id in places[step].inside and places[step].scope[: len(mine)] != mine
        ],
    )
