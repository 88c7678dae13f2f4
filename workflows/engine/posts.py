"""Check that whoever gives a command may give it: post, rank, region, four eyes."""

from collections.abc import Iterable
from functools import lru_cache

from gov_portal.kernel.ids import OfficerId
from gov_portal.kernel.principal import Citizen, Officer
from workflows.domain.definition import APPLICANT, HumanStep, Role
from workflows.domain.state import Task, TaskKind
from workflows.engine.plan import Place
from workflows.engine.refusals import AssuranceTooLow, FourEyes, NotPermitted, NotYourTask, RoleUnknown
from workflows.engine.run import Run

_CONSULT = TaskKind.CONSULT


def applicant(run: Run) -> Citizen:
    """Return the actor, who must be the applicant; that it is the right person is the service's to know.

    Raises:
        NotPermitted: an officer, the platform, or another party.
    """
    if not isinstance(run.actor, Citizen) or run.context.standing != APPLICANT:
        raise NotPermitted
    return run.actor


def appellant(run: Run) -> None:
    """Check that the actor is the applicant, or a party that may appeal.

    Raises:
        NotPermitted: neither.
    """
    party = run.plan.definition.parties.get(run.context.standing)
    if party is None:
        applicant(run)
    elif not isinstance(run.actor, Citizen) or "appeal" not in party.may:
        raise NotPermitted


def assured_applicant(run: Run) -> Citizen:
    """Return the applicant with the identity assurance that the item asks.

    Raises:
        AssuranceTooLow: not proved well enough.
        NotPermitted: acting for a ward where the item does not allow it.
    """
    citizen = applicant(run)
    facts = run.plan.definition.facts
    if citizen.ial < facts.ial:
        raise AssuranceTooLow(needed=facts.ial)
    if ("ward" if citizen.acting_for else "self") not in facts.acting_for:
        raise NotPermitted
    return citizen


def post(run: Run, name: str) -> Role:
    """Return the role that a name comes to: its own, or the one that a field of the case names for it.

    Raises:
        RoleUnknown: no role is named there.
    """
    roles = run.plan.definition.roles
    role = roles[name]
    if role.group is None:
        return role
    chosen = roles.get(str(run.values.get(role.group)))
    if chosen is None:
        raise RoleUnknown(role=name)
    return chosen


def near(run: Run, role: Role) -> str | None:
    """Return the division that picks the unit of a role now."""
    value = run.values.get(role.near) if role.near else None
    return None if value is None else str(value)


def named_officer(run: Run, role: Role) -> OfficerId | None:
    """Return the officer whom a field of the case names for a role and who holds its post; ``None`` is the team."""
    value = run.values.get(role.person) if role.person else None
    if value is None:
        return None
    eligible = run.context.eligible(role.name, near(run, role))
    return next((officer for officer in eligible if str(officer) == str(value)), None)


def holds_post(officer: Officer, task: Task) -> bool:
    """Tell whether an officer's post is one that the task is for."""
    return (
        task.role in officer.roles
        and officer.org == task.org
        and (task.rank is None or officer.rank == task.rank)
        and _are_related(officer.region, task.near)
    )


def leads(run: Run, officer: Officer, task: Task) -> bool:
    """Tell whether an officer leads the department that a task lies with, in a role that the item lets hand over."""
    roles = run.plan.definition.roles
    leading = [roles[name] for name in run.plan.definition.anytime.hand_over if name in roles and roles[name].rank]
    return any(
        role.name in officer.roles
        and officer.rank == role.rank
        and officer.org == role.org == task.org
        and _are_related(officer.region, task.near)
        for role in leading
    )


