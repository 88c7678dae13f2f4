"""Move a case to another version of its item (迁移): names are translated, posts, acts and limits taken anew.

Beside ``advance``, which knows one definition, this is the one step of a case that knows two.
"""

from collections.abc import Iterable, Mapping

from gov_portal.kernel.ids import TaskKey
from workflows.domain.commands import Mark
from workflows.domain.definition import CallStep, Duration, HumanStep, IssueStep, Phase, SendStep, WaitStep
from workflows.domain.expressions import evaluate_lets
from workflows.domain.state import ActiveStep, CaseState, Context, Status, Task, TaskKind, Transition
from workflows.engine import posts
from workflows.engine.clock import settle_clock, settle_limits
from workflows.engine.entering import arm_wait
from workflows.engine.obstacles import Obstacle, fitted, obstacles
from workflows.engine.plan import Place
from workflows.engine.refusals import TransitionRefused
from workflows.engine.routes import Route
from workflows.engine.run import Run
from workflows.engine.suspension import rearm_task

_ACTING = ("due", "wait")


class CannotMove(TransitionRefused):
    """Refuse to move a case; ``obstacles`` says everything that keeps it."""

    code = "case.cannot-move"

    def __init__(self, found: Iterable[Obstacle]) -> None:
        """Keep every reason."""
        self.obstacles = tuple(dict.fromkeys(found))
        super().__init__(reasons=", ".join(map(str, self.obstacles)))


def migrate(route: Route, state: CaseState, context: Context) -> Transition:
    """Return the case on the new version: where it stands, who has it and until when, reckoned from its own days.

    Pure. Every open step keeps its visit and the day on which it was entered; of its limit what the new version says
    counts from there, so that no day is given or taken twice.

    Raises:
        CannotMove: with every reason.
    """
    found = tuple(obstacles(route, state, context))
    if found:
        raise CannotMove(found)
    run = Run(route.new_plan, _translated(route, state), context)
    _write(route, run, context.values)
    _open_blocks(run)
    others = [task for task in run.tasks.values() if _renew(route, run, task)]
    _reach(route, run)
    _reckon(route, run, others)
    run.happen("migrated", old=route.old.hash[:12], new=route.new.hash[:12])
    return run.finish()


def _translated(route: Route, state: CaseState) -> CaseState:
    """Return the state with every name of the new version; what only history knows keeps its old one."""
    name = {**{step: step for step in state.visits}, **route.steps}
    tasks = {TaskKey(route.key(key)): _task_named(route, task) for key, task in state.tasks.items()}
    uses = {route.key(f"{act}.")[:-1]: count for act, count in state.uses.items()}
    returned = name.get(state.returned_from or "", "")
    return state._replace(
        active=tuple(one._replace(step=route.steps[one.step]) for one in state.active if one.step in route.steps),
        visits=_merged(name, state.visits),
        uses=uses,
        actors={name.get(step, step): officers for step, officers in state.actors.items()},
        electors={name.get(step, step): officers for step, officers in state.electors.items()},
        holders={name.get(step, step): officer for step, officer in state.holders.items()},
        tasks=tasks,
        timers={route.key(key): due_at for key, due_at in state.timers.items()},
        issued=tuple((name.get(step, step), visit) for step, visit in state.issued),
        returned_from=returned if returned in route.new_plan.places else None,
        decider=state.decider if state.decider in route.new.roles else None,
        supplement_scope=_fields_named(route, state.supplement_scope),
        cards=tuple(route.key(card) for card in state.cards),
        clock=state.clock._replace(
            intervals=tuple(one._replace(step=name.get(one.step, one.step)) for one in state.clock.intervals),
        ),
    )


def _merged(name: Mapping[str, str], visits: Mapping[str, int]) -> dict[str, int]:
    found: dict[str, int] = {}
    for step, visit in visits.items():
        found[name[step]] = max(visit, found.get(name[step], 0))
    return found


