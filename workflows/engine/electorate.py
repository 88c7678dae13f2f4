"""Say who votes: drawn when a step is first entered, and kept for all its visits."""

from gov_portal.kernel.ids import OfficerId
from workflows.domain.definition import Definition, HumanStep
from workflows.engine import posts
from workflows.engine.plan import Place
from workflows.engine.run import Run


def may_vote(definition: Definition) -> tuple[tuple[str, str | None], ...]:
    """Return role and path of its region field for every step that is voted on, so that officers can be looked up."""
    found = {
        (step.by, definition.roles[step.by].near): None
        for step in definition.steps.values()
        if isinstance(step, HumanStep) and step.vote is not None
    }
    return tuple(found)


def draw(run: Run, place: Place) -> tuple[OfficerId, ...]:
    """Return the electorate of a step; draw and keep it if there is none yet and enough officers are there.

    Distinct officers of the role, by open tasks, then id; nobody who acted in a step that needs another pair of eyes.
    """
    kept = run.electors.get(place.id)
    if kept:
        return kept
    step = place.step
    if not isinstance(step, HumanStep) or step.vote is None:
        return ()
    role = posts.post(run, step.by)
    barred = {officer for other in place.others for officer in run.actors.get(other, ())}
    eligible = dict.fromkeys(run.context.eligible(role.name, posts.near(run, role)))
    drawn = tuple([officer for officer in eligible if officer not in barred][: step.vote.of])
    if len(drawn) == step.vote.of:
        run.electors = {**run.electors, place.id: drawn}
    return drawn