def worker(run: Run, task: Task) -> OfficerId | None:
    """Return the officer who may work on a task now, or ``None`` for the applicant.

    Raises:
        NotYourTask: no such post, or a colleague has it.
        FourEyes: acted in a step that another person must have done.
    """
    actor = run.actor
    if task.role in run.plan.citizens:
        if not isinstance(actor, Citizen) or run.context.standing != task.role:
            raise NotYourTask
        return None
    if not isinstance(actor, Officer) or not holds_post(actor, task):
        raise NotYourTask
    if task.officer is not None and task.officer != actor.officer:
        stand_in(run, task, actor)
    elif task.officer is None and _is_taken(run, task):
        raise NotYourTask
    check_four_eyes(run, task, actor.officer)
    return actor.officer


def _is_taken(run: Run, task: Task) -> bool:
    """Tell whether a colleague of another role has a step that any of several roles may do."""
    step = run.plan.places[task.step].step
    if not isinstance(step, HumanStep) or not step.also or task.kind is not TaskKind.WORK:
        return False
    return any(other.officer is not None for other in run.tasks_at(task.step))


def stand_in(run: Run, task: Task, actor: Officer) -> None:
    """Note that an officer works on the task of an absent colleague (代理); a vote is nobody else's.

    Raises:
        NotYourTask: the colleague is not covered by this officer now.
    """
    if task.officer is None or task.kind is TaskKind.VOTE or not actor.stands_for(task.officer):
        raise NotYourTask
    run.happen("covered", task.step, task.visit, absent=str(task.officer))


def check_four_eyes(run: Run, task: Task, officer: OfficerId) -> None:
    """Refuse who already acted in a step that ``distinct`` names together with this one, or asked what they answer.

    Raises:
        FourEyes: acted there, or asked.
    """
    if task.kind is _CONSULT:
        if run.askers[question_number(task) - 1] == officer:
            raise FourEyes(other=task.step)
        return
    for other in run.plan.places[task.step].others:
        if officer in run.actors.get(other, ()):
            raise FourEyes(other=other)


def question_number(task: Task) -> int:
    """Return which question of the case a task to answer one is about, counted from 1."""
    return int(task.key.rpartition(".q")[2])


def officer_in(run: Run, roles: Iterable[str]) -> OfficerId:
    """Return the actor, who must hold one of the item's roles for this case.

    Raises:
        NotPermitted: holds none of them.
    """
    role_in(run, roles)
    if not isinstance(run.actor, Officer):
        raise NotPermitted
    return run.actor.officer


def role_in(run: Run, roles: Iterable[str]) -> str:
    """Return the first of the item's roles that the actor holds for this case.

    Raises:
        NotPermitted: holds none of them.
    """
    actor = run.actor
    known = run.plan.definition.roles
    for role in [post(run, name) for name in roles if name in known]:
        if (
            isinstance(actor, Officer)
            and role.name in actor.roles
            and actor.org == role.org
            and (role.rank is None or actor.rank == role.rank)
            and _are_related(actor.region, near(run, role))
        ):
            return role.name
    raise NotPermitted


def remember_actor(run: Run, place: Place, *, officer: OfficerId, role: str) -> None:
    """Record that an officer acted in a step, latest last."""
    earlier = run.actors.get(place.id, ())
    if officer in earlier:
        earlier = tuple(other for other in earlier if other != officer)
    run.actors = {**run.actors, place.id: (*earlier, officer)}
    run.holders = {**run.holders, place.id: officer}
    run.decider = role


def remember_holder(run: Run, task: Task, officer: OfficerId | None) -> None:
    """Record who has a step's task, to whom it returns; whoever only gives an opinion on it does not have it."""
    if task.kind is _CONSULT:
        return
    if officer is None:
        run.holders = {step: holder for step, holder in run.holders.items() if step != task.step}
    elif run.holders.get(task.step) != officer:
        run.holders = {**run.holders, task.step: officer}


@lru_cache(maxsize=4096)
def _are_related(region: str, near: str | None) -> bool:
    """Tell whether a unit of ``region`` can serve ``near``: the same division, one around it, or one inside it.

    Which unit it is exactly, the directory of offices knows; this only keeps other cities out.
    """
    if near is None:
        return True
    inner, outer = near.rstrip("0"), region.rstrip("0")
    return inner.startswith(outer) or outer.startswith(inner)