def _fields_named(route: Route, paths: tuple[str, ...] | None) -> tuple[str, ...] | None:
    return None if paths is None else tuple(route.fields.get(path, path) for path in paths)


def _task_named(route: Route, task: Task) -> Task:
    marks = tuple(Mark(route.fields.get(mark.target, mark.target), mark.reason) for mark in task.marks)
    return task._replace(key=TaskKey(route.key(task.key)), step=route.steps[task.step], marks=marks)


def _write(route: Route, run: Run, values: Mapping[str, object]) -> None:
    """Carry what is kept under other names over, and reckon the lets that the earlier version did not have so."""
    for old, new, _ in route.changed_fields:
        value = fitted(route, old, values)
        if value is not None and (old != new or value != values.get(new)):
            run.writes[new] = value
    if route.renamed_steps:
        for path in values:
            group = path.partition(".")[0].removeprefix("@marks:")
            if group in route.renamed_steps and path not in route.old.fields:
                run.writes[path.replace(group, route.renamed_steps[group], 1)] = values[path]
    if route.changed_lets:
        today = run.clock.received_on or run.today
        lets = evaluate_lets(route.new.lets, run.values, today=today)
        run.writes.update({f"let.{name}": lets.get(name) for name in route.changed_lets})


def _open_blocks(run: Run) -> None:
    """Open the blocks around what is open, and no others."""
    needed = {name for step in run.active for name in run.plan.places[step].inside}
    known = dict(run.active)
    run.active = {}
    for step, active in known.items():
        for block in (name for name, _ in run.plan.places[step].scope):
            if block not in run.active:
                run.active[block] = known.get(block) or _opened(run, block)
        if not run.plan.places[step].is_block or step in needed:
            run.active.setdefault(step, active)


def _opened(run: Run, block: str) -> ActiveStep:
    visit = run.visits[block] = run.visits.get(block, 0) + 1
    return ActiveStep(block, visit, run.at, run.on)


def _renew(route: Route, run: Run, task: Task) -> bool:
    """Take a task as the new version has it; tell whether its limit is, or does, another thing now."""
    renewed = run.tasks[task.key] = _renewed(route, run, task)
    former = next(old for old, new in route.steps.items() if new == task.step)
    steps = (route.old.steps[former], route.new.steps[task.step])
    deemed = {step.deemed is not None for step in steps if isinstance(step, HumanStep)}
    return renewed.limit != task.limit or len(deemed) > 1


def _renewed(route: Route, run: Run, task: Task) -> Task:
    """Return a task with post, acts and limit of the new version; who has it keeps it while the post is the same."""
    place = run.plan.places[task.step]
    old = next(old for old, new in route.steps.items() if new == task.step)
    active = run.active.get(task.step)
    role, limit, acts = _offer(place, task, active)
    former = _offer(route.old_plan.places[old], task, active)
    limit = task.limit if limit == former[1] else limit and run.settled(limit)
    if limit is None:
        task = task._replace(due_at=None, yellow_at=None, red_at=None)
    if role in route.new.citizens:
        return task._replace(acts=acts, limit=limit)
    # A step may be for several roles, and a field may have named this one.
    role = task.role if role == former[0] else role
    if role not in route.new.roles:
        raise CannotMove([Obstacle("role-gone", role)])
    post = posts.post(run, role)
    place_of = (post.name, post.org, posts.near(run, post), post.rank)
    is_kept = task.kind is TaskKind.VOTE or place_of == (task.role, task.org, task.near, task.rank)
    return task._replace(
        role=post.name,
        org=post.org,
        near=place_of[2],
        rank=post.rank,
        officer=task.officer if is_kept else None,
        acts=acts,
        limit=limit,
    )


