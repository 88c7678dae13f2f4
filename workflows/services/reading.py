"""Say which fields of a case a principal may read, beside whether they may see the case at all; pure."""

from gov_portal.kernel.principal import Citizen, Officer, Principal
from gov_portal.kernel.types import Choices, Enum
from workflows.domain.definition import Act, Definition, HumanStep, Phase, Role, Step, WaitStep
from workflows.domain.state import Task, TaskKind
from workflows.sealing import MATERIALS

_RECEIVING = (Phase.RECEIPT, Phase.ACCEPTANCE)


def readable_paths(definition: Definition, *, by: Principal) -> tuple[str, ...]:
    """Return the paths that a principal may read.

    The applicant reads what was handed in or prefilled, and what came of it. Officers of the item's own authority, and
    those who receive applications, read the application and what earlier steps found; officers of other departments
    only what a step of theirs shows or fills.
    """
    if isinstance(by, Citizen) or not isinstance(by, Officer):
        return _everything(definition)
    roles = _roles(definition, by)
    if reads_all(definition, by):
        return _everything(definition)
    return tuple(dict.fromkeys(path for role in roles for step in steps_of(definition, role) for path in _own(step)))


def readable_at(definition: Definition, step: Step, *, by: Officer) -> tuple[str, ...]:
    """Return the paths that an officer may read for one task: what the step shows, else what the post may read."""
    if step.show:
        return tuple(dict.fromkeys((*step.show, *filled_by(step))))
    return readable_paths(definition, by=by)


def public_paths(step: WaitStep) -> tuple[str, ...]:
    """Return what a waiting step makes public."""
    return step.show


def filled_by(step: Step) -> tuple[str, ...]:
    """Return the fields that the officer of a step writes, by the step or by one of its acts."""
    if not isinstance(step, HumanStep):
        return ()
    return (*step.fill, *(path for act in step.acts for path in act.fill))


def declared_acts(step: Step) -> tuple[Act, ...]:
    """Return the acts that a step declares for its own task, or upon what happens while it waits."""
    if isinstance(step, HumanStep):
        return step.acts
    return step.upon.acts if isinstance(step, WaitStep) and step.upon else ()


def dismisses(definition: Definition, task: Task, act_id: str) -> bool:
    """Tell whether an act on an objection dismisses it: one that sends the case nowhere."""
    if task.kind is not TaskKind.OBJECTION:
        return False
    acts = {act.id: act for act in declared_acts(definition.steps[task.step])}
    return act_id in acts and acts[act_id].back is None


def steps_of(definition: Definition, role: Role) -> tuple[Step, ...]:
    """Return the steps that a role works on."""
    return tuple(
        step
        for step in definition.steps.values()
        if isinstance(step, HumanStep) and role.name in workers_of(definition, step)
    )


def workers_of(definition: Definition, step: HumanStep) -> frozenset[str]:
    """Return every role that may get the work of a step: named by it, chosen by a field, or added as a signer."""
    found = {step.by, *step.also}
    if step.each is not None and not step.each.is_rows:
        found |= set(definition.roles) if definition.anytime.signers else {*step.each.of, *_members(definition, step)}
    groups = {role.group for name, role in definition.roles.items() if name in found and role.group}
    if groups:
        found |= {name for name, role in definition.roles.items() if role.group is None and _may_be(definition, name)}
    return frozenset(found)


def _members(definition: Definition, step: HumanStep) -> tuple[str, ...]:
    """Return the roles among which a list field chooses those that sign."""
    chosen = step.each.chosen if step.each is not None else None
    kind = definition.fields[chosen].type if chosen is not None else None
    return kind.of.members if isinstance(kind, Choices) else ()


def _may_be(definition: Definition, name: str) -> bool:
    """Tell whether a field may choose a role."""
    kinds = [definition.fields[role.group].type for role in definition.roles.values() if role.group]
    return any(isinstance(kind, Enum) and name in kind.members for kind in kinds)


def reads_all(definition: Definition, by: Officer) -> bool:
    """Tell whether an officer's posts read the whole application."""
    return any(_reads_all(definition, role) for role in _roles(definition, by))


def _roles(definition: Definition, by: Officer) -> list[Role]:
    return [role for role in definition.roles.values() if role.org == by.org and role.name in by.roles]


def _reads_all(definition: Definition, role: Role) -> bool:
    if role.org == definition.facts.authority:
        return True
    return any(step.phase in _RECEIVING for step in steps_of(definition, role))


def _own(step: Step) -> tuple[str, ...]:
    return (*step.show, *filled_by(step))


def _everything(definition: Definition) -> tuple[str, ...]:
    return (*definition.fields, *(f"{MATERIALS}.{material.id}" for material in definition.materials))
