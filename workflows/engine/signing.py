"""Sign side by side (会签): every signer has a task, the step closes when the result cannot change."""

from workflows.domain.commands import ActOn, ChangeSigners
from workflows.domain.definition import Each, HumanStep
from workflows.domain.state import Task
from workflows.engine import posts
from workflows.engine.acts import Choice, apply, check_choice, check_fields, effective_act
from workflows.engine.closing import drop_task
from workflows.engine.entering import open_signature
from workflows.engine.plan import DONE, Place
from workflows.engine.refusals import ActUnknown, ReasonMissing, SignersFixed, SignerUnknown
from workflows.engine.run import Run
from workflows.engine.signers import decided, may_sign


def sign(run: Run, task: Task, command: ActOn) -> None:
    """Put one signature, and apply the act that has enough of them.

    Raises:
        TransitionRefused: wrong actor, act, fields or reason.
    """
    place = run.plan.places[task.step]
    officer = posts.worker(run, task)
    choice = Choice(command.act, task.role, officer, command.reason.strip(), command.fields)
    if place.acts:
        act = effective_act(run, place, command.act)
        if act is not None:
            check_choice(run, place, act=act, choice=choice)
    elif command.act == DONE and isinstance(place.step, HumanStep):
        check_fields(run, command.fields, allowed=place.step.fill, needed=place.step.fill)
    else:
        raise ActUnknown(act=command.act)
    _put(run, place, task, choice)


def deem_signature(run: Run, task: Task) -> None:
    """Take silence at the limit for what the item says: agreement (视为同意), or the act that is taken otherwise."""
    place = run.plan.places[task.step]
    each = place.step.each if isinstance(place.step, HumanStep) else None
    if each is None:
        return
    act = place.offered[0] if each.silence == "agrees" else each.otherwise or place.offered[-1]
    run.happen("elapsed", place.id, task.visit, signer=signer_in(task))
    _put(run, place, task, Choice(act, task.role))


def change_signers(run: Run, command: ChangeSigners) -> None:
    """Add a signer to an open step (加签), or take away one who has not signed (减签).

    Raises:
        NotPermitted, ReasonMissing: not for this officer, or without a reason.
        SignersFixed: the step is not open, or its signers cannot be chosen.
        SignerUnknown: nobody of that name could sign, or has not signed yet, or nobody would be left.
    """
    rule = run.plan.definition.anytime.signers
    role = posts.role_in(run, rule.by if rule else ())
    active, place = run.active.get(command.step), run.plan.places.get(command.step)
    each = place.step.each if place is not None and isinstance(place.step, HumanStep) else None
    if active is None or place is None or each is None or each.is_rows:
        raise SignersFixed(step=command.step)
    if not command.reason.strip():
        raise ReasonMissing(field="reason")
    signers = _changed(run, each, active.signers, command=command)
    run.active[place.id] = active._replace(signers=signers)
    for task in [task for task in run.tasks_at(place.id) if signer_in(task) not in signers]:
        drop_task(run, task)
    if command.add:
        open_signature(run, place, command.add)
    run.writes[f"{place.id}.signers.reason"] = command.reason.strip()
    run.happen("signers-changed", place.id, active.visit, added=command.add, removed=command.remove)
    _settle(run, place, Choice("", role, None, command.reason.strip()))


def addable(run: Run, each: Each, signers: tuple[str, ...]) -> tuple[str, ...]:
    """Return who might be added to the signers of a step."""
    return tuple(name for name in may_sign(run.plan.definition) if name not in signers) if not each.is_rows else ()


def signer_in(task: Task) -> str:
    """Return the signer that a task is for."""
    return task.key.rpartition(".")[2]


def _changed(run: Run, each: Each, signers: tuple[str, ...], *, command: ChangeSigners) -> tuple[str, ...]:
    votes = run.active[command.step].votes
    if command.add and command.add not in addable(run, each, signers):
        raise SignerUnknown(signer=command.add)
    if command.remove and (command.remove not in signers or command.remove in votes):
        raise SignerUnknown(signer=command.remove)
    left = (*(name for name in signers if name != command.remove), *((command.add,) if command.add else ()))
    if left == signers or not left:
        raise SignerUnknown(signer=command.remove or command.add)
    return left


def _put(run: Run, place: Place, task: Task, choice: Choice) -> None:
    active, signer = run.active[place.id], signer_in(task)
    run.active[place.id] = active._replace(votes={**active.votes, signer: choice.act})
    run.writes.update(choice.fields)
    own = f"{place.id}.{signer}"
    run.writes |= {f"{own}.act": choice.act, f"{own}.role": choice.role, f"{own}.day": run.on}
    if choice.reason:
        run.writes[f"{own}.reason"] = choice.reason
    if choice.officer is not None:
        posts.remember_actor(run, place, officer=choice.officer, role=choice.role)
    drop_task(run, task)
    run.happen("signed", place.id, active.visit, signer=signer, act=choice.act, role=choice.role)
    _settle(run, place, choice)


def _settle(run: Run, place: Place, choice: Choice) -> None:
    """Apply what the signatures come to, if they come to anything yet."""
    active = run.active[place.id]
    each = place.step.each if isinstance(place.step, HumanStep) else None
    if each is None:
        return
    of = len(active.signers)
    need = min(each.need or of, of)
    act_id = decided(active.votes, need=need, of=of, otherwise=each.otherwise or "", acts=place.offered)
    if act_id is None:
        return
    act = effective_act(run, place, act_id) if place.acts else None
    apply(run, place, act=act, choice=Choice(act_id, choice.role, None, choice.reason))