def _offer(place: Place, task: Task, active: ActiveStep | None) -> tuple[str, Duration | None, tuple[str, ...]]:
    """Return the role, limit and acts that a step gives to a task of this kind."""
    step = place.step
    if task.kind is TaskKind.SUPPLEMENT and active is not None and active.asked in place.acts:
        ask = place.acts[active.asked].ask
        return task.role, ask.within if ask else task.limit, task.acts
    if task.kind is TaskKind.OBJECTION and isinstance(step, WaitStep) and step.objection:
        return step.objection.by, step.objection.limit, place.offered
    if task.kind is TaskKind.CONSULT:
        return task.role, task.limit, task.acts
    if task.kind is TaskKind.RAISED:
        lane = getattr(step, task.reason, None) if isinstance(step, CallStep) else None
        return (lane.by, lane.limit, task.acts) if lane else (task.role, task.limit, task.acts)
    if isinstance(step, HumanStep) and task.kind in (TaskKind.WORK, TaskKind.VOTE):
        return step.by, place.limit, place.offered
    if isinstance(step, SendStep):
        return task.role, place.limit, task.acts
    return task.role, task.limit, task.acts


def _reach(route: Route, run: Run) -> None:
    """Show the furthest phase of what is open, but none behind what a return left."""
    ranks = [run.plan.places[step].rank for step in run.active]
    if run.returned_from is not None:
        ranks.append(run.plan.places[run.returned_from].rank)
    if ranks:
        run.phase = tuple(Phase)[max(ranks)]
    old, new = route.old.anytime.withdraw, route.new.anytime.withdraw
    if new is None or old is None or route.steps.get(old.before) != new.before:
        indexes = [run.plan.places[step].index for step in run.active if not run.plan.places[step].is_block]
        run.is_past_withdrawal = new is not None and bool(indexes) and min(indexes) > run.plan.withdraw_index


def _reckon(route: Route, run: Run, others: list[Task]) -> None:
    """Set the limits and cards anew that the new version has otherwise; a card that was shown is not shown twice.

    Raises:
        CannotMove: a limit would have passed that ends in more than a card.
    """
    if run.status is Status.SUSPENDED:
        return
    keys = {key for task in others for key in (str(task.key), f"{task.step}.{task.visit}")}
    if route.old.facts.promised != route.new.facts.promised:
        keys.add("case")
    shown = [card for card in run.cards if card.partition(":")[2] in keys]
    for key in keys:
        run.disarm(key)
    for task in others:
        rearm_task(run, run.tasks[task.key])
    _rearm_steps(route, run)
    run.due_at = None
    if run.clock.started_on is not None:
        settle_limits(run)
    settle_clock(run)
    late = [key for key, due_at in run.timers.items() if due_at <= run.now and _is_acting(key)]
    if late:
        raise CannotMove(Obstacle("limit-passed", _step_of(key)) for key in late)
    for card in shown:
        due_at = run.timers.get(card)
        if due_at is None or due_at <= run.now:
            run.timers.pop(card, None)
            run.cards = (*run.cards, card)


def _rearm_steps(route: Route, run: Run) -> None:
    """Set the limits anew of what waits for a time or for a machine, where it has another one now."""
    former = {new: route.old_plan.places[old] for old, new in route.steps.items()}
    for active in run.active.values():
        place, step = run.plan.places[active.step], run.plan.places[active.step].step
        old = former.get(place.id)
        if old is None or isinstance(step, HumanStep):
            continue
        if isinstance(step, WaitStep) and isinstance(old.step, WaitStep):
            if (step.span, step.until, step.within) != (old.step.span, old.step.until, old.step.within):
                arm_wait(run, step, active)
        elif isinstance(step, CallStep | IssueStep | SendStep) and place.limit != old.limit:
            key = f"{place.id}.{active.visit}"
            run.disarm(key)
            if place.limit is not None:
                moments = run.reckon(place.limit, start=active.entered_on, at=active.entered_at)
                run.arm(key, moments, is_acting=False)


def _is_acting(key: str) -> bool:
    return key.partition(":")[0] in _ACTING


def _step_of(key: str) -> str:
    return key.partition(":")[2].partition(".")[0]


__all__ = ["CannotMove", "Obstacle", "Route", "migrate"]
